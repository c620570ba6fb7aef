import type { Connection } from './database.ts';
import type { Row } from './columns.ts';
import { HASHED_TABLES, selectRows, type Table } from './tables.ts';

export interface MergedRow {
  readonly table: Table;
  readonly seq: number;
  readonly sessionId: string | null;
  /** seq, session_id, then the columns of the table. */
  readonly row: Row;
}

interface Source {
  readonly table: Table;
  readonly rows: Iterator<Row>;
  row: Row | null;
  seq: number;
}

function advance(source: Source): void {
  const next = source.rows.next();
  source.row = next.done === true ? null : next.value;
  source.seq = source.row === null ? Number.POSITIVE_INFINITY : Number(source.row[0]);
}

/** All rows of all hashed tables numbered first..last, in the order in which they were written. */
export function* mergedRows(db: Connection, first: number, last: number): Generator<MergedRow> {
  const sources: Source[] = HASHED_TABLES.map((table) => {
    const statement = db.prepare<[number, number], Row>(
      selectRows(table, 'WHERE t.seq BETWEEN ? AND ? ORDER BY t.seq'),
    );
    const source: Source = { table, rows: statement.raw(true).iterate(first, last), row: null, seq: 0 };
    advance(source);
    return source;
  });
  try {
    for (;;) {
      let least: Source | null = null;
      for (const source of sources)
        if (source.row !== null && (least === null || source.seq < least.seq)) least = source;
      if (least === null || least.row === null) return;
      const { table, seq, row } = least;
      const sessionId = row[1] ?? null;
      advance(least);
      yield { table, seq, sessionId: sessionId === null ? null : String(sessionId), row };
    }
  } finally {
    // An iterator left open would keep the connection busy.
    for (const source of sources) source.rows.return?.();
  }
}
