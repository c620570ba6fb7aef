import { PriceLevel, type PriceLevelOptions } from './price-level.ts';
import type { Bar, MarketEvent, Quote, Trade } from '../domain/market-data.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { EpochMs } from '../domain/units.ts';

export type TickFault =
  | 'non-finite'
  | 'not-positive'
  | 'negative-quantity'
  | 'crossed'
  | 'out-of-order'
  | 'from-the-future'
  | 'duplicate'
  | 'bad-ohlc'
  | 'outlier'
  | 'unknown-instrument';

export interface TickValidatorOptions extends Partial<PriceLevelOptions> {
  /** Event time may run back by this much between messages of one symbol, ms. */
  readonly disorderMs?: number;
  /** An event time further ahead of the receiver's clock than this is a broken clock, ms. */
  readonly futureMs?: number;
  /** Trade ids remembered per symbol, for repeats after a reconnection. */
  readonly rememberedIds?: number;
}

const DEFAULTS: Required<TickValidatorOptions> = {
  maxJump: 0.1,
  maxDeviations: 12,
  minJump: 0.005,
  confirmations: 3,
  pauseMs: 300_000,
  disorderMs: 1000,
  futureMs: 60_000,
  rememberedIds: 1024,
};

/** Judges every trade, quote and bar of one instrument before anything uses it. */
export class SymbolValidator {
  accepted = 0;
  private readonly options: Required<TickValidatorOptions>;
  private readonly counts = new Map<TickFault, number>();
  private readonly tradeLevel = new PriceLevel();
  private readonly quoteLevel = new PriceLevel();
  private latest: EpochMs = Number.NEGATIVE_INFINITY;
  private readonly ids = new Set<string>();
  private readonly idRing: string[] = [];
  private nextId = 0;
  private lastBid = Number.NaN;
  private lastBidQuantity = Number.NaN;
  private lastAsk = Number.NaN;
  private lastAskQuantity = Number.NaN;
  private lastQuoteTs = Number.NaN;

  constructor(options: TickValidatorOptions = {}) {
    this.options = { ...DEFAULTS, ...options };
  }

  /** How often each fault was found. */
  faults(): Readonly<Partial<Record<TickFault, number>>> {
    return Object.fromEntries(this.counts);
  }

  /** Null when the trade may be used. A quantity of 0 is allowed: some feeds repeat the last price (NSE). */
  checkTrade(trade: Trade): TickFault | null {
    if (!Number.isFinite(trade.price) || !Number.isFinite(trade.quantity)) return this.fault('non-finite');
    if (trade.price <= 0) return this.fault('not-positive');
    if (trade.quantity < 0) return this.fault('negative-quantity');
    const late = this.timeFault(trade.ts, trade.at);
    if (late !== null) return this.fault(late);
    if (trade.tradeId !== null && this.ids.has(trade.tradeId)) return this.fault('duplicate');
    if (!this.tradeLevel.accepts(trade.price, trade.ts, this.options)) return this.fault('outlier');
    if (trade.tradeId !== null) this.remember(trade.tradeId);
    return this.accept(trade.ts);
  }

  /** Null when the quote may be used. A missing side (price 0) is allowed; an exact repetition at the same time is not. */
  checkQuote(quote: Quote): TickFault | null {
    const { bid, bidQuantity, ask, askQuantity } = quote;
    if (!Number.isFinite(bid + ask + bidQuantity + askQuantity)) return this.fault('non-finite');
    if (bid < 0 || ask < 0 || (bid === 0 && ask === 0)) return this.fault('not-positive');
    if (bidQuantity < 0 || askQuantity < 0) return this.fault('negative-quantity');
    if (bid > 0 && ask > 0 && bid > ask) return this.fault('crossed');
    const late = this.timeFault(quote.ts, quote.at);
    if (late !== null) return this.fault(late);
    const repeated = bid === this.lastBid && ask === this.lastAsk && quote.ts === this.lastQuoteTs;
    if (repeated && bidQuantity === this.lastBidQuantity && askQuantity === this.lastAskQuantity) {
      return this.fault('duplicate');
    }
    const price = bid > 0 && ask > 0 ? (bid + ask) / 2 : Math.max(bid, ask);
    if (!this.quoteLevel.accepts(price, quote.ts, this.options)) return this.fault('outlier');
    this.lastBid = bid;
    this.lastAsk = ask;
    this.lastBidQuantity = bidQuantity;
    this.lastAskQuantity = askQuantity;
    this.lastQuoteTs = quote.ts;
    return this.accept(quote.ts);
  }

  /** A bar is checked for itself only: a large move from bar to bar is no sign of an error. */
  checkBar(bar: Bar): TickFault | null {
    const { open, high, low, close, volume } = bar;
    if (!Number.isFinite(open + high + low + close + volume)) return this.fault('non-finite');
    if (open <= 0 || high <= 0 || low <= 0 || close <= 0) return this.fault('not-positive');
    if (volume < 0) return this.fault('negative-quantity');
    if (high < Math.max(open, close) || low > Math.min(open, close)) return this.fault('bad-ohlc');
    const late = this.timeFault(bar.ts, bar.at);
    return late === null ? this.accept(bar.ts) : this.fault(late);
  }

  private accept(ts: EpochMs): null {
    this.accepted += 1;
    if (ts > this.latest) this.latest = ts;
    return null;
  }

  private fault(fault: TickFault): TickFault {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    return fault;
  }

  private timeFault(ts: EpochMs, at: EpochMs): TickFault | null {
    if (!Number.isFinite(ts)) return 'non-finite';
    if (ts < this.latest - this.options.disorderMs) return 'out-of-order';
    return ts > at + this.options.futureMs ? 'from-the-future' : null;
  }

  private remember(id: string): void {
    const oldest = this.idRing[this.nextId];
    if (oldest !== undefined) this.ids.delete(oldest);
    this.ids.add(id);
    this.idRing[this.nextId] = id;
    this.nextId = (this.nextId + 1) % this.options.rememberedIds;
  }
}

/** The validators of a whole market. Book events pass: the book itself checks their sequence and levels. */
export class TickValidator {
  private readonly symbols = new Map<InstrumentId, SymbolValidator>();
  private unknown = 0;

  constructor(instruments: Iterable<Instrument>, options: TickValidatorOptions = {}) {
    for (const instrument of instruments) this.symbols.set(instrument.id, new SymbolValidator(options));
  }

  /** Null when the event may be used. */
  check(event: MarketEvent): TickFault | null {
    const validator = this.symbols.get(event.instrument);
    if (validator === undefined) {
      this.unknown += 1;
      return 'unknown-instrument';
    }
    switch (event.kind) {
      case 'trade':
        return validator.checkTrade(event);
      case 'quote':
        return validator.checkQuote(event);
      case 'bar':
        return validator.checkBar(event);
      default:
        return null;
    }
  }

  accept(event: MarketEvent): boolean {
    return this.check(event) === null;
  }

  /** How often each fault was found, over all instruments. */
  report(): Readonly<Record<string, number>> {
    const total: Record<string, number> = {};
    if (this.unknown > 0) total['unknown-instrument'] = this.unknown;
    for (const validator of this.symbols.values()) {
      for (const [fault, count] of Object.entries(validator.faults())) total[fault] = (total[fault] ?? 0) + count;
    }
    return total;
  }
}
