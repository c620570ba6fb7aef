import { powerOfTen } from '../../domain/units.ts';
import type { UnitDigits } from './binance-message.ts';

const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
/** Fifteen digits are always below 2^53. */
const MAX_FIGURE_DIGITS = 15;

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const TRUE = bytesOf('true');
const FALSE = bytesOf('false');

/**
 * A place in the bytes of one line, and readers that move it on. None of them accepts a line end, so none can run into
 * the next line.
 */
export class ByteCursor {
  protected bytes: Uint8Array = new Uint8Array(0);
  protected at = 0;
  protected end = 0;
  /** Value of the last number read. */
  protected figure = 0;

  protected literal(expected: Uint8Array): boolean {
    const bytes = this.bytes;
    const start = this.at;
    if (start + expected.length > this.end) return false;
    for (let i = 0; i < expected.length; i += 1) if (bytes[start + i] !== expected[i]) return false;
    this.at = start + expected.length;
    return true;
  }

  /** The given byte, and with `last` the line's end behind it. */
  protected closed(byte: number, last: boolean): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== byte) return false;
    this.at += 1;
    return !last || this.at === this.end;
  }

  /** An unsigned whole number into `figure`. */
  protected whole(): boolean {
    const bytes = this.bytes;
    const start = this.at;
    let at = start;
    let value = 0;
    let digit = (bytes[at] as number) - ZERO;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      at += 1;
      digit = (bytes[at] as number) - ZERO;
    }
    const length = at - start;
    this.at = at;
    this.figure = value;
    return length > 0 && length <= MAX_FIGURE_DIGITS && (length === 1 || bytes[start] !== ZERO);
  }

  protected flag(): number {
    if (this.literal(TRUE)) return 1;
    return this.literal(FALSE) ? 0 : -1;
  }

  /** `"61837.63000000"` into whole units of 10^-digits in `figure`; false when it is finer than that. */
  protected decimal(digits: number): boolean {
    const bytes = this.bytes;
    let at = this.at;
    if (bytes[at] !== QUOTE) return false;
    at += 1;
    const start = at;
    let value = 0;
    let digit = (bytes[at] as number) - ZERO;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      at += 1;
      digit = (bytes[at] as number) - ZERO;
    }
    if (at === start || at - start + digits > MAX_FIGURE_DIGITS) return false;
    let left = digits;
    if (bytes[at] === POINT) {
      at += 1;
      const decimals = at;
      digit = (bytes[at] as number) - ZERO;
      while (left > 0 && digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        left -= 1;
        at += 1;
        digit = (bytes[at] as number) - ZERO;
      }
      while (digit === 0) {
        at += 1;
        digit = (bytes[at] as number) - ZERO;
      }
      if (at === decimals) return false;
    }
    if (bytes[at] !== QUOTE) return false;
    this.at = at + 1;
    this.figure = left === 0 ? value : value * powerOfTen(left);
    return true;
  }

  /** `[["61837.63","3.78"],...]` appended to `into`. A price of 0 is left to the thorough reader, which refuses it. */
  protected levels(into: number[], grid: UnitDigits): boolean {
    const bytes = this.bytes;
    const { priceDigits, quantityDigits } = grid;
    if (bytes[this.at] !== OPEN_LIST) return false;
    this.at += 1;
    if (bytes[this.at] === CLOSE_LIST) {
      this.at += 1;
      return true;
    }
    for (;;) {
      if (bytes[this.at] !== OPEN_LIST) return false;
      this.at += 1;
      if (!this.decimal(priceDigits) || this.figure === 0 || bytes[this.at] !== COMMA) return false;
      const price = this.figure;
      this.at += 1;
      if (!this.decimal(quantityDigits) || bytes[this.at] !== CLOSE_LIST) return false;
      into.push(price, this.figure);
      const next = bytes[this.at + 1] as number;
      this.at += 2;
      if (next === COMMA) continue;
      return next === CLOSE_LIST;
    }
  }
}
