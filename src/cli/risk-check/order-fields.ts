import type { OrderType, Side, TimeInForce } from '../../domain/order.ts';
import {
  decimalText,
  flagOf,
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  pick,
  scriptFault,
  wordOf,
} from '../what-if/script-json.ts';

/** Refusals of an order file. */
export function orderFault(sentence: string): Error {
  return scriptFault(sentence, 'ORDER_INVALID');
}

/** Refuses a field that is not known: it is never left out silently. */
export function onlyKnown(object: JsonObject, known: readonly string[], what: string): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw orderFault(`${what} has an unknown field "${unknown}"; it knows ${known.join(', ')}.`);
}

export function maybeDecimal(object: JsonObject, what: string, ...names: string[]): string | null {
  const value = pick(object, ...names);
  return value === undefined ? null : decimalText(value, what);
}

/** An order as the file writes it, prices and quantities as plain decimals. */
export interface FileOrder {
  readonly symbol: string | null;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: string;
  readonly price: string | null;
  readonly trigger: string | null;
  readonly timeInForce: TimeInForce;
  readonly expireAt: Json | undefined;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly stopLoss: string | null;
  readonly takeProfit: string | null;
  readonly strategyId: string | null;
  /** Worked in pieces: judged as a whole all the same. */
  readonly isWorked: boolean;
}

const SPELLINGS = {
  id: ['id', 'clientOrderId'],
  symbol: ['symbol'],
  side: ['side'],
  type: ['type'],
  quantity: ['qty', 'quantity'],
  price: ['price', 'limit', 'limitPrice'],
  trigger: ['trigger', 'stopPrice', 'triggerPrice'],
  timeInForce: ['tif', 'timeInForce'],
  expireAt: ['expireAt', 'expires', 'goodTill'],
  postOnly: ['postOnly', 'post_only'],
  reduceOnly: ['reduceOnly', 'reduce_only'],
  bracket: ['bracket'],
  stopLoss: ['stopLoss', 'stop_loss', 'stop'],
  takeProfit: ['takeProfit', 'take_profit', 'target'],
  strategy: ['strategy', 'strategyId'],
  worked: ['algo', 'algorithm', 'iceberg'],
  note: ['note', 'comment', 'tag'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export const ORDER_FIELDS: readonly string[] = Object.values(SPELLINGS).flat();
const TYPES: readonly OrderType[] = ['market', 'limit', 'stop', 'stop-limit'];

export function readFileOrder(order: JsonObject): FileOrder {
  const field = (name: keyof typeof SPELLINGS): Json | undefined => pick(order, ...SPELLINGS[name]);
  const decimal = (name: keyof typeof SPELLINGS, what: string): string | null => {
    const value = field(name);
    return value === undefined ? null : decimalText(value, what);
  };
  const symbol = field('symbol');
  if (symbol !== undefined && typeof symbol !== 'string') throw orderFault('symbol must be a word such as "BTCUSDT".');
  const quantity = decimal('quantity', 'qty');
  if (quantity === null) throw orderFault('The order has no qty.');
  const price = decimal('price', 'price');
  let trigger = decimal('trigger', 'trigger');
  const type = typeOf(field('type'), price !== null, trigger !== null);
  let stopLoss = decimal('stopLoss', 'stopLoss');
  // "stop" is the trigger of a stop order, as in a what-if script, and the stop-loss of any other.
  if (trigger === null && (type === 'stop' || type === 'stop-limit') && order['stop'] !== undefined) {
    trigger = stopLoss;
    stopLoss = null;
  }
  const bracket = field('bracket');
  if (bracket !== undefined) onlyKnown(objectOf(bracket, 'bracket'), ['stopLoss', 'takeProfit'], 'bracket');
  const legs = isObject(bracket) ? bracket : {};
  const strategy = field('strategy');
  if (strategy !== undefined && typeof strategy !== 'string') throw orderFault('strategy must be its id.');
  return {
    symbol: symbol ?? null,
    side: wordOf(field('side'), 'side', ['buy', 'sell']),
    type,
    quantity,
    price,
    trigger,
    timeInForce: wordOf(field('timeInForce') ?? 'GTC', 'tif', ['GTC', 'IOC', 'FOK', 'DAY', 'GTD']),
    expireAt: field('expireAt'),
    postOnly: flagOf(field('postOnly'), 'postOnly', false),
    reduceOnly: flagOf(field('reduceOnly'), 'reduceOnly', false),
    stopLoss: stopLoss ?? maybeDecimal(legs, 'bracket.stopLoss', 'stopLoss'),
    takeProfit: decimal('takeProfit', 'takeProfit') ?? maybeDecimal(legs, 'bracket.takeProfit', 'takeProfit'),
    strategyId: strategy ?? null,
    isWorked: field('worked') !== undefined,
  };
}

function typeOf(value: Json | undefined, hasPrice: boolean, hasTrigger: boolean): OrderType {
  if (value !== undefined) return wordOf(value === 'stop-market' ? 'stop' : value, 'type', TYPES);
  if (hasTrigger) return hasPrice ? 'stop-limit' : 'stop';
  return hasPrice ? 'limit' : 'market';
}
