import type { InstrumentId } from '../../domain/instrument.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { EquityWindow } from './equity-window.ts';
import { type ExitFact, isExit, judgeEquity, judgeExit } from './evaluate.ts';
import { holds, isLock, type Lock } from './locks.ts';
import { type ProtectionRule, readProtections } from './rules.ts';

const LOCKS_KEPT = 500;
const NONE: readonly Lock[] = [];

/** What is written down. */
export interface ProtectionState {
  readonly rules: readonly ProtectionRule[];
  /** Oldest first, ended ones included: what was lifted must not come back. */
  readonly locks: readonly Lock[];
  /** Within the longest look-back, oldest first. */
  readonly exits: readonly ExitFact[];
}

/** Rules that stop openings for a while after losses, and the locks they made. */
export class Protections {
  #rules: readonly ProtectionRule[] = [];
  #locks: Lock[] = [];
  #exits: ExitFact[] = [];
  /** By account, one for each rule in order; null where the rule does not look at equity. */
  readonly #windows = new Map<string, readonly (EquityWindow | null)[]>();
  #longest = 0;

  get state(): ProtectionState {
    return { rules: this.#rules, locks: this.#locks, exits: this.#exits };
  }

  get rules(): readonly ProtectionRule[] {
    return this.#rules;
  }

  /** Locks that were made stay. Exits of before are judged by the new rules with the next exit. */
  configure(rules: readonly ProtectionRule[]): void {
    this.#rules = rules;
    this.#windows.clear();
    this.#longest = rules.reduce((most, rule) => Math.max(most, 'lookbackMs' in rule ? rule.lookbackMs : 0), 0);
  }

  /** Locks that hold for openings in the instrument on this side. */
  locksOn(accountId: string, instrument: InstrumentId, side: 'long' | 'short', now: EpochMs): readonly Lock[] {
    if (this.#locks.length === 0) return NONE;
    const held = this.#locks.filter(
      (lock) => (lock.side === null || lock.side === side) && holds(lock, accountId, instrument, now),
    );
    return held.length === 0 ? NONE : held;
  }

  active(now: EpochMs): readonly Lock[] {
    return this.#locks.filter((lock) => lock.until === null || now < lock.until);
  }

  /** A round trip closed. Returns the locks this made. */
  onExit(exit: ExitFact, now: EpochMs): readonly Lock[] {
    this.#exits.push(exit);
    const oldest = this.#exits[0];
    if (oldest !== undefined && oldest.exitTs < now - 2 * this.#longest) {
      this.#exits = this.#exits.filter(({ exitTs }) => exitTs >= now - this.#longest);
    }
    return this.#take(this.#rules.map((rule) => judgeExit(rule, this.#exits, exit, now)));
  }

  /** Equity with open profit, about once a second. Returns the locks this made. */
  onEquity(accountId: string, equity: number, now: EpochMs): readonly Lock[] {
    if (!Number.isFinite(equity)) return NONE;
    const made: (Lock | null)[] = [];
    const windows = this.#windowsOf(accountId);
    for (let index = 0; index < windows.length; index += 1) {
      const window = windows[index];
      const rule = this.#rules[index];
      if (window === null || window === undefined || rule?.kind !== 'equity-drawdown') continue;
      // A fall that has locked is done with: after the lock the count begins anew.
      if (this.#isLockedBy(accountId, now)) {
        window.clear();
        continue;
      }
      window.push(equity, now);
      const closed = this.#exits.filter(
        (exit) => exit.accountId === accountId && exit.exitTs >= now - rule.lookbackMs,
      ).length;
      made.push(judgeEquity(rule, accountId, { high: window.high, highAt: window.highAt, equity }, closed, now));
    }
    return made.length === 0 ? NONE : this.#take(made);
  }

  /** Ends a lock now. Refuses LOCK_UNKNOWN. */
  lift(id: string, now: EpochMs): Result<Lock> {
    const place = this.#locks.findIndex((lock) => lock.id === id && (lock.until === null || now < lock.until));
    const lock = this.#locks[place];
    if (lock === undefined) {
      return refuse('LOCK_UNKNOWN', 'There is no such lock any more; it has ended or was lifted already.', {
        value: id,
      });
    }
    const ended = { ...lock, until: now };
    this.#locks = this.#locks.with(place, ended);
    return ok(ended);
  }

  /** Stored rules and locks. What cannot be understood locks everything until a person looks. */
  restore(input: unknown, now: EpochMs): void {
    const {
      rules,
      locks,
      exits = [],
    } = (typeof input === 'object' && input !== null ? input : {}) as Partial<Record<keyof ProtectionState, unknown>>;
    const read = readProtections(rules);
    if (!read.ok || !Array.isArray(locks) || !locks.every(isLock) || !Array.isArray(exits) || !exits.every(isExit)) {
      this.configure(read.ok ? read.value : []);
      this.#locks = [
        {
          id: `unreadable ${Math.trunc(now)}`,
          rule: 'unreadable',
          accountId: null,
          instrument: null,
          side: null,
          from: now,
          until: null,
          reason: 'The stored protections cannot be read; set them again, then lift this lock with a reason.',
        },
      ];
      return;
    }
    this.configure(read.value);
    this.#locks = locks;
    this.#exits = exits;
  }

  /** Exits of earlier, for the look-backs, without judging them again. */
  remember(exits: readonly ExitFact[]): void {
    this.#exits.push(...exits);
    this.#exits.sort((a, b) => a.exitTs - b.exitTs);
  }

  #isLockedBy(accountId: string, now: EpochMs): boolean {
    return this.#locks.some(
      (lock) =>
        lock.rule === 'equity-drawdown' && lock.accountId === accountId && (lock.until === null || now < lock.until),
    );
  }

  #windowsOf(accountId: string): readonly (EquityWindow | null)[] {
    let windows = this.#windows.get(accountId);
    if (windows === undefined) {
      windows = this.#rules.map((rule) => (rule.kind === 'equity-drawdown' ? new EquityWindow(rule.lookbackMs) : null));
      this.#windows.set(accountId, windows);
    }
    return windows;
  }

  #take(made: readonly (Lock | null)[]): readonly Lock[] {
    const fresh = made.filter(
      (lock): lock is Lock => lock !== null && !this.#locks.some((present) => present.id === lock.id),
    );
    if (fresh.length === 0) return NONE;
    this.#locks = [...this.#locks, ...fresh].slice(-LOCKS_KEPT);
    return fresh;
  }
}
