import { RefusalError } from '../domain/refusal.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import { MemoryJournal } from '../journal/memory-journal.ts';
import type { SqliteJournal } from '../journal/sqlite-journal.ts';

/**
 * Takes a session up again after a crash. The core is deterministic, so it is run from its inputs once more; what is in the
 * journal already is compared and not written again, and from the first record that the crash lost on, writing goes on.
 * Nothing is lost and nothing is there twice, or the session is refused.
 */
export class ResumingJournal implements Journal {
  readonly #journal: SqliteJournal;
  readonly #before = new MemoryJournal();
  #left: number;
  /** Why the session cannot go on; the core takes the exception for a failed journal and stops. */
  mismatch: RefusalError | null = null;

  /** `recorded`: records of the session in the journal, its session rows not counted. */
  constructor(journal: SqliteJournal, recorded: number) {
    this.#journal = journal;
    this.#left = recorded;
  }

  commit(records: readonly JournalRecord[]): void {
    if (this.mismatch !== null) throw this.mismatch;
    if (this.#left === 0) {
      this.#journal.commit(records);
      return;
    }
    const own = records.filter((record) => record.kind !== 'session').length;
    this.#before.commit(records);
    this.#left -= own;
    if (this.#left > 0) return;
    // A commit is in the journal whole or not at all, so the count comes out even unless the inputs were others.
    if (this.#left < 0 || this.#before.fingerprint() !== this.#journal.fingerprint()) {
      this.mismatch = differs();
      throw this.mismatch;
    }
  }

  /** Call when the run is over: fewer records than before are a difference, too. */
  end(): void {
    if (this.#left > 0) this.mismatch ??= differs();
    if (this.mismatch !== null) throw this.mismatch;
  }

  fingerprint(): string {
    return this.#left === 0 ? this.#journal.fingerprint() : this.#before.fingerprint();
  }

  close(): void {
    this.#journal.close();
  }
}

function differs(): RefusalError {
  return new RefusalError({
    code: 'RESUME_MISMATCH',
    sentence:
      'The recorded part of this session does not come out again from its inputs; the session cannot be resumed. Its journal is unchanged.',
  });
}
