import { JournalFailure, type JournalFailureCode } from './journal.ts';

/** What to tell the user for each way storage can refuse. `file` is the file concerned. */
const SENTENCES: Readonly<Record<Exclude<JournalFailureCode, 'INVALID_RECORD' | 'MISSING'>, (file: string) => string>> =
  {
    DISK_FULL: (file) => `The disk holding ${file} is full; nothing was written. Free some space, then try again.`,
    LOCKED: (file) => `${file} is in use by another program; nothing was written. Close that program, then try again.`,
    CORRUPT: (file) =>
      `${file} is damaged or is not a Tradewright journal. It was left untouched: restore a backup over it, or move it away to start a new one.`,
    READ_ONLY: (file) => `${file} cannot be written: it or its folder is read-only. Give this user write permission.`,
    IO: (file) => `Reading or writing ${file} failed. Check the disk and that the folder is reachable, then restart.`,
    NEWER_SCHEMA: (file) =>
      `${file} was written by a newer version of Tradewright. Update the program; the file was left untouched.`,
  };

export function storageFailure(code: keyof typeof SENTENCES, file: string, cause?: unknown): JournalFailure {
  return new JournalFailure(code, SENTENCES[code](file), { cause });
}

/** SQLite's extended codes start with the primary code: SQLITE_IOERR_FSYNC, SQLITE_BUSY_SNAPSHOT, ... */
const BY_PREFIX: readonly (readonly [string, keyof typeof SENTENCES])[] = [
  ['SQLITE_FULL', 'DISK_FULL'],
  ['SQLITE_BUSY', 'LOCKED'],
  ['SQLITE_LOCKED', 'LOCKED'],
  ['SQLITE_CORRUPT', 'CORRUPT'],
  ['SQLITE_NOTADB', 'CORRUPT'],
  ['SQLITE_READONLY', 'READ_ONLY'],
  ['SQLITE_PERM', 'READ_ONLY'],
  ['SQLITE_AUTH', 'READ_ONLY'],
  ['SQLITE_IOERR', 'IO'],
  ['SQLITE_CANTOPEN', 'IO'],
  ['SQLITE_PROTOCOL', 'IO'],
  ['SQLITE_NOLFS', 'IO'],
  ['ENOSPC', 'DISK_FULL'],
  ['EDQUOT', 'DISK_FULL'],
  ['EACCES', 'READ_ONLY'],
  ['EPERM', 'READ_ONLY'],
  ['EROFS', 'READ_ONLY'],
];

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** The JournalFailure for an error of SQLite or of the file system; anything else comes back as it is (a bug). */
export function asFailure(error: unknown, file: string): unknown {
  if (error instanceof JournalFailure) return error;
  const code = codeOf(error);
  for (const [prefix, failure] of BY_PREFIX) {
    if (code.startsWith(prefix)) return storageFailure(failure, file, error);
  }
  if (code.startsWith('SQLITE_CONSTRAINT')) {
    const detail = error instanceof Error ? error.message : code;
    return new JournalFailure(
      'INVALID_RECORD',
      `The journal refused a record that contradicts what it holds (${detail}); nothing was written.`,
      { cause: error },
    );
  }
  // ENOENT, EIO, ...; ERR_... are Node's names for wrong use, which is a bug.
  if (/^E[A-Z]+$/.test(code)) return storageFailure('IO', file, error);
  return error;
}

export function invalidRecord(sentence: string): JournalFailure {
  return new JournalFailure('INVALID_RECORD', sentence);
}
