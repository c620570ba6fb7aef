import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openConnection } from '../../src/journal/database.ts';
import { asFailure } from '../../src/journal/failure.ts';
import { JournalFailure, type JournalRecord } from '../../src/journal/journal.ts';
import { openJournalFile } from '../../src/journal/journal-file.ts';
import { APPLICATION_ID, JOURNAL_MIGRATIONS } from '../../src/journal/schema.ts';
import { openJournal } from '../../src/journal/sqlite-journal.ts';
import { lifeOfOrder, opening, T0 } from './records.ts';
import { commitAll, failureOf, scratch, scratchJournal, smallSession } from './scratch.ts';

const file = (dir: string): string => join(dir, 'journal.sqlite');

function note(reason: string): JournalRecord[] {
  return [{ kind: 'audit', audit: { at: T0, actor: 'engine', action: 'note', reason, detail: '' } }];
}

describe('errors of SQLite and the file system', () => {
  it.each([
    ['SQLITE_FULL', 'DISK_FULL', 'Free some space'],
    ['ENOSPC', 'DISK_FULL', 'Free some space'],
    ['SQLITE_BUSY', 'LOCKED', 'in use by another program'],
    ['SQLITE_BUSY_SNAPSHOT', 'LOCKED', 'in use by another program'],
    ['SQLITE_CORRUPT', 'CORRUPT', 'restore a backup'],
    ['SQLITE_CORRUPT_VTAB', 'CORRUPT', 'restore a backup'],
    ['SQLITE_NOTADB', 'CORRUPT', 'restore a backup'],
    ['SQLITE_READONLY', 'READ_ONLY', 'write permission'],
    ['SQLITE_READONLY_DIRECTORY', 'READ_ONLY', 'write permission'],
    ['EACCES', 'READ_ONLY', 'write permission'],
    ['SQLITE_IOERR_FSYNC', 'IO', 'Check the disk'],
    ['SQLITE_CANTOPEN', 'IO', 'Check the disk'],
    ['EIO', 'IO', 'Check the disk'],
  ])('%s is %s and says what to do', (code, expected, advice) => {
    const failure = asFailure(Object.assign(new Error('x'), { code }), 'the file');
    expect(failure).toBeInstanceOf(JournalFailure);
    expect(failure).toMatchObject({ code: expected });
    expect(String(failure)).toContain(advice);
    expect(String(failure)).toContain('the file');
  });

  it('leave a bug what it is', () => {
    const bug = new TypeError('bug');
    expect(asFailure(bug, 'f')).toBe(bug);
  });
});

describe('a full disk', () => {
  it('refuses the commit whole, keeps what was there, and takes the same commit again when there is room', () => {
    const dir = scratch();
    const small = scratchJournal(dir, { maxPages: 90 });
    small.commit(opening('s'));
    let written = 1;
    let refused: JournalRecord[] = [];
    for (let n = 0; refused.length === 0; n += 1) {
      const records = note(`${n} ${'x'.repeat(9_000)}`);
      try {
        small.commit(records);
        written += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: 'DISK_FULL' });
        refused = records;
      }
    }
    expect(failureOf(() => small.commit(refused)).code).toBe('DISK_FULL');
    expect(small.head.commitNo).toBe(written);
    expect(small.verify()).toMatchObject({ ok: true, problems: [] });
    const fingerprint = small.fingerprint();
    small.close();
    const roomy = scratchJournal(dir);
    roomy.commit([{ kind: 'session', session: roomy.read.sessions()[0] ?? expect.fail('no session') }]);
    expect(roomy.fingerprint()).toBe(fingerprint);
    roomy.commit(refused);
    expect(roomy.head.commitNo).toBe(written + 2);
    expect(roomy.verify()).toMatchObject({ ok: true, problems: [] });
  });
});

describe('a journal that another program has locked', () => {
  it('refuses the commit, and takes it when the lock is gone', () => {
    const dir = scratch();
    const journal = scratchJournal(dir, { busyTimeoutMs: 30 });
    journal.commit(opening('s'));
    const tool = new Database(file(dir));
    tool.exec('BEGIN IMMEDIATE');
    expect(failureOf(() => journal.commit(note('n')))).toMatchObject({ code: 'LOCKED' });
    tool.exec('ROLLBACK');
    tool.close();
    journal.commit(note('n'));
    expect(journal.head.commitNo).toBe(2);
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  });
});

describe('a damaged journal', () => {
  it.each<[string, Buffer]>([
    ['text', Buffer.from('this is not a database, it is a note to myself\n'.repeat(200))],
    ['half a header', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4_000, 7)])],
  ])('that is %s is refused and not touched', (_, content) => {
    const dir = scratch();
    writeFileSync(file(dir), content);
    expect(failureOf(() => openJournal(dir)).code).toBe('CORRUPT');
    expect(failureOf(() => openJournalFile(dir)).code).toBe('CORRUPT');
    expect(readFileSync(file(dir)).equals(content)).toBe(true);
  });

  it("that is another program's database is refused and not touched", () => {
    const dir = scratch();
    const other = new Database(file(dir));
    other.exec('CREATE TABLE mine (a); INSERT INTO mine VALUES (1)');
    other.close();
    const before = readFileSync(file(dir));
    expect(failureOf(() => openJournal(dir)).code).toBe('CORRUPT');
    expect(failureOf(() => openJournalFile(dir)).code).toBe('CORRUPT');
    expect(readFileSync(file(dir)).equals(before)).toBe(true);
  });

  it('that was cut short is refused or found, never repaired in silence', () => {
    const dir = scratch();
    const journal = openJournal(dir);
    commitAll(journal, smallSession('s'));
    journal.close();
    const whole = readFileSync(file(dir));
    for (let pages = 1; pages * 4_096 < whole.length; pages += 3) {
      writeFileSync(file(dir), whole);
      truncateSync(file(dir), pages * 4_096);
      const cut = readFileSync(file(dir));
      let found = false;
      try {
        const reader = openJournalFile(dir);
        found = !reader.verify().ok;
        reader.close();
      } catch (error) {
        found = error instanceof JournalFailure && error.code === 'CORRUPT';
      }
      expect(found, `${pages} pages`).toBe(true);
      expect(readFileSync(file(dir)).equals(cut)).toBe(true);
    }
  });

  it('with garbage in any page is found', () => {
    const dir = scratch();
    const journal = openJournal(dir);
    commitAll(journal, smallSession('s'));
    journal.close();
    const whole = readFileSync(file(dir));
    for (let page = 1; page < whole.length / 4_096; page += 1) {
      writeFileSync(file(dir), whole);
      const handle = openSync(file(dir), 'r+');
      writeSync(handle, Buffer.alloc(4_096, 0xa5), 0, 4_096, page * 4_096);
      closeSync(handle);
      let found = false;
      try {
        const reader = openJournalFile(dir);
        found = !reader.verify().ok;
        reader.close();
      } catch (error) {
        found = error instanceof JournalFailure && error.code === 'CORRUPT';
      }
      expect(found, `page ${page}`).toBe(true);
    }
  });
});

describe('a write-ahead log that was cut off', () => {
  it('leaves the first commits whole and the rest away, wherever the cut is', () => {
    const source = scratch();
    const journal = scratchJournal(source);
    commitAll(journal, [...smallSession('s'), ...lifeOfOrder('o3')]);
    const wal = readFileSync(`${file(source)}-wal`);
    const main = readFileSync(file(source));
    const total = journal.head.commitNo;
    const reached = new Set<number>();
    for (let length = 0; length <= wal.length; length += 9_973) {
      const dir = scratch();
      writeFileSync(file(dir), main);
      writeFileSync(`${file(dir)}-wal`, wal.subarray(0, length));
      const opened = openJournal(dir);
      reached.add(opened.head.commitNo);
      expect(opened.verify()).toMatchObject({ ok: true, problems: [] });
      expect(opened.read.audit()).toHaveLength(opened.head.commitNo >= 6 ? 1 : 0);
      opened.close();
    }
    expect(reached.size).toBeGreaterThan(total / 2);
    expect(Math.max(...reached)).toBeLessThanOrEqual(total);
  });
});

describe('a folder without write permission', () => {
  it('is refused with advice', () => {
    const dir = join(scratch(), 'data');
    mkdirSync(dir);
    // Root may write anywhere: then another user tries.
    const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    chmodSync(join(dir, '..'), 0o755);
    chmodSync(dir, 0o555);
    if ('uid' in other) chownSync(dir, 0, 0);
    const attempt = spawnSync(process.execPath, [join(import.meta.dirname, 'child/open.ts'), dir], {
      ...other,
      encoding: 'utf8',
    });
    chmodSync(dir, 0o755);
    expect(attempt.stdout).toContain('READ_ONLY');
    expect(attempt.stdout).toContain('write permission');
  });
});

describe('the schema', () => {
  it('goes forward step by step and keeps what is there', () => {
    const path = join(scratch(), 'a.sqlite');
    const steps = [
      'CREATE TABLE a (x); INSERT INTO a VALUES (1)',
      'ALTER TABLE a ADD COLUMN y DEFAULT 2',
      'CREATE INDEX i ON a (y)',
    ];
    openConnection(path, steps.slice(0, 1), { synchronous: 'NORMAL' }).close();
    const db = openConnection(path, steps, { synchronous: 'NORMAL' });
    expect(db.prepare('SELECT x, y FROM a').all()).toEqual([{ x: 1, y: 2 }]);
    expect(db.pragma('user_version', { simple: true })).toBe(3);
    db.close();
  });

  it('stays at the old version when a step fails', () => {
    const path = join(scratch(), 'a.sqlite');
    openConnection(path, ['CREATE TABLE a (x)'], { synchronous: 'NORMAL' }).close();
    const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x); CREATE TABLE a (x)'];
    expect(() => openConnection(path, steps, { synchronous: 'NORMAL' })).toThrow('already exists');
    const db = openConnection(path, steps.slice(0, 1), { synchronous: 'NORMAL' });
    expect(db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all()).toEqual(['a']);
    db.close();
  });

  it('of a newer version is refused and not touched', () => {
    const dir = scratch();
    const journal = openJournal(dir);
    journal.commit(opening('s'));
    journal.close();
    const db = new Database(file(dir));
    db.pragma(`user_version = ${JOURNAL_MIGRATIONS.length + 1}`);
    db.close();
    const before = readFileSync(file(dir));
    for (const open of [() => openJournal(dir), () => openJournalFile(dir)]) {
      const failure = failureOf(open);
      expect(failure.code).toBe('NEWER_SCHEMA');
      expect(failure.sentence).toContain('newer version');
    }
    expect(readFileSync(file(dir)).equals(before)).toBe(true);
  });

  it('marks the file as ours and keeps the durable settings', () => {
    const dir = scratch();
    scratchJournal(dir).commit(opening('s'));
    const db = new Database(file(dir), { readonly: true });
    expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
    expect(statSync(`${file(dir)}-wal`).size).toBeGreaterThan(0);
  });

  it('finds open orders by their own index', () => {
    const dir = scratch();
    scratchJournal(dir).commit(opening('s'));
    const db = new Database(file(dir), { readonly: true });
    const closed = "'DENIED', 'REJECTED', 'CANCELED', 'EXPIRED', 'FILLED'";
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN SELECT * FROM orders WHERE session_id = 's' AND status NOT IN (${closed})`)
      .all();
    db.close();
    expect(JSON.stringify(plan)).toContain('orders_open');
  });
});
