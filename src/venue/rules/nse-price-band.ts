import type { PriceUnits } from '../../domain/units.ts';
import type { Listing } from './listing.ts';

/** Percent of the base price in hundredths, so that band arithmetic stays whole. */
type BasisPoints = number;

const FULL = 10_000;
/** Operating range of securities with derivatives at the start of the day, and the steps by which it widens. */
const RANGE_START: BasisPoints = 1_000;
const RANGE_STEP: BasisPoints = 500;
/** The range widens once trading has come this near to its end. */
const RANGE_REACHED = 0.99;

/** Days on which the exchange capped every band. */
const CAPPED: ReadonlyMap<string, BasisPoints> = new Map([
  // Disaster-recovery session: bands of 5 %.
  ['2024-05-18', 500],
]);

export interface PriceBand {
  readonly lower: PriceUnits;
  readonly upper: PriceUnits;
  readonly percent: number;
}

/**
 * Prices an order may name on a day; null when there is no band or no base price. The operating range is widened from
 * `last` alone: the number of trades and the waiting time that the exchange asks for as well are not modelled.
 */
export function nsePriceBand(
  listing: Pick<Listing, 'band'>,
  date: string,
  base: PriceUnits,
  last: PriceUnits,
  tick: PriceUnits,
): PriceBand | null {
  if (listing.band === null || base <= 0) return null;
  const isRange = listing.band === 'range';
  let points = listing.band === 'range' ? RANGE_START : Math.round(listing.band * 100);
  const cap = CAPPED.get(date);
  if (cap !== undefined) points = Math.min(points, cap);
  else if (isRange && last > 0) {
    const moved = (Math.abs(last - base) / base) * FULL;
    while (moved >= points * RANGE_REACHED) points += RANGE_STEP;
  }
  return bandAround(base, points, tick);
}

/** The ends lie on the tick, inside the exact percentage. */
function bandAround(base: PriceUnits, points: BasisPoints, tick: PriceUnits): PriceBand {
  return {
    lower: Math.max(tick, Math.ceil((base * (FULL - points)) / FULL / tick) * tick),
    upper: Math.floor((base * (FULL + points)) / FULL / tick) * tick,
    percent: points / 100,
  };
}
