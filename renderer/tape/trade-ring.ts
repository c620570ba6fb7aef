import type { TradeView } from '../../src/contract/types.ts';

export interface TapeTrade {
  readonly trade: TradeView;
  readonly size: number;
}

/** The newest trades of one instrument, bounded. Outside of React: a busy market adds thousands between two frames. */
export class TradeRing {
  readonly #most: number;
  #trades: TapeTrade[] = [];
  /** Trades that came in all, and trades the engine left out because this window was slower than the market. */
  count = 0;
  skipped = 0;

  constructor(most: number) {
    this.#most = most;
  }

  replace(trades: readonly TradeView[]): void {
    this.#trades = [];
    this.count = 0;
    this.skipped = 0;
    this.add(trades, 0);
  }

  add(trades: readonly TradeView[], skipped: number): void {
    for (const trade of trades) this.#trades.push({ trade, size: Number(trade.size) });
    this.count += trades.length;
    this.skipped += skipped;
    // Cut in half rather than shifted one by one: constant cost per trade.
    if (this.#trades.length > 2 * this.#most) this.#trades = this.#trades.slice(-this.#most);
  }

  get length(): number {
    return this.#trades.length;
  }

  /** Newest first. */
  select(passes: (trade: TapeTrade) => boolean): TapeTrade[] {
    const chosen: TapeTrade[] = [];
    for (let at = this.#trades.length - 1; at >= 0 && chosen.length < this.#most; at -= 1) {
      const trade = this.#trades[at];
      if (trade !== undefined && passes(trade)) chosen.push(trade);
    }
    return chosen;
  }

  /** So many times the median size of the newest trades: what counts as large when nobody said. */
  largeSize(times: number): number {
    const sizes = this.#trades.slice(-200).map(({ size }) => size);
    if (sizes.length < 20) return Number.POSITIVE_INFINITY;
    sizes.sort((a, b) => a - b);
    return (sizes[sizes.length >> 1] ?? Number.POSITIVE_INFINITY) * times;
  }
}
