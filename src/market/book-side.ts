import type { PriceUnits, QuantityUnits } from '../domain/units.ts';

/** Below this many numbers a plain loop beats the call into copyWithin (measured with test/bench/book.ts). */
const LOOP_MOVE_LIMIT = 48;
/** Small, since a thousand books are kept; a deep book grows a few times and never again. */
const INITIAL_LEVELS = 32;

/** What a reader of one side may do. Index 0 is the best level. */
export interface BookSideView {
  readonly count: number;
  /** Grows by one with every change of a level; never decreases. */
  readonly updates: number;
  /** 0 when there is no level `index`. */
  priceAt(index: number): PriceUnits;
  quantityAt(index: number): QuantityUnits;
  /** Displayed quantity at a price, 0 when the level is not there. */
  quantityOf(price: PriceUnits): QuantityUnits;
  /** Number of levels strictly better than `price`: the index the level has or would have. */
  indexOf(price: PriceUnits): number;
  [Symbol.iterator](): IterableIterator<readonly [PriceUnits, QuantityUnits]>;
}

/**
 * One side of a book as one sorted array of (key, quantity) pairs. The key is +price for bids and -price for asks, so
 * that both sides ascend towards the best level, which sits at the end: the busy levels move the fewest numbers.
 */
export class BookSide implements BookSideView {
  count = 0;
  updates = 0;
  private readonly sign: 1 | -1;
  private levels = new Float64Array(2 * INITIAL_LEVELS);

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  clear(): void {
    this.count = 0;
    this.updates += 1;
  }

  priceAt(index: number): PriceUnits {
    const at = 2 * (this.count - 1 - index);
    return index >= 0 && at >= 0 ? this.sign * this.read(at) : 0;
  }

  quantityAt(index: number): QuantityUnits {
    const at = 2 * (this.count - 1 - index);
    return index >= 0 && at >= 0 ? this.read(at + 1) : 0;
  }

  quantityOf(price: PriceUnits): QuantityUnits {
    const key = this.sign * price;
    const at = this.lowerBound(key);
    return at < 2 * this.count && this.read(at) === key ? this.read(at + 1) : 0;
  }

  indexOf(price: PriceUnits): number {
    const key = this.sign * price;
    const at = this.lowerBound(key);
    const found = at < 2 * this.count && this.read(at) === key;
    return this.count - at / 2 - (found ? 1 : 0);
  }

  /** Sets the absolute quantity of a level; 0 removes it. Price and quantity must have been checked. */
  set(price: PriceUnits, quantity: QuantityUnits): void {
    const key = this.sign * price;
    const at = this.lowerBound(key);
    const end = 2 * this.count;
    this.updates += 1;
    if (at < end && this.read(at) === key) {
      if (quantity === 0) this.removeAt(at, end);
      else this.levels[at + 1] = quantity;
    } else if (quantity !== 0) this.insertAt(at, end, key, quantity);
  }

  *[Symbol.iterator](): IterableIterator<readonly [PriceUnits, QuantityUnits]> {
    for (let at = 2 * (this.count - 1); at >= 0; at -= 2) yield [this.sign * this.read(at), this.read(at + 1)];
  }

  private read(at: number): number {
    return this.levels[at] ?? 0;
  }

  /** Offset of the first pair whose key is not below `key`. Gallops from the best level: most updates are near it. */
  private lowerBound(key: number): number {
    const levels = this.levels;
    let high = this.count;
    if (high === 0 || (levels[2 * (high - 1)] ?? 0) < key) return 2 * high;
    high -= 1;
    let low = 0;
    let step = 1;
    while (step <= high) {
      const probe = high - step;
      if ((levels[2 * probe] ?? 0) < key) {
        low = probe + 1;
        break;
      }
      high = probe;
      step *= 2;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((levels[2 * middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return 2 * low;
  }

  private removeAt(at: number, end: number): void {
    const levels = this.levels;
    if (end - at <= LOOP_MOVE_LIMIT) for (let to = at; to < end - 2; to += 1) levels[to] = levels[to + 2] ?? 0;
    else levels.copyWithin(at, at + 2, end);
    this.count -= 1;
  }

  private insertAt(at: number, end: number, key: number, quantity: QuantityUnits): void {
    if (end === this.levels.length) this.grow();
    const levels = this.levels;
    if (end - at <= LOOP_MOVE_LIMIT) for (let to = end + 1; to > at + 1; to -= 1) levels[to] = levels[to - 2] ?? 0;
    else levels.copyWithin(at + 2, at, end);
    levels[at] = key;
    levels[at + 1] = quantity;
    this.count += 1;
  }

  private grow(): void {
    const larger = new Float64Array(2 * this.levels.length);
    larger.set(this.levels);
    this.levels = larger;
  }
}
