import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlattenStep } from '../../../src/contract/types.ts';
import { KillLatch } from '../../../src/risk/kill-latch.ts';
import {
  BTC,
  buy,
  DELIVERY,
  ETH,
  FRIDAY,
  granted,
  openBench,
  orderNow,
  placing,
  position,
  refusalOf,
  SATURDAY,
  TCS,
  type Bench,
} from './support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONDAY_OPEN = Date.parse('2026-11-23T03:45:00Z');

async function steps(bench: Bench, begin: (report: (step: FlattenStep) => void) => void): Promise<FlattenStep[]> {
  const seen: FlattenStep[] = [];
  begin((step) => seen.push(step));
  for (let round = 0; round < 300 && seen.at(-1)?.step !== 'result'; round += 1) await bench.pass(100);
  return seen;
}

const emergency = (bench: Bench) => bench.desk.risk.status.read().emergency;
const state = (bench: Bench) => bench.desk.risk.status.read().state;

async function held(): Promise<Bench> {
  const bench = await openBench();
  await bench.pass(2_000);
  const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
  await buy(bench, { stopLoss: (bid - 2_000).toFixed(2) });
  await bench.pass(500);
  return bench;
}

describe('HALT', () => {
  test('says what it is, once', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    bench.desk.risk.halt('fat finger');
    const { sentence } = refusalOf(await bench.desk.orders.place(placing()));
    expect(sentence).toBe('Trading is halted: Fat finger. Clear the halt with a reason to trade again.');
    expect(bench.desk.risk.status.read().causes).toMatchObject([{ code: 'KILL_SWITCH', sentence: 'Fat finger.' }]);
  });

  test('a disk that takes no latch halts all the same, and the answer does not claim a latch', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    const latch = new KillLatch(bench.dataDir);
    // A folder where the latch is, with something in it, can be neither replaced nor emptied.
    mkdirSync(join(latch.path, 'full'), { recursive: true });
    expect(bench.desk.risk.halt('disk test')).toMatchObject({ state: 'HALTED', latched: false });
    expect(state(bench)).toBe('HALTED');
    const alert = bench.desk.alerts.recent().find(({ code }) => code === 'HALT_STEP');
    expect(alert?.sentence).toContain('a restart would not know');
    rmSync(latch.path, { recursive: true });
  });

  test('an opening that was on its way to the venue when the halt came does not stay', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    const { id } = await buy(bench, { type: 'limit', price: (bid - 500).toFixed(2) });
    expect((await orderNow(bench, id)).status).toBe('SUBMITTED');
    bench.desk.risk.halt('now');
    await bench.pass(1_000);
    expect((await orderNow(bench, id)).status).toBe('CANCELED');
  });

  test('the halt of a latch file that was deleted is remembered by the journal', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    bench.desk.risk.halt('keep this');
    await bench.desk.close();
    rmSync(join(bench.dataDir, 'halt.json'));
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    expect(state(again)).toBe('HALTED');
    granted(again.desk.risk.resume('looked at everything'));
    await again.desk.close();
    const third = await openBench({ dataDir: bench.dataDir, start: again.clock.now() + 1_000 });
    expect(state(third)).toBe('ACTIVE');
  });

  test('counts what is open at each venue', async () => {
    const bench = await held();
    await buy(bench, { type: 'limit', price: '20000.00', acknowledged: ['PRICE_COLLAR'] }).catch(() => null);
    const venue = () => emergency(bench).venues.find((one) => one.venue === 'paper-crypto');
    expect(venue()).toMatchObject({ protective: 1, positions: 1 });
    bench.desk.risk.halt('count');
    await bench.pass(1_000);
    expect(venue()).toMatchObject({ working: 0, cancelling: 0, protective: 1, positions: 1 });
  });
});

describe('re-arm', () => {
  test('lists what must be in order, and a flatten under way stands in its way', async () => {
    const bench = await held();
    bench.desk.risk.flatten({ reason: 'out' }, () => {});
    await bench.pass(50);
    expect(emergency(bench)).toMatchObject({ flattening: true });
    expect(emergency(bench).rearm.filter(({ ok }) => !ok)).toMatchObject([{ code: 'FLATTEN_OVER' }]);
    expect(refusalOf(bench.desk.risk.resume('too early'))).toMatchObject({ code: 'RESUME_BLOCKED' });
    await bench.pass(5_000);
    expect(emergency(bench).rearm.every(({ ok }) => ok)).toBe(true);
    expect(granted(bench.desk.risk.resume('flat now')).state).toBe('ACTIVE');
  });
});

describe('LOCK', () => {
  const lock = (bench: Bench, until: 'next-session' | '24h' | number, account?: string) =>
    bench.desk.risk.lock({ until, reason: 'three losses in a row', ...(account === undefined ? {} : { account }) });

  test('halts; neither a reason, nor a restart, nor a clock that was set back lifts it', async () => {
    const bench = await held();
    const until = granted(lock(bench, '24h')).lockedUntil;
    expect(until).toBe(bench.clock.now() + DAY);
    expect(state(bench)).toBe('HALTED');
    expect(
      bench.desk.risk.status
        .read()
        .causes.map(({ code }) => code)
        .toSorted(),
    ).toEqual(['KILL_SWITCH', 'LOCKED']);
    expect(refusalOf(bench.desk.risk.resume('I have calmed down'))).toMatchObject({ code: 'LOCKED' });
    await bench.desk.close();
    for (const start of [bench.clock.now() + HOUR, bench.clock.now() - 3 * DAY]) {
      const again = await openBench({ dataDir: bench.dataDir, start });
      await again.pass(1_500);
      expect(state(again)).toBe('HALTED');
      expect(emergency(again).lock).toMatchObject({ until, reason: 'three losses in a row' });
      expect(refusalOf(again.desk.risk.resume('please'))).toMatchObject({ code: 'LOCKED' });
      expect(refusalOf(await again.desk.orders.place(placing())).code).toBe('TRADING_HALTED');
      await again.desk.close();
    }
  });

  test('over, it is still a halt that a person lifts with a reason', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    granted(lock(bench, bench.clock.now() + 60_000));
    await bench.pass(50_000);
    expect(refusalOf(bench.desk.risk.resume('nearly'))).toMatchObject({ code: 'LOCKED' });
    await bench.pass(12_000);
    expect(emergency(bench).lock).toBeNull();
    expect(bench.desk.risk.status.read()).toMatchObject({ state: 'HALTED', causes: [{ code: 'KILL_SWITCH' }] });
    expect(granted(bench.desk.risk.resume('rested')).state).toBe('ACTIVE');
  });

  test('a deleted or emptied latch file does not lift it: the journal knows', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    granted(lock(bench, '24h'));
    await bench.desk.close();
    for (const spoil of [
      () => rmSync(join(bench.dataDir, 'halt.json')),
      () => writeFileSync(join(bench.dataDir, 'halt.json'), ''),
      () => writeFileSync(join(bench.dataDir, 'halt.json'), '{"version":1,"halted":false,"history":[]}'),
    ]) {
      spoil();
      const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + HOUR });
      expect(state(again)).toBe('HALTED');
      expect(refusalOf(again.desk.risk.resume('please'))).toMatchObject({ code: 'LOCKED' });
      await again.desk.close();
    }
  });

  test('only grows', async () => {
    const bench = await openBench();
    await bench.pass(1_000);
    granted(lock(bench, '24h'));
    expect(refusalOf(lock(bench, bench.clock.now() + HOUR))).toMatchObject({ code: 'LOCK_CANNOT_SHRINK' });
    granted(lock(bench, bench.clock.now() + 2 * DAY));
    expect(emergency(bench).lock?.until).toBe(bench.clock.now() + 2 * DAY);
  });

  test('protective exits and the flatten go on working under it', async () => {
    const bench = await held();
    granted(lock(bench, '24h'));
    await bench.pass(1_000);
    expect((await bench.desk.orders.list({ scope: 'working', limit: 9 })).items).toMatchObject([{ source: 'exit' }]);
    const seen = await steps(bench, (report) => bench.desk.risk.flatten({ reason: 'out' }, report));
    expect(seen.at(-1)).toMatchObject({ outcome: 'FLAT' });
  });

  test.each([
    ['paper-usdt', FRIDAY, Date.parse('2026-11-21T00:00:00Z')],
    ['paper-inr', FRIDAY, MONDAY_OPEN],
    ['paper-inr', SATURDAY, MONDAY_OPEN],
    // Of both accounts the later one.
    [undefined, FRIDAY, MONDAY_OPEN],
  ])('until the next session day of %s', async (account, start, end) => {
    const bench = await openBench({ start });
    expect(granted(lock(bench, 'next-session', account)).lockedUntil).toBe(end);
  });

  test('of an account that does not exist, or in the past, locks nothing', async () => {
    const bench = await openBench();
    expect(refusalOf(lock(bench, '24h', 'nobody')).code).toBe('ACCOUNT_NOT_FOUND');
    expect(refusalOf(lock(bench, bench.clock.now() - 1)).code).toBe('LOCK_TIME');
    expect(state(bench)).toBe('ACTIVE');
  });
});

describe('FLATTEN', () => {
  test('tells beforehand what it would close and what that costs', async () => {
    const bench = await held();
    const plan = bench.desk.risk.flattenPlan({});
    expect(plan.positions).toMatchObject([
      { account: 'paper-usdt', instrument: BTC, venue: 'paper-crypto', quantity: '0.10000', closed: null },
    ]);
    // Half a spread and a taker fee of 0.1 % of some six thousand.
    const cost = Number(plan.costs[0]?.amount);
    expect(plan.costs[0]?.currency).toBe('USDT');
    expect(cost).toBeGreaterThan(4);
    expect(cost).toBeLessThan(20);
  });

  test('a target that fills while everything is cancelled ends flat and not short', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    await buy(bench);
    await bench.pass(500);
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    // A plain order at the price of the market: it fills while its cancel is on its way.
    const target = await buy(bench, { side: 'sell', type: 'limit', price: bid.toFixed(2), quantity: '0.1' });
    const seen = await steps(bench, (report) => bench.desk.risk.flatten({ reason: 'out' }, report));
    expect((await orderNow(bench, target.id)).status).toBe('FILLED');
    expect(seen.at(-1)).toMatchObject({ outcome: 'FLAT' });
    expect(position(bench, BTC)).toBeUndefined();
  });

  test('queued: what is closed now is closed when its market opens, also after a restart, and a resume ends it', async () => {
    const bench = await openBench({ accounts: DELIVERY });
    await bench.pass(2_000);
    await buy(bench, { account: 'paper-inr', instrument: TCS, quantity: '5' });
    await bench.pass(500);
    await bench.desk.close();
    const weekend = await openBench({ dataDir: bench.dataDir, start: SATURDAY });
    await weekend.pass(1_000);
    const seen = await steps(weekend, (report) => weekend.desk.risk.flatten({ reason: 'out', queue: true }, report));
    expect(seen.at(-1)).toMatchObject({ outcome: 'NOT_FLAT', open: [{ code: 'MARKET_CLOSED' }] });
    expect(emergency(weekend).queuedFlatten).toMatchObject({ reason: 'out', account: null });
    await weekend.desk.close();
    const monday = await openBench({ dataDir: bench.dataDir, start: MONDAY_OPEN + HOUR });
    await monday.pass(8_000);
    expect(position(monday, TCS)).toBeUndefined();
    expect(emergency(monday).queuedFlatten).toBeNull();
    expect(state(monday)).toBe('HALTED');
  });

  test('a queue that nobody wants any more ends with the resume', async () => {
    const bench = await openBench({ accounts: DELIVERY });
    await bench.pass(2_000);
    await buy(bench, { account: 'paper-inr-delivery', instrument: TCS, quantity: '5' });
    await bench.pass(500);
    await bench.desk.close();
    const weekend = await openBench({ dataDir: bench.dataDir, start: SATURDAY });
    await weekend.pass(1_000);
    await steps(weekend, (report) => weekend.desk.risk.flatten({ reason: 'out', queue: true }, report));
    granted(weekend.desk.risk.resume('I keep it'));
    expect(emergency(weekend).queuedFlatten).toBeNull();
    await weekend.desk.close();
    const monday = await openBench({ dataDir: bench.dataDir, start: MONDAY_OPEN + HOUR });
    await monday.pass(8_000);
    expect(position(monday, TCS)?.quantity).toBe('5');
  });

  test('under way when the engine died: the next one goes on with it', async () => {
    const bench = await held();
    await buy(bench, { instrument: ETH, quantity: '1.5' });
    await bench.pass(500);
    bench.desk.risk.flatten({ reason: 'out of here' }, () => {});
    // Latched and written down; no closing order was sent yet.
    await bench.pass(10);
    const left = readFileSync(join(bench.dataDir, 'flatten-jobs.json'), 'utf8');
    await bench.desk.close();
    writeFileSync(join(bench.dataDir, 'flatten-jobs.json'), left);
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 5_000 });
    await again.pass(8_000);
    expect(again.desk.portfolio.read().positions).toEqual([]);
    expect(existsSync(join(bench.dataDir, 'flatten-jobs.json'))).toBe(false);
    const codes = again.desk.alerts.recent().map(({ code }) => code);
    expect(codes).toContain('FLATTEN_RESUMED');
    expect(codes).toContain('FLAT');
  });

  test('a record of it that cannot be read closes nothing and says so', async () => {
    const bench = await held();
    bench.desk.risk.halt('x');
    await bench.desk.close();
    writeFileSync(join(bench.dataDir, 'flatten-jobs.json'), '{"version":1,"jo');
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 5_000 });
    await again.pass(5_000);
    expect(position(again, BTC)?.quantity).toBe('0.10000');
    expect(again.desk.alerts.recent().map(({ code }) => code)).toContain('FLATTEN_UNKNOWN');
  });
});

describe('the drill', () => {
  test('runs the switch on its own orders, touches nothing else, and reports its times', async () => {
    const bench = await held();
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    const mine = await buy(bench, { type: 'limit', price: (bid - 900).toFixed(2) });
    await bench.pass(500);
    const before = (await bench.desk.orders.list({ scope: 'working', limit: 9 })).items.map(({ id }) => id).toSorted();
    const seen = await steps(bench, (report) => granted(bench.desk.risk.drill({ account: 'paper-usdt' }, report)));
    expect(new Set(seen.map(({ step }) => step))).toEqual(
      new Set(['prepare', 'latch', 'cancel', 'await-cancels', 'close', 'verify', 'result']),
    );
    const result = seen.at(-1);
    expect(result).toMatchObject({ outcome: 'FLAT', open: [] });
    expect(result?.times?.flatMs).toBeGreaterThan(0);
    // Everything else stands as it stood: trading goes on, the stop and the order rest, the position is whole.
    const after = (await bench.desk.orders.list({ scope: 'working', limit: 9 })).items.map(({ id }) => id).toSorted();
    expect(after).toEqual(before);
    expect(after).toContain(mine.id);
    expect(state(bench)).toBe('ACTIVE');
    expect(new KillLatch(bench.dataDir).read().halted).toBe(false);
    expect(position(bench, BTC)?.quantity).toBe('0.10000');
    expect(bench.desk.portfolio.read().positions).toHaveLength(1);
    const drilled = (await bench.desk.orders.list({ scope: 'history', limit: 50 })).items.filter(
      ({ note }) => note?.includes('drill') === true,
    );
    expect(drilled.map(({ source, status }) => `${source} ${status}`).toSorted()).toEqual([
      'flatten FILLED',
      'manual CANCELED',
      'manual FILLED',
    ]);
    expect(new Set(drilled.map(({ instrument }) => instrument)).has(BTC)).toBe(false);
    // It is remembered, and the next one is due in a week.
    const { drill } = emergency(bench);
    expect(drill).toMatchObject({ running: false, flat: true, flatMs: result?.times?.flatMs });
    expect((drill.dueAt ?? 0) - (drill.lastAt ?? 0)).toBe(7 * DAY);
    await bench.desk.close();
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    expect(emergency(again).drill).toEqual(drill);
  });

  test('is refused while trading is halted, twice at once, and in an account that is none', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    expect(refusalOf(bench.desk.risk.drill({ account: 'nobody' }, () => {})).code).toBe('DRILL_ACCOUNT');
    granted(bench.desk.risk.drill({}, () => {}));
    expect(refusalOf(bench.desk.risk.drill({}, () => {})).code).toBe('DRILL_RUNNING');
    await bench.pass(5_000);
    bench.desk.risk.halt('real');
    expect(refusalOf(bench.desk.risk.drill({}, () => {})).code).toBe('DRILL_NOT_ACTIVE');
  });

  test('what it had open when the engine died is closed by the next one, and nothing else', async () => {
    const bench = await held();
    granted(bench.desk.risk.drill({ account: 'paper-usdt' }, () => {}));
    for (let round = 0; round < 100 && bench.desk.portfolio.read().positions.length < 2; round += 1) {
      await bench.pass(10);
    }
    const marker = readFileSync(join(bench.dataDir, 'drill.json'), 'utf8');
    await bench.desk.close();
    writeFileSync(join(bench.dataDir, 'drill.json'), marker);
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 5_000 });
    expect(again.desk.portfolio.read().positions).toHaveLength(2);
    await again.pass(8_000);
    expect(again.desk.portfolio.read().positions.map(({ instrument }) => instrument)).toEqual([BTC]);
    expect(existsSync(join(bench.dataDir, 'drill.json'))).toBe(false);
    expect(state(again)).toBe('ACTIVE');
  });
});
