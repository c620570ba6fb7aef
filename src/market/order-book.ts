import type { Instrument } from '../domain/instrument.ts';
import type { BookDelta, BookSnapshot, Levels, Quote } from '../domain/market-data.ts';
import type { Side } from '../domain/order.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import { BookSide, type BookSideView } from './book-side.ts';
import { sweepLevels, type Sweep } from './sweep.ts';

/** Deltas kept while waiting for a snapshot: some of them may carry on from it (Binance: the snapshot arrives late). */
const MAX_WAITING = 2048;

/** `empty` has seen no snapshot, `broken` lost the sequence or got an impossible level: only a snapshot revives it. */
export type BookState = 'empty' | 'live' | 'broken';
/** `stale` = wholly contained in what the book already knows; `waiting` = kept until a snapshot comes. */
export type DeltaOutcome = 'applied' | 'stale' | 'waiting' | 'gap' | 'invalid';

/**
 * Level-2 book in the instrument's integer units. Sequence rule (Binance, "how to manage a local order book"): a delta
 * covers update ids first..last; it is dropped when last <= the book's id and breaks the book when first > id + 1.
 * For streams that chain by the previous event's id (USD-M futures `pu`) the feed gives first = pu + 1.
 */
export class OrderBook {
  readonly instrument: Instrument;
  state: BookState = 'empty';
  /** Why the book is broken; null otherwise. */
  fault: Refusal | null = null;
  sequence = 0;
  /** Event time of the last applied change. */
  ts: EpochMs = 0;
  gaps = 0;
  staleDeltas = 0;
  appliedDeltas = 0;
  private readonly bidSide = new BookSide(1);
  private readonly askSide = new BookSide(-1);
  private waiting: BookDelta[] = [];

  constructor(instrument: Instrument) {
    this.instrument = instrument;
  }

  get bids(): BookSideView {
    return this.bidSide;
  }

  get asks(): BookSideView {
    return this.askSide;
  }

  /** Monotone: changes exactly when some level may have changed. */
  get updates(): number {
    return this.bidSide.updates + this.askSide.updates;
  }

  /** Price of the level `index` places behind the best; 0 when there is none. */
  bidAt(index: number): PriceUnits {
    return this.bidSide.priceAt(index);
  }

  askAt(index: number): PriceUnits {
    return this.askSide.priceAt(index);
  }

  bestBid(): PriceUnits {
    return this.bidSide.priceAt(0);
  }

  bestAsk(): PriceUnits {
    return this.askSide.priceAt(0);
  }

  bestBidQuantity(): QuantityUnits {
    return this.bidSide.quantityAt(0);
  }

  bestAskQuantity(): QuantityUnits {
    return this.askSide.quantityAt(0);
  }

  /** Half of best bid plus best ask in price units; NaN when a side is empty. */
  mid(): number {
    return this.bidSide.count === 0 || this.askSide.count === 0 ? Number.NaN : (this.bestBid() + this.bestAsk()) / 2;
  }

  /** Best bid at or above best ask: the data contradicts itself, prices from it must not be traded on. */
  isCrossed(): boolean {
    return this.bidSide.count > 0 && this.askSide.count > 0 && this.bestBid() >= this.bestAsk();
  }

  /** Live and not crossed. */
  isUsable(): boolean {
    return this.state === 'live' && !this.isCrossed();
  }

  applySnapshot(snapshot: BookSnapshot): void {
    this.bidSide.clear();
    this.askSide.clear();
    const valid = load(this.bidSide, snapshot.bids) && load(this.askSide, snapshot.asks);
    this.sequence = snapshot.sequence;
    this.ts = snapshot.ts;
    if (!valid) {
      this.breakWith('BOOK_LEVEL_INVALID', `The snapshot ${snapshot.sequence} holds an impossible price or quantity`);
      return;
    }
    this.state = 'live';
    this.fault = null;
    const waiting = this.waiting;
    this.waiting = [];
    for (const delta of waiting) this.applyDelta(delta);
  }

  applyDelta(delta: BookDelta): DeltaOutcome {
    if (this.state !== 'live') {
      if (this.waiting.length === MAX_WAITING) this.waiting.splice(0, MAX_WAITING / 2);
      this.waiting.push(delta);
      return 'waiting';
    }
    if (delta.lastSequence <= this.sequence) {
      this.staleDeltas += 1;
      return 'stale';
    }
    if (delta.firstSequence > this.sequence + 1) {
      this.gaps += 1;
      const missing = `${this.sequence + 1} to ${delta.firstSequence - 1}`;
      this.breakWith('BOOK_SEQUENCE_GAP', `Book updates ${missing} are missing`);
      // The next snapshot may be older than this delta, which then carries on from it.
      this.waiting.push(delta);
      return 'gap';
    }
    if (!apply(this.bidSide, delta.bids) || !apply(this.askSide, delta.asks)) {
      this.breakWith('BOOK_LEVEL_INVALID', `Book update ${delta.lastSequence} holds an impossible price or quantity`);
      return 'invalid';
    }
    this.sequence = delta.lastSequence;
    this.ts = delta.ts;
    this.appliedDeltas += 1;
    return 'applied';
  }

  /** Level-1 use: the book becomes just this best bid and ask. */
  applyQuote(quote: Quote): void {
    this.bidSide.clear();
    this.askSide.clear();
    if (quote.bid > 0 && quote.bidQuantity > 0) this.bidSide.set(quote.bid, quote.bidQuantity);
    if (quote.ask > 0 && quote.askQuantity > 0) this.askSide.set(quote.ask, quote.askQuantity);
    this.ts = quote.ts;
    this.state = 'live';
    this.fault = null;
  }

  /** Sets one level by hand (scripts); 0 removes. False when price or quantity is impossible: nothing changes then. */
  setLevel(side: 'bid' | 'ask', price: PriceUnits, quantity: QuantityUnits): boolean {
    if (!isLevel(price, quantity)) return false;
    (side === 'bid' ? this.bidSide : this.askSide).set(price, quantity);
    if (this.state === 'empty') this.state = 'live';
    return true;
  }

  clear(): void {
    this.bidSide.clear();
    this.askSide.clear();
    this.state = 'empty';
    this.fault = null;
    this.sequence = 0;
    this.waiting = [];
  }

  /** The best `count` levels of each side, best first, flat price, quantity, price, quantity ... */
  depth(count: number): { bids: number[]; asks: number[] } {
    return { bids: flat(this.bidSide, count), asks: flat(this.askSide, count) };
  }

  /** Quantity on each side no further than `bp` basis points from the mid price (bound included). */
  depthWithinBp(bp: number): { bid: QuantityUnits; ask: QuantityUnits } {
    // Compared as 20000 x price against (bid + ask) x (10000 -+ bp): whole numbers, so a level on the bound is inside.
    const twiceMid = this.bestBid() + this.bestAsk();
    let bid = 0;
    let ask = 0;
    if (this.bidSide.count === 0 || this.askSide.count === 0) return { bid, ask };
    const lowest = twiceMid * (10_000 - bp);
    const highest = twiceMid * (10_000 + bp);
    for (let i = 0; i < this.bidSide.count && this.bidSide.priceAt(i) * 20_000 >= lowest; i += 1)
      bid += this.bidSide.quantityAt(i);
    for (let i = 0; i < this.askSide.count && this.askSide.priceAt(i) * 20_000 <= highest; i += 1)
      ask += this.askSide.quantityAt(i);
    return { bid, ask };
  }

  /** What a marketable order would get now, without touching the book; no level worse than `limit` is used. */
  sweep(side: Side, quantity: QuantityUnits, limit: PriceUnits | null = null): Sweep {
    return sweepLevels(this.instrument, side, side === 'buy' ? this.askSide : this.bidSide, quantity, limit);
  }

  private breakWith(code: string, what: string): void {
    this.state = 'broken';
    this.fault = { code, sentence: `${what}; ${this.instrument.symbol} has no usable book until the next snapshot.` };
  }
}

function isLevel(price: PriceUnits, quantity: QuantityUnits): boolean {
  return price > 0 && quantity >= 0 && Number.isSafeInteger(price) && Number.isSafeInteger(quantity);
}

function apply(side: BookSide, levels: Levels): boolean {
  const length = levels.length;
  for (let at = 0; at < length; at += 2) {
    const price = levels[at] ?? 0;
    const quantity = levels[at + 1] ?? -1;
    if (!isLevel(price, quantity)) return false;
    side.set(price, quantity);
  }
  return true;
}

/** Snapshots come best first; from the worst up every level is appended at the cheap end of the array. */
function load(side: BookSide, levels: Levels): boolean {
  for (let at = levels.length - 2; at >= 0; at -= 2) {
    const price = levels[at] ?? 0;
    const quantity = levels[at + 1] ?? -1;
    if (!isLevel(price, quantity)) return false;
    side.set(price, quantity);
  }
  return levels.length % 2 === 0;
}

function flat(side: BookSide, count: number): number[] {
  const levels: number[] = [];
  const end = Math.min(count, side.count);
  for (let i = 0; i < end; i += 1) levels.push(side.priceAt(i), side.quantityAt(i));
  return levels;
}
