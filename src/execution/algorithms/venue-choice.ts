import { Decimal, type DecimalString } from '../../domain/decimal.ts';
import { type Instrument, priceDecimal, quantityDecimal } from '../../domain/instrument.ts';
import type { Side } from '../../domain/order.ts';
import { parseUnits } from '../../domain/units.ts';
import { sweepLevels } from '../../market/sweep.ts';
import { farSide, type MarketSight, midOf } from './market-sight.ts';

/** One venue that trades what is wanted. Venues may differ in tick, step and digits, hence decimals in the result. */
export interface VenueOffer {
  readonly venue: string;
  readonly instrument: Instrument;
  readonly sight: MarketSight;
  readonly takerFee: DecimalString;
  /** One-way time of an order to the venue. */
  readonly latencyMs: number;
  /** Standard deviation of the price over one second as a fraction; null = not known, then latency costs nothing. */
  readonly volatility: number | null;
}

export interface RankedVenue {
  readonly venue: string;
  readonly instrument: string;
  readonly rank: number;
  /** What the display would fill now. */
  readonly fillable: DecimalString;
  readonly fillsWhole: boolean;
  readonly averagePrice: DecimalString | null;
  readonly worstPrice: DecimalString | null;
  readonly feeBps: number;
  readonly latencyBps: number;
  /** Average price with fee and latency, per unit: what a buyer pays, a seller keeps. */
  readonly allInPrice: DecimalString | null;
  /** Against the best venue; null for those that cannot be used. */
  readonly extraBps: number | null;
  readonly sentence: string;
}

/** E[max(0, Z)] of a standard normal Z: the expected adverse part of a move that may go either way. */
const ADVERSE_PART = 1 / Math.sqrt(2 * Math.PI);

interface Priced {
  readonly offer: VenueOffer;
  readonly fillable: Decimal;
  readonly fillsWhole: boolean;
  readonly average: Decimal | null;
  readonly worst: Decimal | null;
  readonly latencyBps: number;
  readonly allIn: Decimal | null;
  readonly unusable: string | null;
}

/**
 * Venues by all-in cost of taking `quantity` now: average price of walking the displayed book, taker fee, and the expected
 * adverse move while the order travels (0.399 x volatility x square root of the latency in seconds). Those that display
 * the whole quantity come first; a venue that may not be traded now comes last with its reason.
 */
export function rankVenues(side: Side, quantity: DecimalString, offers: readonly VenueOffer[]): RankedVenue[] {
  const sign = side === 'buy' ? 1 : -1;
  const priced = offers.map((offer) => price(side, new Decimal(quantity), offer));
  priced.sort((a, b) => {
    if ((a.unusable === null) !== (b.unusable === null)) return a.unusable === null ? -1 : 1;
    if (a.fillsWhole !== b.fillsWhole) return a.fillsWhole ? -1 : 1;
    if (!a.fillsWhole && !a.fillable.eq(b.fillable)) return b.fillable.cmp(a.fillable);
    if (a.allIn === null || b.allIn === null) return a.allIn === b.allIn ? 0 : a.allIn === null ? 1 : -1;
    return sign * a.allIn.cmp(b.allIn) || (a.offer.venue < b.offer.venue ? -1 : 1);
  });
  const best = priced[0]?.allIn ?? null;
  return priced.map((one, index) => {
    const extra =
      one.allIn === null || best === null || one.unusable !== null
        ? null
        : one.allIn
            .div(best)
            .minus(1)
            .times(10_000 * sign)
            .toNumber();
    const digits = one.offer.instrument.priceDigits + 4;
    return {
      venue: one.offer.venue,
      instrument: one.offer.instrument.id,
      rank: index + 1,
      fillable: one.fillable.toFixed(),
      fillsWhole: one.fillsWhole,
      averagePrice: one.average?.toDecimalPlaces(digits).toFixed() ?? null,
      worstPrice: one.worst?.toFixed() ?? null,
      feeBps: new Decimal(one.offer.takerFee).times(10_000).toNumber(),
      latencyBps: one.latencyBps,
      allInPrice: one.allIn?.toDecimalPlaces(digits).toFixed() ?? null,
      extraBps: extra,
      sentence: sentenceOf(one, index, extra, quantity),
    };
  });
}

function price(side: Side, quantity: Decimal, offer: VenueOffer): Priced {
  const { instrument, sight, takerFee, latencyMs, volatility } = offer;
  const sign = side === 'buy' ? 1 : -1;
  // A venue with a coarser step fills what its step allows.
  const units = parseUnits(
    quantity.toDecimalPlaces(instrument.quantityDigits, Decimal.ROUND_DOWN).toFixed(),
    instrument.quantityDigits,
  );
  const wanted = Math.floor(units / instrument.step) * instrument.step;
  const walked = walk(side, wanted, offer);
  const fillable = quantityDecimal(instrument, walked.filled);
  const latencyBps =
    volatility === null ? 0 : ADVERSE_PART * volatility * Math.sqrt(Math.max(0, latencyMs) / 1_000) * 10_000;
  const costs = new Decimal(takerFee).plus(new Decimal(latencyBps).div(10_000));
  let unusable = sight.hold?.sentence ?? null;
  if (unusable === null && walked.filled === 0) unusable = 'nothing is displayed there.';
  if (unusable === null && wanted < instrument.minQuantity) unusable = 'the quantity is below its smallest order.';
  return {
    offer,
    fillable,
    fillsWhole: fillable.eq(quantity),
    average: walked.average,
    worst: walked.worst,
    latencyBps,
    allIn: walked.average === null ? null : walked.average.times(costs.times(sign).plus(1)),
    unusable,
  };
}

function walk(
  side: Side,
  wanted: number,
  { instrument, sight }: VenueOffer,
): { filled: number; average: Decimal | null; worst: Decimal | null } {
  const { depth } = sight;
  if (depth !== null) {
    const sweep = sweepLevels(instrument, side, side === 'buy' ? depth.asks : depth.bids, wanted, null);
    return {
      filled: sweep.filled,
      average: sweep.average,
      worst: sweep.worst === null ? null : priceDecimal(instrument, sweep.worst),
    };
  }
  const touch = farSide(sight, side);
  const filled = touch > 0 ? Math.min(wanted, side === 'buy' ? sight.askQuantity : sight.bidQuantity) : 0;
  const at = filled > 0 ? priceDecimal(instrument, touch) : null;
  return { filled, average: at, worst: at };
}

function sentenceOf(one: Priced, index: number, extra: number | null, quantity: DecimalString): string {
  const { offer, average, unusable, latencyBps, fillsWhole, fillable } = one;
  const name = offer.venue.toUpperCase();
  if (unusable !== null || average === null) return `${name} cannot be used now: ${unusable ?? 'no price is known.'}`;
  const mid = midOf(offer.sight);
  const walked = mid === null ? '' : ` (mid ${priceDecimal(offer.instrument, mid).toFixed()})`;
  const fee = new Decimal(offer.takerFee).times(10_000).toDecimalPlaces(2).toFixed();
  const cost = `${name}: average ${average.toDecimalPlaces(offer.instrument.priceDigits + 2).toFixed()}${walked}, fee ${fee} bp, latency ${latencyBps.toFixed(2)} bp`;
  const whole = fillsWhole ? '' : `; it displays only ${fillable.toFixed()} of ${quantity}`;
  if (index === 0) return `${cost}${whole}: the cheapest all in.`;
  return `${cost}${whole}: ${(extra ?? 0).toFixed(2)} bp ${(extra ?? 0) < 0 ? 'cheaper, but not for the whole quantity' : 'dearer than the first'}.`;
}
