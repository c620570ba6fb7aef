import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../src/cli/command.ts';
import { command } from '../../src/cli/commands/kill.ts';
import { createWorkstation } from '../../src/engine/create-workstation.ts';
import { KillLatch } from '../../src/risk/kill-latch.ts';
import {
  BTC,
  buy,
  granted,
  openBench,
  orderNow,
  placing,
  SATURDAY,
  TCS,
  temporaryFolder,
} from '../engine/workstation/support.ts';

async function kill(
  ...args: string[]
): Promise<{ status: number; out: string; err: string; json: Record<string, unknown> }> {
  const texts = { out: '', err: '' };
  const status = await command.run(args, {
    out: (text) => {
      texts.out += text;
    },
    err: (text) => {
      texts.err += text;
    },
    isErrTty: false,
    stdin: () => Promise.resolve(''),
  });
  const json = args.includes('--json') ? (JSON.parse(texts.out) as Record<string, unknown>) : {};
  return { status, ...texts, json };
}

/** A folder that an engine has traded from. */
function usedFolder(): string {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, 'limits.json'), '{}');
  return dataDir;
}

describe('kill where nothing of Tradewright is', () => {
  test.each([
    ['a folder that does not exist', () => join(temporaryFolder(), 'new')],
    ['an empty folder', () => temporaryFolder()],
    [
      'a folder of something else',
      () => {
        const folder = temporaryFolder();
        writeFileSync(join(folder, 'letter.txt'), 'Dear');
        return folder;
      },
    ],
    [
      'a file',
      () => {
        const file = join(temporaryFolder(), 'file');
        writeFileSync(file, '');
        return file;
      },
    ],
  ])('%s: says that nothing was halted, with status 1, and leaves it as it is', async (_, make) => {
    const place = make();
    const before = existsSync(place) && statSync(place).isDirectory() ? readdirSync(place) : null;
    for (const flags of [[], ['--flatten']]) {
      const { status, json } = await kill('--data-dir', place, ...flags, '--json');
      expect(status).toBe(1);
      expect(json).toMatchObject({
        ok: false,
        halted: false,
        flatten: null,
        sentence: expect.stringContaining('NOTHING WAS HALTED'),
      });
      expect(String(json['sentence'])).toContain('--data-dir');
    }
    const text = await kill('--data-dir', place);
    expect(text).toMatchObject({ status: 1, out: '', err: expect.stringContaining('NOTHING WAS HALTED') });
    expect(text.err.trim().split('\n')).toHaveLength(1);
    expect(existsSync(place) && statSync(place).isDirectory() ? readdirSync(place) : null).toEqual(before);
  });
});

describe('kill with a stopped engine', () => {
  test('the engine then starts halted: what it left working is cancelled, its protective stop goes on', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    await buy(bench, { stopLoss: (bid - 2_000).toFixed(2) });
    await bench.pass(500);
    const { id } = await buy(bench, { type: 'limit', price: (bid - 900).toFixed(2) });
    await bench.pass(500);
    await bench.desk.close();
    const { status, json } = await kill('--data-dir', bench.dataDir, '--reason', 'not today', '--json');
    expect(status).toBe(0);
    expect(json).toMatchObject({ ok: true, halted: true, engine: 'stopped', flatten: null, reason: 'not today' });
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    await again.pass(1_000);
    expect(again.desk.risk.status.read()).toMatchObject({ state: 'HALTED', causes: [{ code: 'KILL_SWITCH' }] });
    expect((await orderNow(again, id)).status).toBe('CANCELED');
    expect((await again.desk.orders.list({ scope: 'working', limit: 9 })).items).toMatchObject([{ source: 'exit' }]);
  });

  test('--flatten --queue: the next engine closes what stayed open, once', async () => {
    const bench = await openBench({ wallClock: Date.now });
    await bench.pass(2_000);
    await buy(bench);
    await bench.pass(500);
    await bench.desk.close();
    const { status, json } = await kill('--flatten', '--queue', '--data-dir', bench.dataDir, '--json');
    expect(status).toBe(1);
    expect(json).toMatchObject({ flatten: 'NO_ENGINE', open: [{ instrument: BTC }] });
    await wait(5);
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000, wallClock: Date.now });
    await again.pass(6_000);
    expect(again.desk.portfolio.read().positions).toEqual([]);
    granted(again.desk.risk.resume('flat as asked'));
    await buy(again);
    await again.pass(500);
    await again.desk.close();
    const third = await openBench({ dataDir: bench.dataDir, start: again.clock.now() + 1_000, wallClock: Date.now });
    await third.pass(6_000);
    expect(third.desk.portfolio.read().positions).toHaveLength(1);
  });

  test.skipIf(process.platform === 'win32')(
    'a latch that cannot be written: one sentence that claims no halt, JSON when asked for, status 1',
    async () => {
      const dataDir = usedFolder();
      // Neither beside the latch nor in its place can anything be written.
      mkdirSync(join(dataDir, 'halt.json.new'));
      symlinkSync(join(dataDir, 'nowhere', 'halt.json'), join(dataDir, 'halt.json'));
      const { status, json } = await kill('--data-dir', dataDir, '--json');
      expect(status).toBe(1);
      expect(json).toMatchObject({ ok: false, halted: false });
      expect(String(json['sentence'])).toContain('NOTHING WAS HALTED');
      expect(String(json['sentence'])).not.toContain('Trading is halted now');
      const text = await kill('--data-dir', dataDir);
      expect(text).toMatchObject({ status: 1, out: '' });
      expect(text.err.trim().split('\n')).toHaveLength(1);
    },
  );

  test('twice is one halt', async () => {
    const dataDir = usedFolder();
    await kill('--data-dir', dataDir, '--reason', 'first');
    await kill('--data-dir', dataDir, '--reason', 'second');
    expect(new KillLatch(dataDir).read().history.map(({ reason }) => reason)).toEqual(['first']);
  });

  test('--flatten lists what stays open and is no success', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '4' });
    await buy(bench);
    await bench.pass(500);
    await bench.desk.close();
    const { status, json } = await kill('--flatten', '--data-dir', bench.dataDir, '--json');
    expect(status).toBe(1);
    expect(json).toMatchObject({ ok: false, flatten: 'NO_ENGINE', engine: 'stopped' });
    expect(json['open']).toEqual(
      expect.arrayContaining([
        { account: 'paper-inr', instrument: TCS, quantity: '4' },
        { account: 'paper-usdt', instrument: BTC, quantity: '0.10000' },
      ]),
    );
    const text = await kill('--flatten', '--data-dir', bench.dataDir);
    expect(text).toMatchObject({ out: '', err: expect.stringContaining('Start it, then flatten') });
  });

  test('a damaged journal and a damaged latch do not hold it up', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(
      join(dataDir, 'journal.sqlite'),
      'this is no database, but it is long enough to be looked at'.repeat(20),
    );
    writeFileSync(join(dataDir, 'halt.json'), '{');
    const { status, json } = await kill('--data-dir', dataDir, '--json');
    expect(status).toBe(0);
    expect(json['problems']).toHaveLength(1);
    expect(new KillLatch(dataDir).read()).toMatchObject({ halted: true, readable: true });
  });

  test('wrong usage', async () => {
    await expect(kill('--flaten')).rejects.toThrow(UsageError);
    await expect(kill('--wait', 'long')).rejects.toThrow(UsageError);
    await expect(kill('--queue')).rejects.toThrow(UsageError);
    expect((await kill('--help')).out).toContain('tradewright kill');
  });
});

describe('kill with a running engine', () => {
  test('a request that cannot be written: halted, and one sentence that nothing is being closed', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench);
    await bench.pass(500);
    mkdirSync(join(bench.dataDir, 'flatten-request.json.new'));
    const { status, json } = await kill('--flatten', '--data-dir', bench.dataDir, '--json');
    expect(status).toBe(1);
    expect(json).toMatchObject({ ok: false, halted: true, engine: 'running', flatten: 'NOT_ASKED' });
    expect(json['open']).toMatchObject([{ instrument: BTC, quantity: '0.10000' }]);
    expect(String(json['sentence'])).toContain('nothing is being closed');
    await bench.pass(500);
    expect(bench.desk.risk.status.read().state).toBe('HALTED');
  });

  test('is obeyed within half a second; --flatten waits until it is verified flat', async () => {
    const dataDir = temporaryFolder();
    const desk = await createWorkstation({ dataDir });
    onTestFinished(() => desk.close());
    for (let tries = 0; tries < 100 && desk.market.quotes.read(BTC)?.bid === null; tries += 1) await wait(100);
    const acknowledged = ['STALE_PRICE'];
    granted(await desk.orders.place(placing({ acknowledged })));
    for (let tries = 0; tries < 50 && desk.portfolio.read().positions.length === 0; tries += 1) await wait(50);
    expect(desk.portfolio.read().positions).toHaveLength(1);
    const halted = await kill('--data-dir', dataDir, '--json');
    expect(halted.json).toMatchObject({ ok: true, engine: 'running' });
    await wait(600);
    expect(desk.risk.status.read().state).toBe('HALTED');
    expect(desk.portfolio.read().positions).toHaveLength(1);
    const flat = await kill('--flatten', '--data-dir', dataDir, '--wait', '30', '--json');
    expect(flat.json).toMatchObject({ ok: true, flatten: 'FLAT', open: [] });
    expect(flat.status).toBe(0);
    expect(desk.portfolio.read().positions).toEqual([]);
    // Flat already: said again it is verified again.
    expect((await kill('--flatten', '--data-dir', dataDir, '--json')).json).toMatchObject({
      ok: true,
      flatten: 'FLAT',
    });
  });

  test('what cannot be closed is named, with status 1', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '4' });
    await bench.pass(500);
    await bench.desk.close();
    const weekend = await openBench({ dataDir: bench.dataDir, start: SATURDAY, wallClock: Date.now });
    const asked = kill('--flatten', '--data-dir', bench.dataDir, '--wait', '20', '--json');
    let done = false;
    void asked.finally(() => {
      done = true;
    });
    while (!done) {
      await weekend.pass(500);
      await wait(5);
    }
    const { status, json } = await asked;
    expect(status).toBe(1);
    expect(json).toMatchObject({
      flatten: 'NOT_FLAT',
      open: [{ account: 'paper-inr', instrument: TCS, quantity: '4' }],
    });
    expect(String(json['sentence'])).toContain('closed');
  });

  test('a request nobody waits for any more is not carried out by the next engine', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench);
    await bench.pass(500);
    await bench.desk.close();
    await kill('--flatten', '--data-dir', bench.dataDir);
    expect(existsSync(join(bench.dataDir, 'flatten-request.json'))).toBe(false);
    const request = { id: 'old', at: Date.now() - 60_000, reason: 'yesterday' };
    writeFileSync(join(bench.dataDir, 'flatten-request.json'), JSON.stringify(request));
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000, wallClock: Date.now });
    await again.pass(3_000);
    expect(again.desk.portfolio.read().positions).toHaveLength(1);
    expect(again.desk.risk.status.read().state).toBe('HALTED');
  });
});
