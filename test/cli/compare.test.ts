import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import { createRandom } from '../../src/domain/random.ts';
import { createWorkstation } from '../../src/engine/create-workstation.ts';
import { passTime } from '../engine/workstation/support.ts';
import { tradewright, tradewrightJson } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'tradewright-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Minute bars of a market that wanders, so that averages cross often. */
function bars(): string {
  const random = createRandom(5);
  const start = Date.parse('2025-03-03T00:00:00Z');
  const lines = ['open_time,open,high,low,close,volume'];
  let price = 50_000;
  for (let minute = 0; minute < 600; minute += 1) {
    const open = price;
    price = Math.round((open + 60 * random.normal()) * 100) / 100;
    const [high, low] = [Math.max(open, price) + 5, Math.min(open, price) - 5];
    lines.push([start + minute * 60_000, open, high.toFixed(2), low.toFixed(2), price, 1_000].join(','));
  }
  return `${lines.join('\n')}\n`;
}

describe('compare', () => {
  const data = join(folder, 'BTCUSDT_1m.csv');
  const backtest = join(folder, 'backtest.json');
  let session = '';

  beforeAll(async () => {
    writeFileSync(data, bars());
    const common = ['--param', 'fast=5', '--param', 'slow=20'];
    const ran = await tradewright(
      'backtest',
      '--data',
      data,
      '--strategy',
      'sma-cross',
      '--cash',
      '100000',
      ...common,
      '--json',
    );
    expect(ran.err).toBe('');
    writeFileSync(backtest, ran.out);
    const paper = await tradewrightJson(
      'paper',
      '--feed',
      `file:${data}`,
      '--strategy',
      'sma-cross',
      ...common,
      '--speed',
      'max',
      '--data-dir',
      join(folder, 'data'),
    );
    session = String(paper['session']);
  });

  const options = (): string[] => ['--session', session, '--backtest', backtest, '--data-dir', join(folder, 'data')];

  it('pairs the trades and splits the difference exactly', async () => {
    const answer = await tradewrightJson('compare', ...options());
    const trades = answer['trades'] as Record<string, number>;
    expect(trades['matched']).toBeGreaterThan(3);
    const parts = Object.values(answer['parts'] as Record<string, string>).map((part) => new Decimal(part));
    const pnl = answer['pnl'] as Record<string, string>;
    expect(parts.reduce((sum, part) => sum.plus(part), ZERO).toFixed()).toBe(pnl['difference']);
    expect(new Decimal(pnl['session'] ?? 0).minus(pnl['backtest'] ?? 0).toFixed()).toBe(pnl['difference']);
    expect((answer['pairs'] as unknown[]).length).toBe(trades['matched']);
    expect(answer).toMatchObject({ session, strategy: 'sma-cross' });
    for (const key of ['matchRate', 'entryBps', 'exitBps', 'equity', 'missed', 'extra', 'definitions'])
      expect(answer).toHaveProperty(key);
  });

  it('a session of the workstation is one, with what it took over from those before', async () => {
    const dir = join(folder, 'desk');
    const clock = new SimulatedClock(Date.parse('2026-11-20T06:00:00Z'));
    const first = await createWorkstation({ dataDir: dir, clock, seed: 7 });
    await passTime(clock, 1_000);
    const started = first.strategies.start({
      strategy: 'sma-cross',
      instrument: 'BTCUSDT.SIM',
      account: 'paper-usdt',
      parameters: { fast: 2, slow: 3 },
    });
    expect(started.ok).toBe(true);
    await passTime(clock, 900_000);
    const id = first.session.status().id ?? '';
    await first.close();
    const file = join(folder, 'desk.json');
    const meta = {
      strategy: 'sma-cross',
      start: '2026-11-20T06:00:00Z',
      end: '2026-11-20T07:00:00Z',
      bars: 61,
      cash: '100000',
    };
    writeFileSync(file, JSON.stringify({ meta, trades: [] }));
    const answer = await tradewrightJson('compare', '--session', id, '--backtest', file, '--data-dir', dir);
    expect((answer['extra'] as unknown[]).length).toBeGreaterThan(0);
    expect(answer).toMatchObject({ matchRate: null, missed: [] });
  }, 60_000);

  it('prints a table too', async () => {
    const shown = await tradewright('compare', ...options());
    expect(shown).toMatchObject({ status: 0, err: '' });
    expect(shown.out).toContain('Matched');
  });

  it('refuses what it cannot compare', async () => {
    const answer = async (...args: string[]): Promise<string> => {
      const { status, out, err } = await tradewright('compare', ...args, '--json');
      expect([status, out]).toEqual([1, '']);
      return err;
    };
    const [, , , file, , dir] = options();
    expect(await answer('--session', 'none', '--backtest', file ?? '', '--data-dir', dir ?? '')).toContain(
      'no session none',
    );
    const other = join(folder, 'other.json');
    writeFileSync(
      other,
      JSON.stringify({
        meta: { strategy: 'breakout', start: '2025-03-03T00:00:00Z', end: '2025-03-03T01:00:00Z', bars: 60, cash: '1' },
        trades: [],
      }),
    );
    expect(await answer('--session', session, '--backtest', other, '--data-dir', dir ?? '')).toContain(
      'no order of the strategy breakout',
    );
    writeFileSync(other, '{"stats":{}}');
    expect(await answer('--session', session, '--backtest', other, '--data-dir', dir ?? '')).toContain('meta');
    expect(
      await answer('--session', session, '--backtest', file ?? '', '--data-dir', join(folder, 'nowhere')),
    ).toContain('does not exist');
    expect(await tradewright('compare')).toMatchObject({ status: 2 });
    expect(await tradewright('compare', ...options(), '--within', '-1')).toMatchObject({ status: 2 });
  });
});
