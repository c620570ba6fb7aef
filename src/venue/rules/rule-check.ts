import type { Refusal } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits } from '../../domain/units.ts';
import type { InstrumentMarket } from '../instrument-market.ts';
import type { VenueCore } from '../venue-core.ts';
import type { WorkingOrder } from '../working-order.ts';
import type { RuledMarket, RuledOrder } from './market-rules.ts';

/** The exchange's own rules on an order as it arrives or is changed, and whether its charges of that day are known. */
export function ruleRefusal(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  next: { readonly price: PriceUnits; readonly trigger: PriceUnits; readonly quantity: number },
  at: EpochMs,
): Refusal | null {
  const { rules, charges } = core;
  const day = core.calendarTime(at);
  const { side, accountId, timeInForce } = order.intent;
  if (charges !== null) {
    const unknown = charges.refusal(side, core.options.product?.(accountId) ?? null, day);
    if (unknown !== null) return unknown;
  }
  if (rules === null) return null;
  const ruled: RuledOrder = { side, type: order.type, timeInForce, ...next };
  return rules.refusal(ruled, market.instrument, day, ruledMarket(market, order.sign));
}

/** Limit price that protects a market order; 0 = none. */
export function protectionOf(core: VenueCore, market: InstrumentMarket, order: WorkingOrder, at: EpochMs): PriceUnits {
  if (core.rules === null || order.type !== 'market') return 0;
  const { price, trigger, quantity } = order;
  const { side, timeInForce } = order.intent;
  const ruled: RuledOrder = { side, type: order.type, timeInForce, price, trigger, quantity };
  return core.rules.protection(ruled, market.instrument, core.calendarTime(at), ruledMarket(market, order.sign));
}

function ruledMarket(market: InstrumentMarket, sign: 1 | -1): RuledMarket {
  return { base: market.basePrice, last: lastPrice(market), touch: market.standing.touch(sign) };
}

/** The trading day of the instrument has turned: its last price is the base of the new day's price band. */
export function turnDay(core: VenueCore, market: InstrumentMarket, at: EpochMs): void {
  if (core.rules === null) return;
  market.basePrice = lastPrice(market);
  // The first price ever seen stands in for the close before it.
  if (market.basePrice === 0) return;
  const day = core.calendarTime(at);
  market.dayTurn = core.rules.nextDay(day) - (day - at);
}

function lastPrice(market: InstrumentMarket): PriceUnits {
  const { standing } = market;
  if (market.barPrice !== 0 && market.barTs >= standing.ts) return market.barPrice;
  if (standing.lastPrice > 0) return standing.lastPrice;
  const [bid, ask] = [standing.touch(-1), standing.touch(1)];
  return bid > 0 && ask > 0 ? Math.round((bid + ask) / 2) : Math.max(bid, ask, market.barPrice);
}
