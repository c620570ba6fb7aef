import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openJournalFile } from '../../src/journal/journal-file.ts';
import { openJournal } from '../../src/journal/sqlite-journal.ts';
import { session, T0 } from './records.ts';
import { commitAll, failureOf, scratch, smallSession } from './scratch.ts';

const TABLES = [
  'audit_chain',
  'chain_head',
  'session',
  'session_history',
  'account',
  'account_history',
  'instrument',
  'instrument_history',
  'command',
  'orders',
  'order_event',
  'execution',
  'position',
  'balance',
  'snapshot',
  'signal',
  'audit',
  'checkpoint',
] as const;

/** A closed journal with at least one row in every table. */
function journalled(): string {
  const dir = scratch();
  const journal = openJournal(dir);
  const day = 86_400_000;
  commitAll(journal, smallSession('old'));
  journal.commit([{ kind: 'session', session: session('old', { status: 'stopped', endedAt: T0 + 99 }) }]);
  commitAll(journal, smallSession('new', T0 + 100 * day));
  expect(journal.prune({ olderThanMs: 90 * day, now: T0 + 100 * day }).rows).toBeGreaterThan(0);
  expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  journal.close();
  return dir;
}

/** Edits the file as anybody with a SQLite tool could, then verifies. */
function verifyAfter(dir: string, edit: (db: Database.Database) => void): readonly string[] {
  const db = new Database(join(dir, 'journal.sqlite'));
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  edit(db);
  db.close();
  const journal = openJournalFile(dir);
  try {
    const { ok, problems } = journal.verify();
    expect(ok).toBe(problems.length === 0);
    return problems;
  } finally {
    journal.close();
  }
}

describe('the audit chain', () => {
  it.each(TABLES)('sees a change in any column of %s', (table) => {
    const dir = journalled();
    const file = new Database(join(dir, 'journal.sqlite'));
    const rows = Number(file.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    expect(rows).toBeGreaterThan(0);
    const columns = file
      .prepare(`SELECT * FROM ${table}`)
      .columns()
      .map(({ name }) => name);
    const kept = file.serialize();
    file.close();
    for (const column of columns) {
      const problems = verifyAfter(dir, (db) => {
        const value = db.prepare(`SELECT ${column} FROM ${table} ORDER BY rowid LIMIT 1`).pluck().get();
        const changed = typeof value === 'number' ? value + 1_000_000 : `${String(value)}0`;
        db.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = (SELECT min(rowid) FROM ${table})`).run(changed);
      });
      expect(problems, `${table}.${column}`).not.toEqual([]);
      restore(dir, kept);
    }
  });

  it.each(TABLES)('sees that the first or the last row of %s is gone', (table) => {
    const dir = journalled();
    const file = new Database(join(dir, 'journal.sqlite'));
    const kept = file.serialize();
    file.close();
    for (const which of ['min', 'max']) {
      const problems = verifyAfter(dir, (db) => {
        db.exec(`DELETE FROM ${table} WHERE rowid = (SELECT ${which}(rowid) FROM ${table})`);
      });
      expect(problems, `${which} of ${table}`).not.toEqual([]);
      restore(dir, kept);
    }
  });

  it.each(TABLES.filter((table) => table !== 'chain_head'))('sees a row slipped into %s', (table) => {
    const dir = journalled();
    const problems = verifyAfter(dir, (db) => {
      const columns = db
        .prepare(`SELECT * FROM ${table}`)
        .columns()
        .map(({ name }) => name);
      const own = new Set(['seq', 'id', 'commit_no', 'trade_id']);
      const values = columns.map((column) => {
        if (!own.has(column)) return column;
        const text = db.prepare(`SELECT typeof(${column}) FROM ${table}`).pluck().get() === 'text';
        return text ? `${column} || '-2'` : `${column} + 100000`;
      });
      db.exec(
        `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${table} ORDER BY rowid DESC LIMIT 1`,
      );
    });
    expect(problems).not.toEqual([]);
  });

  it('sees that the end was cut off with its links', () => {
    const problems = verifyAfter(journalled(), (db) => {
      const last = db.prepare<[], { first_seq: number; commit_no: number }>(
        'SELECT first_seq, commit_no FROM audit_chain ORDER BY commit_no DESC LIMIT 1',
      );
      const link = last.get();
      db.prepare('DELETE FROM audit WHERE seq >= ?').run(link?.first_seq);
      db.prepare('DELETE FROM checkpoint WHERE seq >= ?').run(link?.first_seq);
      db.prepare('DELETE FROM audit_chain WHERE commit_no = ?').run(link?.commit_no);
    });
    expect(problems.join('\n')).toContain('cut off');
  });

  it('names the commit and the table that were changed', () => {
    const problems = verifyAfter(journalled(), (db) => {
      db.exec("UPDATE snapshot SET equity = '100013.10' WHERE seq = (SELECT max(seq) FROM snapshot)");
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^Audit chain: commit \d+ \(rows \d+ to \d+: .*snapshot.*\) is not what was journalled\.$/,
    );
  });

  it('says what does not add up when a fill is changed', () => {
    const problems = verifyAfter(journalled(), (db) => {
      db.exec("UPDATE execution SET quantity = '0.20001' WHERE trade_id = 'o1-1' AND session_id = 'new'");
    }).join('\n');
    expect(problems).toContain('order o1 of session new says 0.50000 filled, its executions add up to 0.50001');
    expect(problems).toContain('fill o1-1 of order o1 has no matching execution');
  });

  it('sees a trade that is there twice although its index is gone', () => {
    const problems = verifyAfter(journalled(), (db) => {
      db.exec('DROP INDEX execution_trade');
      db.exec(
        "CREATE TEMP TABLE copy AS SELECT * FROM execution WHERE trade_id = 'o1-1' AND session_id = 'new'; " +
          'UPDATE copy SET seq = 900000; INSERT INTO execution SELECT * FROM copy',
      );
    });
    expect(problems.join('\n')).toContain('trade o1-1 of BTCUSDT.BINANCE is there 2 times in session new');
  });

  it('lists fifty problems at most', () => {
    const problems = verifyAfter(journalled(), (db) => db.exec('UPDATE audit_chain SET hash = hash || commit_no'));
    expect(problems.length).toBeLessThanOrEqual(51);
  });
});

describe('opening for writing', () => {
  it('refuses a journal whose end was changed', () => {
    const dir = journalled();
    const db = new Database(join(dir, 'journal.sqlite'));
    db.exec('DELETE FROM audit_chain WHERE commit_no = (SELECT max(commit_no) FROM audit_chain)');
    db.close();
    expect(failureOf(() => openJournal(dir)).code).toBe('CORRUPT');
  });
});

/** The file was closed, so nothing is left in a write-ahead log beside it. */
function restore(dir: string, content: Buffer): void {
  writeFileSync(join(dir, 'journal.sqlite'), content);
}
