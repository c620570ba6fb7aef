import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RefusalError } from '../domain/refusal.ts';
import { type Connection, guarded, inSnapshot } from './database.ts';
import { makeFolder } from './make-folder.ts';

/** What an export holds, in this order; the name is also the CSV file's. */
const EXPORTED = [
  'session',
  'session_history',
  'account',
  'account_history',
  'instrument',
  'instrument_history',
  'orders',
  'order_event',
  'execution',
  'position',
  'balance',
  'snapshot',
  'signal',
  'command',
  'audit',
  'checkpoint',
  'audit_chain',
] as const;

/** Characters gathered before they are handed on. */
const CHUNK = 1 << 16;

export interface ExportReport {
  readonly tables: number;
  readonly rows: number;
}

type Cell = string | number | null;

/** Hands text on in large pieces: a write per row would make a system call of each. */
class Gathered {
  readonly #sink: (text: string) => void;
  #text = '';

  constructor(sink: (text: string) => void) {
    this.#sink = sink;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length >= CHUNK) this.flush();
  }

  flush(): void {
    if (this.#text !== '') this.#sink(this.#text);
    this.#text = '';
  }
}

function eachTable(
  db: Connection,
  visit: (name: string, columns: readonly string[], rows: Iterable<readonly Cell[]>) => void,
): void {
  for (const name of EXPORTED) {
    const statement = db.prepare<[], Cell[]>(`SELECT * FROM ${name} ORDER BY rowid`).raw(true);
    const columns = statement.columns().map((column) => column.name);
    visit(name, columns, statement.iterate());
  }
}

/** One JSON document {table: [row, ...]}; decimals stay text, so nothing is rounded on the way out. */
export function exportJson(db: Connection, file: string, sink: (text: string) => void): ExportReport {
  const out = new Gathered(sink);
  let total = 0;
  let tables = 0;
  guarded(file, () =>
    inSnapshot(db, () => {
      eachTable(db, (name, columns, rows) => {
        out.add(`${tables === 0 ? '{' : ',\n'}${JSON.stringify(name)}:[`);
        tables += 1;
        let separator = '\n';
        for (const row of rows) {
          out.add(
            separator + JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null]))),
          );
          separator = ',\n';
          total += 1;
        }
        out.add(']');
      });
      out.add('}\n');
      out.flush();
    }),
  );
  return { tables, rows: total };
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  // An empty text is quoted to tell it from null; the rest is RFC 4180.
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A file per table in the new or empty folder `dir`. Refuses EXPORT_EXISTS when something is there. */
export function exportCsv(db: Connection, file: string, dir: string): ExportReport {
  let total = 0;
  let tables = 0;
  guarded(dir, () => {
    if (existsSync(dir) && readdirSync(dir).length > 0) throw exportExists(dir);
    makeFolder(dir);
  });
  guarded(file, () =>
    inSnapshot(db, () => {
      eachTable(db, (name, columns, rows) => {
        const target = join(dir, `${name}.csv`);
        tables += 1;
        writeWhole(target, (write) => {
          const out = new Gathered(write);
          out.add(`${columns.join(',')}\n`);
          for (const row of rows) {
            out.add(`${row.map(csvCell).join(',')}\n`);
            total += 1;
          }
          out.flush();
        });
      });
    }),
  );
  return { tables, rows: total };
}

/** The JSON document as a new file. Refuses EXPORT_EXISTS. */
export function exportJsonFile(db: Connection, file: string, to: string): ExportReport {
  if (existsSync(to)) throw exportExists(to);
  let report: ExportReport = { tables: 0, rows: 0 };
  writeWhole(to, (write) => {
    report = exportJson(db, file, write);
  });
  return report;
}

/** The file appears under its name only when it is complete. */
function writeWhole(to: string, produce: (write: (text: string) => void) => void): void {
  const partial = `${to}.partial`;
  guarded(to, () => {
    makeFolder(dirname(to));
    const handle = openSync(partial, 'w');
    try {
      produce((text) => {
        const bytes = Buffer.from(text);
        for (let from = 0; from < bytes.length;) from += writeSync(handle, bytes, from);
      });
      fsyncSync(handle);
    } catch (error) {
      rmSync(partial, { force: true });
      throw error;
    } finally {
      closeSync(handle);
    }
    renameSync(partial, to);
  });
}

function exportExists(to: string): RefusalError {
  return new RefusalError({
    code: 'EXPORT_EXISTS',
    sentence: `${to} already exists; an export never overwrites anything. Choose another path.`,
  });
}
