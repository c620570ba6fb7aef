import { Decimal as BaseDecimal } from 'decimal.js';

/**
 * Exact money. 40 significant digits, banker's rounding where a division cannot be exact (average cost).
 * Never printed in exponent notation, so that every string it makes is a plain decimal.
 */
export const Decimal = BaseDecimal.clone({
  precision: 40,
  rounding: BaseDecimal.ROUND_HALF_EVEN,
  toExpNeg: -60,
  toExpPos: 60,
});
export type Decimal = BaseDecimal;

/** A decimal number as text, the only form money takes at a boundary, e.g. "61826.01". */
export type DecimalString = string;

export const ZERO: Decimal = new Decimal(0);
