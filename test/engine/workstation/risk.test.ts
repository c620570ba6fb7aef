import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlattenStep } from '../../../src/contract/types.ts';
import { KillLatch } from '../../../src/risk/kill-latch.ts';
import {
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
  SATURDAY,
  TCS,
  type Bench,
} from './support.ts';

async function flatten(bench: Bench, account?: string): Promise<FlattenStep[]> {
  const steps: FlattenStep[] = [];
  bench.desk.risk.flatten({ reason: 'test', ...(account === undefined ? {} : { account }) }, (step) =>
    steps.push(step),
  );
  for (let round = 0; round < 200 && steps.at(-1)?.step !== 'result'; round += 1) await bench.pass(200);
  return steps;
}

/** A long position with its stop, and a resting buy order. */
async function inTheMarket(): Promise<Bench & { readonly resting: string }> {
  const bench = await openBench();
  await bench.pass(2_000);
  const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
  await buy(bench, { stopLoss: (bid - 2_000).toFixed(2) });
  const { id } = await buy(bench, { type: 'limit', price: (bid - 900).toFixed(2) });
  await bench.pass(500);
  return { ...bench, resting: id };
}

describe('halt', () => {
  test('is on disk when it returns, cancels openings, keeps exits, and blocks every new order', async () => {
    const bench = await inTheMarket();
    const answer = bench.desk.risk.halt('that is enough');
    expect(answer).toMatchObject({ state: 'HALTED', cancelRequested: 1 });
    expect(new KillLatch(bench.dataDir).read()).toMatchObject({ halted: true, reason: 'that is enough' });
    await bench.pass(500);
    expect((await orderNow(bench, bench.resting)).status).toBe('CANCELED');
    expect((await bench.desk.orders.list({ scope: 'working', limit: 9 })).items.map(({ source }) => source)).toEqual([
      'exit',
    ]);
    expect(refusalOf(await bench.desk.orders.place(placing())).code).toBe('TRADING_HALTED');
    expect(bench.desk.risk.status.read()).toMatchObject({
      state: 'HALTED',
      causes: [{ code: 'KILL_SWITCH', actor: 'user' }],
    });
    // Twice does no harm.
    expect(bench.desk.risk.halt('again')).toMatchObject({ state: 'HALTED', cancelRequested: 0 });
  });

  test('survives a restart; resume needs a reason and clears the latch', async () => {
    const bench = await inTheMarket();
    bench.desk.risk.halt('before the restart');
    await bench.pass(500);
    await bench.desk.close();
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 5_000 });
    await again.pass(2_000);
    expect(again.desk.risk.status.read().state).toBe('HALTED');
    expect(refusalOf(await again.desk.orders.place(placing())).code).toBe('TRADING_HALTED');
    expect(refusalOf(again.desk.risk.resume('  ')).code).toBe('REASON_MISSING');
    expect(granted(again.desk.risk.resume('checked everything')).state).toBe('ACTIVE');
    expect(new KillLatch(bench.dataDir).read().halted).toBe(false);
    // The same order was sent before the restart, and the gate remembers it.
    expect((await again.desk.orders.place(placing({ acknowledged: ['DUPLICATE_ORDER'] }))).ok).toBe(true);
    expect(refusalOf(again.desk.risk.resume('once more')).code).toBe('NOT_HALTED');
  });

  test('an unreadable latch is a halt', async () => {
    const bench = await openBench();
    await bench.desk.close();
    writeFileSync(join(bench.dataDir, 'halt.json'), '{"version":1,"hal');
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    await again.pass(1_000);
    expect(again.desk.risk.status.read()).toMatchObject({ state: 'HALTED', causes: [{ code: 'LATCH_UNREADABLE' }] });
    expect(granted(again.desk.risk.resume('the file was damaged by hand')).state).toBe('ACTIVE');
  });

  test('set from outside, the running engine obeys within half a second', async () => {
    const bench = await inTheMarket();
    new KillLatch(bench.dataDir).halt('cli', 'pulled from outside', Date.now());
    await bench.pass(500);
    expect(bench.desk.risk.status.read()).toMatchObject({ state: 'HALTED' });
    await bench.pass(300);
    expect((await orderNow(bench, bench.resting)).status).toBe('CANCELED');
    expect(
      bench.desk.alerts.recent().some(({ code, severity }) => code === 'KILL_SWITCH' && severity === 'critical'),
    ).toBe(true);
  });
});

describe('flatten', () => {
  test('cancels everything, closes every position and says FLAT after looking again', async () => {
    const bench = await inTheMarket();
    await buy(bench, { instrument: ETH, quantity: '1.5' });
    await bench.pass(500);
    const steps = await flatten(bench);
    expect(steps.at(-1)).toMatchObject({ step: 'result', outcome: 'FLAT', open: [] });
    expect(new Set(steps.map(({ step }) => step))).toEqual(
      new Set(['latch', 'cancel', 'await-cancels', 'close', 'verify', 'result']),
    );
    expect(bench.desk.portfolio.read().positions).toEqual([]);
    expect((await bench.desk.orders.list({ scope: 'working', limit: 9 })).items).toEqual([]);
    expect(bench.desk.risk.status.read().state).toBe('HALTED');
    const sources = (await bench.desk.orders.list({ scope: 'history', limit: 20 })).items.map(({ source }) => source);
    expect(sources.filter((source) => source === 'flatten').length).toBeGreaterThanOrEqual(2);
  });

  test('says NOT_FLAT with the reason where a market is closed', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '5' });
    await bench.pass(500);
    expect(position(bench, TCS)?.quantity).toBe('5');
    await bench.desk.close();
    const weekend = await openBench({ dataDir: bench.dataDir, start: SATURDAY });
    await weekend.pass(1_000);
    const steps = await flatten(weekend);
    const result = steps.at(-1);
    expect(result).toMatchObject({ step: 'result', outcome: 'NOT_FLAT' });
    expect(result?.open).toMatchObject([
      { account: 'paper-inr', instrument: TCS, quantity: '5', venue: 'paper-nse', code: 'MARKET_CLOSED' },
    ]);
    expect(result?.sentence).toContain('closed');
    expect(position(weekend, TCS)?.quantity).toBe('5');
  });

  test('of one account leaves the positions of the others', async () => {
    const bench = await inTheMarket();
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '3' });
    await bench.pass(500);
    expect((await flatten(bench, 'paper-usdt')).at(-1)).toMatchObject({ outcome: 'FLAT' });
    expect(position(bench, TCS)?.quantity).toBe('3');
    expect(position(bench, BTC)).toBeUndefined();
  });
});

describe('exits and halts', () => {
  test('a loss far beyond its limit cancels openings, halts, and closes the positions of the account by itself', async () => {
    const bench = await inTheMarket();
    granted(bench.desk.risk.setLimits({ maxDailyLoss: '1' }, 'as tight as can be'));
    await bench.pass(3_000);
    expect(bench.desk.risk.status.read().causes.map(({ code }) => code)).toContain('DAILY_LOSS');
    expect((await orderNow(bench, bench.resting)).reason).toContain('loss of the day');
    for (let round = 0; round < 50 && position(bench) !== undefined; round += 1) await bench.pass(500);
    expect(position(bench)).toBeUndefined();
    const sources = (await bench.desk.orders.list({ scope: 'history', limit: 20 })).items.map(({ source }) => source);
    expect(sources).toContain('flatten');
    expect(bench.desk.risk.status.read().state).toBe('HALTED');
  });

  test('flattening one account leaves the stops of the others alone', async () => {
    const bench = await inTheMarket();
    const bid = Number(bench.desk.market.quotes.read(TCS)?.bid);
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '3', stopLoss: (bid - 200).toFixed(1) });
    await bench.pass(1_000);
    expect((await flatten(bench, 'paper-usdt')).at(-1)).toMatchObject({ outcome: 'FLAT' });
    const left = (await bench.desk.orders.list({ scope: 'working', limit: 9 })).items;
    expect(left).toMatchObject([{ account: 'paper-inr', source: 'exit', quantity: '3' }]);
  });

  test('what a flatten could not close gets its stop back, quietly waiting while the market is closed', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const bid = Number(bench.desk.market.quotes.read(TCS)?.bid);
    await buy(bench, {
      account: 'paper-inr-delivery',
      instrument: TCS,
      quantity: '3',
      stopLoss: (bid - 200).toFixed(1),
    });
    await bench.pass(1_000);
    await bench.desk.close();
    const weekend = await openBench({ dataDir: bench.dataDir, start: SATURDAY });
    await weekend.pass(1_000);
    expect((await weekend.desk.orders.list({ scope: 'working', limit: 9 })).items).toMatchObject([{ source: 'exit' }]);
    expect((await flatten(weekend)).at(-1)).toMatchObject({ outcome: 'NOT_FLAT' });
    await weekend.pass(60_000);
    const denied = (await weekend.desk.orders.list({ scope: 'history', limit: 100 })).items;
    expect(denied.filter(({ status, source }) => status === 'DENIED' && source === 'exit').length).toBeLessThan(6);
    expect(position(weekend, TCS)?.stopLoss).toBe((bid - 200).toFixed(1));
    await weekend.desk.close();
    const monday = await openBench({ dataDir: bench.dataDir, start: Date.parse('2026-11-23T05:00:00Z') });
    await monday.pass(3_000);
    expect(monday.desk.risk.status.read().state).toBe('HALTED');
    expect((await monday.desk.orders.list({ scope: 'working', limit: 9 })).items).toMatchObject([
      { source: 'exit', type: 'stop', trigger: (bid - 200).toFixed(1), quantity: '3' },
    ]);
  });
});

describe('limits', () => {
  test('are changed with a reason, bind at once, and hold after a restart', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    const changed = granted(bench.desk.risk.setLimits({ maxOrderNotional: '1000' }, 'small steps'));
    expect(changed).toMatchObject({ limits: { maxOrderNotional: '1000' }, reason: 'small steps', changedBy: 'user' });
    expect(refusalOf(await bench.desk.orders.place(placing())).code).toBe('NOTIONAL_EXCEEDS_MAX_PER_ORDER');
    expect(refusalOf(bench.desk.risk.setLimits({ maxDrawdownFraction: '1.5' }, 'too wide')).code).toBe('LIMIT_INVALID');
    expect(refusalOf(bench.desk.risk.setLimits({ maxDailyLoss: '-5' }, 'negative')).code).toBe('LIMIT_INVALID');
    await bench.desk.close();
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    expect(again.desk.risk.limits()).toMatchObject({ limits: { maxOrderNotional: '1000' }, reason: 'small steps' });
  });

  test('a stale limit below the warning pulls the warning down with it', async () => {
    const bench = await openBench();
    expect(granted(bench.desk.risk.setLimits({ stalePriceMs: 1_000 }, 'fresh only')).limits.stalePriceMs).toBe(1_000);
  });

  test('an amount of daily loss halts like a share of equity', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    granted(bench.desk.risk.setLimits({ maxDailyLoss: '5' }, 'five is all I have'));
    await buy(bench, { quantity: '0.2' });
    await bench.pass(1_000);
    // Fees alone exceed five.
    expect(bench.desk.risk.status.read()).toMatchObject({ state: 'HALTED' });
    expect(bench.desk.risk.status.read().causes.map(({ code }) => code)).toContain('DAILY_LOSS');
    expect(refusalOf(bench.desk.risk.resume('I want to go on')).code).toBe('CAUSE_STILL_TRUE');
    granted(bench.desk.risk.setLimits({ maxDailyLoss: null }, 'the limit was too tight'));
    expect(granted(bench.desk.risk.resume('limit changed')).state).toBe('ACTIVE');
  });

  test('limits that cannot be read block every order until they are set again', async () => {
    const bench = await openBench();
    await bench.desk.close();
    writeFileSync(join(bench.dataDir, 'limits.json'), 'no json');
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    await again.pass(1_000);
    expect(refusalOf(await again.desk.orders.place(placing())).code).toBe('LIMITS_MISSING');
    granted(again.desk.risk.setLimits({}, 'defaults are fine'));
    expect((await again.desk.orders.place(placing())).ok).toBe(true);
    expect(JSON.parse(readFileSync(join(bench.dataDir, 'limits.json'), 'utf8'))).toMatchObject({ version: 2 });
  });
});

describe('a journal that fails', () => {
  test('halts, says so, latches on disk, and nothing more is sent', async () => {
    const bench = await openBench({ journal: { maxPages: 110 } });
    await bench.pass(2_000);
    let refused = null;
    for (let count = 0; count < 400 && refused === null; count += 1) {
      const outcome = await bench.desk.orders.place(
        placing({ type: 'limit', price: '30000.00', quantity: '0.01', acknowledged: ['PRICE_COLLAR'] }),
      );
      if (!outcome.ok && outcome.error.code !== 'PRICE_COLLAR') refused = outcome.error;
    }
    expect(['JOURNAL_FAILED', 'TRADING_HALTED']).toContain(refused?.code);
    await bench.pass(500);
    const status = bench.desk.risk.status.read();
    expect(status.state).toBe('HALTED');
    expect(status.causes.map(({ code }) => code)).toContain('JOURNAL_FAILURE');
    expect((await bench.desk.journal.stats()).ok).toBe(false);
    expect(new KillLatch(bench.dataDir).read().halted).toBe(true);
    expect((await bench.desk.orders.place(placing())).ok).toBe(false);
    expect(refusalOf(bench.desk.risk.resume('try again')).code).toMatch(/JOURNAL_FAILED|RESUME_BLOCKED/);
  });
});

test('time passes in the tests only', async () => {
  const bench = await openBench();
  const before = bench.desk.status.read().now;
  await passTime(bench.clock, 1_000);
  expect(bench.desk.status.read().now - before).toBe(1_000);
});
