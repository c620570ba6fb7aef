import { createHash, type Hash } from 'node:crypto';
import type { Connection } from './database.ts';
import { mergedRows } from './row-merge.ts';
import { fingerprintLine, rowText, SESSION, sessionStartLine } from './tables.ts';

/** Reads a running hash without ending it. */
export function digestSoFar(running: Hash): string {
  return running.copy().digest('hex');
}

/** The running fingerprint hash of a session, recomputed from its rows; of nothing when the session is unknown. */
export function sessionHash(db: Connection, sessionId: string): Hash {
  const running = createHash('sha256');
  const first = db.prepare('SELECT min(seq) FROM session_history WHERE session_id = ?').pluck().get(sessionId);
  if (typeof first !== 'number') return running;
  let started = false;
  for (const { table, sessionId: owner, row } of mergedRows(db, first, Number.MAX_SAFE_INTEGER)) {
    if (owner !== sessionId) continue;
    if (table !== SESSION) running.update(fingerprintLine(table, rowText(table, row.slice(2))));
    else if (!started) {
      started = true;
      running.update(sessionStartLine(row[2] ?? null, row[3] ?? null));
    }
  }
  return running;
}
