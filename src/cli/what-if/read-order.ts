import type { OrderType, Side, TimeInForce } from '../../domain/order.ts';
import { readAlgorithm, type ScriptAlgorithm } from './read-algorithm.ts';
import { LINK_FIELDS, readLinks, type ScriptLinks } from './read-links.ts';
import { decimalText, flagOf, isObject, type Json, pick, scriptFault, wordOf } from './script-json.ts';

/** An order as a script writes it, prices and quantities as plain decimals. */
export interface ScriptOrder {
  readonly id: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: string;
  readonly price: string | null;
  readonly trigger: string | null;
  readonly timeInForce: TimeInForce;
  readonly expireAt: Json | undefined;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly links: ScriptLinks;
  /** Null for a plain order. */
  readonly algorithm: ScriptAlgorithm | null;
}

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  id: ['id'],
  side: ['side'],
  type: ['type'],
  quantity: ['qty', 'quantity'],
  price: ['price', 'limit', 'limitPrice'],
  trigger: ['trigger', 'stop', 'stopPrice', 'triggerPrice'],
  timeInForce: ['tif', 'timeInForce'],
  expireAt: ['expireAt', 'expires', 'goodTill'],
  postOnly: ['postOnly', 'post_only'],
  reduceOnly: ['reduceOnly', 'reduce_only'],
  algo: ['algo', 'algorithm'],
  iceberg: ['iceberg'],
  note: ['note', 'comment', 'tag', 'allow_partial'],
};
const KNOWN = new Set([...Object.values(SPELLINGS).flat(), ...LINK_FIELDS]);
const TYPES: Readonly<Record<string, OrderType>> = {
  market: 'market',
  limit: 'limit',
  stop: 'stop',
  'stop-market': 'stop',
  'stop-limit': 'stop-limit',
  'trailing-stop': 'trailing-stop',
  'trailing-stop-market': 'trailing-stop',
};

/** Refuses ORDER_UNSUPPORTED for anything this simulator does not do: it is never left out silently. */
export function readOrder(value: Json | undefined, generatedId: string): ScriptOrder {
  if (!isObject(value)) throw scriptFault('submit must be an object such as {"side":"buy","qty":"1"}.');
  const field = (name: string): Json | undefined => pick(value, ...(SPELLINGS[name] ?? []));
  const given = field('id');
  const id = typeof given === 'string' && given !== '' ? given : generatedId;
  for (const [key, setting] of Object.entries(value)) {
    if (KNOWN.has(key) || setting === null || setting === false) continue;
    throw scriptFault(
      `Order ${id} asks for "${key}", which the simulator does not support; leave it out or use market, limit, stop, stop-limit, trailing-stop, oco, parent, bracket, condition, algo and iceberg.`,
      'ORDER_UNSUPPORTED',
    );
  }
  const price = field('price');
  const trigger = field('trigger');
  const side = field('side');
  const quantity = field('quantity');
  if (quantity === undefined) throw scriptFault(`Order ${id} has no qty.`);
  const algorithm = readAlgorithm(field('algo'), field('iceberg'), id);
  if (algorithm !== null) refuseMix(field, algorithm.type, id);
  const type = readType(field('type'), id, price !== undefined, trigger !== undefined);
  return {
    id,
    side: wordOf(side, `The side of order ${id}`, ['buy', 'sell']),
    type,
    quantity: decimalText(quantity, `The qty of order ${id}`),
    price: price === undefined ? null : decimalText(price, `The price of order ${id}`),
    trigger: trigger === undefined ? null : decimalText(trigger, `The trigger of order ${id}`),
    timeInForce: wordOf(field('timeInForce') ?? 'GTC', `The tif of order ${id}`, ['GTC', 'IOC', 'FOK', 'DAY', 'GTD']),
    expireAt: field('expireAt'),
    postOnly: flagOf(field('postOnly'), `postOnly of order ${id}`, false),
    reduceOnly: flagOf(field('reduceOnly'), `reduceOnly of order ${id}`, false),
    links: readLinks(value, id, type),
    algorithm,
  };
}

/** Terms that a worked order cannot have: its children come and go by the algorithm's own times. */
function refuseMix(field: (name: string) => Json | undefined, type: string, id: string): void {
  if (type !== 'iceberg' && flagOf(field('postOnly'), `postOnly of order ${id}`, false)) {
    throw scriptFault(
      `Order ${id} is postOnly, but its algorithm (${type}) may take; only an iceberg rests all the time. Leave postOnly out.`,
      'ORDER_UNSUPPORTED',
    );
  }
  if (field('trigger') !== undefined) {
    throw scriptFault(
      `Order ${id} has a trigger and an algorithm; submit it when the trigger is reached.`,
      'ORDER_UNSUPPORTED',
    );
  }
  const tif = field('timeInForce');
  if (tif === undefined || (typeof tif === 'string' && tif.toUpperCase() === 'GTC')) return;
  throw scriptFault(
    `Order ${id} has an algorithm, whose life is set by "horizonMs" or "timeoutMs" and not by a tif; leave the tif out.`,
    'ORDER_UNSUPPORTED',
  );
}

function readType(value: Json | undefined, id: string, hasPrice: boolean, hasTrigger: boolean): OrderType {
  if (value === undefined) {
    if (hasTrigger) return hasPrice ? 'stop-limit' : 'stop';
    return hasPrice ? 'limit' : 'market';
  }
  const plain = typeof value === 'string' ? value.toLowerCase().replaceAll('_', '-') : '';
  const type = Object.hasOwn(TYPES, plain) ? TYPES[plain] : undefined;
  if (type !== undefined) return type;
  throw scriptFault(
    `Order ${id} is of type ${JSON.stringify(value)}, which the simulator does not support; use market, limit, stop, stop-limit or trailing-stop.`,
    'ORDER_UNSUPPORTED',
  );
}
