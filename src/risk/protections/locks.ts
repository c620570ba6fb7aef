import type { InstrumentId } from '../../domain/instrument.ts';
import type { EpochMs } from '../../domain/units.ts';

export type ProtectionKind = 'cooldown' | 'stoploss-guard' | 'low-profit' | 'equity-drawdown';

/** Nothing new is opened where a lock holds; what reduces a position always passes. */
export interface Lock {
  /** The same evidence gives the same id, so that looking again adds nothing. */
  readonly id: string;
  readonly rule: ProtectionKind | 'unreadable';
  /** Null: all accounts. */
  readonly accountId: string | null;
  /** Null: everything. */
  readonly instrument: InstrumentId | null;
  /** Side that may not be opened; null: neither. */
  readonly side: 'long' | 'short' | null;
  readonly from: EpochMs;
  /** First instant at which it no longer holds; null until a person lifts it. */
  readonly until: EpochMs | null;
  readonly reason: string;
}

export function holds(lock: Lock, accountId: string, instrument: InstrumentId, now: EpochMs): boolean {
  return (
    (lock.until === null || now < lock.until) &&
    (lock.accountId === null || lock.accountId === accountId) &&
    (lock.instrument === null || lock.instrument === instrument)
  );
}

const KINDS: ReadonlySet<unknown> = new Set([
  'cooldown',
  'stoploss-guard',
  'low-profit',
  'equity-drawdown',
  'unreadable',
]);

export function isLock(input: unknown): input is Lock {
  if (typeof input !== 'object' || input === null) return false;
  const lock = input as Partial<Record<keyof Lock, unknown>>;
  const textOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
  return (
    typeof lock.id === 'string' &&
    KINDS.has(lock.rule) &&
    textOrNull(lock.accountId) &&
    textOrNull(lock.instrument) &&
    (lock.side === null || lock.side === 'long' || lock.side === 'short') &&
    typeof lock.from === 'number' &&
    (lock.until === null || typeof lock.until === 'number') &&
    typeof lock.reason === 'string'
  );
}
