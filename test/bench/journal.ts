import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { openJournal } from '../../src/journal/sqlite-journal.ts';
import { lifeOfOrder, opening, T0 } from '../journal/records.ts';

export interface JournalBench {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number;
  readonly floorName: string;
}

/** Orders per run; each is 10 records. */
const ORDERS = 400;
/** Orders committed together. 1 is the live shape, where the disk's flush dominates; 25 shows the cost of our code. */
const BATCHES = [1, 25] as const;
const ROUNDS = 5;

type Row = readonly (string | number | null)[];
interface Insert {
  readonly table: string;
  readonly row: Row;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function commits(batch: number): JournalRecord[][] {
  const result: JournalRecord[][] = [];
  let open: JournalRecord[] = [];
  for (let n = 0; n < ORDERS; n += 1) {
    for (const records of lifeOfOrder(`o-${n}`, T0 + n * 10)) {
      if (batch === 1) result.push(records);
      else open.push(...records);
    }
    if (batch > 1 && (n + 1) % batch === 0) {
      result.push(open);
      open = [];
    }
  }
  if (open.length > 0) result.push(open);
  return result;
}

/** Our journal: encoding, hash chain, fingerprint and all. Returns rows per second and leaves its rows in `dir`. */
function runJournal(dir: string, work: readonly JournalRecord[][]): number {
  const journal = openJournal(dir);
  journal.commit(opening('bench'));
  const before = journal.head.seq;
  const start = performance.now();
  for (const records of work) journal.commit(records);
  const seconds = (performance.now() - start) / 1_000;
  const rows = journal.head.seq - before;
  journal.close();
  return rows / seconds;
}

/** The rows of a journal in their order, cut into the same transactions. */
function recorded(dir: string): { schema: string[]; before: Insert[]; transactions: Insert[][] } {
  const db = new Database(join(dir, 'journal.sqlite'), { readonly: true });
  const schema = db
    .prepare<[], string>("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  const all: Insert[] = [];
  // An order is one row here too; its later changes cost the bare program nothing.
  for (const table of [
    'session',
    'account',
    'instrument',
    'session_history',
    'account_history',
    'instrument_history',
    'orders',
    'order_event',
    'execution',
    'position',
    'balance',
  ]) {
    const rows = db.prepare<[], Row>(`SELECT * FROM ${table}`).raw(true).all();
    const columns = db
      .prepare(`SELECT * FROM ${table}`)
      .columns()
      .map((column) => column.name);
    const seq = columns.indexOf('seq');
    for (const row of rows) all.push({ table, row: [...row, Number(row[seq])] });
  }
  const seqOf = (insert: Insert): number => Number(insert.row.at(-1));
  const ordered = all.toSorted((a, b) => seqOf(a) - seqOf(b));
  const links = db.prepare<[], [number, number]>('SELECT first_seq, last_seq FROM audit_chain ORDER BY commit_no');
  const cut = links
    .raw(true)
    .all()
    .map(([first, last]) =>
      ordered
        .filter((insert) => seqOf(insert) >= first && seqOf(insert) <= last)
        .map(({ table, row }) => ({ table, row: row.slice(0, -1) })),
    );
  db.close();
  return { schema, before: cut[0] ?? [], transactions: cut.slice(1) };
}

/** The floor: the same rows into the same tables and indexes in the same transactions, by better-sqlite3 alone. */
function runBare(dir: string, from: ReturnType<typeof recorded>, rows: number): number {
  const db = new Database(join(dir, 'bare.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  for (const sql of from.schema) db.exec(sql);
  const statements = new Map<string, Database.Statement<unknown[]>>();
  const insert = (each: Insert): void => {
    let statement = statements.get(each.table);
    if (statement === undefined) {
      statement = db.prepare(`INSERT INTO ${each.table} VALUES (${each.row.map(() => '?').join(', ')})`);
      statements.set(each.table, statement);
    }
    statement.run(each.row);
  };
  const write = db.transaction((inserts: readonly Insert[]) => {
    for (const each of inserts) insert(each);
  });
  write(from.before);
  const start = performance.now();
  for (const transaction of from.transactions) write.immediate(transaction);
  const seconds = (performance.now() - start) / 1_000;
  db.close();
  return rows / seconds;
}

/** Journal rows per second beside bare better-sqlite3; medians of interleaved rounds in one run. */
export function benchJournal(): JournalBench[] {
  return BATCHES.map((batch) => {
    const work = commits(batch);
    const rows = work.reduce((sum, records) => sum + records.length, 0);
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const dir = mkdtempSync(join(tmpdir(), 'bench-journal-'));
      try {
        ours.push(runJournal(dir, work));
        bare.push(runBare(dir, recorded(dir), rows));
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    }
    const size = Math.round(rows / work.length);
    return {
      name: `journal rows, ${size} per commit`,
      value: median(ours),
      unit: 'rows/s',
      floor: median(bare),
      floorName: 'bare better-sqlite3, same rows and transactions',
    };
  });
}

if (process.argv[1] === import.meta.filename) {
  for (const { name, value, unit, floor, floorName } of benchJournal()) {
    console.log(
      `${name}: ${Math.round(value)} ${unit}; ${floorName}: ${Math.round(floor)}; ${(value / floor).toFixed(2)}`,
    );
  }
}
