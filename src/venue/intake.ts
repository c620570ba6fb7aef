import { priceText } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import { checkNotional, checkPrice, checkQuantity, checkTerms } from './check-order.ts';
import type { ModifyChange } from './command-queue.ts';
import { activate, execute, rest } from './execute.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { barPoint, knownPrice, reaches, takeable } from './taker.ts';
import type { VenueCore } from './venue-core.ts';
import { protectionOf, ruleRefusal } from './rules/rule-check.ts';
import { limitOf, WorkingOrder } from './working-order.ts';

/** A submit takes effect: refused, or accepted and given its first chance. */
export function takeOrder(core: VenueCore, order: Order, at: EpochMs, latencyMs: number): void {
  // The same id never makes a second order.
  if (core.orders.has(order.id)) return;
  const market = core.markets.get(order.instrument);
  if (market === undefined) {
    core.announce({
      type: 'rejected',
      orderId: order.id,
      ts: at,
      code: 'INSTRUMENT_UNKNOWN',
      sentence: `${order.instrument} is not traded here; choose a listed instrument.`,
    });
    return;
  }
  let working = new WorkingOrder(order, at, latencyMs);
  const refusal = refusalOf(core, market, working, at);
  if (refusal !== null) {
    core.announce({ type: 'rejected', orderId: order.id, ts: at, code: refusal.code, sentence: refusal.sentence });
    return;
  }
  const limit = protectionOf(core, market, working, at);
  if (limit !== 0) working = new WorkingOrder({ ...order, type: 'limit', price: limit }, at, latencyMs);
  setExpiry(core, market, working, at);
  if (market.phase === 'walk') working.bar = market.bar;
  core.accept(working);
  if (limit !== 0)
    core.announce({
      type: 'updated',
      orderId: order.id,
      ts: at,
      price: limit,
      trigger: null,
      quantity: order.quantity,
    });
  place(core, market, working, at);
}

/** Puts an accepted order to work: fires a stop that is due, matches what is active, keeps the rest. */
export function place(core: VenueCore, market: InstrumentMarket, order: WorkingOrder, at: EpochMs): void {
  const point = barPoint(core, market, at);
  const dataTs = point === 0 ? market.standing.ts : market.barTs;
  if (!order.active) {
    if (hasPassed(market, order) && (point !== 0 || !market.isBarDriven)) activate(core, market, order, dataTs, point);
    else core.hold(order, market);
  } else if (point === 0 && market.isBarDriven) awaitOpen(core, market, order);
  else execute(core, market, order, dataTs, point);
}

/** With bars only, nothing can fill before the next open. A limit rests meanwhile unless it must not. */
function awaitOpen(core: VenueCore, market: InstrumentMarket, order: WorkingOrder): void {
  const immediate = order.intent.timeInForce === 'IOC' || order.intent.timeInForce === 'FOK';
  order.waiting = order.isMarketType || immediate;
  order.rested = !reaches(order, market.barPrice);
  core.hold(order, market);
}

/** Whether the market has already passed the stop's trigger. */
function hasPassed(market: InstrumentMarket, order: WorkingOrder): boolean {
  const price = knownPrice(market, order.sign);
  return price !== 0 && order.sign * (price - order.trigger) >= 0;
}

function refusalOf(core: VenueCore, market: InstrumentMarket, order: WorkingOrder, at: EpochMs): Refusal | null {
  const { instrument } = market;
  const { intent } = order;
  const closed = core.options.marketClosed?.(instrument, at) ?? null;
  if (closed !== null) return { code: 'MARKET_CLOSED', sentence: closed };
  const terms = checkTerms(intent, instrument, at) ?? ruleRefusal(core, market, order, order, at);
  if (terms !== null) return terms;
  const known = knownPrice(market, order.sign);
  if (intent.reduceOnly) {
    if (core.room(order) <= 0) {
      return {
        code: 'REDUCE_ONLY_NOTHING_TO_REDUCE',
        sentence: `Reduce-only: there is no ${order.sign === 1 ? 'short' : 'long'} position in ${instrument.symbol} that this order would reduce.`,
      };
    }
  } else {
    const small = checkNotional(instrument, limitOf(order) || order.trigger || known, order.quantity);
    if (small !== null) return small;
  }
  if (order.type === 'market') {
    const offered = market.isBarDriven || market.phase === 'walk' || isOffered(core, market, order);
    return offered ? null : noLiquidity(market, order);
  }
  return passiveRefusal(core, market, order);
}

/** Why a limit or stop may not stand where it is put; also asked before a modification. */
function passiveRefusal(core: VenueCore, market: InstrumentMarket, order: WorkingOrder): Refusal | null {
  const { instrument } = market;
  const known = knownPrice(market, order.sign);
  if (order.active) {
    if (!order.intent.postOnly || known === 0 || !reaches(order, known)) return null;
    return {
      code: 'POST_ONLY_WOULD_TAKE',
      sentence: `Post-only: ${priceText(instrument, order.price)} would trade at once against ${priceText(instrument, known)}; choose a price ${order.sign === 1 ? 'below' : 'above'} it.`,
    };
  }
  if (core.model.passedStop === 'trigger' || !hasPassed(market, order)) return null;
  return {
    code: 'STOP_ALREADY_TRIGGERED',
    sentence: `The stop trigger ${priceText(instrument, order.trigger)} has been passed already: the market is at ${priceText(instrument, known)}. Choose a trigger ${order.sign === 1 ? 'above' : 'below'} it or send a market order.`,
  };
}

function isOffered(core: VenueCore, market: InstrumentMarket, order: WorkingOrder): boolean {
  const { standing } = market;
  if (standing.touch(order.sign) === 0) return false;
  return standing.isTouchOnly || takeable(core, market, order, 1) > 0;
}

function noLiquidity(market: InstrumentMarket, order: WorkingOrder): Refusal {
  const { symbol } = market.instrument;
  const side = order.sign === 1 ? 'sell' : 'buy';
  switch (market.standing.source) {
    case 'none':
      return { code: 'NO_MARKET_DATA', sentence: `No price of ${symbol} is known yet; wait for the feed.` };
    case 'lost':
      return {
        code: 'NO_LIQUIDITY',
        sentence: `The order book of ${symbol} is unusable until its next snapshot; send the order again then.`,
      };
    default:
      return {
        code: 'NO_LIQUIDITY',
        sentence: `Nobody offers to ${side} ${symbol} now; use a limit order or wait for the book to refill.`,
      };
  }
}

function setExpiry(core: VenueCore, market: InstrumentMarket, order: WorkingOrder, at: EpochMs): void {
  const { timeInForce, expireAt } = order.intent;
  if (timeInForce === 'DAY') order.expireAt = core.options.dayEnd(market.instrument, at);
  else if (timeInForce === 'GTD' && expireAt !== null) order.expireAt = expireAt;
}

/** Puts back an order of an earlier run: no event, no place in the queue until the data shows one. */
export function takeBack(core: VenueCore, order: Order): void {
  const market = core.markets.get(order.instrument);
  if (market === undefined || core.orders.has(order.id)) return;
  // A market order with a price was given a limit by the exchange's price protection.
  const isProtected = order.type === 'market' && order.price !== null;
  const working = new WorkingOrder(isProtected ? { ...order, type: 'limit' } : order, order.updatedAt, 0);
  setExpiry(core, market, working, order.createdAt);
  core.orders.set(working.id, working);
  core.nextExpiry = Math.min(core.nextExpiry, working.expireAt);
  if (working.active && working.isMarketType) working.waiting = true;
  if (working.active && !working.waiting) rest(core, market, working);
  else core.hold(working, market);
}

export function changeOrder(core: VenueCore, orderId: string, change: ModifyChange, at: EpochMs): void {
  const order = core.orders.get(orderId);
  if (order === undefined || order.done) {
    core.announce({ type: 'modify-rejected', orderId, ts: at, ...notWorking(orderId) });
    return;
  }
  const market = core.marketOf(order);
  const next = {
    price: order.price === 0 ? 0 : (change.price ?? order.price),
    trigger: order.active ? order.trigger : order.trigger === 0 ? 0 : (change.trigger ?? order.trigger),
    quantity: change.quantity,
  };
  const before = { price: order.price, trigger: order.trigger, quantity: order.quantity };
  let refusal = changeRefusal(market, order, next) ?? ruleRefusal(core, market, order, next, at);
  if (refusal === null) {
    Object.assign(order, next);
    refusal = next.quantity === order.filled ? null : passiveRefusal(core, market, order);
    if (refusal !== null) Object.assign(order, before);
  }
  if (refusal !== null) {
    core.announce({ type: 'modify-rejected', orderId, ts: at, code: refusal.code, sentence: refusal.sentence });
    return;
  }
  order.updatedAt = at;
  const keepsPlace = next.price === before.price && next.trigger === before.trigger && next.quantity <= before.quantity;
  if (!keepsPlace) core.lift(order, market);
  if (next.quantity === order.filled) core.finish(order);
  core.announce({
    type: 'updated',
    orderId,
    ts: at,
    price: next.price === 0 ? null : next.price,
    trigger: next.trigger === 0 ? null : next.trigger,
    quantity: next.quantity,
  });
  if (!keepsPlace && !order.done) place(core, market, order, at);
}

function changeRefusal(
  market: InstrumentMarket,
  order: WorkingOrder,
  next: { price: number; trigger: number; quantity: number },
): Refusal | null {
  const { instrument } = market;
  if (next.quantity < order.filled) {
    return {
      code: 'QUANTITY_BELOW_FILLED',
      sentence: `The order has already filled more than the new quantity; cancel it instead.`,
    };
  }
  return (
    checkQuantity(instrument, next.quantity) ??
    (order.price === 0 ? null : checkPrice(instrument, 'limit price', next.price)) ??
    (order.trigger === 0 ? null : checkPrice(instrument, 'stop trigger', next.trigger)) ??
    (order.intent.reduceOnly ? null : checkNotional(instrument, next.price || next.trigger, next.quantity))
  );
}

export function cancelOrder(core: VenueCore, orderId: string, at: EpochMs): void {
  const order = core.orders.get(orderId);
  if (order === undefined || order.done) {
    core.announce({ type: 'cancel-rejected', orderId, ts: at, ...notWorking(orderId) });
    return;
  }
  core.close(order, 'canceled', 'CANCELED_ON_REQUEST', 'Cancelled on request.', Math.max(at, order.updatedAt));
}

function notWorking(orderId: string): { code: string; sentence: string } {
  return {
    code: 'ORDER_NOT_WORKING',
    sentence: `Order ${orderId} is not working here: it is filled, cancelled, expired or was never accepted.`,
  };
}
