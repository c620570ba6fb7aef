import { Decimal } from '../../domain/decimal.ts';
import type { DecimalString } from '../../domain/decimal.ts';
import type { PriceUnits } from '../../domain/units.ts';

/** A decimal fraction as integers, so that a share of a price that is a whole number of ticks stays whole. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

export function ratioOf(text: DecimalString): Ratio {
  const fraction = new Decimal(text);
  const denominator = 10 ** fraction.decimalPlaces();
  return { numerator: fraction.times(denominator).toNumber(), denominator };
}

/** `ratio` of `amount`, rounded up to whole ticks: a cost is never rounded away. */
export function shareInTicks(amount: PriceUnits, { numerator, denominator }: Ratio, tick: PriceUnits): PriceUnits {
  if (numerator === 0) return 0;
  const product = amount * numerator;
  const ticks = Number.isSafeInteger(product)
    ? Math.ceil(product / (denominator * tick))
    : new Decimal(amount).times(numerator).div(denominator).div(tick).ceil().toNumber();
  return ticks * tick;
}
