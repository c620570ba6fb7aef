import type { PriceUnits } from '../../domain/units.ts';

/**
 * Mean and population deviation of the last `period` integer prices. Both are taken of differences to the first price:
 * their integer sum is exact however large the prices, so a window of equal prices has a deviation of exactly zero.
 * The deviation is summed afresh over the window, because running squares lose their digits.
 */
export class RollingDeviation {
  readonly period: number;
  readonly #window: Float64Array;
  #next = 0;
  #count = 0;
  #sum = 0;
  #base = 0;

  constructor(period: number) {
    this.period = period;
    this.#window = new Float64Array(period);
  }

  /** Adds a close; returns its distance from the mean in deviations, 0 without spread, NaN until the window is full. */
  update(close: PriceUnits): number {
    if (this.#count === 0) this.#base = close;
    const price = close - this.#base;
    this.#sum += price - (this.#window[this.#next] ?? 0);
    this.#window[this.#next] = price;
    this.#next = this.#next + 1 === this.period ? 0 : this.#next + 1;
    if (this.#count < this.period) this.#count += 1;
    if (this.#count < this.period) return Number.NaN;
    const mean = this.#sum / this.period;
    let squares = 0;
    for (let index = 0; index < this.period; index += 1) {
      const difference = (this.#window[index] ?? 0) - mean;
      squares += difference * difference;
    }
    const deviation = Math.sqrt(squares / this.period);
    return deviation === 0 ? 0 : (price - mean) / deviation;
  }

  mean(): number {
    return this.#count < this.period ? Number.NaN : this.#base + this.#sum / this.period;
  }
}
