import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backupDatabase, type BackupReport } from './backup.ts';
import { type Connection, openConnection } from './database.ts';
import { InstrumentBook } from './encode.ts';
import { exportCsv, exportJson, exportJsonFile, type ExportReport } from './export.ts';
import { asFailure } from './failure.ts';
import { JournalReader } from './journal-reader.ts';
import { JournalFailure } from './journal.ts';
import { JOURNAL_MIGRATIONS } from './schema.ts';
import { journalStats, type JournalStats } from './stats.ts';
import { verifyJournal, type VerifyReport } from './verify.ts';

export const JOURNAL_FILE = 'journal.sqlite';
export const MARKET_FILE = 'market.sqlite';

/** What can be done with a journal without writing to it; safe beside a running engine. */
export class JournalInspection {
  readonly file: string;
  readonly #db: Connection;

  constructor(db: Connection, file: string) {
    this.#db = db;
    this.file = file;
  }

  verify(): VerifyReport {
    return verifyJournal(this.#db, this.file, join(dirname(this.file), MARKET_FILE));
  }

  stats(): JournalStats {
    return journalStats(this.#db, this.file);
  }

  exportCsv(dir: string): ExportReport {
    return exportCsv(this.#db, this.file, dir);
  }

  exportJsonFile(to: string): ExportReport {
    return exportJsonFile(this.#db, this.file, to);
  }

  exportJson(sink: (text: string) => void): ExportReport {
    return exportJson(this.#db, this.file, sink);
  }
}

/** A journal opened for reading, also while an engine writes to it. */
export class JournalFile extends JournalInspection {
  readonly read: JournalReader;
  readonly #connection: Connection;

  /** Use openJournalFile. */
  constructor(db: Connection, file: string) {
    super(db, file);
    this.#connection = db;
    const book = new InstrumentBook((id) => this.read.instruments().find((instrument) => instrument.id === id));
    this.read = new JournalReader(db, book);
  }

  /** In one step: another process's writes would make a copy in steps begin again and again. */
  backup(to: string): Promise<BackupReport> {
    return backupDatabase(this.#connection, to, 0x7fffffff);
  }

  close(): void {
    this.#connection.close();
  }
}

/** Throws JournalFailure MISSING when the folder holds no journal, and the others when it cannot be read. */
export function openJournalFile(dataDir: string): JournalFile {
  const file = join(dataDir, JOURNAL_FILE);
  if (!existsSync(file)) {
    const what = existsSync(dataDir)
      ? `${dataDir} holds no journal (${JOURNAL_FILE})`
      : `The folder ${dataDir} does not exist`;
    throw new JournalFailure('MISSING', `${what}. Give the --data-dir of a session that has run.`);
  }
  const db = openConnection(file, JOURNAL_MIGRATIONS, { readonly: true, synchronous: 'FULL' });
  try {
    return new JournalFile(db, file);
  } catch (error) {
    db.close();
    throw asFailure(error, file);
  }
}
