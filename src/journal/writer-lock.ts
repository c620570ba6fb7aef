import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { asFailure } from './failure.ts';
import { JournalFailure } from './journal.ts';

const LOCK_FILE = 'writer.lock';
const PID_FILE = 'writer.pid';

/**
 * One writer per data folder. The lock is an exclusive SQLite transaction on an empty file, which is a lock of the
 * operating system on every platform: it ends with the process however that dies, so there is no stale lock to judge
 * and no reused process id to be fooled by. The pid file only serves the sentence.
 */
export class WriterLock {
  readonly #db: Database.Database;
  readonly #pidFile: string;

  private constructor(db: Database.Database, pidFile: string) {
    this.#db = db;
    this.#pidFile = pidFile;
  }

  /** Throws JournalFailure LOCKED when another process (or this one) already writes here. */
  static acquire(dataDir: string): WriterLock {
    const file = join(dataDir, LOCK_FILE);
    const pidFile = join(dataDir, PID_FILE);
    let db: Database.Database | null = null;
    try {
      db = new Database(file, { timeout: 0 });
      db.exec('BEGIN EXCLUSIVE');
      writeFileSync(pidFile, `${process.pid}\n`);
      return new WriterLock(db, pidFile);
    } catch (error) {
      db?.close();
      const failure = asFailure(error, file);
      if (failure instanceof JournalFailure && failure.code === 'LOCKED') throw lockedBy(dataDir, pidFile, error);
      throw failure;
    }
  }

  release(): void {
    if (!this.#db.open) return;
    rmSync(this.#pidFile, { force: true });
    this.#db.close();
  }
}

function lockedBy(dataDir: string, pidFile: string, cause: unknown): JournalFailure {
  const pid = readPid(pidFile);
  const owner = pid === null ? 'another Tradewright process' : `process ${pid}`;
  return new JournalFailure(
    'LOCKED',
    `${owner} is already writing to ${dataDir}. Stop it first, or use another --data-dir.`,
    { cause },
  );
}

/** Process id of the engine that writes to this folder, or last did; null when none is noted. */
function readPid(pidFile: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
