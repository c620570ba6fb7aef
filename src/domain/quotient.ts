import type { Decimal } from './decimal.ts';

/** decimal.js keeps a value as words of seven digits, aligned to the decimal point; `e` is the exponent of the first digit. */
const WORD = 7;
const BASE = 1e7;
const BIG_BASE = 10_000_000n;
/** Bits of a quotient that is rounded to a double of 53: enough for the rest to be one sticky bit. */
const QUOTIENT_BITS = 64;

/** Coefficient of the last word, sign included: the value is coefficient x 10^(7 x lastWord). */
function coefficient(value: Decimal): bigint {
  const { d: words, s: sign } = value;
  const count = words.length;
  const top = words[0] ?? 0;
  // The first two words together are below 10^14, which a double holds.
  let whole = BigInt(count === 1 ? sign * top : sign * (top * BASE + (words[1] ?? 0)));
  for (let index = 2; index < count; index += 1) whole = whole * BIG_BASE + BigInt(sign * (words[index] ?? 0));
  return whole;
}

function lastWord(value: Decimal): number {
  return Math.floor(value.e / WORD) - value.d.length + 1;
}

/** Whether both are finite and the divisor is not zero: everything else is the library's own affair. */
function isPlain(value: Decimal, divisor: Decimal): boolean {
  return value.isFinite() && divisor.isFinite() && !divisor.isZero() && !value.isZero();
}

function bitsOf(value: bigint): number {
  return Math.floor(Math.log2(Math.abs(Number(value))));
}

/**
 * value / divisor as the nearest double: what `value.div(divisor).toNumber()` gives, at a fraction of the price of forty
 * digits that nobody reads. For returns and other figures of reports; never for money.
 */
export function quotientNumber(value: Decimal, divisor: Decimal): number {
  if (!isPlain(value, divisor)) return value.div(divisor).toNumber();
  let above = coefficient(value);
  let below = coefficient(divisor);
  const words = lastWord(value) - lastWord(divisor);
  if (words > 0) above *= BIG_BASE ** BigInt(words);
  else if (words < 0) below *= BIG_BASE ** BigInt(-words);
  const shift = QUOTIENT_BITS - bitsOf(above) + bitsOf(below);
  if (shift >= 0) above <<= BigInt(shift);
  else below <<= BigInt(-shift);
  let whole = above / below;
  // A rest makes the difference between "exactly half-way" and "beyond it". BigInt division cuts towards zero.
  if (whole * below !== above && (whole & 1n) === 0n) whole += whole < 0n ? -1n : 1n;
  return Number(whole) * 2 ** -shift;
}

/** 10^(7 x place), exact up to 10^22. */
const WORD_POWERS = [1, 1e7, 1e14, 1e21];

/**
 * The value as a double, within two units in the last place: `toNumber` goes by way of the text, at five times the price.
 * For figures of reports and for bounds that leave a margin; never for money.
 */
export function nearNumber(value: Decimal): number {
  const { d: words } = value;
  if (!value.isFinite() || words.length > 4) return value.toNumber();
  const top = Math.floor(value.e / WORD);
  if (top > 3 || top - words.length < -4) return value.toNumber();
  let sum = 0;
  for (let index = words.length - 1; index >= 0; index -= 1) {
    const place = top - index;
    const word = words[index] ?? 0;
    // Dividing by an exact power rounds once; a power below one is not exact.
    sum += place >= 0 ? word * (WORD_POWERS[place] ?? 0) : word / (WORD_POWERS[-place] ?? 1);
  }
  return value.s < 0 ? -sum : sum;
}

/** Whole times that `divisor` goes into `value`, towards zero: `value.divToInt(divisor).toNumber()`, zero without a sign. */
export function wholeQuotient(value: Decimal, divisor: Decimal): number {
  if (!isPlain(value, divisor)) return value.divToInt(divisor).toNumber() + 0;
  const words = lastWord(value) - lastWord(divisor);
  let above = coefficient(value);
  let below = coefficient(divisor);
  if (words > 0) above *= BIG_BASE ** BigInt(words);
  else if (words < 0) below *= BIG_BASE ** BigInt(-words);
  return Number(above / below);
}
