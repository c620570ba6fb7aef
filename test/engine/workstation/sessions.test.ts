import { describe, expect, test } from 'vitest';
import type { StrategyRun } from '../../../src/contract/types.ts';
import { JournalFailure } from '../../../src/journal/journal.ts';
import { createWorkstation } from '../../../src/engine/create-workstation.ts';
import {
  account,
  BTC,
  buy,
  ETH,
  granted,
  openBench,
  orderNow,
  passTime,
  placing,
  position,
  refusalOf,
} from './support.ts';

const SMA = {
  strategy: 'sma-cross',
  instrument: BTC,
  account: 'paper-usdt',
  parameters: { fast: 1, slow: 2 },
} as const;

describe('sessions', () => {
  test('one starts by itself, on paper, with two accounts and no key', async () => {
    const bench = await openBench();
    const status = bench.desk.session.status();
    expect(status).toMatchObject({ state: 'running', mode: 'paper', feeds: ['sim:crypto', 'sim:nse'], endedAt: null });
    expect(bench.desk.accounts.list()).toMatchObject([
      { id: 'paper-usdt', startingCash: '100000', type: 'cash', broker: 'paper-crypto', armed: true },
      { id: 'paper-inr', startingCash: '1000000', type: 'margin', leverage: '5', broker: 'paper-nse', armed: true },
      { id: 'paper-inr-delivery', type: 'cash', leverage: '1', broker: 'paper-nse', armed: true },
    ]);
    expect(refusalOf(await bench.desk.session.start({ mode: 'paper', strategies: [] })).code).toBe('SESSION_RUNNING');
  });

  test('stopping cancels orders and writes the end; orders are refused until the next start, which takes over', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    await buy(bench, { stopLoss: (bid - 2_000).toFixed(2) });
    await bench.pass(400);
    const cash = account(bench).cash;
    const stopping = bench.desk.session.stop();
    await bench.pass(1_000);
    const stopped = granted(await stopping);
    expect(stopped).toMatchObject({ state: 'stopped', sentence: null });
    expect((await bench.desk.orders.list({ scope: 'working', limit: 9 })).items).toEqual([]);
    expect(refusalOf(await bench.desk.orders.place(placing())).code).toBe('SESSION_NOT_RUNNING');
    expect(bench.desk.session.list({ limit: 5 }).items[0]).toMatchObject({ id: stopped.id, status: 'stopped' });
    expect(bench.desk.session.list({ limit: 5 }).items[0]?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    await bench.pass(2_000);
    const started = granted(await bench.desk.session.start({ mode: 'paper', strategies: [] }));
    expect(started.id).not.toBe(stopped.id);
    expect(account(bench).cash).toBe(cash);
    await bench.pass(2_000);
    // The position is protected again as it was.
    expect((await bench.desk.orders.list({ scope: 'working', limit: 9 })).items).toMatchObject([
      { source: 'exit', type: 'stop' },
    ]);
    const { id } = await buy(bench, { instrument: ETH, quantity: '1' });
    await bench.pass(400);
    expect((await orderNow(bench, id)).status).toBe('FILLED');
    expect((await bench.desk.journal.verify()).problems).toEqual([]);
  });

  test('a new start may bring other feeds and a new account with its own capital', async () => {
    const bench = await openBench();
    await bench.pass(500);
    await stopSession(bench);
    expect(
      refusalOf(await bench.desk.session.start({ mode: 'paper', feeds: ['live:nowhere'], strategies: [] })).code,
    ).toBe('FEED_UNKNOWN');
    const started = granted(
      await bench.desk.session.start({ mode: 'paper', feeds: ['sim:crypto'], capital: '2500', strategies: [] }),
    );
    expect(started.feeds).toEqual(['sim:crypto']);
    expect(bench.desk.accounts.list().map(({ id }) => id)).toEqual([
      'paper-usdt',
      'paper-inr',
      'paper-inr-delivery',
      'paper-usdt-2',
    ]);
    expect(account(bench, 'paper-usdt-2').cash).toBe('2500');
    await bench.desk.close();
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    expect(account(again, 'paper-usdt-2').cash).toBe('2500');
  });

  test('two engines cannot share a data folder; the sentence says who has it', async () => {
    const bench = await openBench();
    const second = createWorkstation({ dataDir: bench.dataDir });
    await expect(second).rejects.toThrow(JournalFailure);
    await expect(second).rejects.toThrow(/already writing to .* Stop it first, or use another --data-dir/);
  });

  test('a session cut short is marked in the list, and the next one carries cash and positions on', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench);
    await bench.pass(500);
    const before = { figures: account(bench), held: position(bench) };
    await bench.desk.close();
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 60_000 });
    expect(again.desk.session.list({ limit: 5 }).items.map(({ status }) => status)).toEqual(['running', 'interrupted']);
    expect(account(again).cash).toBe(before.figures.cash);
    expect(position(again)).toMatchObject({ quantity: '0.10000', averagePrice: before.held?.averagePrice });
    expect(account(again).realised).toBe(before.figures.realised);
    expect(account(again).fees).toBe(before.figures.fees);
    await again.pass(2_000);
    const first = await buy(again, { instrument: ETH, quantity: '0.5' });
    const ids = (await again.desk.orders.list({ scope: 'history', limit: 50 })).items.map(({ id }) => id);
    expect(ids).not.toContain(first.id);
  });

  test('working orders and idempotency keys live through a restart', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    const order = placing({ type: 'limit', price: (bid - 1_000).toFixed(2) });
    const placed = granted(await bench.desk.orders.place(order));
    await bench.pass(300);
    const { id } = bench.desk.session.status();
    await bench.desk.close();
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 5_000 });
    expect(again.desk.session.status().id).toBe(id);
    expect((await again.desk.orders.list({ scope: 'working', limit: 5 })).items).toMatchObject([
      { id: placed.id, status: 'ACCEPTED' },
    ]);
    expect(granted(await again.desk.orders.place(order)).id).toBe(placed.id);
    expect(refusalOf(await again.desk.orders.place({ ...order, side: 'sell' })).code).toBe('IDEMPOTENCY_CONFLICT');
    await again.pass(1_000);
    granted(again.desk.orders.cancel(placed.id));
    await again.pass(300);
    expect((await orderNow(again, placed.id)).status).toBe('CANCELED');
    expect((await again.desk.journal.verify()).problems).toEqual([]);
  });
});

describe('day figures', () => {
  test('profit of the day and the fall from its high go on after a restart within the day', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench, { quantity: '0.2' });
    await bench.pass(61_000);
    const before = account(bench);
    expect(Number(before.dayPnl)).not.toBe(0);
    await bench.desk.close();
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    const after = account(again);
    expect(Number(after.equity) - Number(after.dayPnl)).toBeCloseTo(100_000, 6);
  });
});

describe('strategies', () => {
  const runOf = (runs: readonly StrategyRun[]): StrategyRun => {
    const [run] = runs;
    if (run === undefined) throw new Error('no run');
    return run;
  };

  test('a strategy warms up, trades by its signals within its share, pauses and stops', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const run = granted(bench.desk.strategies.start(SMA));
    expect(run).toMatchObject({ state: 'warming-up', strategy: 'sma-cross', signals: 0 });
    expect(refusalOf(bench.desk.strategies.start(SMA)).code).toBe('STRATEGY_RUNNING');
    for (let minute = 0; minute < 15; minute += 1) await bench.pass(60_000);
    const now = runOf(bench.desk.strategies.list().runs);
    expect(now.state).toBe('running');
    expect(now.signals).toBeGreaterThan(0);
    expect(now.orders).toBeGreaterThan(0);
    const orders = (await bench.desk.orders.list({ scope: 'history', limit: 50 })).items;
    for (const order of orders) expect(order).toMatchObject({ source: 'strategy', strategy: run.id });
    expect(runOf(bench.desk.strategies.list().runs).orders).toBe(
      orders.length + (await bench.desk.orders.list({ scope: 'working', limit: 50 })).items.length,
    );
    const bought = orders.find(({ side, status }) => side === 'buy' && status === 'FILLED');
    // A tenth of the account.
    expect(Number(bought?.quantity) * Number(bought?.averagePrice)).toBeLessThan(10_100);
    expect(granted(bench.desk.strategies.pause(run.id)).state).toBe('paused');
    expect(granted(bench.desk.strategies.stop(run.id)).state).toBe('stopped');
    expect(bench.desk.status.read().counts.strategies).toBe(0);
    const report = granted(await bench.desk.performance({ account: 'paper-usdt' }));
    expect(report.strategies.map(({ strategy }) => strategy)).toContain(run.id);
    expect(report.stats.trades).toBeGreaterThan(0);
    // Closed trades leave the memory for their file within a second: the run's result is that of all of them.
    const closed = granted(bench.desk.analytics.breakdown({ account: 'paper-usdt', by: 'day', method: 'fifo' }));
    expect(closed.totals[0]?.figures.trades).toBeGreaterThan(0);
    expect(runOf(bench.desk.strategies.list().runs).realised).toBe(closed.totals[0]?.figures.realised);
    expect(report.stats.sharpe).toBeNull();
    expect(report.unavailable['sharpe']).toContain('days');
  });

  test('what cannot run is refused by name', async () => {
    const bench = await openBench();
    const code = (change: object): string => refusalOf(bench.desk.strategies.start({ ...SMA, ...change })).code;
    expect(code({ strategy: 'sma-cros' })).toBe('STRATEGY_UNKNOWN');
    expect(code({ instrument: 'XYZ.SIM' })).toBe('INSTRUMENT_UNKNOWN');
    expect(code({ account: 'nobody' })).toBe('ACCOUNT_UNKNOWN');
    expect(code({ account: 'paper-inr' })).toBe('CURRENCY_MISMATCH');
    expect(code({ parameters: { fast: 5, slow: 2 } })).toBe('PARAMETER_RANGE');
    expect(refusalOf(bench.desk.strategies.stop('none')).code).toBe('STRATEGY_UNKNOWN');
  });

  test('a halt pauses strategies; after a restart they wait for a person', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    const { id } = granted(bench.desk.strategies.start(SMA));
    bench.desk.risk.halt('hold on');
    expect(runOf(bench.desk.strategies.list().runs).state).toBe('paused');
    await bench.desk.close();
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    const run = runOf(again.desk.strategies.list().runs);
    expect(run).toMatchObject({ id, state: 'paused' });
    expect(run.sentence).toContain('restarted');
    granted(again.desk.risk.resume('all is well'));
    expect(granted(again.desk.strategies.start(SMA)).state).toBe('warming-up');
  });

  test('session pause holds strategies only as long as it lasts', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    granted(bench.desk.strategies.start(SMA));
    expect(granted(bench.desk.session.pause())).toMatchObject({ state: 'paused', strategies: [{ state: 'paused' }] });
    expect((await bench.desk.orders.place(placing())).ok).toBe(true);
    expect(granted(bench.desk.session.resume()).strategies[0]?.state).toBe('warming-up');
    expect(refusalOf(bench.desk.session.resume()).code).toBe('SESSION_NOT_RUNNING');
  });
});

async function stopSession(bench: Awaited<ReturnType<typeof openBench>>): Promise<void> {
  const stopping = bench.desk.session.stop();
  await passTime(bench.clock, 1_000);
  granted(await stopping);
}
