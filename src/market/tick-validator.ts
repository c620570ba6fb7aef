import type { Quote, Trade } from '../domain/market-data.ts';
import type { EpochMs } from '../domain/units.ts';

export type TickFault =
  | 'non-finite'
  | 'not-positive'
  | 'negative-quantity'
  | 'crossed'
  | 'out-of-order'
  | 'from-the-future'
  | 'duplicate'
  | 'outlier';

export interface TickValidatorOptions {
  /** A move from the accepted level beyond this fraction is suspect, however volatile the market. */
  readonly maxJump?: number;
  /** A move beyond this many times the typical recent move is suspect, too. */
  readonly maxDeviations?: number;
  /** ... unless it stays within this fraction, so that a quiet market may begin to move. */
  readonly minJump?: number;
  /** So many suspects in a row that agree with each other are a real move and become the new level. */
  readonly confirmations?: number;
  /** Event time may run back by this much between messages of one symbol, ms. */
  readonly disorderMs?: number;
  /** An event time further ahead of the receiver's clock than this is a broken clock, ms. */
  readonly futureMs?: number;
}

const DEFAULTS: Required<TickValidatorOptions> = {
  maxJump: 0.1,
  maxDeviations: 12,
  minJump: 0.005,
  confirmations: 3,
  disorderMs: 1000,
  futureMs: 60_000,
};
/** Recent moves whose median says what is typical. */
const WINDOW = 64;
const MIN_MOVES = 16;
/** Trade ids remembered, for repeats after a reconnection. */
const REMEMBERED_IDS = 1024;

/**
 * Judges every trade and quote of one instrument before anything uses it. Outliers are told by the median absolute move
 * (robust: bad ticks hardly shift a median) and by a hard limit; a real jump is accepted once it is confirmed.
 */
export class TickValidator {
  accepted = 0;
  private readonly options: Required<TickValidatorOptions>;
  private readonly counts = new Map<TickFault, number>();
  private readonly moves = new Float64Array(WINDOW);
  private readonly sorted = new Float64Array(WINDOW);
  private moveCount = 0;
  private typical = 0;
  private level = Number.NaN;
  private suspect = Number.NaN;
  private suspects = 0;
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
    if (!this.isPlausible(trade.price)) return this.fault('outlier');
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
    if (!this.isPlausible(bid > 0 && ask > 0 ? (bid + ask) / 2 : Math.max(bid, ask))) return this.fault('outlier');
    this.lastBid = bid;
    this.lastAsk = ask;
    this.lastBidQuantity = bidQuantity;
    this.lastAskQuantity = askQuantity;
    this.lastQuoteTs = quote.ts;
    return this.accept(quote.ts);
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

  /** Compares a price with the accepted level and moves the level on when it is believed. */
  private isPlausible(price: number): boolean {
    if (Number.isNaN(this.level)) {
      this.level = price;
      return true;
    }
    const move = Math.abs(price / this.level - 1);
    if (move <= this.bound()) {
      this.suspects = 0;
      this.level = price;
      this.record(move);
      return true;
    }
    const agrees = this.suspects > 0 && Math.abs(price / this.suspect - 1) <= this.bound();
    this.suspects = agrees ? this.suspects + 1 : 1;
    this.suspect = price;
    if (this.suspects < this.options.confirmations) return false;
    // The jump itself is not recorded: it would widen the bound for a window's length.
    this.suspects = 0;
    this.level = price;
    return true;
  }

  private bound(): number {
    const { maxJump, maxDeviations, minJump } = this.options;
    if (this.moveCount < MIN_MOVES) return maxJump;
    return Math.min(maxJump, Math.max(minJump, maxDeviations * this.typical));
  }

  /** Unchanged prices say nothing of the size of moves, so only real ones enter; the median is renewed every 8 moves. */
  private record(move: number): void {
    if (move === 0) return;
    this.moves[this.moveCount % WINDOW] = move;
    this.moveCount += 1;
    if (this.moveCount % 8 !== 0) return;
    const count = Math.min(this.moveCount, WINDOW);
    this.sorted.set(this.moves);
    const window = this.sorted.subarray(0, count).sort();
    this.typical = window[count >> 1] ?? 0;
  }

  private remember(id: string): void {
    const oldest = this.idRing[this.nextId];
    if (oldest !== undefined) this.ids.delete(oldest);
    this.ids.add(id);
    this.idRing[this.nextId] = id;
    this.nextId = (this.nextId + 1) % REMEMBERED_IDS;
  }
}
