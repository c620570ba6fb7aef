import type { Bar } from '../../domain/market-data.ts';

const YEAR_MS = 365 * 86_400_000;

/**
 * Annualised volatility of the last `length` close-to-close log returns (sample standard deviation), scaled by the mean
 * time between bars, weekends and nights included: daily bars of a stock give about 252 returns a year by themselves.
 */
export class RollingVolatility {
  readonly #length: number;
  readonly #returns: number[] = [];
  readonly #ends: number[] = [];
  #close = 0;

  constructor(length = 30) {
    this.#length = length;
  }

  add(bar: Bar): void {
    if (this.#close > 0) {
      this.#returns.push(Math.log(bar.close / this.#close));
      this.#ends.push(bar.ts);
      if (this.#returns.length > this.#length) {
        this.#returns.shift();
        this.#ends.shift();
      }
    }
    this.#close = bar.close;
  }

  /** Null until the window is full or when nothing moved. */
  value(): number | null {
    const count = this.#returns.length;
    const first = this.#ends[0];
    const last = this.#ends[count - 1];
    if (count < this.#length || first === undefined || last === undefined || last <= first) return null;
    const mean = this.#returns.reduce((sum, value) => sum + value, 0) / count;
    const variance = this.#returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
    const perYear = YEAR_MS / ((last - first) / (count - 1));
    const annual = Math.sqrt(variance * perYear);
    return annual > 0 ? annual : null;
  }
}
