import { existsSync, statSync } from 'node:fs';
import { readHead } from './chain.ts';
import { type Connection, guarded, inSnapshot } from './database.ts';
import { IS_OPEN } from './journal-reader.ts';

/** Row counts and sizes, flat. Bytes of files that do not exist are 0. */
export interface JournalStats {
  readonly schema: number;
  readonly journalBytes: number;
  readonly walBytes: number;
  readonly sessions: number;
  readonly runningSessions: number;
  readonly accounts: number;
  readonly instruments: number;
  readonly orders: number;
  readonly openOrders: number;
  readonly orderEvents: number;
  readonly executions: number;
  readonly positions: number;
  readonly balances: number;
  readonly snapshots: number;
  readonly signals: number;
  readonly commands: number;
  readonly auditRecords: number;
  readonly commits: number;
  readonly prunedCommits: number;
  readonly headCommit: number;
  readonly headHash: string;
}

function bytes(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

export function journalStats(db: Connection, file: string): JournalStats {
  const count = (sql: string): number => Number(db.prepare(`SELECT count(*) FROM ${sql}`).pluck().get());
  return guarded(file, () =>
    inSnapshot(db, () => {
      const head = readHead(db);
      const commits = count('audit_chain');
      return {
        schema: Number(db.pragma('user_version', { simple: true })),
        journalBytes: bytes(file),
        walBytes: bytes(`${file}-wal`),
        sessions: count('session'),
        runningSessions: count("session WHERE status = 'running'"),
        accounts: count('account'),
        instruments: count('instrument'),
        orders: count('orders'),
        openOrders: count(`orders WHERE ${IS_OPEN}`),
        orderEvents: count('order_event'),
        executions: count('execution'),
        positions: count('current_position'),
        balances: count('current_balance'),
        snapshots: count('snapshot'),
        signals: count('signal'),
        commands: count('command'),
        auditRecords: count('audit'),
        commits,
        prunedCommits: head.commitNo - commits,
        headCommit: head.commitNo,
        headHash: head.hash,
      };
    }),
  );
}
