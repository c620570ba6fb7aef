import { calendarOf } from '../../clock/calendars.ts';
import type { MarketCalendar } from '../../clock/market-calendar.ts';
import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { Bar, DataReport, MarketEvent } from '../../domain/market-data.ts';
import { createRandom, type Random, seedOf } from '../../domain/random.ts';
import type { EpochMs, PriceUnits } from '../../domain/units.ts';
import type { Feed } from '../feed.ts';
import { activity, EfficientPrice, MarketFactor } from './sim-price.ts';
import { type SimulatedMarket, type SimulatedSymbol, simulatedUniverse } from './sim-universe.ts';

export interface SimulatedFeedOptions {
  readonly market: SimulatedMarket;
  readonly seed: number;
  readonly start: EpochMs;
  /** Exclusive; absent = endless. */
  readonly end?: EpochMs;
  readonly symbols?: readonly SimulatedSymbol[];
  /** Book levels per side; 0 sends best bid and ask only. */
  readonly depth?: number;
  /** Prices to go on from (a restart keeps the market where it was), in price units. */
  readonly startPrices?: ReadonlyMap<InstrumentId, PriceUnits>;
}

const BATCH_EVENTS = 512;
/** A batch never covers more than this of simulated time, so that a paced consumer is not late. */
const BATCH_MS = 250;
const TRADE_SHARE = 0.38;
const EXCITEMENT_SECONDS = 2.5;

interface Book {
  readonly symbol: SimulatedSymbol;
  readonly price: EfficientPrice;
  readonly random: Random;
  next: EpochMs;
  excitement: number;
  excitedAt: EpochMs;
  buyPressure: number;
  bid: PriceUnits;
  ask: PriceUnits;
  trades: number;
}

/**
 * A seeded market: efficient prices (sim-price.ts), trades that arrive in clusters (a self-exciting process), persistent
 * order flow, spreads that widen with volatility, book depth that grows away from the touch, and sessions by the
 * exchange calendar. The same options give the same events.
 */
export class SimulatedFeed implements Feed {
  readonly id: string;
  readonly instruments: readonly Instrument[];
  readonly #options: SimulatedFeedOptions;
  readonly #calendar: MarketCalendar;
  readonly #factor: MarketFactor;
  readonly #books: Book[];
  #sent = 0;
  #session: { open: EpochMs; close: EpochMs } = { open: 0, close: 0 };

  constructor(options: SimulatedFeedOptions) {
    this.#options = options;
    this.id = `sim:${options.market}`;
    const symbols = options.symbols ?? simulatedUniverse(options.market).symbols;
    this.instruments = symbols.map((symbol) => symbol.instrument);
    this.#calendar = calendarOf({ calendar: options.market === 'nse' ? 'nse' : 'always' });
    this.#factor = new MarketFactor(options.market, options.seed, options.start);
    this.#books = symbols.map((symbol) => this.#newBook(symbol));
  }

  report(): DataReport {
    return { source: this.id, read: this.#sent, kept: this.#sent, dropped: {}, problems: [] };
  }

  /**
   * Minute bars before the start, ending at the start price: a chart is not empty at the first start.
   * Only trading minutes are made. Not part of the recorded session, so it never decides an order.
   */
  history(instrument: InstrumentId, minutes: number): Bar[] {
    const symbol = this.#books.find((book) => book.symbol.instrument.id === instrument)?.symbol;
    if (symbol === undefined) return [];
    const starts = this.#tradingMinutes(minutes);
    const random = createRandom(seedOf(`history-${instrument}`, this.#options.seed));
    const price = new EfficientPrice(this.#options.market, symbol, seedOf('history', this.#options.seed), 0, 1);
    const factor = createRandom(seedOf(`history-factor`, this.#options.seed));
    let common = 0;
    const path: number[] = [];
    for (let step = 0; step <= starts.length * 4; step += 1) {
      common += Math.sqrt(15) * factor.normal();
      path.push(price.advanceTo(step * 15_000, common, 1));
    }
    const units = 10 ** symbol.instrument.priceDigits;
    const shift = Math.log(this.#startPrice(symbol)) - (path.at(-1) ?? 0);
    const at = (index: number): PriceUnits => {
      const ticks = Math.round((Math.exp((path[index] ?? 0) + shift) * units) / symbol.instrument.tick);
      return Math.max(1, ticks) * symbol.instrument.tick;
    };
    return starts.map((start, index) => {
      const points = [0, 1, 2, 3, 4].map((offset) => at(index * 4 + offset));
      const open = points[0] ?? 0;
      const close = points[4] ?? open;
      const wick = symbol.instrument.tick * Math.floor(random.exponential(1.2));
      const volume =
        symbol.tradeSize * symbol.rate * 20 * random.exponential(1) * 10 ** symbol.instrument.quantityDigits;
      return {
        kind: 'bar',
        instrument,
        ts: start + 60_000,
        at: start + 60_000,
        start,
        open,
        high: Math.max(...points) + wick,
        low: Math.max(symbol.instrument.tick, Math.min(...points) - wick),
        close,
        volume: Math.max(symbol.instrument.step, Math.round(volume / symbol.instrument.step) * symbol.instrument.step),
      };
    });
  }

  // oxlint-disable-next-line typescript/require-await -- a feed is asynchronous by contract; this one never waits
  async *batches(signal?: AbortSignal): AsyncIterable<readonly MarketEvent[]> {
    const end = this.#options.end ?? Number.POSITIVE_INFINITY;
    let batch: MarketEvent[] = [];
    let until = this.#options.start + BATCH_MS;
    for (;;) {
      if (signal?.aborted === true) return;
      let earliest: Book | undefined;
      for (const book of this.#books) if (earliest === undefined || book.next < earliest.next) earliest = book;
      if (earliest === undefined || earliest.next >= end) break;
      if (batch.length >= BATCH_EVENTS || earliest.next > until) {
        if (batch.length > 0) yield batch;
        batch = [];
        until = earliest.next + BATCH_MS;
      }
      this.#step(earliest, batch);
    }
    if (batch.length > 0) yield batch;
  }

  #newBook(symbol: SimulatedSymbol): Book {
    const { market, seed, start } = this.#options;
    const random = createRandom(seedOf(`flow-${symbol.instrument.id}`, seed));
    return {
      symbol,
      price: new EfficientPrice(market, symbol, seed, start, this.#startPrice(symbol)),
      random,
      next: this.#tradingTime(start + random.exponential(1000 / symbol.rate)),
      excitement: 0,
      excitedAt: start,
      buyPressure: 0,
      bid: 0,
      ask: 0,
      trades: 0,
    };
  }

  #startPrice(symbol: SimulatedSymbol): number {
    const kept = this.#options.startPrices?.get(symbol.instrument.id);
    return kept === undefined ? symbol.startPrice : kept / 10 ** symbol.instrument.priceDigits;
  }

  /** `at`, or the next open when the market is closed then. */
  #tradingTime(at: EpochMs): EpochMs {
    if (at >= this.#session.open && at < this.#session.close) return at;
    const status = this.#calendar.statusAt(at);
    if (status.state === 'open' && status.session !== null) {
      this.#session = status.session;
      return at;
    }
    return status.nextOpen === null ? Number.POSITIVE_INFINITY : status.nextOpen + (at % 1_000);
  }

  #tradingMinutes(count: number): EpochMs[] {
    const minutes: EpochMs[] = [];
    const first = Math.floor(this.#options.start / 60_000) * 60_000 - 60_000;
    for (let at = first; minutes.length < count && at > first - 40 * 86_400_000; at -= 60_000) {
      if (this.#calendar.isOpen(at)) minutes.push(at);
    }
    return minutes.reverse();
  }

  #step(book: Book, out: MarketEvent[]): void {
    const { symbol, random } = book;
    const at = book.next;
    const rounded = Math.floor(at);
    this.#tradingTime(at);
    const intensity = activity(this.#options.market, at, this.#session.open, this.#session.close);
    book.price.advanceTo(at, this.#factor.advanceTo(at), intensity);
    book.excitement *= Math.exp(-(at - book.excitedAt) / (EXCITEMENT_SECONDS * 1_000));
    book.excitedAt = at;
    if (book.bid === 0 || random.next() >= TRADE_SHARE) this.#quote(book, rounded, out);
    else this.#trade(book, rounded, out);
    const rate =
      symbol.rate *
      intensity *
      Math.min(8, 0.9 + book.excitement) *
      Math.max(0.8, Math.min(3, book.price.relativeVolatility));
    book.next = this.#tradingTime(at + random.exponential(1000 / rate));
  }

  #quote(book: Book, at: EpochMs, out: MarketEvent[]): void {
    const { symbol, random } = book;
    const { instrument } = symbol;
    const mid = (Math.exp(book.price.log) * 10 ** instrument.priceDigits) / instrument.tick;
    const wide = symbol.spreadTicks * (0.5 + 0.5 * book.price.relativeVolatility) + random.exponential(0.45);
    const spread = Math.max(1, Math.round(wide));
    const bid = Math.max(1, Math.floor(mid - spread / 2 + 0.5));
    book.bid = bid * instrument.tick;
    book.ask = (bid + spread) * instrument.tick;
    this.#sent += 1;
    const depth = this.#options.depth ?? 10;
    if (depth === 0) {
      const bidQuantity = this.#size(book, 6);
      out.push({
        kind: 'quote',
        instrument: instrument.id,
        ts: at,
        at,
        bid: book.bid,
        bidQuantity,
        ask: book.ask,
        askQuantity: this.#size(book, 6),
      });
      return;
    }
    const bids: number[] = [];
    const asks: number[] = [];
    for (let level = 0; level < depth; level += 1) {
      const size = 4 + 3 * Math.sqrt(level);
      if (book.bid - level * instrument.tick > 0) bids.push(book.bid - level * instrument.tick, this.#size(book, size));
      asks.push(book.ask + level * instrument.tick, this.#size(book, size));
    }
    out.push({ kind: 'book', instrument: instrument.id, ts: at, at, sequence: this.#sent, bids, asks });
  }

  #trade(book: Book, at: EpochMs, out: MarketEvent[]): void {
    const { symbol, random } = book;
    // Order flow is persistent: a buy makes the next buy likelier.
    const buy = random.next() < 0.5 + 0.35 * book.buyPressure;
    book.buyPressure = 0.75 * book.buyPressure + (buy ? 0.25 : -0.25);
    const quantity = this.#size(book, 1);
    book.trades += 1;
    // Each trade is followed by half a trade of its own on average: clustered, and well below an explosion.
    book.excitement += 0.5 / (symbol.rate * TRADE_SHARE * EXCITEMENT_SECONDS);
    const meanUnits = symbol.tradeSize * 10 ** symbol.instrument.quantityDigits;
    book.price.push(((buy ? 1 : -1) * quantity) / meanUnits);
    this.#sent += 1;
    out.push({
      kind: 'trade',
      instrument: symbol.instrument.id,
      ts: at,
      at,
      price: buy ? book.ask : book.bid,
      quantity,
      aggressor: buy ? 'buy' : 'sell',
      tradeId: String(book.trades),
    });
  }

  /** Log-normal sizes around `scale` times the mean trade, in whole steps. */
  #size(book: Book, scale: number): number {
    const { instrument, tradeSize } = book.symbol;
    const units = tradeSize * scale * Math.exp(1.1 * book.random.normal() - 0.6) * 10 ** instrument.quantityDigits;
    return Math.max(1, Math.round(units / instrument.step)) * instrument.step;
  }
}
