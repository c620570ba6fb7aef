import type { Instrument } from '../../domain/instrument.ts';
import type { OrderIntent, OrderStatus } from '../../domain/order.ts';
import type { EpochMs, QuantityUnits } from '../../domain/units.ts';
import {
  type ContingentCommand,
  type ContingentContext,
  type ContingentState,
  EVERY_ACCOUNT,
  filledOf,
  isHeld,
  isOver,
  keyOf,
  type LinkedOrder,
} from './linked-order.ts';
import { reached, sourcePrice } from './price-trigger.ts';
import { shareOut } from './shares.ts';
import { firstTrigger } from './watch.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** A venue may report a fill after the end of its order; until then what belongs together is remembered. */
const LATE_FILL_MS = 300_000;
const WORKING: ReadonlySet<OrderStatus> = new Set<OrderStatus>(['ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED']);

export function backoff(failures: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}

interface Pass {
  readonly now: EpochMs;
  readonly context: ContingentContext;
  readonly left: ReadonlyMap<string, QuantityUnits>;
  readonly byName: ReadonlyMap<string, LinkedOrder>;
  readonly groups: ReadonlyMap<string, readonly LinkedOrder[]>;
  /** Groups of which one order goes to the market in this very pass. */
  readonly sending: Set<string>;
  readonly stoodDown: readonly string[];
  readonly commands: ContingentCommand[];
}

/** Compares what should be working with what is, and says what to do about the difference. */
export function settle(
  state: ContingentState,
  now: EpochMs,
  context: ContingentContext,
): { readonly state: ContingentState; readonly commands: readonly ContingentCommand[] } {
  const cleared = { ...state, orders: clearTheWay(state.orders, context) };
  const { left, orders } = shareOut(cleared, context);
  const groups = new Map<string, LinkedOrder[]>();
  for (const order of orders) {
    if (order.group === null) continue;
    const members = groups.get(order.group);
    if (members === undefined) groups.set(order.group, [order]);
    else members.push(order);
  }
  const pass: Pass = {
    now,
    context,
    left,
    byName: new Map(orders.map((order) => [order.name, order])),
    groups,
    sending: new Set(),
    stoodDown: state.stoodDown,
    commands: [],
  };
  const next = orders.map((order) => settleOne(order, pass));
  return { state: { ...cleared, orders: withoutOld(next, now) }, commands: pass.commands };
}

/**
 * Where nothing else keeps two orders of a group from filling both, the one whose trigger was reached first makes the
 * others go, and is sent when they are gone.
 */
function clearTheWay(orders: readonly LinkedOrder[], context: ContingentContext): readonly LinkedOrder[] {
  const pressing = new Set<string>();
  for (const order of orders) {
    const waits = order.status === 'EMULATED' || order.status === null;
    const presses = order.fired && waits && !order.dropped && order.endedAt === null;
    if (presses && order.group !== null && !isSafe(order, context)) pressing.add(order.group);
  }
  if (pressing.size === 0) return orders;
  return orders.map((order) =>
    order.group !== null && pressing.has(order.group) && !order.fired && !order.dropped && isAtVenue(order)
      ? { ...order, dropped: true }
      : order,
  );
}

function isSafe({ intent }: LinkedOrder, context: ContingentContext): boolean {
  return intent.reduceOnly && context.venue(intent.accountId).reduceOnly;
}

function isAtVenue(order: LinkedOrder): boolean {
  return order.status !== null && order.status !== 'EMULATED' && !isOver(order);
}

function settleOne(given: LinkedOrder, pass: Pass): LinkedOrder {
  const { context, now } = pass;
  const instrument = context.instrument(given.intent.instrument);
  if (instrument === null) return given;
  const left = pass.left.get(given.name) ?? 0;
  let order = given;
  if (isOver(order)) {
    const again = order.persistent && !order.dropped && left >= instrument.minQuantity && left > 0;
    if (!again) return order.endedAt === null ? { ...order, endedAt: now } : order;
    order = anew(order, now);
  }
  if (order.status === null) return create(order, left, instrument, pass);
  if (order.status === 'EMULATED') return hold(order, left, instrument, pass);
  if (WORKING.has(order.status)) return follow(order, left, pass);
  return order;
}

/** Filled as far as it went, or lost: what is still to be covered goes into another order. */
export function anew(order: LinkedOrder, now: EpochMs): LinkedOrder {
  const lost = order.status !== 'FILLED' && !order.withdrawn;
  const failures = lost ? order.failures + 1 : 0;
  return {
    ...order,
    attempt: order.attempt + 1,
    orderId: null,
    status: null,
    quantity: 0,
    spent: order.spent + order.filled,
    filled: 0,
    price: order.intent.price,
    trigger: order.trailing === null ? order.intent.trigger : order.trigger,
    withdrawn: false,
    asked: { quantity: 0, price: null, trigger: null },
    failures,
    retryAt: lost ? now + backoff(failures) : 0,
    endedAt: null,
  };
}

/** Its parent may still bring it to life, or the position it is to close may still come. */
function awaits(order: LinkedOrder, pass: Pass): boolean {
  if (!order.covered && order.parent === null) return true;
  if (order.parent === null || order.role !== 'order') return false;
  const parent = pass.byName.get(order.parent);
  return parent !== undefined && !isOver(parent) && !parent.dropped && filledOf(parent) === 0;
}

function create(order: LinkedOrder, left: QuantityUnits, instrument: Instrument, pass: Pass): LinkedOrder {
  const { now, context, commands } = pass;
  if (order.dropped) return order.endedAt === null ? { ...order, endedAt: now } : order;
  const waits = awaits(order, pass);
  const want = left > 0 ? left : waits ? order.intent.quantity : 0;
  if (want === 0) {
    const parent = order.parent === null ? undefined : pass.byName.get(order.parent);
    const over = parent === undefined || isOver(parent) || parent.dropped;
    return over && order.endedAt === null ? { ...order, endedAt: now } : order;
  }
  if (now < order.retryAt || isStoodDown(order, pass)) return order;
  if (isHeld(order) && !order.fired) {
    const trigger = firstTrigger(order, context);
    commands.push({ do: 'hold', name: order.name, intent: { ...wanted(order, want), trigger } });
    return { ...order, endedAt: null, trigger, asked: { quantity: want, price: order.intent.price, trigger } };
  }
  if (want < instrument.minQuantity || context.closed(order.intent.instrument) || isBarred(order, pass)) return order;
  const atMarket = order.atMarket || isPassed(order, context);
  const next = { ...order, atMarket, endedAt: null };
  const intent = wanted(next, want);
  if (order.group !== null && intent.type === 'market') pass.sending.add(order.group);
  commands.push({ do: 'submit', name: order.name, intent });
  return { ...next, asked: { quantity: want, price: intent.price, trigger: intent.trigger } };
}

/** A stop behind the market would be refused, or fill as a market order anyway: the market order goes at once. */
function isPassed({ role, intent, trailing, condition }: LinkedOrder, context: ContingentContext): boolean {
  if (role !== 'stop-loss' || intent.trigger === null || trailing !== null || condition !== null) return false;
  const price = context.price(intent.instrument);
  return price !== null && reached(intent.side, intent.trigger, sourcePrice('bid-ask', intent.side, price));
}

/** The terms of the order that is sent now. What the engine has watched over itself goes to the market. */
function wanted(order: LinkedOrder, quantity: QuantityUnits): OrderIntent {
  const { intent } = order;
  const idempotencyKey = order.attempt === 1 && order.role === 'order' ? intent.idempotencyKey : keyOf(order);
  if (!order.atMarket && !(order.fired && order.trailing !== null)) return { ...intent, quantity, idempotencyKey };
  return {
    ...intent,
    quantity,
    idempotencyKey,
    type: 'market',
    price: null,
    trigger: null,
    // What the market does not take comes back and is sent again.
    ...(order.persistent ? { timeInForce: 'IOC', expireAt: null } : {}),
  };
}

function hold(order: LinkedOrder, left: QuantityUnits, instrument: Instrument, pass: Pass): LinkedOrder {
  const { now, context, commands } = pass;
  const { name, orderId } = order;
  if (orderId === null) return order;
  const waits = awaits(order, pass);
  if (order.dropped || (left === 0 && !waits)) {
    const reason = endOf(order, pass);
    commands.push({ do: 'cancel', name, orderId, reason });
    return { ...order, withdrawn: true };
  }
  if (order.expireAt !== null && now >= order.expireAt) {
    commands.push({ do: 'expire', name, orderId });
    return { ...order, dropped: true };
  }
  const plain = order.trailing === null && order.met;
  const fired = order.fired || (plain && !waits && order.covered);
  if (fired && left > 0) {
    const next = fired === order.fired ? order : { ...order, fired };
    const mayNot =
      isStoodDown(order, pass) ||
      now < order.retryAt ||
      left < instrument.minQuantity ||
      context.closed(order.intent.instrument) ||
      isBarred(order, pass);
    if (mayNot) return next;
    if (order.group !== null) pass.sending.add(order.group);
    commands.push({ do: 'release', name, orderId, quantity: left });
    return { ...next, asked: { ...order.asked, quantity: left } };
  }
  const total = left > 0 ? left : order.intent.quantity;
  if (total === order.asked.quantity || now < order.retryAt) return order;
  commands.push({ do: 'modify', name, orderId, price: order.price, trigger: order.trigger, quantity: total });
  return { ...order, asked: { quantity: total, price: order.price, trigger: order.trigger } };
}

/** Another order of its group is on its way to the market: what that one fills decides. */
function isBarred(order: LinkedOrder, pass: Pass): boolean {
  const { group } = order;
  if (group === null) return false;
  if (pass.sending.has(group)) return true;
  const safe = isSafe(order, pass.context);
  for (const other of pass.groups.get(group) ?? []) {
    if (other.name === order.name || !isAtVenue(other)) continue;
    if (other.fired || other.atMarket || (order.fired && !safe)) return true;
  }
  return false;
}

/** An order that works at the venue: as large as its share, at the level asked for. */
function follow(order: LinkedOrder, left: QuantityUnits, pass: Pass): LinkedOrder {
  const { commands, now } = pass;
  const { name, orderId } = order;
  if (orderId === null || now < order.retryAt || isStoodDown(order, pass)) return order;
  if (order.dropped || (left === 0 && order.covered)) {
    commands.push({ do: 'cancel', name, orderId, reason: endOf(order, pass) });
    return { ...order, withdrawn: true };
  }
  // A market order takes what it can; what is left of it comes back.
  if (order.fired || order.atMarket || order.intent.type === 'market' || left === 0) return order;
  const isFree = order.parent === null && order.group === null && !order.intent.reduceOnly;
  const total = order.filled + left;
  const { asked } = order;
  const { price, trigger } = order.intent;
  if (isFree || (total === asked.quantity && price === asked.price && trigger === asked.trigger)) return order;
  commands.push({ do: 'modify', name, orderId, price, trigger, quantity: total });
  return { ...order, asked: { quantity: total, price, trigger } };
}

function endOf(order: LinkedOrder, pass: Pass): string {
  if (order.dropped) {
    const others = order.group === null ? [] : (pass.groups.get(order.group) ?? []);
    const fired = others.find((other) => other.name !== order.name && other.fired);
    return fired === undefined
      ? 'Cancelled by the user'
      : `Order ${fired.orderId ?? fired.name} was triggered: one cancels the other.`;
  }
  const parent = order.parent === null ? undefined : pass.byName.get(order.parent);
  if (parent !== undefined && filledOf(parent) === 0) return `Order ${parent.orderId ?? parent.name} ended unfilled.`;
  const sibling =
    order.group === null
      ? undefined
      : pass.groups.get(order.group)?.find((other) => other.name !== order.name && filledOf(other) > 0);
  if (sibling !== undefined) return `Order ${sibling.orderId ?? sibling.name} filled: one cancels the other.`;
  return 'The position it closes is closed.';
}

function isStoodDown({ intent }: LinkedOrder, pass: Pass): boolean {
  const { stoodDown } = pass;
  return stoodDown.length > 0 && (stoodDown.includes(intent.accountId) || stoodDown.includes(EVERY_ACCOUNT));
}

/** Families of linked orders that are all over, once no late fill is to be expected any more. */
function withoutOld(orders: readonly LinkedOrder[], now: EpochMs): readonly LinkedOrder[] {
  if (orders.every(({ endedAt }) => endedAt === null || now - endedAt < LATE_FILL_MS)) return orders;
  const kept = new Set<string>();
  const keep = (name: string): void => {
    if (kept.has(name)) return;
    kept.add(name);
    const order = orders.find((one) => one.name === name);
    if (order === undefined) return;
    if (order.parent !== null) keep(order.parent);
    for (const other of orders) {
      if (other.parent === name || (order.group !== null && other.group === order.group)) keep(other.name);
    }
  };
  for (const { name, endedAt } of orders) if (endedAt === null || now - endedAt < LATE_FILL_MS) keep(name);
  return orders.filter(({ name }) => kept.has(name));
}
