import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { RefusalError } from '../domain/refusal.ts';
import { headAgrees, readHead } from './chain.ts';
import type { Connection } from './database.ts';
import { asFailure, storageFailure } from './failure.ts';
import { makeFolder } from './make-folder.ts';

export interface BackupReport {
  readonly file: string;
  readonly bytes: number;
  readonly headCommit: number;
  readonly headHash: string;
}

/**
 * Copies the journal into the new file `to`, in steps of `pagesPerStep` pages, while it goes on being written. The
 * copy gets its name only after it is whole, checked and on disk. Refuses BACKUP_EXISTS rather than overwrite.
 */
export async function backupDatabase(db: Connection, to: string, pagesPerStep: number): Promise<BackupReport> {
  if (existsSync(to)) {
    throw new RefusalError({
      code: 'BACKUP_EXISTS',
      sentence: `${to} already exists; a backup never overwrites a file. Choose another name.`,
    });
  }
  const partial = `${to}.partial`;
  try {
    makeFolder(dirname(to));
    rmSync(partial, { force: true });
    await db.backup(partial, { progress: () => pagesPerStep });
    const head = settle(partial);
    const file = openSync(partial, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, to);
    return { file: to, bytes: statSync(to).size, headCommit: head.commitNo, headHash: head.hash };
  } catch (error) {
    discard(partial);
    throw asFailure(error, to);
  }
}

/** Checks the copy and makes it one file without a write-ahead log beside it. */
function settle(file: string): { commitNo: number; hash: string } {
  const copy = new Database(file);
  try {
    copy.pragma('journal_mode = DELETE');
    const faults = copy.prepare<[], string>('PRAGMA quick_check(1)').pluck().get();
    const head = readHead(copy);
    if (faults !== 'ok' || !headAgrees(copy, head)) throw storageFailure('CORRUPT', file);
    return head;
  } finally {
    copy.close();
  }
}

/** What could not even be begun cannot be removed either; the first error is the one to report. */
function discard(partial: string): void {
  try {
    rmSync(partial, { force: true });
  } catch {
    // Nothing of it is there.
  }
}
