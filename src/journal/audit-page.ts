import type { Row } from './columns.ts';
import type { Connection } from './database.ts';
import { decodeAudit } from './decode.ts';
import type { AuditRecord } from './journal.ts';
import { type Page, page } from './query.ts';
import { AUDIT, selectRows } from './tables.ts';

export interface StoredAudit {
  readonly sequence: number;
  readonly audit: AuditRecord;
  /** The chain's hash of the commit it came with. */
  readonly hash: string;
}

/** Newest first, before the row `before`. */
export function readAuditPage(db: Connection, before: number, limit: number): Page<StoredAudit> {
  const rows = db
    .prepare<[number, number], Row>(selectRows(AUDIT, 'WHERE t.seq < ? ORDER BY t.seq DESC LIMIT ?'))
    .raw(true)
    .all(before, limit + 1);
  const hashOf = commitHashes(db);
  return page(rows, limit, (row) => {
    const sequence = Number(row[0]);
    return { sequence, audit: decodeAudit(row), hash: hashOf(sequence) };
  });
}

/** Commits are numbered in the order of their rows, so the commit of a row is found by halving. */
function commitHashes(db: Connection): (seq: number) => string {
  const from = db
    .prepare<[number], Row>(
      'SELECT commit_no, last_seq, hash FROM audit_chain WHERE commit_no >= ? ORDER BY commit_no LIMIT 1',
    )
    .raw(true);
  const last = Number(db.prepare('SELECT max(commit_no) FROM audit_chain').pluck().get() ?? 0);
  return (seq) => {
    let low = 1;
    let high = last;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = from.get(middle);
      if (row === undefined || Number(row[1]) >= seq) high = middle;
      else low = Number(row[0]) + 1;
    }
    return String(from.get(low)?.[2] ?? '');
  };
}
