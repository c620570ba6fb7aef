import { Decimal, ZERO, type DecimalString } from '../domain/decimal.ts';
import type { TradeRecord } from './trade-record.ts';

/** Sums over closed trades as JSON. */
export interface ProfitState {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly profit: DecimalString;
  readonly loss: DecimalString;
  readonly fees: DecimalString;
  readonly best: DecimalString | null;
  readonly worst: DecimalString | null;
  readonly holdingMs: number;
  readonly squares: number;
  readonly returnPct: number;
  readonly risked: number;
  readonly r: number;
  readonly rSquares: number;
  /** The same sums by exit reason; empty within one. */
  readonly reasons: Readonly<Record<string, ProfitState>>;
}

/** What many closed trades add up to. Money exact; sums of two sets add up to the sums of both. */
export class ProfitSums {
  trades = 0;
  wins = 0;
  losses = 0;
  /** Of the winners, and of the losers (<= 0), after fees. */
  profit: Decimal = ZERO;
  loss: Decimal = ZERO;
  fees: Decimal = ZERO;
  best: Decimal | null = null;
  worst: Decimal | null = null;
  holdingMs = 0;
  #squares = 0;
  #returnPct = 0;
  /** Trades with an initial risk, and their R multiples. */
  risked = 0;
  #r = 0;
  #rSquares = 0;
  readonly reasons = new Map<string, ProfitSums>();
  readonly #splits: boolean;

  /** `splits`: whether the sums are kept by exit reason, too. */
  constructor(splits = true) {
    this.#splits = splits;
  }

  add(trade: Pick<TradeRecord, 'pnl' | 'fees' | 'returnPct' | 'exitReason' | 'figures'>): void {
    const pnl = new Decimal(trade.pnl);
    const value = pnl.toNumber();
    this.trades += 1;
    if (pnl.gt(0)) {
      this.wins += 1;
      this.profit = this.profit.plus(pnl);
    } else if (pnl.lt(0)) {
      this.losses += 1;
      this.loss = this.loss.plus(pnl);
    }
    this.fees = this.fees.plus(trade.fees);
    this.#extremes(pnl, pnl);
    this.holdingMs += trade.figures.holdingMs;
    this.#squares += value * value;
    this.#returnPct += trade.returnPct;
    const { rMultiple } = trade.figures;
    if (rMultiple !== null) {
      this.risked += 1;
      this.#r += rMultiple;
      this.#rSquares += rMultiple * rMultiple;
    }
    if (this.#splits) this.#reason(trade.exitReason).add(trade);
  }

  merge(other: ProfitSums): void {
    this.trades += other.trades;
    this.wins += other.wins;
    this.losses += other.losses;
    this.profit = this.profit.plus(other.profit);
    this.loss = this.loss.plus(other.loss);
    this.fees = this.fees.plus(other.fees);
    if (other.best !== null && other.worst !== null) this.#extremes(other.best, other.worst);
    this.holdingMs += other.holdingMs;
    this.#squares += other.#squares;
    this.#returnPct += other.#returnPct;
    this.risked += other.risked;
    this.#r += other.#r;
    this.#rSquares += other.#rSquares;
    if (this.#splits) for (const [reason, sums] of other.reasons) this.#reason(reason).merge(sums);
  }

  #extremes(best: Decimal, worst: Decimal): void {
    if (this.best === null || best.gt(this.best)) this.best = best;
    if (this.worst === null || worst.lt(this.worst)) this.worst = worst;
  }

  #reason(reason: string): ProfitSums {
    const known = this.reasons.get(reason);
    if (known !== undefined) return known;
    const sums = new ProfitSums(false);
    this.reasons.set(reason, sums);
    return sums;
  }

  /** After fees. */
  get pnl(): Decimal {
    return this.profit.plus(this.loss);
  }

  get winRate(): number | null {
    return this.trades === 0 ? null : this.wins / this.trades;
  }

  /** Null without losers. */
  get profitFactor(): number | null {
    return this.loss.isZero() ? null : this.profit.div(this.loss.neg()).toNumber();
  }

  get expectancy(): Decimal | null {
    return this.trades === 0 ? null : this.pnl.div(this.trades);
  }

  get averageWin(): Decimal | null {
    return this.wins === 0 ? null : this.profit.div(this.wins);
  }

  get averageLoss(): Decimal | null {
    return this.losses === 0 ? null : this.loss.div(this.losses);
  }

  get averageReturnPct(): number | null {
    return this.trades === 0 ? null : this.#returnPct / this.trades;
  }

  get averageHoldingMs(): number | null {
    return this.trades === 0 ? null : this.holdingMs / this.trades;
  }

  /** Mean R of the trades that had an initial risk. */
  get averageR(): number | null {
    return this.risked === 0 ? null : this.#r / this.risked;
  }

  get totalR(): number | null {
    return this.risked === 0 ? null : this.#r;
  }

  /** System quality number, sqrt(n) x mean / deviation of R (Tharp); of profits where no trade had a stop. Null below two. */
  get sqn(): number | null {
    const [n, sum, squares] =
      this.risked === this.trades
        ? [this.risked, this.#r, this.#rSquares]
        : [this.trades, this.pnl.toNumber(), this.#squares];
    if (n < 2) return null;
    const variance = (squares - (sum * sum) / n) / (n - 1);
    // What is left of equal values is rounding, not spread.
    return variance <= 1e-12 * (squares / n) ? null : (Math.sqrt(n) * (sum / n)) / Math.sqrt(variance);
  }

  state(): ProfitState {
    return {
      trades: this.trades,
      wins: this.wins,
      losses: this.losses,
      profit: this.profit.toFixed(),
      loss: this.loss.toFixed(),
      fees: this.fees.toFixed(),
      best: this.best?.toFixed() ?? null,
      worst: this.worst?.toFixed() ?? null,
      holdingMs: this.holdingMs,
      squares: this.#squares,
      returnPct: this.#returnPct,
      risked: this.risked,
      r: this.#r,
      rSquares: this.#rSquares,
      reasons: Object.fromEntries([...this.reasons].map(([reason, sums]) => [reason, sums.state()])),
    };
  }

  static of(state: ProfitState, splits = true): ProfitSums {
    const sums = new ProfitSums(splits);
    sums.trades = state.trades;
    sums.wins = state.wins;
    sums.losses = state.losses;
    sums.profit = new Decimal(state.profit);
    sums.loss = new Decimal(state.loss);
    sums.fees = new Decimal(state.fees);
    sums.best = state.best === null ? null : new Decimal(state.best);
    sums.worst = state.worst === null ? null : new Decimal(state.worst);
    sums.holdingMs = state.holdingMs;
    sums.#squares = state.squares;
    sums.#returnPct = state.returnPct;
    sums.risked = state.risked;
    sums.#r = state.r;
    sums.#rSquares = state.rSquares;
    for (const [reason, inner] of Object.entries(state.reasons)) sums.reasons.set(reason, ProfitSums.of(inner, false));
    return sums;
  }
}
