import type { Order } from '../../domain/order.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs, QuantityUnits } from '../../domain/units.ts';
import { NOT_RECEIVED } from '../order-refusal.ts';
import { type ContingentState, isHeld, keyOf, linkedOrder, type LinkedOrder, netKey } from './linked-order.ts';
import { PRICE_SOURCES } from './price-trigger.ts';
import { anew } from './settle.ts';

const VERSION = 1;

/** What the orders in the journal do not tell. Status, fills and triggers are theirs and come from them again. */
type Stored = Pick<
  LinkedOrder,
  | 'name'
  | 'role'
  | 'intent'
  | 'parent'
  | 'group'
  | 'onPartial'
  | 'trailing'
  | 'condition'
  | 'expireAt'
  | 'persistent'
  | 'attempt'
  | 'spent'
  | 'met'
  | 'trailingActive'
  | 'fired'
  | 'atMarket'
  | 'taken'
  | 'covered'
  | 'dropped'
> & { readonly trigger: LinkedOrder['trigger'] };

export function bookText(state: ContingentState): string {
  const orders = state.orders.map((order): Stored => ({
    name: order.name,
    role: order.role,
    intent: order.intent,
    parent: order.parent,
    group: order.group,
    onPartial: order.onPartial,
    trailing: order.trailing,
    condition: order.condition,
    expireAt: order.expireAt,
    persistent: order.persistent,
    attempt: order.attempt,
    spent: order.spent,
    met: order.met,
    trailingActive: order.trailingActive,
    fired: order.fired,
    atMarket: order.atMarket,
    taken: order.taken,
    covered: order.covered,
    dropped: order.dropped,
    trigger: order.status === null ? order.trigger : null,
  }));
  return JSON.stringify({ version: VERSION, orders });
}

/** Refuses CONTINGENT_DAMAGED: what cannot be read is never taken for "nothing". */
export function readBook(text: string): Result<readonly LinkedOrder[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged('it is not JSON');
  }
  if (!isRecord(value) || value['version'] !== VERSION || !Array.isArray(value['orders'])) {
    return damaged('it is of no known version');
  }
  const orders: LinkedOrder[] = [];
  const names = new Set<string>();
  for (const one of value['orders'] as unknown[]) {
    const fault = faultOf(one);
    if (fault !== null) return damaged(fault);
    const stored = one as Stored;
    if (names.has(stored.name)) return damaged(`the name ${stored.name} is there twice`);
    names.add(stored.name);
    const { trigger, ...terms } = stored;
    orders.push({ ...linkedOrder(terms), ...terms, trigger: trigger ?? stored.intent.trigger });
  }
  for (const { name, parent } of orders) {
    if (parent !== null && !names.has(parent)) return damaged(`the parent of ${name} is missing`);
  }
  return ok(orders);
}

function damaged(why: string): Result<never> {
  return refuse(
    'CONTINGENT_DAMAGED',
    `The record of linked, trailing and conditional orders cannot be read (${why}); check every open position and order by hand.`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value);
const orNull =
  (check: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || check(value);
const oneOf =
  (...words: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'string' && words.includes(value);
const shaped =
  (shape: Readonly<Record<string, (value: unknown) => boolean>>) =>
  (value: unknown): boolean =>
    isRecord(value) && Object.entries(shape).every(([key, check]) => check(value[key]));

const INTENT = shaped({
  accountId: isText,
  accountKind: oneOf('paper', 'live'),
  instrument: isText,
  side: oneOf('buy', 'sell'),
  type: oneOf('market', 'limit', 'stop', 'stop-limit', 'trailing-stop'),
  quantity: (value) => isWhole(value) && Number(value) > 0,
  price: orNull(isWhole),
  trigger: orNull(isWhole),
  timeInForce: oneOf('GTC', 'IOC', 'FOK', 'DAY', 'GTD'),
  expireAt: orNull(Number.isFinite),
  postOnly: isFlag,
  reduceOnly: isFlag,
  source: oneOf('manual', 'strategy', 'exit', 'flatten'),
  strategyId: orNull(isText),
  note: orNull(isText),
  idempotencyKey: orNull(isText),
});
const OFFSET = (value: unknown): boolean =>
  shaped({ kind: oneOf('units'), units: isWhole })(value) ||
  shaped({ kind: oneOf('fraction'), fraction: isText })(value);
const SHAPE: Readonly<Record<keyof Stored, (value: unknown) => boolean>> = {
  name: isText,
  role: oneOf('order', 'stop-loss', 'take-profit'),
  intent: INTENT,
  parent: orNull(isText),
  group: orNull(isText),
  onPartial: oneOf('reduce', 'cancel'),
  trailing: orNull(shaped({ offset: OFFSET, source: oneOf(...PRICE_SOURCES), activation: orNull(isWhole) })),
  condition: orNull(
    shaped({
      instrument: isText,
      source: oneOf(...PRICE_SOURCES),
      when: oneOf('at-or-above', 'at-or-below'),
      price: isWhole,
    }),
  ),
  expireAt: orNull(Number.isFinite),
  persistent: isFlag,
  attempt: (value) => isWhole(value) && Number(value) > 0,
  spent: isWhole,
  met: isFlag,
  trailingActive: isFlag,
  fired: isFlag,
  atMarket: isFlag,
  taken: isWhole,
  covered: isFlag,
  dropped: isFlag,
  trigger: orNull(isWhole),
};

function faultOf(value: unknown): string | null {
  if (!isRecord(value)) return 'an entry is no object';
  const wrong = Object.entries(SHAPE).find(([key, check]) => !check(value[key]));
  return wrong === undefined ? null : `"${wrong[0]}" of an entry is damaged`;
}

/** Where the orders of the book are found after a restart. */
export interface OrderSource {
  byKey(key: string): Order | null;
  net(accountId: string, instrument: string): QuantityUnits;
}

/**
 * The book as it goes on after a restart: its links as stored, everything else as the orders say. An order that was asked
 * for and never written down was never sent: nobody was told otherwise, and it is not sent now. An exit, or an order whose
 * trigger was reached, that did not get to the venue any more is made again.
 */
export function restoredBook(stored: readonly LinkedOrder[], source: OrderSource, now: EpochMs): ContingentState {
  const nets: Record<string, QuantityUnits> = {};
  const orders = stored.map((order) => {
    const { accountId, instrument } = order.intent;
    nets[netKey(accountId, instrument)] ??= source.net(accountId, instrument);
    const first = order.role === 'order' && order.attempt === 1;
    const known = source.byKey(first ? (order.intent.idempotencyKey ?? order.name) : keyOf(order));
    if (known === null) return first ? { ...order, dropped: true } : order;
    const { id, status, quantity, filled, price, trigger } = known;
    const found: LinkedOrder = {
      ...order,
      orderId: id,
      status,
      quantity,
      filled,
      price,
      trigger,
      asked: { quantity, price, trigger },
    };
    const isLost = status === 'REJECTED' && known.reasonCode === NOT_RECEIVED;
    return isLost && !order.dropped && (order.persistent || isHeld(order)) ? anew(found, now) : found;
  });
  return { orders, nets, stoodDown: [] };
}
