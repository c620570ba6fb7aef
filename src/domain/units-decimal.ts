import { Decimal } from './decimal.ts';

/** decimal.js keeps a value as words of seven digits, aligned to the decimal point. */
const WORD = 7;
const BASE = 1e7;
const POWERS = [1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];
const ONE = new Decimal(1);

/** The documented fields of a Decimal: words, exponent of the first digit, sign. */
interface Words {
  d: number[];
  e: number;
  s: number;
}

/**
 * units x 10^-digits, exact, for a safe integer. `Decimal` itself reads such a number by way of its text, which made it
 * the dearest step of a fill; here the integer is cut into the words of the result. The test compares both.
 */
export function unitsDecimal(units: number, digits: number): Decimal {
  // Zero keeps its sign.
  if (units === 0 || !Number.isSafeInteger(units)) return new Decimal(units).times(new Decimal(10).pow(-digits));
  let left = units < 0 ? -units : units;
  const wordsBelow = Math.ceil(digits / WORD);
  const pad = wordsBelow * WORD - digits;
  // Exponent of the word in hand; the lowest one holds 7 - pad digits of the units.
  let word = 0 - wordsBelow;
  const room = POWERS[WORD - pad] ?? BASE;
  let above = Math.floor(left / room);
  let low = (left - above * room) * (POWERS[pad] ?? 1);
  left = above;
  // Words of zeros at the end are left out.
  while (low === 0) {
    above = Math.floor(left / BASE);
    low = left - above * BASE;
    left = above;
    word += 1;
  }
  let words: number[];
  let top = low;
  if (left === 0) words = [low];
  else {
    above = Math.floor(left / BASE);
    const second = left - above * BASE;
    if (above === 0) {
      top = second;
      words = [second, low];
      word += 1;
    } else if (above < BASE) {
      top = above;
      words = [above, second, low];
      word += 2;
    } else {
      top = Math.floor(above / BASE);
      words = [top, above - top * BASE, second, low];
      word += 3;
    }
  }
  let exponent = word * WORD;
  while (top >= 10) {
    top /= 10;
    exponent += 1;
  }
  // Made by the constructor and filled in, so that every Decimal has one shape.
  const made = new Decimal(ONE) as Words & Decimal;
  made.d = words;
  made.e = exponent;
  made.s = units < 0 ? -1 : 1;
  return made;
}
