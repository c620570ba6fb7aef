import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommandLine } from '../../src/cli/main.ts';
import { openMarketStore } from '../../src/journal/market-store.ts';
import { openJournal } from '../../src/journal/sqlite-journal.ts';
import { BTC, lifeOfOrder, opening, otherRecords, session, T0 } from '../journal/records.ts';

function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tradewright-journal-cli-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Two ended sessions of 2024 and a recorded quote of then. */
function dataDir(): string {
  const dir = join(scratch(), 'data');
  const journal = openJournal(dir);
  for (const id of ['first', 'second']) {
    for (const records of [opening(id), ...lifeOfOrder('o1'), otherRecords(), ...lifeOfOrder('o2')])
      journal.commit(records);
    journal.commit([{ kind: 'session', session: session(id, { status: 'stopped', endedAt: T0 + 99 }) }]);
  }
  journal.close();
  const market = openMarketStore(dir);
  market.define(BTC);
  market.record({ kind: 'quote', instrument: BTC.id, ts: T0, at: T0, bid: 1, bidQuantity: 1, ask: 2, askQuantity: 1 });
  market.close();
  return dir;
}

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const status = await runCommandLine(['journal', ...args], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isErrTty: false,
    stdin: () => Promise.resolve(''),
  });
  return { status, out, err };
}

async function runJson(...args: string[]): Promise<{ status: number; report: Record<string, unknown>; err: string }> {
  const { status, out, err } = await run(...args, '--json');
  return { status, report: JSON.parse(out) as Record<string, unknown>, err };
}

function isFlat(report: Record<string, unknown>): boolean {
  return Object.entries(report).every(([name, value]) => name === 'problems' || typeof value !== 'object');
}

describe('journal verify', () => {
  it('is fine with a journal as it was written', async () => {
    const { status, report, err } = await runJson('verify', '--data-dir', dataDir());
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(report).toMatchObject({ ok: true, problems: [], commits: 22 });
    expect(isFlat(report)).toBe(true);
  });

  it('ends with 1, the problems and one sentence when a row was changed', async () => {
    const dir = dataDir();
    const db = new Database(join(dir, 'journal.sqlite'));
    db.exec("UPDATE balance SET cash = '1000000' WHERE seq = (SELECT min(seq) FROM balance)");
    db.close();
    const { status, report, err } = await runJson('verify', '--data-dir', dir);
    expect(status).toBe(1);
    expect(report).toMatchObject({ ok: false });
    expect(report['problems']).toEqual([expect.stringMatching(/commit 4 .*balance.* is not what was journalled/)]);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    const plain = await run('verify', '--data-dir', dir);
    expect(plain.status).toBe(1);
    expect(plain.out).toMatch(/^ok +no$/m);
  });

  it('finds a file that is no journal, and damaged market data', async () => {
    const dir = dataDir();
    writeFileSync(join(dir, 'market.sqlite'), 'x'.repeat(5_000));
    expect(await runJson('verify', '--data-dir', dir)).toMatchObject({ status: 1, report: { ok: false } });
    rmSync(join(dir, 'market.sqlite'));
    writeFileSync(join(dir, 'journal.sqlite'), 'x'.repeat(5_000));
    for (const action of ['verify', 'stats']) {
      const { status, report } = await runJson(action, '--data-dir', dir);
      expect({ status, ok: report['ok'] }).toEqual({ status: 1, ok: false });
      expect(String(report['problems'])).toContain('is damaged or is not a Tradewright journal');
    }
  });
});

describe('journal stats', () => {
  it('counts, flat, beside a running engine', async () => {
    const dir = dataDir();
    const journal = openJournal(dir);
    const { status, report } = await runJson('stats', '--data-dir', dir);
    journal.close();
    expect(status).toBe(0);
    expect(isFlat(report)).toBe(true);
    expect(report).toMatchObject({
      ok: true,
      problems: [],
      schema: 2,
      sessions: 2,
      runningSessions: 0,
      orders: 4,
      openOrders: 0,
      orderEvents: 20,
      executions: 8,
      commits: 22,
      quotes: 1,
      trades: 0,
      bars: 0,
    });
  });
});

describe('journal export and backup', () => {
  it('write what they say and refuse to overwrite', async () => {
    const dir = dataDir();
    const to = scratch();
    expect(await runJson('export', '--data-dir', dir, '--format', 'csv', '--to', join(to, 'csv'))).toMatchObject({
      status: 0,
    });
    expect(readdirSync(join(to, 'csv'))).toContain('execution.csv');
    const json = await runJson('export', '--data-dir', dir, '--format', 'json', '--to', join(to, 'all.json'));
    expect(json).toMatchObject({ status: 0, report: { ok: true, format: 'json' } });
    expect(JSON.parse(readFileSync(join(to, 'all.json'), 'utf8'))).toHaveProperty('orders.length', 4);
    const backup = await runJson('backup', '--data-dir', dir, '--to', join(to, 'b.sqlite'));
    expect(backup).toMatchObject({ status: 0, report: { ok: true, headCommit: 22 } });
    for (const args of [
      ['export', '--format', 'csv', '--to', join(to, 'csv')],
      ['export', '--format', 'json', '--to', join(to, 'all.json')],
      ['backup', '--to', join(to, 'b.sqlite')],
    ]) {
      const again = await run(...args, '--data-dir', dir, '--json');
      expect(again).toMatchObject({ status: 1, out: '' });
      expect(again.err).toContain('already exists');
    }
  });
});

describe('journal prune', () => {
  it('removes what is old, keeps the newest session, and the rest verifies', async () => {
    const dir = dataDir();
    const { status, report } = await runJson('prune', '--data-dir', dir, '--older-than', '90d');
    expect(status).toBe(0);
    expect(isFlat(report)).toBe(true);
    expect(report).toMatchObject({ ok: true, sessions: 1, marketRows: 1, compacted: true });
    expect(await runJson('verify', '--data-dir', dir)).toMatchObject({ status: 0, report: { ok: true } });
    expect(await runJson('stats', '--data-dir', dir)).toMatchObject({ report: { sessions: 1, quotes: 0, orders: 2 } });
  });

  it('is refused while an engine runs, by the number of its process', async () => {
    const dir = dataDir();
    const journal = openJournal(dir);
    const refused = await run('prune', '--data-dir', dir, '--older-than', '90d');
    journal.close();
    expect(refused.status).toBe(1);
    expect(refused.err).toContain(`process ${process.pid} is already writing`);
  });
});

describe('wrong use', () => {
  it.each([
    [['verify'], '--data-dir is required'],
    [[], 'Say what to do'],
    [['repair', '--data-dir', 'd'], 'There is no "journal repair"'],
    [['verify', 'now', '--data-dir', 'd'], 'one word too many'],
    [['verify', '--dir', 'd'], "Unknown option '--dir'"],
    [['export', '--data-dir', 'd', '--to', 'x'], '--format is required'],
    [['export', '--data-dir', 'd', '--format', 'xml', '--to', 'x'], '--format is csv or json'],
    [['backup', '--data-dir', 'd'], '--to is required'],
    [['prune', '--data-dir', 'd', '--older-than', 'soon'], 'is not an age'],
    [['prune', '--data-dir', 'd'], '--older-than is required'],
  ])('%j is status 2', async (args, sentence) => {
    const { status, out, err } = await run(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(sentence);
  });

  it.each(['verify', 'stats', 'prune', 'backup', 'export'])(
    '%s of a folder without a journal is a sentence, and makes nothing',
    async (action) => {
      const more = action === 'export' ? ['--format', 'csv', '--to', 'x'] : action === 'backup' ? ['--to', 'x'] : [];
      const age = action === 'prune' ? ['--older-than', '1d'] : [];
      const missing = join(scratch(), 'nowhere');
      const gone = await run(action, '--data-dir', missing, ...more, ...age);
      expect(gone.status).toBe(1);
      expect(gone.err).toContain(`The folder ${missing} does not exist`);
      expect(existsSync(missing)).toBe(false);
      const empty = scratch();
      const nothing = await run(action, '--data-dir', empty, ...more, ...age);
      expect(nothing.status).toBe(1);
      expect(nothing.err).toContain('holds no journal');
      expect(readdirSync(empty)).toEqual([]);
    },
  );

  it('--help prints the usage', async () => {
    expect(await run('--help')).toMatchObject({ status: 0, err: '', out: expect.stringContaining('journal prune') });
  });
});
