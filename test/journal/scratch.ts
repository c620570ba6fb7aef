import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { JournalFailure, type JournalFailureCode, type JournalRecord } from '../../src/journal/journal.ts';
import { type JournalOptions, openJournal, type SqliteJournal } from '../../src/journal/sqlite-journal.ts';
import { lifeOfOrder, opening, otherRecords } from './records.ts';

/** A folder that goes when the test ends. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tradewright-journal-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** An open journal that is closed before its folder goes. */
export function scratchJournal(dir: string, options: JournalOptions = {}): SqliteJournal {
  const journal = openJournal(dir, options);
  onTestFinished(() => journal.close());
  return journal;
}

/** Commits of a small session with a row in every table of the journal. */
export function smallSession(id: string, at?: number): JournalRecord[][] {
  return [opening(id), ...lifeOfOrder('o1', at), otherRecords(at), ...lifeOfOrder('o2', at)];
}

export function commitAll(
  journal: { commit(records: readonly JournalRecord[]): void },
  commits: JournalRecord[][],
): void {
  for (const records of commits) journal.commit(records);
}

/** The failure that `work` throws. */
export function failureOf(work: () => unknown): { code: JournalFailureCode; sentence: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof JournalFailure) return { code: error.code, sentence: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}
