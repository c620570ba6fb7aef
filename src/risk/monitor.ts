import { refuse, type Result, ok } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import { nextDayStart, type DayZone } from './day.ts';
import type { DayFigures } from './facts.ts';
import { percent } from './findings.ts';
import type { RiskLimits } from './limits.ts';
import {
  clearCause,
  NO_CAUSES,
  raiseCause,
  readCauses,
  releaseCause,
  statusOf,
  type Cause,
  type CauseCode,
  type CauseSet,
  type TradingStatus,
} from './trading-state.ts';

export interface MonitorSettings {
  /** Share of a loss limit at which the account goes REDUCING, and below which it is ACTIVE again. */
  readonly reduceAt: number;
  readonly releaseAt: number;
  readonly rejectStormCount: number;
  readonly rejectStormWindowMs: number;
  /** How long a feed has to be fresh again before its cause ends. */
  readonly freshForMs: number;
}

const DEFAULT_MONITOR: MonitorSettings = {
  reduceAt: 0.8,
  releaseAt: 0.6,
  rejectStormCount: 5,
  rejectStormWindowMs: 60_000,
  freshForMs: 5_000,
};

export interface DayRecord extends DayFigures {
  readonly accountId: string;
  readonly nextDay: EpochMs;
  readonly lastEquity: number;
}

export interface MonitorOptions {
  readonly accounts: readonly { readonly id: string; readonly dayZone: DayZone }[];
  readonly limits: (accountId: string) => RiskLimits | null;
  readonly settings?: MonitorSettings;
  /**
   * Called after every change, so that it can be written down and shown. `by` says who, `reason` why. `escalated`: the
   * loss behind a halt went on growing; the positions of the account are to be closed now.
   */
  readonly onChange: (causes: CauseSet, change: StateChange) => void;
}

export interface StateChange {
  readonly at: EpochMs;
  readonly kind: 'raised' | 'released' | 'cleared' | 'escalated';
  readonly cause: Cause;
  readonly by: 'risk' | 'user';
  readonly reason: string;
}

class AccountWatch {
  readonly id: string;
  readonly dayZone: DayZone;
  nextDay = Number.NEGATIVE_INFINITY;
  startEquity = Number.NaN;
  highEquity = Number.NaN;
  lastEquity = Number.NaN;
  limits: RiskLimits | null = null;
  /** Equity strictly between these two and not above the high: nothing can have happened. */
  low = Number.POSITIVE_INFINITY;
  status: TradingStatus;
  readonly rejects: EpochMs[] = [];
  freshSince: EpochMs | null = null;

  constructor(id: string, dayZone: DayZone, status: TradingStatus) {
    this.id = id;
    this.dayZone = dayZone;
    this.status = status;
  }
}

/** Watches equity, rejects and feeds and sets the trading state by itself. `onEquity` is cheap enough for every tick. */
export class RiskMonitor {
  readonly #options: MonitorOptions;
  readonly #settings: MonitorSettings;
  readonly #watches = new Map<string, AccountWatch>();
  #causes: CauseSet = NO_CAUSES;
  #keep: ((record: DayRecord) => void) | null = null;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#settings = options.settings ?? DEFAULT_MONITOR;
    for (const { id, dayZone } of options.accounts) {
      this.#watches.set(id, new AccountWatch(id, dayZone, statusOf(NO_CAUSES, id)));
    }
  }

  get causes(): CauseSet {
    return this.#causes;
  }

  /** Null for an unknown account, which blocks. */
  status(accountId: string): TradingStatus | null {
    return this.#watches.get(accountId)?.status ?? null;
  }

  day(accountId: string): DayFigures | null {
    const watch = this.#watches.get(accountId);
    return watch === undefined || Number.isNaN(watch.startEquity) ? null : watch;
  }

  /** Equity with open profit. The first figure of a day is judged against the last one of the day before. */
  onEquity(accountId: string, equity: number, now: EpochMs): void {
    const watch = this.#watches.get(accountId);
    if (watch === undefined) return;
    if (now < watch.nextDay && equity > watch.low && equity <= watch.highEquity) {
      watch.lastEquity = equity;
      return;
    }
    this.#judgeEquity(watch, equity, now);
  }

  #judgeEquity(watch: AccountWatch, equity: number, now: EpochMs): void {
    if (!Number.isFinite(equity)) {
      watch.low = Number.POSITIVE_INFINITY;
      this.raise(
        {
          code: 'EQUITY_UNKNOWN',
          scope: watch.id,
          level: 'REDUCING',
          latched: false,
          at: now,
          sentence: 'The equity of the account is not known; only orders that reduce a position pass until it is.',
        },
        'risk',
      );
      return;
    }
    this.release('EQUITY_UNKNOWN', watch.id, now, 'Equity is known again.');
    const isNewDay = now >= watch.nextDay;
    if (isNewDay) this.#newDay(watch, equity, now);
    watch.lastEquity = equity;
    const isHigher = !(equity <= watch.highEquity);
    if (isHigher) watch.highEquity = equity;
    if (isHigher || isNewDay) this.#keep?.(recordOf(watch));
    watch.limits = this.#options.limits(watch.id);
    if (watch.limits === null) {
      watch.low = Number.POSITIVE_INFINITY;
      return;
    }
    const { maxDailyLoss, maxDrawdown } = watch.limits;
    const day = this.#judgeLoss(watch, 'DAILY_LOSS', watch.startEquity, maxDailyLoss, 'loss of the day', equity, now);
    const fall = this.#judgeLoss(
      watch,
      'DRAWDOWN',
      watch.highEquity,
      maxDrawdown,
      'fall from the highest equity',
      equity,
      now,
    );
    // While a cause is up, every tick is judged, so that it ends in time.
    const mine = this.#causes.some(
      (one) => one.scope === watch.id && (one.code === 'DAILY_LOSS' || one.code === 'DRAWDOWN'),
    );
    watch.low = mine ? Number.POSITIVE_INFINITY : Math.max(day, fall);
  }

  /** Returns the equity at which this limit begins to matter. */
  #judgeLoss(
    watch: AccountWatch,
    code: 'DAILY_LOSS' | 'DRAWDOWN',
    from: number,
    limit: string | null,
    name: string,
    equity: number,
    now: EpochMs,
  ): number {
    if (limit === null || !(from > 0)) return Number.NEGATIVE_INFINITY;
    const { reduceAt, releaseAt } = this.#settings;
    const most = Number(limit);
    const loss = (from - equity) / from;
    // A hair of tolerance: exactly 5 % in binary may come out below 0.05.
    const reached = loss >= most * (1 - 1e-12);
    if (reached || loss >= most * reduceAt * (1 - 1e-12)) {
      const figures = `The ${name} is ${percent(String(loss))}`;
      const sentence = reached
        ? `${figures}, at the limit of ${percent(limit)}; nothing that adds risk passes.`
        : `${figures}, close to the limit of ${percent(limit)}; only orders that reduce a position pass.`;
      this.raise(
        { code, scope: watch.id, level: reached ? 'HALTED' : 'REDUCING', latched: reached, at: now, sentence },
        'risk',
      );
      const flattenAt = watch.limits?.flattenAt ?? null;
      if (flattenAt !== null && loss >= most * Number(flattenAt) * (1 - 1e-12)) {
        this.#escalate(
          code,
          watch.id,
          `${figures}, beyond ${flattenAt} times the limit of ${percent(limit)}; every position is closed now.`,
          now,
        );
      }
    } else if (loss < most * releaseAt) {
      this.release(code, watch.id, now, `The ${name} is back to ${percent(String(Math.max(0, loss)))}.`);
    }
    // A hair above the true level, so that rounding can only cost a needless look.
    return from * (1 - most * reduceAt) * (1 + 1e-12);
  }

  /** Once for each halt: what it starts is not started again while the cause is up. */
  #escalate(code: CauseCode, scope: string, sentence: string, now: EpochMs): void {
    const cause = this.#causes.find((one) => one.code === code && one.scope === scope);
    if (cause === undefined || cause.flatten === true) return;
    const grown: Cause = { ...cause, flatten: true, sentence };
    this.#set(
      this.#causes.map((one) => (one === cause ? grown : one)),
      { at: now, kind: 'escalated', cause: grown, by: 'risk', reason: sentence },
    );
  }

  #newDay(watch: AccountWatch, equity: number, now: EpochMs): void {
    const before = Number.isNaN(watch.lastEquity) ? equity : watch.lastEquity;
    watch.startEquity = before;
    // The peak stays: a loss spread over many days trips the breaker like one of a day.
    watch.highEquity = Math.max(Number.isNaN(watch.highEquity) ? before : watch.highEquity, before, equity);
    watch.nextDay = nextDayStart(now, watch.dayZone);
    this.release('DAILY_LOSS', watch.id, now, 'A new day began.');
  }

  /** The venue rejected an order. Many in a short time mean that something is broken. */
  onReject(accountId: string, now: EpochMs): void {
    const watch = this.#watches.get(accountId);
    if (watch === undefined) return;
    const { rejectStormCount, rejectStormWindowMs } = this.#settings;
    const { rejects } = watch;
    rejects.push(now);
    while (rejects.length > 0 && now - (rejects[0] ?? now) > rejectStormWindowMs) rejects.shift();
    if (rejects.length < rejectStormCount) return;
    this.raise(
      {
        code: 'REJECT_STORM',
        scope: accountId,
        level: 'HALTED',
        latched: true,
        at: now,
        sentence: `${rejects.length} orders were rejected within ${rejectStormWindowMs / 1000} s; nothing that adds risk passes. Find the reason of the rejects before you clear this.`,
      },
      'risk',
    );
  }

  /** An order that would have been one of too many identical ones was really to be sent. */
  onDuplicateStorm(accountId: string, sentence: string, now: EpochMs): void {
    this.raise(
      {
        code: 'DUPLICATE_STORM',
        scope: accountId,
        level: 'HALTED',
        latched: true,
        at: now,
        sentence: `Trading is halted: ${sentence}`,
      },
      'risk',
    );
  }

  /**
   * `stale`: the instruments with an open position or order whose price is stale now. To be told every second, also when
   * there is none: what is at risk no more must not hold the account.
   */
  onFeeds(accountId: string, stale: readonly string[], now: EpochMs): void {
    const watch = this.#watches.get(accountId);
    if (watch === undefined) return;
    if (stale.length > 0) {
      watch.freshSince = null;
      this.raise(
        {
          code: 'STALE_FEED',
          scope: accountId,
          level: 'REDUCING',
          latched: false,
          at: now,
          sentence: `The price of ${stale.join(', ')} is stale while you have risk in it; only orders that reduce a position pass.`,
        },
        'risk',
      );
      return;
    }
    watch.freshSince ??= now;
    if (now - watch.freshSince >= this.#settings.freshForMs) {
      this.release('STALE_FEED', accountId, now, 'All prices at risk are fresh again.');
    }
  }

  onJournalFailure(sentence: string, now: EpochMs): void {
    this.raise({ code: 'JOURNAL_FAILURE', scope: null, level: 'HALTED', latched: true, at: now, sentence }, 'risk');
  }

  raise(cause: Cause, by: 'risk' | 'user'): void {
    const next = raiseCause(this.#causes, cause);
    if (next === this.#causes) return;
    this.#set(next, { at: cause.at, kind: 'raised', cause, by, reason: cause.sentence });
  }

  /** The condition of a cause ended by itself; a latched cause stays. */
  release(code: CauseCode, scope: string | null, now: EpochMs, reason: string): void {
    const cause = this.#causes.find((one) => one.code === code && one.scope === scope);
    if (cause === undefined) return;
    const next = releaseCause(this.#causes, code, scope);
    if (next === this.#causes) return;
    this.#set(next, { at: now, kind: 'released', cause, by: 'risk', reason });
  }

  /**
   * Refuses REASON_MISSING, CAUSE_NOT_FOUND, and CAUSE_STILL_TRUE while the day's loss is beyond its limit. A drawdown does
   * not end with the day: clearing it starts the count anew from the equity that the person has looked at.
   */
  clear(code: CauseCode, scope: string | null, reason: string, now: EpochMs): Result<CauseSet> {
    const cause = this.#causes.find((one) => one.code === code && one.scope === scope);
    const next = clearCause(this.#causes, code, scope, reason);
    if (!next.ok || cause === undefined) return next;
    const watch = scope === null ? undefined : this.#watches.get(scope);
    if (watch !== undefined && code === 'DRAWDOWN') {
      watch.highEquity = watch.lastEquity;
      this.#keep?.(recordOf(watch));
    }
    if (watch !== undefined && code === 'DAILY_LOSS') {
      const limits = this.#options.limits(watch.id);
      const limit = limits?.maxDailyLoss;
      if (
        limits === null ||
        (typeof limit === 'string' && !(watch.lastEquity > watch.startEquity * (1 - Number(limit))))
      ) {
        return refuse(
          'CAUSE_STILL_TRUE',
          `${cause.sentence} It cannot be cleared while that is so: change the limit with a reason, or wait for the next day.`,
        );
      }
    }
    if (watch !== undefined) watch.rejects.length = 0;
    this.#set(next.value, { at: now, kind: 'cleared', cause, by: 'user', reason });
    return ok(next.value);
  }

  #set(causes: CauseSet, change: StateChange): void {
    this.#causes = causes;
    for (const watch of this.#watches.values()) {
      watch.status = statusOf(causes, watch.id);
      // The next figure is judged in full: thresholds depend on which causes are up.
      watch.low = Number.POSITIVE_INFINITY;
    }
    this.#options.onChange(causes, change);
  }

  /** Judge the next equity in full, e.g. after a change of limits. */
  refresh(): void {
    for (const watch of this.#watches.values()) watch.low = Number.POSITIVE_INFINITY;
  }

  /** Called with each new high, each new day and each cleared drawdown: what a restart must know to the digit. */
  keepDays(keep: (record: DayRecord) => void): void {
    this.#keep = keep;
    for (const record of this.days()) keep(record);
  }

  days(): readonly DayRecord[] {
    return Array.from(this.#watches.values(), recordOf).filter((one) => Number.isFinite(one.startEquity));
  }

  /** After a restart: stored causes (unreadable ones become a HALT) and day figures. */
  restore(causes: unknown, days: readonly DayRecord[], now: EpochMs): void {
    this.#causes = readCauses(causes, now);
    for (const record of days) {
      const watch = this.#watches.get(record.accountId);
      if (watch === undefined) continue;
      watch.nextDay = record.nextDay;
      watch.startEquity = record.startEquity;
      watch.highEquity = record.highEquity;
      watch.lastEquity = record.lastEquity;
    }
    for (const watch of this.#watches.values()) watch.status = statusOf(this.#causes, watch.id);
    this.refresh();
  }
}

function recordOf({ id, nextDay, startEquity, highEquity, lastEquity }: AccountWatch): DayRecord {
  return { accountId: id, nextDay, startEquity, highEquity, lastEquity };
}
