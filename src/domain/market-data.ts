import type { InstrumentId } from './instrument.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from './units.ts';

/** `ts` is the exchange's event time, `at` the time the engine learns of it (a recorder's own clock may be skewed). */
interface Stamped {
  readonly instrument: InstrumentId;
  readonly ts: EpochMs;
  readonly at: EpochMs;
}

/** Best bid and ask. A missing side has price 0 and quantity 0. */
export interface Quote extends Stamped {
  readonly kind: 'quote';
  readonly bid: PriceUnits;
  readonly bidQuantity: QuantityUnits;
  readonly ask: PriceUnits;
  readonly askQuantity: QuantityUnits;
}

export interface Trade extends Stamped {
  readonly kind: 'trade';
  readonly price: PriceUnits;
  readonly quantity: QuantityUnits;
  /** The side that took liquidity; null where the source does not say. */
  readonly aggressor: 'buy' | 'sell' | null;
  readonly tradeId: string | null;
}

/** Flat list price, quantity, price, quantity, ... In a delta, quantity 0 removes the level. */
export type Levels = readonly number[];

/** The whole book as of sequence number `sequence`. */
export interface BookSnapshot extends Stamped {
  readonly kind: 'book';
  readonly sequence: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** Absolute new quantities of some levels; covers update ids first..last (Binance U..u). */
export interface BookDelta extends Stamped {
  readonly kind: 'delta';
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** One time bar; `ts` and `at` are its end, when it becomes known. */
export interface Bar extends Stamped {
  readonly kind: 'bar';
  readonly start: EpochMs;
  readonly open: PriceUnits;
  readonly high: PriceUnits;
  readonly low: PriceUnits;
  readonly close: PriceUnits;
  /** Quantity units; a volume beyond 2^53 is approximate, it is never money. */
  readonly volume: number;
}

export type MarketEvent = Quote | Trade | BookSnapshot | BookDelta | Bar;

/** What became of every row of a source: read = kept + sum of dropped. */
export interface DataReport {
  readonly source: string;
  readonly read: number;
  readonly kept: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** The first problems with their place; `total` of them may be larger than the list. */
  readonly problems: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
}
