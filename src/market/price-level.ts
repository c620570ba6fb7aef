import type { EpochMs } from '../domain/units.ts';

export interface PriceLevelOptions {
  /** A move from the accepted level beyond this fraction is suspect, however volatile the market. */
  readonly maxJump: number;
  /** A move beyond this many times the typical recent move is suspect, too, */
  readonly maxDeviations: number;
  /** unless it stays within this fraction: a quiet market may begin to move. */
  readonly minJump: number;
  /** So many suspects that agree with each other are a real move and become the new level. */
  readonly confirmations: number;
  /** After a pause this long, ms, only `maxJump` counts: markets gap overnight. */
  readonly pauseMs: number;
}

/** Recent moves whose median says what is typical. */
const WINDOW = 64;
const MIN_MOVES = 16;
const MEDIAN_EVERY = 8;
/** A suspect is forgotten when so many plausible prices came after it. */
const SUSPECT_LIFE = 50;

/**
 * The level that prices of one kind move around. Outliers are told by the median absolute move between neighbours (bad
 * ticks hardly shift a median) and by a hard limit; a real jump is believed once it is confirmed.
 */
export class PriceLevel {
  private readonly moves = new Float64Array(WINDOW);
  private readonly sorted = new Float64Array(WINDOW);
  private moveCount = 0;
  private typical = 0;
  private level = Number.NaN;
  private ts: EpochMs = Number.NaN;
  private suspect = Number.NaN;
  private suspects = 0;
  private sinceSuspect = 0;

  /** True when the price is believed; it is then the new level. */
  accepts(price: number, ts: EpochMs, options: PriceLevelOptions): boolean {
    if (Number.isNaN(this.level)) {
      this.level = price;
      this.ts = ts;
      return true;
    }
    const bound = ts - this.ts > options.pauseMs ? options.maxJump : this.bound(options);
    const move = Math.abs(price / this.level - 1);
    if (move <= bound) {
      this.sinceSuspect += 1;
      if (this.sinceSuspect > SUSPECT_LIFE) this.suspects = 0;
      this.record(move);
    } else {
      const agrees = this.suspects > 0 && Math.abs(price / this.suspect - 1) <= bound;
      this.suspects = agrees ? this.suspects + 1 : 1;
      this.sinceSuspect = 0;
      this.suspect = price;
      if (this.suspects < options.confirmations) return false;
      // The jump itself is not recorded as a move: it would widen the bound.
      this.suspects = 0;
    }
    this.level = price;
    this.ts = ts;
    return true;
  }

  private bound(options: PriceLevelOptions): number {
    if (this.moveCount < MIN_MOVES) return options.maxJump;
    return Math.min(options.maxJump, Math.max(options.minJump, options.maxDeviations * this.typical));
  }

  /** Unchanged prices say nothing of the size of moves, so only real ones enter. */
  private record(move: number): void {
    if (move === 0) return;
    this.moves[this.moveCount % WINDOW] = move;
    this.moveCount += 1;
    if (this.moveCount % MEDIAN_EVERY !== 0) return;
    const count = Math.min(this.moveCount, WINDOW);
    this.sorted.set(this.moves);
    this.typical = this.sorted.subarray(0, count).sort()[count >> 1] ?? 0;
  }
}
