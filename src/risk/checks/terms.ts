import { leaves, roomToReduce, type Facts } from '../facts.ts';
import type { Findings } from '../findings.ts';

const TYPES: ReadonlySet<string> = new Set(['market', 'limit', 'stop', 'stop-limit', 'trailing-stop']);
const TIMES: ReadonlySet<string> = new Set(['GTC', 'IOC', 'FOK', 'DAY', 'GTD']);

/** The order's own terms: type, side, lifetime, price grid, quantity grid. */
export function checkTerms(found: Findings): void {
  const { intent } = found.facts;
  if (intent.side !== 'buy' && intent.side !== 'sell') {
    found.add(
      'block',
      'INVALID_ORDER_SIDE',
      'text',
      String(intent.side),
      'buy or sell',
      (_, value) => `"${value}" is no order side; choose buy or sell.`,
    );
  }
  if (!TYPES.has(intent.type)) {
    found.add(
      'block',
      'UNSUPPORTED_ORDER_TYPE',
      'text',
      String(intent.type),
      'market, limit, stop, stop-limit, trailing-stop',
      (_, value, limit) => `Order type "${value}" is not supported; use one of ${limit}.`,
    );
  }
  if (!TIMES.has(intent.timeInForce)) {
    found.add(
      'block',
      'UNSUPPORTED_TIME_IN_FORCE',
      'text',
      String(intent.timeInForce),
      'GTC, IOC, FOK, DAY, GTD',
      (_, value, limit) => `Time in force "${value}" is not supported; use one of ${limit}.`,
    );
  }
  if (intent.timeInForce === 'GTD' && intent.expireAt === null) {
    found.add(
      'block',
      'MISSING_EXPIRE_TIME',
      'text',
      'none',
      'a time in the future',
      () => 'A good-till-date order needs its date.',
    );
  } else if (intent.expireAt !== null && !(intent.expireAt > found.facts.now)) {
    found.add(
      'block',
      'EXPIRE_TIME_IN_PAST',
      'text',
      'past',
      'a time in the future',
      () => 'The order would expire at once; choose a later time.',
    );
  }
  const limitType = intent.type === 'limit' || intent.type === 'stop-limit';
  checkPriceField(found, 'PRICE', limitType, intent.price);
  checkPriceField(found, 'TRIGGER', intent.type === 'stop' || intent.type === 'stop-limit', intent.trigger);
  if (intent.postOnly && (!limitType || intent.timeInForce === 'IOC' || intent.timeInForce === 'FOK')) {
    found.add(
      'block',
      'POST_ONLY_IMPOSSIBLE',
      'text',
      `${intent.type} ${intent.timeInForce}`,
      'a resting limit order',
      (_, value) => `A ${value} order cannot be post-only; use a limit order that may rest.`,
    );
  }
}

function checkPriceField(found: Findings, name: 'PRICE' | 'TRIGGER', needed: boolean, price: number | null): void {
  const { instrument } = found.facts;
  if (price === null) {
    if (needed) {
      found.add(
        'block',
        `${name}_MISSING`,
        'text',
        'none',
        'a price',
        (facts) => `A ${facts.intent.type} order needs a ${name === 'PRICE' ? 'limit' : 'trigger'} price.`,
      );
    }
    return;
  }
  if (!(price > 0) || !Number.isSafeInteger(price)) {
    found.add(
      'block',
      `${name}_NOT_POSITIVE`,
      'price',
      price,
      0,
      (_, value) => `The ${name.toLowerCase()} ${value} must be above zero.`,
    );
  } else if (instrument !== null && price % instrument.tick !== 0) {
    found.add(
      'block',
      `${name}_OFF_TICK`,
      'price',
      price,
      instrument.tick,
      (_, value, limit) => `The ${name.toLowerCase()} ${value} is not a multiple of the tick size ${limit}.`,
    );
  }
}

/** Clamps a reduce-only order to what is left of the position, so that it can never turn it around. */
export function clampReduceOnly(found: Findings): void {
  const { facts } = found;
  const { intent, net } = facts;
  if (!intent.reduceOnly) return;
  if (!Number.isFinite(net)) return;
  if (net === 0) {
    facts.quantity = 0;
    found.add(
      'block',
      'NOTHING_TO_REDUCE',
      'quantity',
      intent.quantity,
      0,
      (one) => `There is no position in ${one.intent.instrument} to reduce; nothing was sent.`,
    );
    return;
  }
  if (net > 0 === (intent.side === 'buy')) {
    facts.quantity = 0;
    found.add(
      'block',
      'REDUCE_ONLY_WOULD_INCREASE_POSITION',
      'quantity',
      intent.quantity,
      net,
      (one, _, limit) =>
        `A reduce-only ${one.intent.side} would add to the position of ${limit}; ${net > 0 ? 'sell' : 'buy'} to reduce it.`,
    );
    return;
  }
  const room =
    intent.source === 'exit' ? roomForExit(facts) : roomToReduce(facts.intent.instrument, facts.net, facts.open);
  if (!(room > 0)) {
    facts.quantity = 0;
    found.add(
      'block',
      'NOTHING_TO_REDUCE',
      'quantity',
      intent.quantity,
      room,
      () => 'Orders already working close the whole position; cancel one of them first.',
    );
    return;
  }
  if (intent.quantity > room) {
    facts.quantity = room;
    found.add(
      'info',
      'QUANTITY_CLAMPED',
      'quantity',
      intent.quantity,
      room,
      (_, value, limit) => `The quantity is reduced from ${value} to ${limit}, which is what is left of the position.`,
    );
  }
}

/**
 * A strategy's stop and target close the same quantity twice over on purpose (one cancels the other), so of each other
 * strategy's exits only the larger counts, and one's own not at all.
 */
function roomForExit(facts: Facts): number {
  const { intent, net } = facts;
  const largest = new Map<string, number>();
  for (const order of facts.open) {
    if (order.instrument !== intent.instrument || order.side !== intent.side) continue;
    if (order.source !== 'exit' || !order.reduceOnly || order.strategyId === intent.strategyId) continue;
    const key = order.strategyId ?? '';
    largest.set(key, Math.max(largest.get(key) ?? 0, leaves(order)));
  }
  let room = Math.abs(net);
  for (const quantity of largest.values()) room -= quantity;
  return Math.max(0, room);
}

export function checkQuantity(found: Findings): void {
  const { instrument, intent, quantity, mode } = found.facts;
  if (!Number.isSafeInteger(intent.quantity) || intent.quantity <= 0) {
    found.add(
      'block',
      'QUANTITY_NOT_POSITIVE',
      'quantity',
      intent.quantity,
      0,
      (_, value) => `Quantity ${value} must be above zero.`,
    );
    return;
  }
  if (instrument === null || quantity === 0) return;
  if (quantity % instrument.step !== 0) {
    found.add(
      'block',
      'QUANTITY_OFF_STEP',
      'quantity',
      quantity,
      instrument.step,
      (_, value, limit) => `Quantity ${value} is not a multiple of the step ${limit}.`,
    );
  }
  if (quantity < instrument.minQuantity) {
    found.add('block', 'QUANTITY_BELOW_MINIMUM', 'quantity', quantity, instrument.minQuantity, (facts, value, limit) =>
      mode === 'full'
        ? `Quantity ${value} is below the minimum ${limit} of ${facts.intent.instrument}; raise it.`
        : `What is left, ${value}, is below the minimum ${limit} of ${facts.intent.instrument} and cannot be closed by an order.`,
    );
  }
  if (instrument.maxQuantity !== null && quantity > instrument.maxQuantity) {
    found.add(
      'block',
      'QUANTITY_EXCEEDS_MAXIMUM',
      'quantity',
      quantity,
      instrument.maxQuantity,
      (_, value, limit) =>
        `Quantity ${value} is above the venue's maximum ${limit}; split the order, e.g. into pieces of ${limit}.`,
    );
  }
}
