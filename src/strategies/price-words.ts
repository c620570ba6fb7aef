import type { Instrument } from '../domain/instrument.ts';

/** A price that may lie between ticks (an average) for a sentence: rounded to one digit beyond the instrument's. */
export function approximatePrice(instrument: Instrument, price: number): string {
  const digits = instrument.priceDigits;
  return (price / 10 ** digits).toFixed(Math.min(digits + 1, 12));
}
