/**
 * Highest (side 1) or lowest (side -1) value of the last `period` values in constant time per value: a queue of the
 * candidates that no later value has beaten. trading-signals' Donchian channel scans its whole window of candle
 * objects on every bar, which the engine's bar rate does not allow.
 */
export class RollingExtreme {
  readonly #period: number;
  readonly #side: number;
  readonly #values: Float64Array;
  readonly #positions: Float64Array;
  #head = 0;
  #size = 0;
  #count = 0;

  constructor(period: number, side: 1 | -1) {
    this.#period = period;
    this.#side = side;
    this.#values = new Float64Array(period);
    this.#positions = new Float64Array(period);
  }

  /** The extreme of the window, NaN until `period` values are in. */
  value(): number {
    return this.#count < this.#period ? Number.NaN : this.#side * (this.#values[this.#head] ?? Number.NaN);
  }

  update(value: number): void {
    const period = this.#period;
    const signed = this.#side * value;
    if (this.#size > 0 && (this.#positions[this.#head] ?? 0) <= this.#count - period) {
      this.#head = this.#head + 1 === period ? 0 : this.#head + 1;
      this.#size -= 1;
    }
    let slot = (this.#head + this.#size) % period;
    while (this.#size > 0) {
      const previous = slot === 0 ? period - 1 : slot - 1;
      if ((this.#values[previous] ?? 0) > signed) break;
      slot = previous;
      this.#size -= 1;
    }
    this.#values[slot] = signed;
    this.#positions[slot] = this.#count;
    this.#size += 1;
    this.#count += 1;
  }
}
