import { Decimal } from '../../domain/decimal.ts';

/** Units above 2^50 could be rounded wrongly when they are made from a double; no grid may lead there. */
const MAX_UNITS = 2 ** 50;
const MAX_DIGITS = 12;
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** A number cell: its value and the decimals it needs. One instance is reused, so reading allocates nothing. */
export class NumberCell {
  value = Number.NaN;
  decimals = 0;

  /** False when the text is not a finite decimal number; spaces around it and an exponent are accepted. */
  read(text: string): boolean {
    let at = 0;
    const end = text.length;
    const negative = text.charCodeAt(0) === 45;
    if (negative) at = 1;
    let mantissa = 0;
    let point = -1;
    let significant = 0;
    const start = at;
    for (; at < end; at += 1) {
      const digit = text.charCodeAt(at) - 48;
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        if (digit !== 0) significant = at;
      } else if (digit === -2 && point === -1) point = at;
      else return this.readSlowly(text);
    }
    const digits = end - start - (point === -1 ? 0 : 1);
    if (digits === 0 || digits > 15) return this.readSlowly(text);
    // Both operands are exact (below 2^53 and 10^22), so the quotient is the double nearest to the text.
    const value = point === -1 ? mantissa : mantissa / (POWERS[end - point - 1] ?? 1);
    this.value = negative ? -value : value;
    this.decimals = point === -1 || significant < point ? 0 : significant - point;
    return true;
  }

  private readSlowly(text: string): boolean {
    const trimmed = text.trim();
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(trimmed)) return false;
    const exact = new Decimal(trimmed);
    this.value = exact.toNumber();
    this.decimals = exact.decimalPlaces();
    return Number.isFinite(this.value);
  }
}

/** Digits for a column: what its figures need, unless its largest figure would then leave the exact range. */
export function digitsFor(decimals: number, largest: number): number {
  let digits = Math.min(decimals, MAX_DIGITS);
  while (digits > 0 && largest * (POWERS[digits] ?? 1) > MAX_UNITS) digits -= 1;
  return digits;
}

/** Nearest whole number of units; exact when the text needed no more than `digits` decimals (see digitsFor). */
export function toUnits(value: number, digits: number): number {
  return Math.round(value * (POWERS[digits] ?? 1));
}
