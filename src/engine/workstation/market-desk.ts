import type {
  BarView,
  BookView,
  InstrumentView,
  QuoteView,
  Timeframe as TimeframeName,
  TradeView,
} from '../../contract/types.ts';
import { type Instrument, type InstrumentId, priceText, quantityText } from '../../domain/instrument.ts';
import type { Bar, MarketEvent, Trade } from '../../domain/market-data.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits } from '../../domain/units.ts';
import { BarAggregator } from '../../market/bar-aggregator.ts';
import { barEnd, barGrid, bucketOf, DAY_MS, type Timeframe } from '../../market/timeframe.ts';
import type { Unsubscribe, Workstation } from '../workstation.ts';
import type { BarHistory } from './bar-history.ts';
import { BarStream, barView, timeframeOf, volumeText } from './bar-stream.ts';
import { Emitter } from './emitter.ts';
import { MarketLine } from './market-line.ts';
import type { MarketSource } from './markets.ts';
import type { Runtime } from './runtime.ts';
import type { LastPrice } from './session-opening.ts';

const MINUTE_MS = 60_000;
const TAPE = 500;
const TAPE_OF_MANY = 32;
const MANY = 100;
/** The day's figures of so many instruments are put together from their history after the start, one after the other. */
const REMEMBERED = 64;
/** Each forming bar is written down once in so many seconds: what a crash may cost. */
const WRITE_ROUNDS = 5;

/** Everything the window shows of the markets. Strings are made when somebody reads. */
export class MarketDesk {
  readonly #runtime: Runtime;
  readonly #history: BarHistory;
  readonly #lines = new Map<InstrumentId, MarketLine>();
  readonly #sources = new Map<InstrumentId, MarketSource>();
  readonly #onFault: (error: unknown) => void;
  readonly #quoteNews: Emitter<[InstrumentId]>;
  readonly #bookNews = new Map<InstrumentId, Emitter<[]>>();
  readonly #tradeNews = new Map<InstrumentId, Emitter<[TradeView]>>();
  readonly #streams = new Map<InstrumentId, Map<TimeframeName, BarStream>>();
  #views: readonly InstrumentView[] = [];
  #round = 0;
  #unremembered: MarketLine[] = [];
  readonly #bornAt: EpochMs;

  constructor(runtime: Runtime, history: BarHistory) {
    this.#runtime = runtime;
    this.#history = history;
    this.#onFault = (error) => runtime.fault('A reader of market data', error);
    this.#quoteNews = new Emitter(this.#onFault);
    this.#bornAt = runtime.now();
  }

  /** Takes the instruments of the present core over; those that were there keep their figures. */
  adopt(markets: readonly MarketSource[]): void {
    const { core, store } = this.#runtime;
    this.#sources.clear();
    for (const market of markets) for (const { id } of market.instruments) this.#sources.set(id, market);
    const tape = core.instruments.size > MANY ? TAPE_OF_MANY : TAPE;
    for (const instrument of core.instruments.values()) {
      if (this.#lines.has(instrument.id)) continue;
      const line = new MarketLine(
        instrument,
        tape,
        this.#sources.get(instrument.id)?.cadenceMs(instrument.id) ?? 1_000,
      );
      this.#lines.set(instrument.id, line);
      store?.define(instrument);
      this.#resumeMinute(line);
      if (this.#unremembered.length < REMEMBERED) this.#unremembered.push(line);
    }
    for (const id of this.#lines.keys()) if (!core.instruments.has(id)) this.#lines.delete(id);
    this.#views = [...core.instruments.values()].map(instrumentView);
  }

  /** The last price of every instrument: of the board, else as recorded, else the market's own start. */
  lastPrices(instruments: Iterable<Instrument>, markets: readonly MarketSource[]): Map<InstrumentId, LastPrice> {
    const prices = new Map<InstrumentId, LastPrice>();
    const board = this.#lines.size > 0 ? this.#runtime.core.board : null;
    for (const instrument of instruments) {
      const { id } = instrument;
      const now = board?.line(id) ?? null;
      if (now !== null && now.last > 0) prices.set(id, { price: now.last, ts: now.ts });
      else {
        const bar = this.#runtime.store?.read.lastBar(instrument, MINUTE_MS) ?? null;
        const start = markets.find((market) => market.instruments.some((one) => one.id === id))?.startPrice(id) ?? 0;
        if (bar !== null) prices.set(id, { price: bar.close, ts: bar.at });
        else if (start > 0) prices.set(id, { price: start, ts: 0 });
      }
    }
    return prices;
  }

  pricesNow(): Map<InstrumentId, PriceUnits> {
    const prices = new Map<InstrumentId, PriceUnits>();
    for (const line of this.#runtime.core.board.lines()) if (line.last > 0) prices.set(line.instrument.id, line.last);
    return prices;
  }

  /** After the core has taken the event. */
  onEvent(event: MarketEvent, now: EpochMs): void {
    const line = this.#lines.get(event.instrument);
    if (line === undefined) return;
    const done = line.take(event, now);
    if (done !== null) this.#runtime.store?.record(done);
    if (event.kind === 'trade') this.#onTrade(event, line.instrument);
    else this.#bookNews.get(event.instrument)?.emit();
    this.#quoteNews.emit(event.instrument);
  }

  /** After a delivery: bars that changed are told once. */
  settle(now: EpochMs): void {
    for (const streams of this.#streams.values()) for (const stream of streams.values()) stream.tell(now);
  }

  /** Once a second: minutes that ended, freshness that changed, recording. */
  onSecond(now: EpochMs): void {
    const { store } = this.#runtime;
    this.#round = (this.#round + 1) % WRITE_ROUNDS;
    let place = 0;
    for (const line of this.#lines.values()) {
      place += 1;
      const done = line.closeMinute(now);
      if (done !== null) store?.record(done);
      const state = line.state(now);
      if (state !== line.shown) {
        line.shown = state;
        this.#quoteNews.emit(line.instrument.id);
      }
      if (place % WRITE_ROUNDS === this.#round) this.#writeForming(line);
    }
    store?.flush();
    const next = this.#unremembered.shift();
    if (next !== undefined) this.#rememberDay(next);
  }

  /** The forming minutes, before the engine ends. */
  writeAll(): void {
    for (const line of this.#lines.values()) this.#writeForming(line);
    this.#runtime.store?.flush();
  }

  setConnected(market: MarketSource, connected: boolean): void {
    for (const { id } of market.instruments) {
      const freshness = this.#lines.get(id)?.freshness;
      if (connected) freshness?.onConnected();
      else freshness?.onDisconnected();
    }
  }

  staleCount(): number {
    let count = 0;
    for (const { shown } of this.#lines.values()) if (shown === 'stale' || shown === 'disconnected') count += 1;
    return count;
  }

  line(id: InstrumentId): MarketLine | undefined {
    return this.#lines.get(id);
  }

  room(): Workstation['market'] {
    return {
      instruments: () => this.#views,
      history: (request) => this.#readHistory(request),
      quotes: {
        read: (id) => this.#quote(id),
        subscribe: (onChange) => this.#quoteNews.add(onChange),
      },
      book: (id, depth) => this.#book(id, depth),
      subscribeBook: (id, onChange) => emitterOf(this.#bookNews, id, this.#onFault).add(onChange),
      subscribeBars: (id, timeframe, onBar) => this.#watchBars(id, timeframe, onBar),
      recentTrades: (id, limit) => {
        const line = this.#lines.get(id);
        return line === undefined ? [] : line.trades(limit).map((trade) => tradeView(line.instrument, trade));
      },
      subscribeTrades: (id, onTrade) => emitterOf(this.#tradeNews, id, this.#onFault).add(onTrade),
    };
  }

  #onTrade(trade: Trade, instrument: Instrument): void {
    const streams = this.#streams.get(trade.instrument);
    if (streams !== undefined) for (const stream of streams.values()) stream.take(trade);
    const news = this.#tradeNews.get(trade.instrument);
    if (news !== undefined && news.size > 0) news.emit(tradeView(instrument, trade));
  }

  #quote(id: InstrumentId): QuoteView | null {
    const line = this.#lines.get(id);
    const board = this.#runtime.core.board.line(id);
    if (line === undefined || board === null) return null;
    const { instrument } = line;
    const now = this.#runtime.now();
    const price = (units: PriceUnits): string | null => (units > 0 ? priceText(instrument, units) : null);
    const size = (best: PriceUnits, units: number): string | null =>
      best > 0 ? quantityText(instrument, units) : null;
    return {
      instrument: id,
      last: price(board.last),
      bid: price(board.bid),
      ask: price(board.ask),
      bidSize: size(board.bid, board.bidQuantity),
      askSize: size(board.ask, board.askQuantity),
      dayOpen: price(line.dayOpen),
      dayHigh: price(line.dayHigh),
      dayLow: price(line.dayLow),
      changePct: line.dayOpen > 0 && board.last > 0 ? (board.last / line.dayOpen - 1) * 100 : null,
      volume: volumeText(instrument, line.dayVolume),
      ts: board.ts > 0 ? Math.trunc(board.ts) : null,
      ageMs: board.ts > 0 ? Math.max(0, now - board.ts) : null,
      state: line.state(now),
    };
  }

  #book(id: InstrumentId, depth: number): BookView | null {
    const line = this.#lines.get(id);
    const board = this.#runtime.core.board.line(id);
    if (line === undefined || board === null || board.ts === 0) return null;
    const { instrument } = line;
    const now = this.#runtime.now();
    const usable = board.book !== null && board.book.isUsable();
    const sides = usable && board.book !== null ? board.book.depth(depth) : touchOf(board);
    const levels = (flat: readonly number[]): BookView['bids'] => {
      const made: BookView['bids'] = [];
      for (let at = 0; at + 1 < flat.length; at += 2) {
        made.push({ price: priceText(instrument, flat[at] ?? 0), size: quantityText(instrument, flat[at + 1] ?? 0) });
      }
      return made;
    };
    return {
      instrument: id,
      ts: Math.trunc(board.ts),
      ageMs: Math.max(0, now - board.ts),
      state: line.state(now),
      bids: levels(sides.bids),
      asks: levels(sides.asks),
    };
  }

  #readHistory(request: {
    readonly instrument: InstrumentId;
    readonly timeframe: TimeframeName;
    readonly limit: number;
    readonly before?: number | undefined;
  }): Result<readonly BarView[]> {
    const line = this.#lines.get(request.instrument);
    if (line === undefined) {
      return refuse(
        'INSTRUMENT_UNKNOWN',
        `There is no instrument "${request.instrument}"; choose one of the watchlist.`,
        {
          value: request.instrument,
        },
      );
    }
    const now = this.#runtime.now();
    const timeframe = timeframeOf(request.timeframe);
    const bars = this.#bars(line, timeframe, request.limit, request.before ?? now + 1);
    const grid = barGrid(line.instrument.calendar);
    return ok(
      bars.map((bar) =>
        barView(line.instrument, bar, barEnd(bucketOf(bar.start, timeframe, grid), timeframe, grid) <= now),
      ),
    );
  }

  #bars(line: MarketLine, timeframe: Timeframe, limit: number, before: EpochMs): Bar[] {
    const { instrument, minute } = line;
    if (timeframe.ms < MINUTE_MS) return secondsOf(line, timeframe, limit, before);
    const forming = minute === null ? null : line.barOf(minute);
    const source = this.#sources.get(instrument.id) ?? null;
    return this.#history.bars(source, instrument, timeframe, limit, before, forming);
  }

  #watchBars(id: InstrumentId, name: TimeframeName, onBar: (bar: BarView) => void): Unsubscribe {
    const line = this.#lines.get(id);
    if (line === undefined) return () => {};
    let streams = this.#streams.get(id);
    if (streams === undefined) {
      streams = new Map();
      this.#streams.set(id, streams);
    }
    let stream = streams.get(name);
    if (stream === undefined) {
      const timeframe = timeframeOf(name);
      const now = this.#runtime.now();
      const grid = barGrid(line.instrument.calendar);
      const last = this.#bars(line, timeframe, 1, now + 1).at(-1) ?? null;
      const present = last !== null && bucketOf(last.start, timeframe, grid) === bucketOf(now, timeframe, grid);
      stream = new BarStream(line.instrument, timeframe, present ? last : null, this.#onFault);
      streams.set(name, stream);
    }
    const { news } = stream;
    const stop = news.add(onBar);
    return () => {
      stop();
      if (news.size === 0) this.#streams.get(id)?.delete(name);
    };
  }

  #resumeMinute(line: MarketLine): void {
    const bar = this.#runtime.store?.read.lastBar(line.instrument, MINUTE_MS) ?? null;
    if (bar === null || bar.ts <= this.#runtime.now()) return;
    const { start, ts, open, high, low, close, volume } = bar;
    line.minute = { start, end: ts, open, high, low, close, volume };
  }

  #writeForming(line: MarketLine): void {
    if (line.minute === null || !line.minuteDirty) return;
    line.minuteDirty = false;
    this.#runtime.store?.record({ ...line.barOf(line.minute), at: Math.trunc(this.#runtime.now()) });
  }

  /** Open, high, low and volume of the day from the bars before this start; of the last trading day while it is closed. */
  #rememberDay(line: MarketLine): void {
    const { calendar, instrument } = line;
    const source = this.#sources.get(instrument.id) ?? null;
    const to = this.#bornAt;
    // A long weekend with a holiday is over within five days.
    const since = calendar.isOpen(to) ? calendar.dayStart(to) : to - 5 * DAY_MS;
    const bars = this.#history.minutes(source, instrument, since, to);
    const last = bars.at(-1);
    if (last === undefined) return;
    const from = calendar.isOpen(to) ? calendar.dayStart(to) : calendar.dayStart(last.start);
    line.rememberDay(bars, from);
    this.#quoteNews.emit(instrument.id);
  }
}

function emitterOf<A extends readonly unknown[]>(
  all: Map<InstrumentId, Emitter<A>>,
  id: InstrumentId,
  onFault: (error: unknown) => void,
): Emitter<A> {
  const known = all.get(id);
  if (known !== undefined) return known;
  const made = new Emitter<A>(onFault);
  all.set(id, made);
  return made;
}

function touchOf(board: { bid: number; bidQuantity: number; ask: number; askQuantity: number }): {
  bids: number[];
  asks: number[];
} {
  return {
    bids: board.bid > 0 ? [board.bid, board.bidQuantity] : [],
    asks: board.ask > 0 ? [board.ask, board.askQuantity] : [],
  };
}

/** Below a minute nothing is recorded: the bars of the trades that are still known. */
function secondsOf(line: MarketLine, timeframe: Timeframe, limit: number, before: EpochMs): Bar[] {
  const bars: Bar[] = [];
  const aggregator = new BarAggregator({ instrument: line.instrument, timeframe, emit: (bar) => bars.push(bar) });
  for (const trade of line.trades(line.tape.length)) aggregator.onTrade(trade);
  aggregator.flush();
  return bars.filter((bar) => bar.start < before).slice(-limit);
}

function tradeView(instrument: Instrument, trade: Trade): TradeView {
  return {
    id: trade.tradeId,
    ts: Math.trunc(trade.ts),
    price: priceText(instrument, trade.price),
    size: quantityText(instrument, trade.quantity),
    aggressor: trade.aggressor,
  };
}

function instrumentView(instrument: Instrument): InstrumentView {
  const { id, symbol, venue, kind, base, quote, priceDigits, quantityDigits, minNotional, calendar } = instrument;
  return {
    id,
    symbol,
    venue,
    kind,
    base,
    quote,
    priceDigits,
    quantityDigits,
    tick: priceText(instrument, instrument.tick),
    step: quantityText(instrument, instrument.step),
    minQuantity: quantityText(instrument, instrument.minQuantity),
    maxQuantity: instrument.maxQuantity === null ? null : quantityText(instrument, instrument.maxQuantity),
    minNotional,
    calendar,
    shortable: instrument.shortable,
    assumedGrid: instrument.assumedGrid,
  };
}
