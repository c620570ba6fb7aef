import type { EpochMs } from '../domain/units.ts';
import { type Connection, guarded } from './database.ts';

/** What the trader thinks of a trade. Latest only; every change is in the audit log as the command that made it. */
export interface TradeNote {
  readonly trade: string;
  readonly at: EpochMs;
  readonly note: string;
  readonly tags: readonly string[];
  /** 1 to 5; null = not rated. */
  readonly rating: number | null;
}

interface NoteRow {
  readonly trade: string;
  readonly at: number;
  readonly note: string;
  readonly tags: string;
  readonly rating: number | null;
}

const COLUMNS = 'SELECT trade_id AS trade, at, note, tags, rating FROM trade_note';

/** Throws JournalFailure. */
export class TradeNotes {
  readonly #db: Connection;
  readonly #file: string;

  constructor(db: Connection, file: string) {
    this.#db = db;
    this.#file = file;
  }

  get(trade: string): TradeNote | null {
    const row = guarded(this.#file, () =>
      this.#db.prepare<[string], NoteRow>(`${COLUMNS} WHERE trade_id = ?`).get(trade),
    );
    return row === undefined ? null : noteOf(row);
  }

  of(trades: readonly string[]): ReadonlyMap<string, TradeNote> {
    const sql = `${COLUMNS} WHERE trade_id IN (SELECT value FROM json_each(?))`;
    const rows = guarded(this.#file, () => this.#db.prepare<[string], NoteRow>(sql).all(JSON.stringify(trades)));
    return new Map(rows.map((row) => [row.trade, noteOf(row)]));
  }

  /** Every tag in use with its number of trades, the most used first. */
  tags(): readonly { readonly tag: string; readonly trades: number }[] {
    const sql =
      'SELECT value AS tag, count(*) AS trades FROM trade_note, json_each(trade_note.tags) ' +
      'GROUP BY value ORDER BY trades DESC, tag';
    return guarded(this.#file, () => this.#db.prepare<[], { tag: string; trades: number }>(sql).all());
  }

  put({ trade, at, note, tags, rating }: TradeNote): void {
    const sql = 'INSERT OR REPLACE INTO trade_note (trade_id, at, note, tags, rating) VALUES (?, ?, ?, ?, ?)';
    guarded(this.#file, () => this.#db.prepare(sql).run(trade, at, note, JSON.stringify(tags), rating));
  }
}

function noteOf({ tags, ...row }: NoteRow): TradeNote {
  return { ...row, tags: JSON.parse(tags) as readonly string[] };
}
