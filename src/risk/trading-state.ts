import { refuse, ok, type Result } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';

/** ACTIVE: everything. REDUCING: only what shrinks a position. HALTED: only protective exits and the flatten. */
type TradingState = 'ACTIVE' | 'REDUCING' | 'HALTED';

export type CauseCode =
  | 'KILL_SWITCH'
  | 'LOCKED'
  | 'LATCH_UNREADABLE'
  | 'USER'
  | 'DAILY_LOSS'
  | 'DRAWDOWN'
  | 'REJECT_STORM'
  | 'DUPLICATE_STORM'
  | 'STALE_FEED'
  | 'EQUITY_UNKNOWN'
  | 'JOURNAL_FAILURE'
  | 'POSITION_MISMATCH'
  /** What protects the open positions cannot be told any more. */
  | 'PROTECTION_UNKNOWN';

/** One reason for not being ACTIVE. The state is the strictest of all causes, so one that ends never hides another. */
export interface Cause {
  readonly code: CauseCode;
  /** Account id, or null for everything. */
  readonly scope: string | null;
  readonly level: 'REDUCING' | 'HALTED';
  /** True: stays until a person clears it with a reason. False: ends by itself when its condition does. */
  readonly latched: boolean;
  readonly at: EpochMs;
  readonly sentence: string;
  /** The last rung of the ladder: the loss went on growing after the halt, and positions are being closed. */
  readonly flatten?: boolean;
}

export interface TradingStatus {
  readonly state: TradingState;
  /** Strictest first. */
  readonly causes: readonly Cause[];
}

/** All causes of all scopes; plain data, safe to write down and read back. */
export type CauseSet = readonly Cause[];
export const NO_CAUSES: CauseSet = [];
const ACTIVE_STATUS: TradingStatus = { state: 'ACTIVE', causes: [] };

function same(cause: Cause, code: CauseCode, scope: string | null): boolean {
  return cause.code === code && cause.scope === scope;
}

/**
 * Adds a cause or makes a present one stricter. A cause never becomes milder this way: level HALTED and the latch
 * stick, and the time is that of the first raise. Returns the same set when nothing changes.
 */
export function raiseCause(causes: CauseSet, cause: Cause): CauseSet {
  const present = causes.find((one) => same(one, cause.code, cause.scope));
  if (present === undefined) return [...causes, cause];
  const level = present.level === 'HALTED' ? 'HALTED' : cause.level;
  const latched = present.latched || cause.latched;
  if (level === present.level && latched === present.latched) return causes;
  return causes.map((one) => (one === present ? { ...cause, level, latched, at: present.at } : one));
}

/** The condition ended by itself. A latched cause stays. Returns the same set when nothing changes. */
export function releaseCause(causes: CauseSet, code: CauseCode, scope: string | null): CauseSet {
  return causes.some((one) => same(one, code, scope) && !one.latched)
    ? causes.filter((one) => !same(one, code, scope) || one.latched)
    : causes;
}

/** A person clears a cause. Refuses REASON_MISSING and CAUSE_NOT_FOUND. */
export function clearCause(causes: CauseSet, code: CauseCode, scope: string | null, reason: string): Result<CauseSet> {
  if (reason.trim() === '') {
    return refuse('REASON_MISSING', 'Say in a few words why trading may go on; the reason is kept in the audit log.');
  }
  if (!causes.some((one) => same(one, code, scope))) {
    return refuse('CAUSE_NOT_FOUND', `Nothing to clear: ${code} is not active for ${scope ?? 'all accounts'}.`);
  }
  return ok(causes.filter((one) => !same(one, code, scope)));
}

/** What holds for an account: its own causes and the global ones. */
export function statusOf(causes: CauseSet, accountId: string): TradingStatus {
  const mine = causes.filter((cause) => cause.scope === null || cause.scope === accountId);
  if (mine.length === 0) return ACTIVE_STATUS;
  mine.sort((a, b) => (a.level === b.level ? a.at - b.at : a.level === 'HALTED' ? -1 : 1));
  return { state: mine[0]?.level ?? 'HALTED', causes: mine };
}

const LEVELS: ReadonlySet<unknown> = new Set(['REDUCING', 'HALTED']);

/**
 * Reads causes back from storage. Whatever cannot be understood becomes a latched global HALT: a halt that got lost
 * in a damaged record would be a trade that nobody allowed.
 */
export function readCauses(input: unknown, now: EpochMs): CauseSet {
  if (!Array.isArray(input) || !input.every(isCause)) {
    return [
      {
        code: 'LATCH_UNREADABLE',
        scope: null,
        level: 'HALTED',
        latched: true,
        at: now,
        sentence:
          'The stored trading state cannot be read; check positions and orders, then clear this halt with a reason.',
      },
    ];
  }
  return input;
}

function isCause(input: unknown): input is Cause {
  if (typeof input !== 'object' || input === null) return false;
  const cause = input as Partial<Record<keyof Cause, unknown>>;
  return (
    typeof cause.code === 'string' &&
    (cause.scope === null || typeof cause.scope === 'string') &&
    LEVELS.has(cause.level) &&
    typeof cause.latched === 'boolean' &&
    typeof cause.at === 'number' &&
    typeof cause.sentence === 'string'
  );
}
