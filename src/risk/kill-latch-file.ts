import type { EpochMs } from '../domain/units.ts';

export interface LatchEntry {
  readonly at: EpochMs;
  readonly action: 'halt' | 'lock' | 'clear';
  /** Who: "user", "cli", "risk". */
  readonly actor: string;
  readonly reason: string;
}

/** A halt that nobody can lift before its time. */
export interface LockOut {
  /** Wall-clock time of its end. */
  readonly until: EpochMs;
  readonly at: EpochMs;
  readonly reason: string;
}

export interface LatchState {
  readonly halted: boolean;
  /** The halt that holds, or why the file cannot be trusted; null when not halted. */
  readonly since: EpochMs | null;
  readonly reason: string | null;
  /** The longest lock ever set, over or not: whoever reads it compares its end with the time. */
  readonly lock: LockOut | null;
  /** False when the file is there but cannot be understood: then it counts as halted. */
  readonly readable: boolean;
  /** False only where no halt was ever written. */
  readonly written: boolean;
  /** Oldest first. */
  readonly history: readonly LatchEntry[];
}

export interface LatchFile {
  readonly version: 1;
  readonly halted: boolean;
  readonly lock?: LockOut | null;
  readonly history: readonly LatchEntry[];
}

const NOT_HALTED: LatchState = {
  halted: false,
  since: null,
  reason: null,
  lock: null,
  readable: true,
  written: true,
  history: [],
};

export const NEVER_WRITTEN: LatchState = { ...NOT_HALTED, written: false };

export function unreadableLatch(reason: string): LatchState {
  return { ...NOT_HALTED, halted: true, reason, readable: false };
}

export function latchState({ halted, lock = null, history }: LatchFile): LatchState {
  if (!halted) return { ...NOT_HALTED, lock, history };
  const last = history.findLast((entry) => entry.action !== 'clear');
  return {
    ...NOT_HALTED,
    halted: true,
    since: last?.at ?? null,
    reason: last?.reason ?? 'The reason was not recorded.',
    lock,
    history,
  };
}

export function parseLatch(text: string): LatchState {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return unreadableLatch('The halt latch is damaged.');
  }
  return isLatchFile(input) ? latchState(input) : unreadableLatch('The halt latch is not understood by this version.');
}

function isLatchFile(input: unknown): input is LatchFile {
  if (typeof input !== 'object' || input === null) return false;
  const file = input as Partial<Record<keyof LatchFile, unknown>>;
  return (
    file.version === 1 &&
    typeof file.halted === 'boolean' &&
    (file.lock === undefined || file.lock === null || isLock(file.lock)) &&
    Array.isArray(file.history) &&
    file.history.every(isEntry)
  );
}

function isLock(input: unknown): input is LockOut {
  if (typeof input !== 'object' || input === null) return false;
  const lock = input as Partial<Record<keyof LockOut, unknown>>;
  return Number.isFinite(lock.until) && Number.isFinite(lock.at) && typeof lock.reason === 'string';
}

function isEntry(input: unknown): input is LatchEntry {
  if (typeof input !== 'object' || input === null) return false;
  const entry = input as Partial<Record<keyof LatchEntry, unknown>>;
  return (
    typeof entry.at === 'number' &&
    (entry.action === 'halt' || entry.action === 'lock' || entry.action === 'clear') &&
    typeof entry.actor === 'string' &&
    typeof entry.reason === 'string'
  );
}
