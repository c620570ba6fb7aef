import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
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

describe('kill with a stopped engine', () => {
  test('latches in a folder that does not exist yet; the engine then starts halted', async () => {
    const dataDir = join(temporaryFolder(), 'new');
    const { status, json } = await kill('--data-dir', dataDir, '--reason', 'not today', '--json');
    expect(status).toBe(0);
    expect(json).toMatchObject({
      ok: true,
      halted: true,
      engine: 'stopped',
      flatten: null,
      reason: 'not today',
      open: [],
      sentence: expect.stringContaining('one that runs in another folder is NOT halted'),
    });
    const bench = await openBench({ dataDir });
    expect(bench.desk.risk.status.read()).toMatchObject({ state: 'HALTED', causes: [{ code: 'KILL_SWITCH' }] });
  });

  test('twice is one halt', async () => {
    const dataDir = temporaryFolder();
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
    expect(text.out).toContain('start it, then flatten');
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
    expect((await kill('--help')).out).toContain('tradewright kill');
  });
});

describe('kill with a running engine', () => {
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
