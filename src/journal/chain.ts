import { hash } from 'node:crypto';
import type { Connection } from './database.ts';
import { chainLine, rowText } from './tables.ts';
import type { MergedRow } from './row-merge.ts';

/** One link of the audit chain: what was committed together, and the hash of that and everything before. */
export interface ChainLink {
  readonly commitNo: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Latest instant the commit speaks of. */
  readonly at: number | null;
  readonly hash: string;
}

export interface ChainHead {
  readonly commitNo: number;
  readonly seq: number;
  readonly hash: string;
}

/** SHA-256 over the hash before, the place in the journal and the rows (canonical JSON, one line each). */
export function linkHash(previous: string, link: Omit<ChainLink, 'hash'>, lines: string): string {
  const head = `${previous} ${link.commitNo} ${link.firstSeq} ${link.lastSeq} ${link.at ?? '-'}\n`;
  return hash('sha256', head + lines, 'hex');
}

export function lineOf(merged: MergedRow): string {
  return chainLine(merged.table, merged.sessionId, rowText(merged.table, merged.row.slice(2)));
}

export function readHead(db: Connection): ChainHead {
  const row = db
    .prepare<[], { commit_no: number; seq: number; hash: string }>(
      'SELECT commit_no, seq, hash FROM chain_head WHERE id = 1',
    )
    .get();
  return row === undefined
    ? { commitNo: -1, seq: -1, hash: '' }
    : { commitNo: row.commit_no, seq: row.seq, hash: row.hash };
}

export function toLink(row: readonly unknown[]): ChainLink {
  const at = row[3] ?? null;
  return {
    commitNo: Number(row[0]),
    firstSeq: Number(row[1]),
    lastSeq: Number(row[2]),
    at: at === null ? null : Number(at),
    hash: String(row[4]),
  };
}

export const SELECT_LINKS = 'SELECT commit_no, first_seq, last_seq, at, hash FROM audit_chain';

/** Whether the last link and the head agree: a cheap look at every start, the whole check is verify(). */
export function headAgrees(db: Connection, head: ChainHead): boolean {
  const row = db.prepare<[], unknown[]>(`${SELECT_LINKS} ORDER BY commit_no DESC LIMIT 1`).raw(true).get();
  if (row === undefined) return head.commitNo === 0 && head.seq === 0;
  const last = toLink(row);
  return last.commitNo === head.commitNo && last.lastSeq === head.seq && last.hash === head.hash;
}
