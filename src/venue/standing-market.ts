import type { Instrument } from '../domain/instrument.ts';
import type { BookDelta, BookSnapshot, Quote, Trade } from '../domain/market-data.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import { OrderBook } from '../market/order-book.ts';
import { Consumption } from './consumption.ts';
import type { VenueModel } from './model.ts';
import { createTouchLadder, type DepthView, type TouchLadder } from './touch-ladder.ts';

/** Where prices come from, the best source known. `lost` = a book that broke and no quote to fall back on. */
export type Source = 'none' | 'lost' | 'bar' | 'trade' | 'quote' | 'book';

/**
 * What the market displays now, from whatever data there is: book > quote > last trade. A quote that is newer than the
 * book replaces its best levels until the next book change: the quote stream is the faster one, the book the deeper one.
 * Sides are named by the order that looks: `sign` +1 (a buyer) takes asks and rests among bids.
 */
export class StandingMarket {
  readonly book: OrderBook;
  source: Source = 'none';
  /** Event time of the newest data, bars aside. */
  ts: EpochMs = Number.NEGATIVE_INFINITY;
  bid: PriceUnits = 0;
  bidQuantity: QuantityUnits = 0;
  ask: PriceUnits = 0;
  askQuantity: QuantityUnits = 0;
  quoteTs: EpochMs = Number.NEGATIVE_INFINITY;
  lastPrice: PriceUnits = 0;
  lastQuantity: QuantityUnits = 0;
  readonly takenAsks = new Consumption();
  readonly takenBids = new Consumption();
  /** A trade has been reported: there is a tape to wait for. */
  hasTape = false;
  private readonly deep: boolean;
  /** Assumed depth behind each touch; null = none is assumed. */
  private readonly askLadder: TouchLadder | null;
  private readonly bidLadder: TouchLadder | null;
  private laddersAt: readonly [number, number, number, number] = [0, 0, 0, 0];
  private readonly tapeLagMs: number;
  private quoteIsNewest = false;
  private bookSeen = false;
  private bookTs: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(instrument: Instrument, model: VenueModel) {
    this.book = new OrderBook(instrument);
    this.deep = model.depth === 'L2';
    this.askLadder = createTouchLadder(model.behindTouch, instrument);
    this.bidLadder = createTouchLadder(model.behindTouch, instrument);
    this.tapeLagMs = model.tapeLagMs;
  }

  onQuote(quote: Quote): void {
    if (quote.ts < this.quoteTs) return;
    this.bid = quote.bid;
    this.bidQuantity = quote.bidQuantity;
    this.ask = quote.ask;
    this.askQuantity = quote.askQuantity;
    this.quoteTs = quote.ts;
    this.quoteIsNewest = true;
    this.takenBids.shown(quote.bid, quote.bidQuantity);
    this.takenAsks.shown(quote.ask, quote.askQuantity);
    this.advance(quote.ts);
    this.chooseSource();
    if (this.askLadder !== null) this.renewLadders();
  }

  onSnapshot(snapshot: BookSnapshot): void {
    this.book.applySnapshot(snapshot);
    this.takenBids.compare((price) => this.book.bids.quantityOf(price));
    this.takenAsks.compare((price) => this.book.asks.quantityOf(price));
    this.onBook(snapshot.ts);
  }

  onDelta(delta: BookDelta): void {
    const outcome = this.book.applyDelta(delta);
    if (outcome === 'applied') {
      forget(this.takenBids, delta.bids);
      forget(this.takenAsks, delta.asks);
    } else if (outcome === 'stale' || outcome === 'waiting') return;
    this.onBook(delta.ts);
  }

  /** One level set by hand. The newest word wins: opposite levels that it crosses are gone. */
  setLevel(side: 'bid' | 'ask', price: PriceUnits, quantity: QuantityUnits, ts: EpochMs): boolean {
    if (this.source === 'book' && this.quoteIsNewest) this.foldQuote();
    if (!this.book.setLevel(side, price, quantity)) return false;
    (side === 'bid' ? this.takenBids : this.takenAsks).shown(price, quantity);
    if (quantity > 0) {
      const opposite = side === 'bid' ? this.book.asks : this.book.bids;
      const sign = side === 'bid' ? 1 : -1;
      while (opposite.count > 0 && sign * (price - opposite.priceAt(0)) >= 0) {
        this.book.setLevel(side === 'bid' ? 'ask' : 'bid', opposite.priceAt(0), 0);
      }
    }
    this.onBook(ts);
    return true;
  }

  onTrade(trade: Trade): void {
    this.hasTape = true;
    this.lastPrice = trade.price;
    this.lastQuantity = trade.quantity;
    this.advance(trade.ts);
    if (this.source === 'none' || this.source === 'bar') this.source = 'trade';
    if (this.source === 'trade') {
      this.takenAsks.clear();
      this.takenBids.clear();
    } else if (this.source === 'book' && trade.aggressor !== null && !this.shows(trade)) this.takeTraded(trade);
  }

  /** True when market-type orders pay one tick more beyond the touch instead of walking a book. */
  get isTouchOnly(): boolean {
    return this.source !== 'book' || !this.deep;
  }

  /** Best price an order of `sign` could take; 0 when there is none. */
  touch(sign: 1 | -1): PriceUnits {
    switch (this.source) {
      case 'book':
        if (this.quoteIsNewest) return sign === 1 ? this.ask : this.bid;
        return sign === 1 ? this.book.bestAsk() : this.book.bestBid();
      case 'quote':
        return sign === 1 ? this.ask : this.bid;
      case 'trade':
        return this.lastPrice;
      default:
        return 0;
    }
  }

  touchQuantity(sign: 1 | -1): QuantityUnits {
    if (this.source === 'trade') return this.lastQuantity;
    if (this.source === 'book' && !this.quoteIsNewest) {
      return sign === 1 ? this.book.bestAskQuantity() : this.book.bestBidQuantity();
    }
    return sign === 1 ? this.askQuantity : this.bidQuantity;
  }

  /** Best displayed price on the side where an order of `sign` rests; 0 when nothing is displayed there. */
  ownBest(sign: 1 | -1): PriceUnits {
    return this.source === 'trade' ? 0 : this.touch(sign === 1 ? -1 : 1);
  }

  /** Quantity displayed at `price` on the own side; -1 when the data does not reach that far. */
  ownQuantity(sign: 1 | -1, price: PriceUnits): QuantityUnits {
    const best = this.ownBest(sign);
    if (best === 0) return this.source === 'book' ? 0 : -1;
    if (price === best) return this.touchQuantity(sign === 1 ? -1 : 1);
    if (sign * (price - best) > 0) return 0;
    if (this.source !== 'book' || !this.deep) return -1;
    const side = sign === 1 ? this.book.bids : this.book.asks;
    const displayed = side.quantityOf(price);
    if (displayed > 0) return displayed;
    return side.count > 0 && sign * (side.priceAt(side.count - 1) - price) > 0 ? -1 : 0;
  }

  /** Levels an order of `sign` would walk, best first: the book's or assumed ones; null when there is but the touch. */
  levels(sign: 1 | -1): DepthView | null {
    if (!this.isTouchOnly) return sign === 1 ? this.book.asks : this.book.bids;
    const ladder = sign === 1 ? this.askLadder : this.bidLadder;
    return ladder === null ? null : ladder.behind(sign, this.touch(sign), this.touchQuantity(sign));
  }

  /** Index in `levels` of the first level behind the touch. */
  firstBehindTouch(sign: 1 | -1): number {
    if (!this.quoteIsNewest || this.isTouchOnly) return 1;
    const touch = sign === 1 ? this.ask : this.bid;
    const levels = sign === 1 ? this.book.asks : this.book.bids;
    return levels.indexOf(touch) + (levels.quantityOf(touch) > 0 ? 1 : 0);
  }

  taken(sign: 1 | -1): Consumption {
    return sign === 1 ? this.takenAsks : this.takenBids;
  }

  /** Writes a newer quote into the book: better levels are gone, the best one has the quoted size. */
  private foldQuote(): void {
    const { book, bid, ask } = this;
    while (book.bestBid() > bid) book.setLevel('bid', book.bestBid(), 0);
    while (book.asks.count > 0 && book.bestAsk() < ask) book.setLevel('ask', book.bestAsk(), 0);
    book.setLevel('bid', bid, this.bidQuantity);
    book.setLevel('ask', ask, this.askQuantity);
    this.quoteIsNewest = false;
  }

  private onBook(ts: EpochMs): void {
    this.bookSeen = true;
    this.bookTs = ts;
    if (ts >= this.quoteTs) this.quoteIsNewest = false;
    this.advance(ts);
    this.chooseSource();
    if (this.askLadder !== null) this.renewLadders();
  }

  /** Another touch has other levels behind it. */
  private renewLadders(): void {
    if (!this.isTouchOnly) return;
    const [bid, bidQuantity, ask, askQuantity] = this.laddersAt;
    const now = [this.touch(-1), this.touchQuantity(-1), this.touch(1), this.touchQuantity(1)] as const;
    if (now[0] !== bid || now[1] !== bidQuantity) this.takenBids.clear();
    if (now[2] !== ask || now[3] !== askQuantity) this.takenAsks.clear();
    this.laddersAt = now;
  }

  private chooseSource(): void {
    if (this.book.isUsable() && this.bookSeen) {
      // A quote with one side missing says nothing about the book's other levels: the book stands.
      if (this.quoteIsNewest && (this.bid === 0 || this.ask === 0)) this.quoteIsNewest = false;
      this.source = 'book';
    } else if (this.quoteTs > Number.NEGATIVE_INFINITY && (this.quoteIsNewest || !this.bookSeen)) this.source = 'quote';
    else this.source = 'lost';
  }

  private advance(ts: EpochMs): void {
    if (ts > this.ts) this.ts = ts;
  }

  /** Whether the display is newer than the trade, so that what traded is gone from it already. */
  private shows(trade: Trade): boolean {
    return this.quoteIsNewest ? this.quoteTs + this.tapeLagMs >= trade.ts : this.bookTs > trade.ts;
  }

  /** What traded is no longer there to take, although the book will say so only with its next update. */
  private takeTraded(trade: Trade): void {
    const sign = trade.aggressor === 'buy' ? 1 : -1;
    if (this.isTouchOnly) return;
    const levels = sign === 1 ? this.book.asks : this.book.bids;
    const taken = this.taken(sign);
    let left = trade.quantity;
    let index = this.firstBehindTouch(sign);
    let price = this.touch(sign);
    let displayed = this.touchQuantity(sign);
    while (left > 0 && price > 0 && sign * (trade.price - price) >= 0) {
      const available = taken.available(price, displayed);
      const gone = available < left ? available : left;
      if (gone > 0) taken.take(price, displayed, gone);
      left -= gone;
      price = levels.priceAt(index);
      displayed = levels.quantityAt(index);
      index += 1;
    }
  }
}

function forget(taken: Consumption, levels: readonly number[]): void {
  if (taken.isEmpty) return;
  for (let at = 0; at < levels.length; at += 2) taken.shown(levels[at] ?? 0, levels[at + 1] ?? 0);
}
