import { closeSync, copyFileSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ok, refuse, type Result } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import { makeFolder } from '../journal/make-folder.ts';
import {
  type LatchEntry,
  type LatchState,
  latchState,
  type LockOut,
  NEVER_WRITTEN,
  parseLatch,
  unreadableLatch,
} from './kill-latch-file.ts';

export type { LatchState, LockOut } from './kill-latch-file.ts';

export const LATCH_FILE = 'halt.json';
const HISTORY_KEPT = 200;
/** A slip of the keyboard must not lock somebody out of the own account for a year. */
const LONGEST_LOCK_MS = 31 * 86_400_000;

/**
 * The HALT latch: one small file, independent of journal and engine, so that the command line can set it on a stopped
 * engine and a broken database cannot lose it. It is never deleted; a cleared latch says so in the file. A file that is
 * damaged, empty or unreadable counts as HALTED. Only a file that was never written means "not halted".
 */
export class KillLatch {
  readonly path: string;

  constructor(dataDirectory: string, file = LATCH_FILE) {
    this.path = join(dataDirectory, file);
  }

  read(): LatchState {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      return missing(error) ? NEVER_WRITTEN : unreadableLatch(`The halt latch cannot be read (${messageOf(error)}).`);
    }
    return parseLatch(text);
  }

  /**
   * Durable before it returns: written beside, synced, renamed over, directory synced. When even that fails (disk full),
   * the latch is emptied in place, which needs no space and reads as HALTED. Refuses LATCH_NOT_WRITTEN only when nothing
   * at all could be put on disk; what else still holds then is for the caller to say.
   */
  halt(actor: string, reason: string, at: EpochMs): Result<LatchState> {
    const before = this.read();
    const entry: LatchEntry = { at, action: 'halt', actor, reason };
    return this.#latched(before, entry, before.lock);
  }

  /**
   * A halt that `clear` refuses to lift before `until`. A lock only ever grows: refuses LOCK_CANNOT_SHRINK, and
   * LOCK_TIME for an end that is over or out of reason.
   */
  lock(actor: string, reason: string, until: EpochMs, at: EpochMs): Result<LatchState> {
    const before = this.read();
    if (!(until > at) || until - at > LONGEST_LOCK_MS) {
      return refuse('LOCK_TIME', 'A lock ends in the future and within 31 days; choose another time.', {
        value: timeText(until),
        limit: timeText(at + LONGEST_LOCK_MS),
      });
    }
    if (before.lock !== null && until < before.lock.until) {
      return refuse(
        'LOCK_CANNOT_SHRINK',
        `Trading is locked until ${timeText(before.lock.until)} already, and a lock cannot be made shorter.`,
        { value: timeText(until), limit: timeText(before.lock.until) },
      );
    }
    return this.#latched(before, { at, action: 'lock', actor, reason }, { until, at, reason });
  }

  /** The lock that holds at this time. */
  lockAt(now: EpochMs): LockOut | null {
    const { lock } = this.read();
    return lock !== null && now < lock.until ? lock : null;
  }

  /** Refuses REASON_MISSING, NOT_HALTED, LOCKED and LATCH_NOT_WRITTEN. */
  clear(actor: string, reason: string, at: EpochMs): Result<LatchState> {
    if (reason.trim() === '') {
      return refuse('REASON_MISSING', 'Say in a few words why trading may go on; the reason is kept with the halt.');
    }
    const state = this.read();
    if (!state.halted) return refuse('NOT_HALTED', 'There is no halt to clear.');
    // Compared with the end alone: a clock that was set back only makes it longer.
    if (state.lock !== null && at < state.lock.until) return lockedRefusal(state.lock, at);
    try {
      if (!state.readable) this.#keepDamaged(at);
      const entry: LatchEntry = { at, action: 'clear', actor, reason };
      const history = [...state.history, entry].slice(-HISTORY_KEPT);
      const { lock } = state;
      this.#replace(JSON.stringify({ version: 1, halted: false, lock, history }));
      return ok(latchState({ version: 1, halted: false, lock, history }));
    } catch (error) {
      return refuse('LATCH_NOT_WRITTEN', `The halt could not be cleared (${messageOf(error)}); trading stays halted.`);
    }
  }

  history(): readonly LatchEntry[] {
    return this.read().history;
  }

  #latched(before: LatchState, entry: LatchEntry, lock: LockOut | null): Result<LatchState> {
    const history = [...before.history, entry].slice(-HISTORY_KEPT);
    try {
      if (!before.readable) this.#keepDamaged(entry.at);
      this.#replace(JSON.stringify({ version: 1, halted: true, lock, history }));
      return ok(latchState({ version: 1, halted: true, lock, history }));
    } catch (error) {
      try {
        makeFolder(dirname(this.path));
        const file = openSync(this.path, 'w');
        fsyncSync(file);
        closeSync(file);
        return ok(unreadableLatch(`Halted: ${entry.reason} (the disk took no text: ${messageOf(error)})`));
      } catch {
        return refuse('LATCH_NOT_WRITTEN', `The halt could not be written to ${this.path} (${messageOf(error)}).`);
      }
    }
  }

  /** What cannot be read is evidence; failing to keep a copy must not stop a halt. */
  #keepDamaged(at: EpochMs): void {
    try {
      copyFileSync(this.path, `${this.path}.damaged-${Math.floor(at)}`);
    } catch {
      return;
    }
  }

  #replace(text: string): void {
    const directory = dirname(this.path);
    makeFolder(directory);
    const beside = `${this.path}.new`;
    const file = openSync(beside, 'w');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, this.path);
    syncDirectory(directory);
  }
}

export function lockedRefusal(lock: LockOut, now: EpochMs): ReturnType<typeof refuse> {
  return refuse(
    'LOCKED',
    `Trading is locked until ${timeText(lock.until)} and a lock cannot be lifted early; FLATTEN and protective exits go on working.`,
    { value: timeText(now), limit: timeText(lock.until) },
  );
}

/** "2026-11-21 00:00 UTC" */
export function timeText(at: EpochMs): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'no time' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A rename is durable only once its directory is; Windows has no such call and journals the rename itself. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function missing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
