/**
 * Prices and quantities inside the engine are integers: a price of "61826.01" on an instrument with 2 price digits is
 * the number 6182601, a quantity of "0.50000" with 5 quantity digits is 50000. Integers up to 2^53 are exact in a
 * double, so the hot path needs no decimal library and loses nothing.
 */
export type PriceUnits = number;
export type QuantityUnits = number;
/** Milliseconds since 1970-01-01T00:00:00Z. May carry a fraction (a recorder's nanosecond clock), never a time zone. */
export type EpochMs = number;

const POWERS = Array.from({ length: 19 }, (_, exponent) => 10 ** exponent);

/** 10^digits for 0 <= digits <= 18. */
export function powerOfTen(digits: number): number {
  const power = POWERS[digits];
  if (power === undefined) throw new RangeError(`powers of ten run from 0 to 18, not ${digits}`);
  return power;
}

/**
 * Parses a plain decimal ("-12.340", "5") into integer units of 10^-digits.
 * NaN when the text is not a plain decimal, has more significant decimals than `digits`, or leaves the safe range.
 */
export function parseUnits(text: string, digits: number): number {
  const length = text.length;
  let index = 0;
  let negative = false;
  if (text.charCodeAt(0) === 45) {
    negative = true;
    index = 1;
  }
  if (index === length) return Number.NaN;
  let units = 0;
  let decimals = -1;
  for (; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 46) {
      if (decimals !== -1 || index === length - 1) return Number.NaN;
      decimals = 0;
      continue;
    }
    const digit = code - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    if (decimals === -1) units = units * 10 + digit;
    else if (decimals < digits) {
      units = units * 10 + digit;
      decimals += 1;
    } else if (digit !== 0) return Number.NaN;
  }
  if (decimals === -1) decimals = 0;
  units *= powerOfTen(digits - decimals);
  if (units > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return negative ? -units : units;
}

/** The exact decimal text of integer units of 10^-digits: formatUnits(6182601, 2) is "61826.01". */
export function formatUnits(units: number, digits: number): string {
  if (!Number.isSafeInteger(units)) throw new RangeError(`${units} is not a whole number of units`);
  if (digits === 0) return String(units);
  const text = String(Math.abs(units)).padStart(digits + 1, '0');
  const split = text.length - digits;
  return `${units < 0 ? '-' : ''}${text.slice(0, split)}.${text.slice(split)}`;
}

/** Number of significant decimals of a plain decimal text: "0.0500" has 2. NaN when it is not one. */
export function decimalsOf(text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return Number.NaN;
  const dot = text.indexOf('.');
  if (dot === -1) return 0;
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end -= 1;
  return Math.max(0, end - dot - 1);
}
