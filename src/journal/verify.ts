import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { readHead } from './chain.ts';
import { type Connection, inSnapshot } from './database.ts';
import { asFailure } from './failure.ts';
import { JournalFailure } from './journal.ts';
import { Problems } from './problems.ts';
import { verifyChain } from './verify-chain.ts';
import { verifyFills, verifyPresentState, verifyReferences } from './verify-tables.ts';

export interface VerifyReport {
  readonly ok: boolean;
  readonly problems: readonly string[];
  /** Commits and rows whose hash was recomputed; pruned ones are not among them. */
  readonly commits: number;
  readonly rows: number;
  /** Stands for everything up to the last commit: written down elsewhere, it proves later that nothing was changed. */
  readonly headCommit: number;
  readonly headHash: string;
}

/** Checks the file, the audit chain, and that the tables agree with each other. Never throws for a damaged file. */
export function verifyJournal(db: Connection, file: string, marketFile: string | null): VerifyReport {
  const problems = new Problems();
  let counted = { commits: 0, rows: 0 };
  let head = { commitNo: 0, hash: '' };
  try {
    inSnapshot(db, () => {
      if (!sound(db, file, problems)) return;
      head = readHead(db);
      counted = verifyChain(db, problems);
      verifyPresentState(db, problems);
      verifyReferences(db, problems);
      verifyFills(db, problems);
    });
  } catch (error) {
    problems.add(sentenceOf(error, file));
  }
  if (marketFile !== null && existsSync(marketFile)) verifyMarketFile(marketFile, problems);
  const list = problems.list();
  return { ok: list.length === 0, problems: list, ...counted, headCommit: head.commitNo, headHash: head.hash };
}

/** SQLite's own check. When it fails, further checks would only report consequences. */
function sound(db: Connection, file: string, problems: Problems): boolean {
  const faults = db.prepare<[], string>('PRAGMA integrity_check(20)').pluck().all();
  if (faults.length === 1 && faults[0] === 'ok') {
    for (const row of db.prepare<[], unknown[]>('PRAGMA foreign_key_check').raw(true).iterate()) {
      problems.add(
        `${String(row[0])}: row ${String(row[1])} refers to a row of ${String(row[2])} that does not exist.`,
      );
    }
    return true;
  }
  for (const fault of faults) problems.add(`${file} is damaged: ${fault}`);
  return false;
}

function verifyMarketFile(file: string, problems: Problems): void {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 });
    try {
      sound(db, file, problems);
    } finally {
      db.close();
    }
  } catch (error) {
    problems.add(sentenceOf(error, file));
  }
}

/** A journal so damaged that a check cannot run is a finding; any other error is a bug and goes on. */
function sentenceOf(error: unknown, file: string): string {
  const failure = asFailure(error, file);
  if (failure instanceof JournalFailure) return failure.message;
  if (failure instanceof Error && failure.name === 'SqliteError') return `${file} cannot be read: ${failure.message}`;
  throw failure;
}
