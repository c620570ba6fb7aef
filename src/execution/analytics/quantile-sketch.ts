/** Relative error of a quantile once values are counted in buckets. */
export const QUANTILE_ERROR = 0.005;
/** Up to here every value is kept and quantiles are exact. */
export const EXACT_VALUES = 2_048;
const GAMMA = (1 + QUANTILE_ERROR) / (1 - QUANTILE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Values are told apart from here to 10^9; in ms that is a microsecond to eleven days. Outside the outermost bucket counts. */
const SMALLEST = 1e-3;
const FIRST = Math.ceil(Math.log(SMALLEST) / LOG_GAMMA);
const BUCKETS = Math.ceil(Math.log(1e9) / LOG_GAMMA) - FIRST + 1;

interface SketchState {
  readonly count: number;
  readonly zeros: number;
  readonly values: readonly number[];
  /** Bucket number and count in turn. */
  readonly buckets: readonly number[];
}

/**
 * Quantiles of values >= 0 in bounded memory. Exact for the first 2,048 values (or as many as asked for); then logarithmic buckets (Masson, Rim and
 * Lee 2019, "DDSketch") give every quantile within 0.5 % of a value of that rank. Counts stay exact, and two sketches add
 * up to the sketch of both.
 */
export class QuantileSketch {
  readonly #exact: number;
  #count = 0;
  /** Zero or less. */
  #zeros = 0;
  #values: number[] = [];
  #buckets: Float64Array | null = null;

  /** `exact`: values kept before they are only counted; fewer where many sketches are stored. */
  constructor(exact = EXACT_VALUES) {
    this.#exact = exact;
  }

  get count(): number {
    return this.#count;
  }

  /** Not a number, not counted. */
  add(value: number): void {
    if (Number.isNaN(value)) return;
    this.#count += 1;
    if (this.#buckets === null) {
      if (this.#values.length < this.#exact) {
        this.#values.push(value);
        return;
      }
      this.#spill();
    }
    this.#drop(value, 1);
  }

  merge(other: QuantileSketch): void {
    this.#count += other.#count;
    if (other.#buckets === null && this.#buckets === null) {
      if (this.#values.length + other.#values.length <= this.#exact) {
        this.#values.push(...other.#values);
        return;
      }
      this.#spill();
    }
    if (this.#buckets === null) this.#spill();
    if (other.#buckets === null) {
      for (const value of other.#values) this.#drop(value, 1);
      return;
    }
    this.#zeros += other.#zeros;
    const buckets = this.#spill();
    other.#buckets.forEach((count, index) => {
      if (count > 0) buckets[index] = (buckets[index] ?? 0) + count;
    });
  }

  /** The value at rank ceil(share x count), 0 < share <= 1; null without values. */
  quantile(share: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    if (this.#buckets === null) return this.#values.toSorted((a, b) => a - b)[rank - 1] ?? null;
    let passed = this.#zeros;
    if (rank <= passed) return 0;
    for (let index = 0; index < BUCKETS; index += 1) {
      passed += this.#buckets[index] ?? 0;
      // Middle of the bucket in relative terms: equally far from both ends.
      if (rank <= passed) return (2 * GAMMA ** (index + FIRST)) / (GAMMA + 1);
    }
    return null;
  }

  state(): SketchState {
    const buckets: number[] = [];
    this.#buckets?.forEach((count, index) => {
      if (count > 0) buckets.push(index, count);
    });
    return { count: this.#count, zeros: this.#zeros, values: [...this.#values], buckets };
  }

  /** Adds what `state` gave, without a sketch of its own in between: reports add up thousands. */
  mergeState(state: unknown): void {
    const { count, zeros, values, buckets } = state as SketchState;
    this.#count += count;
    const isWhole = buckets.length === 0 && zeros === 0;
    if (this.#buckets === null && isWhole && this.#values.length + values.length <= this.#exact) {
      this.#values.push(...values);
      return;
    }
    const own = this.#spill();
    this.#zeros += zeros;
    for (const value of values) this.#drop(value, 1);
    for (let index = 0; index < buckets.length; index += 2) {
      const place = buckets[index] ?? 0;
      own[place] = (own[place] ?? 0) + (buckets[index + 1] ?? 0);
    }
  }

  static of(state: unknown): QuantileSketch {
    const sketch = new QuantileSketch();
    sketch.mergeState(state);
    return sketch;
  }

  /** From here on values are only counted. */
  #spill(): Float64Array {
    if (this.#buckets !== null) return this.#buckets;
    this.#buckets = new Float64Array(BUCKETS);
    for (const value of this.#values) this.#drop(value, 1);
    this.#values = [];
    return this.#buckets;
  }

  #drop(value: number, times: number): void {
    if (value <= 0) {
      this.#zeros += times;
      return;
    }
    const buckets = this.#buckets;
    if (buckets === null) return;
    const index = Math.ceil(Math.log(value) / LOG_GAMMA) - FIRST;
    const place = Math.max(0, Math.min(BUCKETS - 1, index));
    buckets[place] = (buckets[place] ?? 0) + times;
  }
}
