import { SELECT_LINKS, toLink, type ChainLink } from './chain.ts';
import type { Connection } from './database.ts';
import { IS_OPEN } from './journal-reader.ts';
import { mergedRows, type MergedRow } from './row-merge.ts';
import type { RowWriter } from './row-writer.ts';
import {
  ACCOUNT,
  AUDIT,
  BALANCE,
  CHECKPOINT,
  COMMAND,
  EXECUTION,
  HASHED_TABLES,
  INSTRUMENT,
  ORDER,
  POSITION,
  SESSION,
  SIGNAL,
  SNAPSHOT,
  type Table,
} from './tables.ts';

export interface PruneOptions {
  readonly olderThanMs: number;
  /** Wall-clock time, since a session's age is when it was run and not what it replayed. */
  readonly now: number;
}

export interface PruneReport {
  readonly sessions: number;
  readonly commits: number;
  readonly rows: number;
}

/** Between sessions these may go by their own age; everything else there is present state. */
const LOOSE: ReadonlySet<Table> = new Set([AUDIT, COMMAND, SIGNAL, SNAPSHOT]);

/**
 * Removes whole commits of sessions that ended before now - olderThanMs. Kept: running sessions, the newest session,
 * open orders with all their rows, the latest position, balance, account, instrument, snapshot and audit rows, and
 * whatever shares a commit or an order with those. Each removed stretch leaves a checkpoint from which the chain goes on.
 */
export function pruneJournal(db: Connection, writer: RowWriter, options: PruneOptions): PruneReport {
  const cutoff = options.now - options.olderThanMs;
  const old = oldSessions(db, cutoff);
  const plan = planPrune(db, old, cutoff);
  if (plan.length === 0) return { sessions: 0, commits: 0, rows: 0 };
  const before = countSessions(db);
  let rows = 0;
  let commits = 0;
  for (const stretch of plan) {
    rows += stretch.lastSeq - stretch.firstSeq + 1;
    commits += stretch.lastCommit - stretch.firstCommit + 1;
    writer.checkpoint([stretch.firstCommit, stretch.lastCommit, stretch.firstSeq, stretch.lastSeq, stretch.hash]);
  }
  remove(db, plan);
  const report = { sessions: before - countSessions(db), commits, rows };
  writer.write({
    kind: 'audit',
    audit: {
      at: options.now,
      actor: 'user',
      action: 'journal.prune',
      reason: `Sessions that ended before ${new Date(cutoff).toISOString()} were removed.`,
      detail: JSON.stringify({ cutoff, ...report }),
    },
  });
  return report;
}

interface Stretch {
  readonly firstCommit: number;
  lastCommit: number;
  readonly firstSeq: number;
  lastSeq: number;
  hash: string;
}

function oldSessions(db: Connection, cutoff: number): Set<string> {
  const sql =
    "SELECT id FROM session WHERE status <> 'running' AND coalesce(ended_at, started_at) < ? " +
    'AND seq <> (SELECT max(seq) FROM session)';
  return new Set(db.prepare<[number], string>(sql).pluck().all(cutoff));
}

function countSessions(db: Connection): number {
  return Number(db.prepare('SELECT count(*) FROM session').pluck().get());
}

/** "desk-" of "desk-20261120-060000". The command line's sessions begin with their time and share one family. */
const FAMILY = "CASE WHEN session_id GLOB '[a-z]*' THEN substr(session_id, 1, instr(session_id, '-')) ELSE '' END";

/**
 * Rows that are the present state and stay whatever their age. Sessions of one family go on from one another, so each
 * family has its own: an account of the same name in a session of another kind must not make the workstation's cash and
 * positions look outdated. Halts, protections and strategies are read back from the last audit record of their action.
 */
function latestRows(db: Connection): Set<number> {
  const latest = new Set<number>();
  for (const [table, key] of [
    [POSITION, 'account_id, instrument'],
    [BALANCE, 'account_id, currency'],
    [ACCOUNT, 'id'],
    [INSTRUMENT, 'id'],
    [SNAPSHOT, 'account_id'],
    [AUDIT, 'action'],
  ] as const) {
    const sql = `SELECT max(seq) FROM ${table.name} WHERE session_id IS NOT NULL GROUP BY ${key}, ${FAMILY}`;
    for (const seq of db.prepare<[], number>(sql).pluck().all()) latest.add(seq);
  }
  return latest;
}

function openOrders(db: Connection): Set<string> {
  const sql = `SELECT session_id || char(10) || id FROM orders WHERE ${IS_OPEN}`;
  return new Set(db.prepare<[], string>(sql).pluck().all());
}

/** What hangs together: keeping one commit of a group keeps them all, so that sums over an order still add up. */
function groupsOf(merged: MergedRow): string[] {
  const { table, sessionId, row } = merged;
  if (table === ORDER) return [`${sessionId}\n${String(row[2])}`];
  if (table === EXECUTION) return [`${sessionId}\n${String(row[3])}`];
  return [];
}

class Candidate {
  readonly link: ChainLink;
  readonly sessions = new Set<string>();
  readonly groups = new Set<string>();
  kept = false;

  constructor(link: ChainLink) {
    this.link = link;
  }
}

function planPrune(db: Connection, old: ReadonlySet<string>, cutoff: number): Stretch[] {
  const candidates = readCandidates(db, old, cutoff);
  keepGroups(candidates);
  const stretches: Stretch[] = [];
  let open: Stretch | null = null;
  for (const { link, kept } of candidates) {
    if (kept) {
      open = null;
      continue;
    }
    if (open !== null && open.lastCommit + 1 === link.commitNo) {
      open.lastCommit = link.commitNo;
      open.lastSeq = link.lastSeq;
      open.hash = link.hash;
    } else {
      open = {
        firstCommit: link.commitNo,
        lastCommit: link.commitNo,
        firstSeq: link.firstSeq,
        lastSeq: link.lastSeq,
        hash: link.hash,
      };
      stretches.push(open);
    }
  }
  return stretches;
}

function readCandidates(db: Connection, old: ReadonlySet<string>, cutoff: number): Candidate[] {
  const latest = latestRows(db);
  const open = openOrders(db);
  const links = db.prepare<[], unknown[]>(`${SELECT_LINKS} ORDER BY commit_no`).raw(true).all().map(toLink);
  const candidates = links.map((link) => new Candidate(link));
  let place = 0;
  for (const merged of mergedRows(db, 1, Number.MAX_SAFE_INTEGER)) {
    let candidate = candidates[place];
    while (candidate !== undefined && candidate.link.lastSeq < merged.seq) {
      place += 1;
      candidate = candidates[place];
    }
    if (candidate === undefined) break;
    const { table, sessionId, seq } = merged;
    const groups = groupsOf(merged);
    for (const group of groups) candidate.groups.add(group);
    if (sessionId !== null) candidate.sessions.add(sessionId);
    const goes =
      sessionId === null
        ? LOOSE.has(table) && candidate.link.at !== null && candidate.link.at < cutoff
        : old.has(sessionId);
    const present = table === CHECKPOINT || latest.has(seq) || groups.some((group) => open.has(group));
    if (!goes || present) candidate.kept = true;
    // A session that keeps any row keeps its own records: its begin and its end.
    if (table === SESSION && sessionId !== null) candidate.groups.add(`session\n${sessionId}`);
  }
  return candidates;
}

/** Spreads "kept" over groups until nothing changes. */
function keepGroups(candidates: readonly Candidate[]): void {
  const members = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    for (const group of candidate.groups) {
      const list = members.get(group);
      if (list === undefined) members.set(group, [candidate]);
      else list.push(candidate);
    }
  }
  const pending = candidates.filter((candidate) => candidate.kept);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const group of [...next.groups, ...[...next.sessions].map((id) => `session\n${id}`)]) {
      for (const member of members.get(group) ?? []) {
        if (!member.kept) {
          member.kept = true;
          pending.push(member);
        }
      }
      members.delete(group);
    }
  }
}

function remove(db: Connection, plan: readonly Stretch[]): void {
  // Children before parents: order_event and execution before orders, everything before session.
  const deletions = HASHED_TABLES.map((table) =>
    db.prepare<[number, number]>(`DELETE FROM ${table.name} WHERE seq BETWEEN ? AND ?`),
  );
  const unlink = db.prepare<[number, number]>('DELETE FROM audit_chain WHERE commit_no BETWEEN ? AND ?');
  for (const { firstSeq, lastSeq, firstCommit, lastCommit } of plan) {
    for (const deletion of deletions) deletion.run(firstSeq, lastSeq);
    unlink.run(firstCommit, lastCommit);
  }
  db.exec(
    'DELETE FROM orders WHERE NOT EXISTS (SELECT 1 FROM order_event e ' +
      'WHERE e.session_id = orders.session_id AND e.order_id = orders.id)',
  );
  db.exec('DELETE FROM session WHERE NOT EXISTS (SELECT 1 FROM session_history h WHERE h.session_id = session.id)');
}
