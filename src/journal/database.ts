import { accessSync, constants, existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { asFailure, storageFailure } from './failure.ts';
import { makeFolder } from './make-folder.ts';
import { APPLICATION_ID } from './schema.ts';

export type Connection = Database.Database;

export interface ConnectionOptions {
  readonly readonly?: boolean;
  /** FULL survives a power cut at any commit; NORMAL may lose the last commits then, never consistency. */
  readonly synchronous: 'FULL' | 'NORMAL';
  /** How long to wait for another program's lock. Default 2,000 ms. */
  readonly busyTimeoutMs?: number;
  /** Upper bound of the file in pages of 4 KiB; beyond it a commit fails as on a full disk. */
  readonly maxPages?: number;
}

/** Runs `work`; errors of SQLite and the file system leave as JournalFailure about `file`. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asFailure(error, file);
  }
}

/** Makes the folder and asks for write permission first: SQLite only says that it cannot open the file. */
export function makeWritable(dataDir: string, file: string): void {
  guarded(dataDir, () => {
    makeFolder(dataDir, 0o700);
    accessSync(dataDir, constants.W_OK);
  });
  guarded(file, () => {
    if (existsSync(file)) accessSync(file, constants.W_OK);
  });
}

/**
 * Opens `file` and brings its schema up to date. Throws JournalFailure; a file that is not ours, is damaged or comes
 * from a newer version is not written to.
 */
export function openConnection(file: string, migrations: readonly string[], options: ConnectionOptions): Connection {
  const readonly = options.readonly === true;
  const db = guarded(
    file,
    () => new Database(file, { readonly, fileMustExist: readonly, timeout: options.busyTimeoutMs ?? 2_000 }),
  );
  try {
    const version = inspect(db, file, migrations.length, readonly);
    if (!readonly) {
      configure(db, options);
      migrate(db, version, migrations);
    }
    return db;
  } catch (error) {
    db.close();
    throw asFailure(error, file);
  }
}

/** The schema version, after making sure that the file is ours. Only reads. */
function inspect(db: Connection, file: string, newest: number, readonly: boolean): number {
  const version = Number(db.pragma('user_version', { simple: true }));
  const owner = Number(db.pragma('application_id', { simple: true }));
  const empty = db.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0;
  if (empty && version === 0 && !readonly) return 0;
  if (owner !== APPLICATION_ID || version < 1) throw storageFailure('CORRUPT', file);
  if (version > newest) throw storageFailure('NEWER_SCHEMA', file);
  return version;
}

function configure(db: Connection, options: ConnectionOptions): void {
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${options.synchronous}`);
  // macOS: fsync alone does not reach the platter. No effect elsewhere.
  db.pragma('fullfsync = ON');
  db.pragma('foreign_keys = ON');
  db.pragma('journal_size_limit = 67108864');
  if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`);
}

/** Forward only, one transaction per step. */
function migrate(db: Connection, version: number, migrations: readonly string[]): void {
  for (let next = version; next < migrations.length; next += 1) {
    const step = migrations[next];
    if (step === undefined) continue;
    db.transaction(() => {
      db.exec(step);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${next + 1}`);
    }).immediate();
  }
}

/** Runs `work` on one unchanging picture of the database, whatever a writer does meanwhile. */
export function inSnapshot<T>(db: Connection, work: () => T): T {
  if (db.inTransaction) return work();
  return db.transaction(work).deferred();
}
