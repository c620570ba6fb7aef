import { createRouterClient } from '@orpc/server';
import { describe, expect, onTestFinished, test } from 'vitest';
import type * as z from 'zod';
import { UNHINDERED } from '../../../src/api/flow.ts';
import { createApi } from '../../../src/api/router.ts';
import { analytics } from '../../../src/contract/analytics.ts';
import { Decimal, ZERO } from '../../../src/domain/decimal.ts';
import type { AnalyticsRoom } from '../../../src/engine/workstation/analytics-room.ts';
import { type Bench, BTC, buy, ETH, granted, openBench, position, refusalOf, temporaryFolder } from './support.ts';

/** The answer passes its own contract. */
function fits(procedure: { readonly '~orpc': { readonly outputSchema?: unknown } }, answer: unknown): void {
  const parsed = (procedure['~orpc'].outputSchema as z.ZodType).safeParse(answer);
  expect(parsed.error?.message ?? null).toBeNull();
}

const FIFO = { method: 'fifo', limit: 200 } as const;
const room = (bench: Bench): AnalyticsRoom => bench.desk.analytics;
const trades = (bench: Bench, change: object = {}) => granted(room(bench).trades({ ...FIFO, ...change })).trades;

async function roundTrip(bench: Bench, instrument = BTC, quantity = '0.1'): Promise<void> {
  await buy(bench, { instrument, quantity });
  await bench.pass(2_000);
  await buy(bench, { instrument, quantity, side: 'sell' });
  await bench.pass(2_000);
}

describe('closed trades of a served session', () => {
  test('profit of every view is the same, to the last digit', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await roundTrip(bench);
    await buy(bench, { quantity: '0.3' });
    await bench.pass(3_000);
    await buy(bench, { quantity: '0.1', side: 'sell' });
    await bench.pass(1_000);
    await buy(bench, { quantity: '0.2', side: 'sell' });
    await roundTrip(bench, ETH, '1');
    const realised = new Decimal(
      bench.desk.portfolio.read().accounts.find(({ account }) => account === 'paper-usdt')?.realised ?? '0',
    );
    const fees = bench.desk.portfolio.read().accounts.find(({ account }) => account === 'paper-usdt')?.fees ?? '0';
    for (const method of ['fifo', 'lifo', 'average'] as const) {
      const list = trades(bench, { method });
      const sum = list.reduce((total, { pnl }) => total.plus(pnl), ZERO);
      expect(sum.toFixed()).toBe(realised.minus(fees).toFixed());
      expect(list.reduce((total, trade) => total.plus(trade.fees), ZERO).toFixed()).toBe(fees);
      for (const by of ['strategy', 'symbol', 'account', 'day', 'week', 'month', 'reason'] as const) {
        const breakdown = granted(room(bench).breakdown({ by, method }));
        fits(analytics.breakdown, breakdown);
        const total = breakdown.rows.reduce((all, { figures }) => all.plus(figures.realised), ZERO);
        expect(total.toFixed()).toBe(sum.toFixed());
        expect(breakdown.totals.map(({ figures }) => figures.realised)).toEqual([sum.toFixed()]);
      }
      const calendar = granted(room(bench).calendar({ month: '2026-11', method }));
      fits(analytics.calendar, calendar);
      expect(calendar.days.map(({ day, realised: of }) => [day, of])).toEqual([['2026-11-20', sum.toFixed()]]);
    }
    expect(trades(bench, { method: 'average' })).toHaveLength(3);
    const [newest] = trades(bench);
    expect(newest).toMatchObject({ instrument: ETH, side: 'long', exitReason: 'manual', strategy: null, note: null });
    expect(newest?.figures.holdingMs).toBeGreaterThan(0);
    expect(newest?.figures.mae?.money).toBeLessThanOrEqual(0);
    fits(analytics.trades, granted(room(bench).trades(FIFO)));
    const stats = granted(await bench.desk.performance({})).stats;
    expect(stats.trades).toBe(trades(bench).length);
    expect(stats.slippageBps).not.toBeNull();
  });

  test('pages, filters, and refusals', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    for (const instrument of [BTC, ETH, BTC]) await roundTrip(bench, instrument, instrument === BTC ? '0.1' : '1');
    const first = granted(room(bench).trades({ method: 'fifo', limit: 2 }));
    expect(first.trades).toHaveLength(2);
    const second = granted(room(bench).trades({ method: 'fifo', limit: 2, cursor: first.next ?? '' }));
    expect(second).toMatchObject({ next: null });
    expect([...first.trades, ...second.trades].map(({ instrument }) => instrument)).toEqual([BTC, ETH, BTC]);
    expect(trades(bench, { instrument: ETH })).toHaveLength(1);
    expect(trades(bench, { strategy: 'sma-cross' })).toHaveLength(0);
    expect(trades(bench, { to: first.trades[1]?.exitAt ?? 0 })).toHaveLength(1);
    expect(refusalOf(room(bench).trades({ method: 'fifo', limit: 2, cursor: 'nonsense' })).code).toBe('CURSOR_INVALID');
    expect(refusalOf(room(bench).breakdown({ by: 'day', method: 'fifo', account: 'nobody' })).code).toBe(
      'ACCOUNT_UNKNOWN',
    );
    expect(refusalOf(room(bench).calendar({ month: '2026-11', method: 'fifo', account: 'nobody' })).code).toBe(
      'ACCOUNT_UNKNOWN',
    );
  });

  test('a stop gives the trade its R, and the exit its reason', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const price = Number(bench.desk.market.quotes.read(BTC)?.bid ?? 0);
    const [stopLoss, takeProfit] = [0.9997, 1.0003].map((share) => String(Math.round(price * share)));
    await buy(bench, { stopLoss: stopLoss ?? '', takeProfit: takeProfit ?? '' });
    await bench.pass(1_000);
    for (let round = 0; round < 200 && position(bench) !== undefined; round += 1) await bench.pass(5_000);
    const [trade] = trades(bench);
    expect(['stop-loss', 'take-profit']).toContain(trade?.exitReason);
    expect(Number(trade?.initialRisk)).toBeGreaterThan(0);
    expect(trade?.figures.rMultiple).toBeCloseTo(Number(trade?.pnl) / Number(trade?.initialRisk), 9);
    expect(trade?.figures.riskReward).toBeGreaterThan(0);
    expect(trade?.figures.mae?.r).toBeLessThanOrEqual(0);
  });
});

describe('a restart', () => {
  test('keeps trades, open lots, notes and figures; nothing is counted twice', async () => {
    const dataDir = temporaryFolder();
    const bench = await openBench({ dataDir });
    await bench.pass(2_000);
    await roundTrip(bench);
    await buy(bench, { quantity: '0.2' });
    await bench.pass(2_000);
    const before = trades(bench);
    const [trade] = before;
    const note = granted(
      room(bench).setNote({ trade: trade?.id ?? '', note: 'late entry', tags: ['fomo', 'fomo'], rating: 2 }),
    );
    fits(analytics.setNote, note);
    await bench.desk.close();
    const again = await openBench({ dataDir, start: bench.clock.now() + 1_000 });
    expect(trades(again)).toEqual([{ ...trade, note }]);
    expect(note.tags).toEqual(['fomo']);
    expect(granted(room(again).tags()).tags).toEqual([{ tag: 'fomo', trades: 1 }]);
    expect(granted(room(again).note(trade?.id ?? '')).note).toEqual(note);
    await again.pass(2_000);
    await buy(again, { quantity: '0.2', side: 'sell' });
    await again.pass(2_000);
    const after = trades(again);
    expect(after).toHaveLength(before.length + 1);
    expect(after[0]).toMatchObject({ quantity: after[0]?.quantity, side: 'long' });
    expect(granted(room(again).breakdown({ by: 'day', method: 'fifo' })).totals[0]?.figures.trades).toBe(after.length);
    const audit = again.desk.journal.audit({ limit: 500 }).items.filter(({ action }) => action === 'trade.note');
    expect(audit).toHaveLength(1);
    expect(refusalOf(room(again).setNote({ trade: 'none', note: '', tags: [], rating: null })).code).toBe(
      'TRADE_UNKNOWN',
    );
  });

  test('without the derived file, the journal gives the same trades under the same ids', async () => {
    const dataDir = temporaryFolder();
    const bench = await openBench({ dataDir });
    await bench.pass(2_000);
    await roundTrip(bench);
    await roundTrip(bench, ETH, '1');
    const money = (list: ReturnType<typeof trades>) =>
      list.map(({ id, pnl, fees, exitReason }) => [id, pnl, fees, exitReason]);
    const before = money(trades(bench));
    await bench.desk.close();
    const { rmSync, writeFileSync } = await import('node:fs');
    for (const end of ['', '-wal', '-shm']) rmSync(`${dataDir}/analytics.sqlite${end}`, { force: true });
    const again = await openBench({ dataDir, start: bench.clock.now() + 1_000 });
    expect(money(trades(again))).toEqual(before);
    expect(trades(again)[0]?.figures).toMatchObject({ mae: null, mfe: null });
    await again.desk.close();
    writeFileSync(`${dataDir}/analytics.sqlite`, 'not a database, but long enough to look like one'.repeat(100));
    const third = await openBench({ dataDir, start: again.clock.now() + 1_000 });
    expect(money(trades(third))).toEqual(before);
    expect(third.desk.alerts.recent().map(({ code }) => code)).toContain('ANALYTICS_REBUILT');
  });
});

describe('execution report of a served session', () => {
  test('components add up, rates and latency are there, advice is silent on a small sample', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await roundTrip(bench);
    await roundTrip(bench, ETH, '1');
    const far = await buy(bench, { type: 'limit', price: '60000.00', quantity: '0.1' });
    await bench.pass(1_000);
    granted(bench.desk.orders.cancel(far.id));
    await bench.pass(61_000);
    for (const by of ['algorithm', 'venue', 'symbol', 'strategy', 'account', 'day', 'week'] as const) {
      const report = granted(room(bench).execution({ by }));
      fits(analytics.execution, report);
      expect(report.recommendations).toEqual([]);
      expect(report.totals).toHaveLength(1);
      const total = report.totals[0]?.figures;
      const costs = total?.costs;
      if (total === undefined || costs === undefined) throw new Error('no total');
      expect(total.orders).toMatchObject({ sent: 5, traded: 4, filled: 4, cancelled: 1 });
      const sum = new Decimal(costs.delay).plus(costs.trading).plus(costs.opportunity).plus(costs.fees);
      expect(sum.toFixed()).toBe(costs.total);
      expect(total.fillRate).toBeCloseTo(0.8, 12);
      expect(total.cancelToFill).toBeCloseTo(0.25, 12);
      expect(total.rejectRate).toBe(0);
      expect(total.ackMs?.p50).toBeGreaterThanOrEqual(0);
      expect(total.effectiveSpreadBps).not.toBeNull();
      expect(total.realisedSpreadBps.after5s).not.toBeNull();
      expect(total.realisedSpreadBps.after60s).not.toBeNull();
      expect(report.rows.reduce((all, { figures }) => all.plus(figures.value), ZERO).toFixed()).toBe(total.value);
    }
    const keys = granted(room(bench).execution({ by: 'algorithm' })).rows.map(({ key }) => key);
    expect(keys.toSorted()).toEqual(['limit', 'market']);
    const one = granted(room(bench).order(far.id));
    fits(analytics.order, one);
    expect(one).toMatchObject({ outcome: 'cancelled', averagePrice: null, costs: { trading: '0', fees: '0' } });
    expect(refusalOf(room(bench).order('none')).code).toBe('ORDER_UNKNOWN');
    const elsewhere = granted(room(bench).execution({ by: 'day', from: '2026-12-01' }));
    expect(elsewhere).toMatchObject({ rows: [], totals: [] });
    expect(elsewhere.unavailable['rows']).toContain('no order');
    const gap = granted(room(bench).gap({}));
    fits(analytics.gap, gap);
    expect(gap).toMatchObject({ available: false, pairs: 0 });
    expect(gap.sentence).toContain('live account');
  });

  test('equity by the hour and by the minute has the same deepest fall', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench, { quantity: '0.2' });
    await bench.pass(300_000);
    const fine = granted(room(bench).equity({ points: 500 }));
    fits(analytics.equity, fine);
    expect(fine.points.length).toBeGreaterThan(4);
    const coarse = granted(room(bench).equity({ points: 2 }));
    expect(coarse.points.length).toBeLessThanOrEqual(2);
    expect(coarse.maxDrawdown).toBeCloseTo(fine.maxDrawdown ?? 1, 12);
    expect(coarse.points.at(-1)?.equity).toBe(fine.points.at(-1)?.equity);
  });
});

describe('over the API', () => {
  test('defaults, validation and typed errors', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await roundTrip(bench);
    const api = createApi(bench.desk);
    onTestFinished(() => api.close());
    const client = createRouterClient(api.router, { context: { flow: UNHINDERED } });
    const { trades: list, definitions } = await client.analytics.trades({});
    expect(list).toHaveLength(1);
    expect(definitions['rMultiple']).toContain('initial risk');
    expect((await client.analytics.breakdown({})).rows.map(({ key }) => key)).toEqual(['manual']);
    expect((await client.analytics.execution({})).rows.map(({ key }) => key)).toEqual([BTC]);
    const noted = await client.analytics.setNote({ trade: list[0]?.id ?? '', note: 'good', tags: ['plan'] });
    expect(noted).toMatchObject({ tags: ['plan'], rating: null });
    expect((await client.analytics.trades({})).trades[0]?.note?.note).toBe('good');
    await expect(client.analytics.setNote({ trade: 'tnone' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(client.analytics.calendar({ month: '2026-13' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(client.analytics.execution({ from: 'yesterday' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(client.analytics.setNote({ trade: 'x', rating: 9 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
