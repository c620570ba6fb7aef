import { priceText } from '../../domain/instrument.ts';
import type { Facts } from '../facts.ts';
import { percent, type Findings } from '../findings.ts';

/** Is there a price to judge by, and how old is it. */
export function checkPriceKnown(found: Findings): void {
  const { facts } = found;
  const { reference, mode, touch, intent } = facts;
  const severity = mode === 'protective' ? 'warn' : 'block';
  if (reference === null || !(touch > 0)) {
    found.add(
      severity,
      'PRICE_UNAVAILABLE',
      'text',
      'none',
      'a price',
      (one) => `There is no price for ${one.intent.instrument}; wait for the feed or check its connection.`,
    );
    return;
  }
  const { bid, ask } = reference;
  if (bid > 0 && ask > 0 && bid > ask) {
    found.add(
      severity,
      'PRICE_CROSSED',
      'price',
      bid,
      ask,
      (one, value, limit) =>
        `The bid ${value} of ${one.intent.instrument} is above the ask ${limit}, so the feed cannot be trusted now; wait for a sound quote.`,
    );
    return;
  }
  if (facts.limits === null) return;
  const { stalePriceMs, staleMarketMs } = facts.limits;
  const { ageMs } = reference;
  if (stalePriceMs === null && staleMarketMs === null) return;
  if (reference.stale || !(ageMs >= 0 || ageMs < 0)) {
    found.add(
      severity,
      'STALE_PRICE',
      'ms',
      ageMs,
      staleMarketMs ?? stalePriceMs,
      (one, value) =>
        `The last price of ${one.intent.instrument} is ${value} ms old and counts as stale; wait for a fresh one.`,
    );
  } else if (staleMarketMs !== null && ageMs > staleMarketMs && intent.type === 'market') {
    found.add(
      severity,
      'STALE_PRICE',
      'ms',
      ageMs,
      staleMarketMs,
      (_, value, limit) =>
        `The price is ${value} ms old; a market order needs one of at most ${limit} ms. Wait, or use a limit order.`,
      'staleMarketMs',
    );
  } else if (stalePriceMs !== null && ageMs > stalePriceMs) {
    found.add(
      'warn',
      'STALE_PRICE',
      'ms',
      ageMs,
      stalePriceMs,
      (_, value, limit) => `The price is ${value} ms old, more than ${limit} ms; check it before you send.`,
      'stalePriceMs',
    );
  } else {
    found.add(
      'info',
      'STALE_PRICE',
      'ms',
      ageMs,
      stalePriceMs ?? staleMarketMs,
      (_, value) => `The price is ${value} ms old.`,
    );
  }
}

/** Distance of the limit price from the touch; a stop order is judged by its trigger, both prices where it has both. */
export function checkCollar(found: Findings): void {
  const { intent, limits, touch, mode } = found.facts;
  if (limits === null || mode === 'protective' || !(touch > 0)) return;
  // A stop-limit whose limit is far from its trigger is as much a slip of the finger as one far from the market.
  if (intent.trigger !== null) {
    judge(found, intent.trigger, touch, 'trigger');
    if (intent.price !== null && intent.trigger > 0) judge(found, intent.price, intent.trigger, 'limit price');
  } else if (intent.price !== null) judge(found, intent.price, touch, 'limit price');
}

function judge(found: Findings, price: number, from: number, what: string): void {
  const { limits } = found.facts;
  if (limits === null) return;
  const { collarHard, collarSoft } = limits;
  if (collarHard === null && collarSoft === null) return;
  const distance = Math.abs(price - from);
  const fraction = distance / from;
  const hard = beyond(distance, from, collarHard);
  if (hard && collarHard !== null) {
    found.add(
      'block',
      'PRICE_COLLAR',
      'fraction',
      fraction,
      Number(collarHard),
      (facts, value, limit) =>
        `The ${what} ${text(facts, price)} is ${percent(value)} from ${text(facts, from)}, more than the ${percent(limit)} allowed; correct the price.`,
      'collarHard',
    );
  } else if (beyond(distance, from, collarSoft) && collarSoft !== null) {
    found.add(
      'warn',
      'PRICE_COLLAR',
      'fraction',
      fraction,
      Number(collarSoft),
      (facts, value, limit) =>
        `The ${what} ${text(facts, price)} is ${percent(value)} from ${text(facts, from)}, more than ${percent(limit)}; check the price.`,
      'collarSoft',
    );
  } else {
    found.add(
      'info',
      'PRICE_COLLAR',
      'fraction',
      fraction,
      Number(collarSoft ?? collarHard),
      (_, value, limit) => `The ${what} is ${percent(value)} from the market, within ${percent(limit)}.`,
    );
  }
}

/** distance > limit x from, with a hair of tolerance so that exactly 2 % is not "more than 2 %". */
function beyond(distance: number, from: number, limit: string | null): boolean {
  return limit !== null && !(distance <= Number(limit) * from * (1 + 1e-12));
}

function text(facts: Facts, price: number): string {
  return facts.instrument !== null && Number.isSafeInteger(price) ? priceText(facts.instrument, price) : String(price);
}
