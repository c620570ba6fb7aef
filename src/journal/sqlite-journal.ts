import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import type { Statement } from 'better-sqlite3';
import { backupDatabase, type BackupReport } from './backup.ts';
import { type ChainHead, headAgrees, linkHash, readHead } from './chain.ts';
import { type Connection, guarded, inSnapshot, makeWritable, openConnection } from './database.ts';
import { InstrumentBook } from './encode.ts';
import { asFailure, storageFailure } from './failure.ts';
import { digestSoFar, sessionHash } from './fingerprint.ts';
import { JOURNAL_FILE, JournalInspection } from './journal-file.ts';
import { JournalReader } from './journal-reader.ts';
import { type Journal, JournalFailure, type JournalRecord } from './journal.ts';
import { type PruneOptions, type PruneReport, pruneJournal } from './prune.ts';
import { RowWriter } from './row-writer.ts';
import { JOURNAL_MIGRATIONS } from './schema.ts';
import { TradeNotes } from './trade-notes.ts';
import { WriterLock } from './writer-lock.ts';

export interface JournalOptions {
  /**
   * Fault injection. `before`: the rows of commit `n` are written but not committed; `after`: they are durable and the
   * caller has not been told. An error thrown in `before` rolls the commit back.
   */
  readonly onCommit?: (n: number, phase: 'before' | 'after') => void;
  readonly busyTimeoutMs?: number;
  /** Upper bound of the file in pages of 4 KiB; beyond it a commit fails as on a full disk. */
  readonly maxPages?: number;
}

/** Opens the journal of a data folder for writing, making both when missing. Throws JournalFailure. */
export function openJournal(dataDir: string, options: JournalOptions = {}): SqliteJournal {
  const file = join(dataDir, JOURNAL_FILE);
  makeWritable(dataDir, file);
  const lock = WriterLock.acquire(dataDir);
  try {
    const db = openConnection(file, JOURNAL_MIGRATIONS, { ...options, synchronous: 'FULL' });
    try {
      return new SqliteJournal(db, file, lock, options);
    } catch (error) {
      db.close();
      throw asFailure(error, file);
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

export class SqliteJournal extends JournalInspection implements Journal {
  readonly read: JournalReader;
  readonly notes: TradeNotes;
  readonly #db: Connection;
  readonly #lock: WriterLock;
  readonly #book = new InstrumentBook();
  readonly #writer: RowWriter;
  readonly #onCommit: JournalOptions['onCommit'];
  readonly #begin: Statement<[]>;
  readonly #end: Statement<[]>;
  readonly #rollback: Statement<[]>;
  readonly #insertLink: Statement<[number, number, number, number | null, string]>;
  readonly #moveHead: Statement<[number, number, string]>;
  #head: ChainHead = { commitNo: 0, seq: 0, hash: '' };
  #sessionId: string | null = null;
  #fingerprintSession: string | null = null;
  /** Null: to be recomputed from the rows when it is asked for. */
  #fingerprint: Hash | null = createHash('sha256');
  /** After a failed write-out nobody knows what the disk holds; only a restart does. */
  #broken: JournalFailure | null = null;

  /** Use openJournal. */
  constructor(db: Connection, file: string, lock: WriterLock, options: JournalOptions) {
    super(db, file);
    this.#db = db;
    this.#lock = lock;
    this.#onCommit = options.onCommit;
    this.#writer = new RowWriter(db, this.#book);
    this.read = new JournalReader(db, this.#book);
    this.notes = new TradeNotes(db, file);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#end = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
    this.#insertLink = db.prepare('INSERT INTO audit_chain VALUES (?, ?, ?, ?, ?)');
    this.#moveHead = db.prepare('UPDATE chain_head SET commit_no = ?, seq = ?, hash = ?');
    this.#reload();
  }

  /** The commit number and hash that stand for everything written so far. */
  get head(): ChainHead {
    return this.#head;
  }

  /** Rows, hash and head become durable together. Throws JournalFailure; then nothing of it is in the journal. */
  commit(records: readonly JournalRecord[]): void {
    if (records.length === 0) return;
    this.#transact((writer) => {
      for (const record of records) writer.write(record);
    });
  }

  fingerprint(): string {
    const sessionId = this.#fingerprintSession;
    if (this.#fingerprint === null) {
      this.#fingerprint =
        sessionId === null
          ? createHash('sha256')
          : guarded(this.file, () => inSnapshot(this.#db, () => sessionHash(this.#db, sessionId)));
    }
    return digestSoFar(this.#fingerprint);
  }

  /** Copies the journal while it goes on being written; yields to the event loop between steps. */
  backup(to: string): Promise<BackupReport> {
    return backupDatabase(this.#db, to, 500);
  }

  /** Removes old ended sessions, see prune.ts; recorded in the chain. */
  prune(options: PruneOptions): PruneReport {
    let report: PruneReport | null = null;
    this.#transact((writer) => {
      writer.sessionId = null;
      report = pruneJournal(this.#db, writer, options);
      writer.sessionId = this.#sessionId;
    });
    // The compiler does not see that the callback ran.
    return report ?? { sessions: 0, commits: 0, rows: 0 };
  }

  /** The cut-off for market data: never what a running session may still need. */
  marketCutoff(cutoff: number): number {
    const running = this.read.sessions().filter((session) => session.status === 'running');
    return running.reduce((earliest, session) => Math.min(earliest, session.startedAt), cutoff);
  }

  /** Gives freed pages back to the disk. Needs as much free space as the journal is large. */
  compact(): void {
    guarded(this.file, () => this.#db.exec('VACUUM'));
  }

  close(): void {
    if (this.#db.open) {
      try {
        this.#db.close();
      } finally {
        this.#lock.release();
      }
    }
  }

  #transact(write: (writer: RowWriter) => void): void {
    if (this.#broken !== null) throw this.#broken;
    const writer = this.#writer;
    const commitNo = this.#head.commitNo + 1;
    const firstSeq = this.#head.seq + 1;
    let hash: string;
    try {
      this.#begin.run();
      writer.begin(this.#head.seq, this.#sessionId, this.#fingerprintSession);
      write(writer);
      writer.finish();
      if (writer.seq < firstSeq) {
        this.#rollback.run();
        return;
      }
      const link = { commitNo, firstSeq, lastSeq: writer.seq, at: writer.at };
      hash = linkHash(this.#head.hash, link, writer.chainText);
      this.#insertLink.run(commitNo, firstSeq, writer.seq, writer.at, hash);
      this.#moveHead.run(commitNo, writer.seq, hash);
      this.#onCommit?.(commitNo, 'before');
      this.#end.run();
    } catch (error) {
      throw this.#undo(error);
    }
    this.#head = { commitNo, seq: writer.seq, hash };
    this.#sessionId = writer.sessionId;
    this.#fingerprintSession = writer.fingerprintSession;
    if (writer.fingerprintFrom === 'known') this.#fingerprint = null;
    else {
      if (writer.fingerprintFrom === 'new') this.#fingerprint = createHash('sha256');
      this.#fingerprint?.update(writer.fingerprintText);
    }
    this.#onCommit?.(commitNo, 'after');
  }

  /** Rolls back and forgets what the lost commit left in memory. */
  #undo(error: unknown): unknown {
    const failure = asFailure(error, this.file);
    try {
      if (this.#db.inTransaction) this.#rollback.run();
      this.#writer.forget();
      this.#reload();
    } catch (second) {
      const worse = asFailure(second, this.file);
      this.#broken = worse instanceof JournalFailure ? worse : storageFailure('IO', this.file, second);
    }
    if (failure instanceof JournalFailure && (failure.code === 'IO' || failure.code === 'CORRUPT')) {
      this.#broken = failure;
    }
    return failure;
  }

  #reload(): void {
    const head = readHead(this.#db);
    if (!headAgrees(this.#db, head)) throw storageFailure('CORRUPT', this.file);
    this.#head = head;
    this.#book.clear();
    for (const instrument of this.read.instruments()) this.#book.set(instrument);
  }
}
