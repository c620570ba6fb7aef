import type { PriceUnits } from '../../domain/units.ts';

/**
 * Sign of (fast simple moving average - slow simple moving average) of integer prices, exact: two averages that are
 * equal compare as equal, which floating-point averages do not promise and strict crosses depend on.
 *
 * sumFast/fast ? sumSlow/slow is decided as sumFast*slow ? sumSlow*fast. Subtracting one constant from every price
 * leaves that comparison unchanged, so sums run over differences to the first price and stay small. Where even those
 * could leave 2^53 the same comparison is made in BigInt over the window.
 */
export class AverageSpread {
  readonly fast: number;
  readonly slow: number;
  #sumFast = 0;
  #sumSlow = 0;
  #count = 0;
  #next = 0;
  #fastTail: number;
  #base = 0;
  #wide = false;
  readonly #window: Float64Array;
  readonly #narrow: number;

  /** Whole periods, 1 <= fast < slow. */
  constructor(fast: number, slow: number) {
    this.fast = fast;
    this.slow = slow;
    this.#window = new Float64Array(slow);
    this.#fastTail = slow - fast;
    this.#narrow = Math.floor(Number.MAX_SAFE_INTEGER / (2 * fast * slow));
  }

  /** Adds a close; returns -1, 0 or 1, and NaN until `slow` closes are in. */
  update(close: PriceUnits): number {
    if (this.#count === 0) this.#base = close;
    const difference = close - this.#base;
    if (difference > this.#narrow || difference < -this.#narrow) this.#wide = true;
    const window = this.#window;
    const slow = this.slow;
    const next = this.#next;
    const tail = this.#fastTail;
    // Unfilled slots hold 0, the difference of a price equal to the base, so removing them is harmless.
    this.#sumSlow += difference - (window[next] ?? 0);
    this.#sumFast += difference - (window[tail] ?? 0);
    window[next] = difference;
    this.#next = next + 1 === slow ? 0 : next + 1;
    this.#fastTail = tail + 1 === slow ? 0 : tail + 1;
    if (this.#count < slow) {
      this.#count += 1;
      if (this.#count < slow) return Number.NaN;
    }
    if (this.#wide) return this.#exactSign();
    const spread = this.#sumFast * slow - this.#sumSlow * this.fast;
    return spread > 0 ? 1 : spread < 0 ? -1 : 0;
  }

  #exactSign(): number {
    let fastSum = 0n;
    let slowSum = 0n;
    for (let age = 0; age < this.slow; age += 1) {
      const difference = BigInt(this.#window[(this.#next - 1 - age + 2 * this.slow) % this.slow] ?? 0);
      slowSum += difference;
      if (age < this.fast) fastSum += difference;
    }
    const spread = fastSum * BigInt(this.slow) - slowSum * BigInt(this.fast);
    return spread > 0n ? 1 : spread < 0n ? -1 : 0;
  }

  /** The averages in price units, for words and screens; NaN until the window is full. */
  averages(): { readonly fast: number; readonly slow: number } {
    if (this.#count < this.slow) return { fast: Number.NaN, slow: Number.NaN };
    return { fast: this.#base + this.#sumFast / this.fast, slow: this.#base + this.#sumSlow / this.slow };
  }
}
