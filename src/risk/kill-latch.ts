import { closeSync, copyFileSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ok, refuse, type Result } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import { makeFolder } from '../journal/make-folder.ts';

export interface LatchEntry {
  readonly at: EpochMs;
  readonly action: 'halt' | 'clear';
  /** Who: "user", "cli", "risk". */
  readonly actor: string;
  readonly reason: string;
}

export interface LatchState {
  readonly halted: boolean;
  /** The halt that holds, or why the file cannot be trusted; null when not halted. */
  readonly since: EpochMs | null;
  readonly reason: string | null;
  /** False when the file is there but cannot be understood: then it counts as halted. */
  readonly readable: boolean;
  /** Oldest first. */
  readonly history: readonly LatchEntry[];
}

export const LATCH_FILE = 'halt.json';
const HISTORY_KEPT = 200;
const NOT_HALTED: LatchState = { halted: false, since: null, reason: null, readable: true, history: [] };

/**
 * The HALT latch: one small file, independent of journal and engine, so that the command line can set it on a stopped
 * engine and a broken database cannot lose it. It is never deleted; a cleared latch says so in the file. A file that is
 * damaged, empty or unreadable counts as HALTED. Only a file that was never written means "not halted".
 */
export class KillLatch {
  readonly path: string;

  constructor(dataDirectory: string) {
    this.path = join(dataDirectory, LATCH_FILE);
  }

  read(): LatchState {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      return missing(error) ? NOT_HALTED : unreadable(`The halt latch cannot be read (${messageOf(error)}).`);
    }
    return parseLatch(text);
  }

  /**
   * Durable before it returns: written beside, synced, renamed over, directory synced. When even that fails (disk full),
   * the latch is emptied in place, which needs no space and reads as HALTED. Refuses LATCH_NOT_WRITTEN only when nothing
   * at all could be put on disk; the caller must halt in memory all the same.
   */
  halt(actor: string, reason: string, at: EpochMs): Result<LatchState> {
    const entry: LatchEntry = { at, action: 'halt', actor, reason };
    const state = this.read();
    const history = [...state.history, entry].slice(-HISTORY_KEPT);
    try {
      if (!state.readable) this.#keepDamaged(at);
      this.#replace(JSON.stringify({ version: 1, halted: true, history }));
      return ok({ halted: true, since: at, reason, readable: true, history });
    } catch (error) {
      try {
        makeFolder(dirname(this.path));
        const file = openSync(this.path, 'w');
        fsyncSync(file);
        closeSync(file);
        return ok(unreadable(`Halted: ${reason} (the disk took no text: ${messageOf(error)})`));
      } catch {
        return refuse(
          'LATCH_NOT_WRITTEN',
          `The halt could not be written to ${this.path} (${messageOf(error)}); trading is halted now but a restart would not know. Free the disk and halt again.`,
        );
      }
    }
  }

  /** Refuses REASON_MISSING, NOT_HALTED and LATCH_NOT_WRITTEN. */
  clear(actor: string, reason: string, at: EpochMs): Result<LatchState> {
    if (reason.trim() === '') {
      return refuse('REASON_MISSING', 'Say in a few words why trading may go on; the reason is kept with the halt.');
    }
    const state = this.read();
    if (!state.halted) return refuse('NOT_HALTED', 'There is no halt to clear.');
    try {
      if (!state.readable) this.#keepDamaged(at);
      const entry: LatchEntry = { at, action: 'clear', actor, reason };
      const history = [...state.history, entry].slice(-HISTORY_KEPT);
      this.#replace(JSON.stringify({ version: 1, halted: false, history }));
      return ok({ ...NOT_HALTED, history });
    } catch (error) {
      return refuse('LATCH_NOT_WRITTEN', `The halt could not be cleared (${messageOf(error)}); trading stays halted.`);
    }
  }

  history(): readonly LatchEntry[] {
    return this.read().history;
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

function parseLatch(text: string): LatchState {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return unreadable('The halt latch is damaged.');
  }
  if (!isLatchFile(input)) return unreadable('The halt latch is not understood by this version.');
  if (!input.halted) return { ...NOT_HALTED, history: input.history };
  const last = input.history.findLast((entry) => entry.action === 'halt');
  return {
    halted: true,
    since: last?.at ?? null,
    reason: last?.reason ?? 'The reason was not recorded.',
    readable: true,
    history: input.history,
  };
}

interface LatchFile {
  readonly version: 1;
  readonly halted: boolean;
  readonly history: readonly LatchEntry[];
}

function isLatchFile(input: unknown): input is LatchFile {
  if (typeof input !== 'object' || input === null) return false;
  const file = input as Partial<Record<keyof LatchFile, unknown>>;
  return (
    file.version === 1 && typeof file.halted === 'boolean' && Array.isArray(file.history) && file.history.every(isEntry)
  );
}

function isEntry(input: unknown): input is LatchEntry {
  if (typeof input !== 'object' || input === null) return false;
  const entry = input as Partial<Record<keyof LatchEntry, unknown>>;
  return (
    typeof entry.at === 'number' &&
    (entry.action === 'halt' || entry.action === 'clear') &&
    typeof entry.actor === 'string' &&
    typeof entry.reason === 'string'
  );
}

function unreadable(reason: string): LatchState {
  return { halted: true, since: null, reason, readable: false, history: [] };
}

function missing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
