import { Decimal } from '../domain/decimal.ts';
import { notional } from '../domain/instrument.ts';
import type { Facts } from './facts.ts';

/** Doubles of money are good to 1e-15 of the figure; anything this close is decided with exact decimals. */
const GREY = 1e-9;

/** value > limit. Clear cases by doubles, close ones exactly; a figure that is no number counts as above. */
export function above(value: number, limit: number, exactValue: () => Decimal, exactLimit: () => Decimal): boolean {
  if (!Number.isFinite(value) || Number.isNaN(limit)) return true;
  const grey = GREY * Math.max(Math.abs(value), Math.abs(limit));
  if (value < limit - grey) return false;
  if (value > limit + grey) return true;
  return exactValue().gt(exactLimit());
}

/** Value of the order at its expected price, exact. */
export function exactNotional(facts: Facts): Decimal {
  const { instrument, price, quantity } = facts;
  return instrument === null ? new Decimal(Number.NaN) : notional(instrument, price, quantity);
}
