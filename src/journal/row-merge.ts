import type { Connection } from './database.ts';
import type { Statement } from 'better-sqlite3';
import type { Row } from './columns.ts';
import { HASHED_TABLES, selectRows, type Table } from './tables.ts';

export interface MergedRow {
  readonly table: Table;
  readonly seq: number;
  readonly sessionId: string | null;
  /** seq, session_id, then the columns of the table. */
  readonly row: Row;
}

/** Rows fetched at once from a table: one call per row would cost more than the row. */
const PAGE = 1_000;

class Source {
  readonly table: Table;
  row: Row | null = null;
  seq = Number.POSITIVE_INFINITY;
  readonly #statement: Statement<[number, number], Row>;
  readonly #last: number;
  #after: number;
  #rows: Row[] = [];
  #next = 0;
  #more = true;

  constructor(db: Connection, table: Table, first: number, last: number) {
    this.table = table;
    const sql = selectRows(table, `WHERE t.seq > ? AND t.seq <= ? ORDER BY t.seq LIMIT ${PAGE}`);
    this.#statement = db.prepare<[number, number], Row>(sql).raw(true);
    this.#last = last;
    this.#after = first - 1;
    this.advance();
  }

  advance(): void {
    if (this.#next === this.#rows.length && this.#more) {
      this.#rows = this.#statement.all(this.#after, this.#last);
      this.#next = 0;
      this.#more = this.#rows.length === PAGE;
      this.#after = Number(this.#rows.at(-1)?.[0] ?? this.#after);
    }
    this.row = this.#rows[this.#next] ?? null;
    this.seq = this.row === null ? Number.POSITIVE_INFINITY : Number(this.row[0]);
    this.#next += 1;
  }
}

/** All rows of all hashed tables numbered first..last, in the order in which they were written. */
export function* mergedRows(db: Connection, first: number, last: number): Generator<MergedRow> {
  const sources = HASHED_TABLES.map((table) => new Source(db, table, first, last));
  for (;;) {
    let least: Source | null = null;
    for (const source of sources) if (least === null || source.seq < least.seq) least = source;
    if (least === null || least.row === null) return;
    const { table, seq, row } = least;
    const sessionId = row[1] ?? null;
    least.advance();
    yield { table, seq, sessionId: sessionId === null ? null : String(sessionId), row };
  }
}
