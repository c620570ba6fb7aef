import { Decimal, type DecimalString } from '../domain/decimal.ts';
import { formatUnits, parseUnits } from '../domain/units.ts';

/** What SQLite stores in one column here. Truth values are 0 and 1. */
export type Value = string | number | null;

/**
 * Integer units as plain decimal text, exactly. A mark may lie between two units (a mid price): its fraction is kept.
 * Throws RangeError on NaN and infinities.
 */
export function unitsText(units: number, digits: number): DecimalString {
  if (Number.isSafeInteger(units)) return formatUnits(units, digits);
  if (!Number.isFinite(units)) throw new RangeError(`${units} is not a number of units`);
  return new Decimal(units).times(new Decimal(10).pow(-digits)).toFixed();
}

export function nullableUnitsText(units: number | null, digits: number): DecimalString | null {
  return units === null ? null : unitsText(units, digits);
}

/** The inverse of unitsText. */
export function textUnits(text: DecimalString, digits: number): number {
  const units = parseUnits(text, digits);
  return Number.isNaN(units) ? new Decimal(text).times(new Decimal(10).pow(digits)).toNumber() : units;
}

/** Money as plain decimal text; a negative zero is zero. */
export function moneyText(amount: Decimal): DecimalString {
  if (!amount.isFinite()) throw new RangeError(`${amount.toString()} is not an amount`);
  return amount.isZero() ? '0' : amount.toFixed();
}
