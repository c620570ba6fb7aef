import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import type { PortfolioRisk } from '../../../src/contract/types.ts';
import { portfolioRisk, riskControls } from '../../../src/contract/risk-controls.ts';
import { BTC, buy, ETH, granted, openBench, placing, position, refusalOf, type Bench } from './support.ts';

const SYMBOL = { kind: 'symbol' as const, id: BTC };
const controls = (bench: Bench) => bench.desk.riskControls;
const outputOf = (procedure: unknown): z.ZodType =>
  (procedure as { '~orpc': { outputSchema: z.ZodType } })['~orpc'].outputSchema;
function fits(schema: z.ZodType, value: unknown): void {
  const read = schema.safeParse(value);
  expect(read.error?.issues ?? []).toEqual([]);
}

async function restarted(bench: Bench): Promise<Bench> {
  await bench.desk.close();
  const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
  await again.pass(1_500);
  return again;
}

describe('limits of a scope', () => {
  test('bind at once, are named, kept with their history, audited, and hold after a restart', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    const set = granted(
      controls(bench).setLimits({ scope: SYMBOL, limits: { maxPosition: '0.15' }, reason: 'BTC is wild today' }),
    );
    fits(outputOf(riskControls.limits), set);
    expect(set.scopes[1]).toMatchObject({
      scope: SYMBOL,
      limits: { maxPosition: '0.15' },
      changedBy: 'user',
      reason: 'BTC is wild today',
    });
    await buy(bench);
    await bench.pass(300);
    const refused = refusalOf(await bench.desk.orders.place(placing({ quantity: '0.06' })));
    expect(refused).toMatchObject({ code: 'MAX_POSITION', limit: '0.15' });
    expect(refused.sentence).toContain(`the limit of symbol ${BTC}`);
    expect(refused.checks?.[0]?.scope).toBe(`symbol ${BTC}`);
    const again = await restarted(bench);
    expect(refusalOf(await again.desk.orders.place(placing({ quantity: '0.06' }))).code).toBe('MAX_POSITION');
    expect(controls(again).limitHistory({ limit: 1 })).toMatchObject({
      changes: [{ scope: SYMBOL, name: 'maxPosition', before: 'null', after: '0.15', owner: 'user' }],
      next: null,
    });
    granted(controls(again).setLimits({ scope: SYMBOL, limits: { maxPosition: null }, reason: 'calm again' }));
    expect(controls(again).limits().scopes).toHaveLength(1);
    expect(controls(again).limitHistory({ limit: 1 })).toMatchObject({ changes: [{ after: 'null' }], next: '1' });
    fits(outputOf(riskControls.limitHistory), controls(again).limitHistory({ limit: 9 }));
    const audit = again.desk.journal.audit({ limit: 100 }).items;
    expect(audit.filter(({ action }) => action === 'riskControls.setLimits').map(({ reason }) => reason)).toEqual([
      'calm again',
      'BTC is wild today',
    ]);
  });

  test('a strategy limit set later knows what the strategy opened before', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    await buy(bench);
    await bench.pass(300);
    granted(
      controls(bench).setLimits({
        scope: { kind: 'strategy', id: 'none' },
        limits: { maxPosition: '0.1' },
        reason: 'another strategy',
      }),
    );
    // A person's order is no strategy's.
    expect((await bench.desk.orders.place(placing({ quantity: '0.2' }))).ok).toBe(true);
  });

  test('of all accounts by their own names, the loss limits of one account, and refusals', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    granted(
      controls(bench).setLimits({ scope: null, limits: { warnStopLoss: '0.02', maxOpenOrders: 9 }, reason: 'mine' }),
    );
    expect(controls(bench).limits().scopes[0]).toMatchObject({ limits: { warnStopLoss: '0.02', maxOpenOrders: 9 } });
    for (const [scope, limits, code] of [
      [SYMBOL, { maxDrawdown: '0.1' }, 'LIMIT_UNKNOWN'],
      [null, { maxLuck: '1' }, 'LIMIT_UNKNOWN'],
      [null, { maxDrawdown: '7' }, 'LIMIT_INVALID'],
    ] as const) {
      expect(refusalOf(controls(bench).setLimits({ scope, limits: { ...limits }, reason: 'try' })).code).toBe(code);
    }
    const account = { kind: 'account' as const, id: 'paper-usdt' };
    granted(
      controls(bench).setLimits({ scope: account, limits: { maxDailyLoss: '0.00001' }, reason: 'no losses here' }),
    );
    await buy(bench);
    await bench.pass(2_000);
    expect(bench.desk.risk.status.read().causes.map(({ code }) => code)).toContain('DAILY_LOSS');
    expect(refusalOf(await bench.desk.orders.place(placing())).code).toBe('TRADING_HALTED');
    const rupees = placing({ account: 'paper-inr', instrument: 'TCS.NSE', quantity: '1' });
    expect(refusalOf(await bench.desk.orders.place(rupees)).code).not.toBe('DAILY_LOSS');
  });

  test('the automatic flatten can be switched off: a halt then leaves position and stop', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    granted(controls(bench).setLimits({ scope: null, limits: { flattenAt: null }, reason: 'I close by hand' }));
    const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
    await buy(bench, { stopLoss: (bid - 2_000).toFixed(2) });
    await bench.pass(500);
    granted(bench.desk.risk.setLimits({ maxDailyLoss: '1' }, 'as tight as can be'));
    await bench.pass(5_000);
    expect(bench.desk.risk.status.read().state).toBe('HALTED');
    expect(position(bench)?.quantity).toBe('0.10000');
    const left = (await bench.desk.orders.list({ scope: 'working', limit: 9 })).items;
    expect(left.map(({ source, type }) => [source, type])).toEqual([['exit', 'stop']]);
  });
});

describe('protections', () => {
  test('a cool-down after an exit blocks that symbol, is shown, survives a restart, and is lifted with a reason', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    const rules = [{ kind: 'cooldown' as const, lockMs: 3_600_000 }];
    granted(controls(bench).setProtections({ rules, reason: 'no revenge' }));
    await buy(bench);
    await bench.pass(300);
    granted(
      await bench.desk.positions.close({
        account: 'paper-usdt',
        instrument: BTC,
        fraction: 1,
        idempotencyKey: 'close-it-1',
      }),
    );
    await bench.pass(500);
    const { locks } = controls(bench).protections();
    expect(locks).toMatchObject([{ rule: 'cooldown', account: 'paper-usdt', instrument: BTC, side: null }]);
    fits(outputOf(riskControls.protections), controls(bench).protections());
    expect(refusalOf(await bench.desk.orders.place(placing({ quantity: '0.2' }))).code).toBe('LOCKED_COOLDOWN');
    expect((await bench.desk.orders.place(placing({ instrument: ETH, quantity: '1' }))).ok).toBe(true);
    expect(bench.desk.alerts.recent().some(({ code }) => code === 'PROTECTION_LOCK')).toBe(true);
    const again = await restarted(bench);
    expect(controls(again).protections().locks).toEqual(locks);
    expect(refusalOf(await again.desk.orders.place(placing({ quantity: '0.3' }))).code).toBe('LOCKED_COOLDOWN');
    const id = locks[0]?.id ?? '';
    granted(controls(again).liftLock({ id, reason: 'it was a mistake' }));
    expect(refusalOf(controls(again).liftLock({ id, reason: 'once more' })).code).toBe('LOCK_UNKNOWN');
    expect((await again.desk.orders.place(placing({ quantity: '0.3' }))).ok).toBe(true);
    expect(
      refusalOf(controls(again).setProtections({ rules: [{ kind: 'cooldown', lockMs: 0 }], reason: 'bad' })).code,
    ).toBe('PROTECTION_INVALID');
  });

  test('a damaged file locks everything until a person lifts it', async () => {
    const bench = await openBench();
    await bench.desk.close();
    writeFileSync(join(bench.dataDir, 'protections.json'), '{"version":1,"rules":[');
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
    await again.pass(1_500);
    expect(refusalOf(await again.desk.orders.place(placing())).code).toBe('LOCKED_UNREADABLE');
    const [lock] = controls(again).protections().locks;
    granted(controls(again).liftLock({ id: lock?.id ?? '', reason: 'looked at it' }));
    expect((await again.desk.orders.place(placing())).ok).toBe(true);
    expect(JSON.parse(readFileSync(join(again.dataDir, 'protections.json'), 'utf8'))).toMatchObject({ version: 1 });
  });
});

describe('duplicates', () => {
  test('the fifth identical order within a minute is blocked and halts the account', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    const order = { quantity: '0.01', acknowledged: ['DUPLICATE_ORDER'] };
    for (let sent = 0; sent < 4; sent += 1) {
      expect((await bench.desk.orders.place(placing(order))).ok).toBe(true);
      await bench.pass(200);
    }
    expect(bench.desk.risk.status.read().state).toBe('ACTIVE');
    expect(refusalOf(await bench.desk.orders.place(placing(order))).code).toBe('DUPLICATE_STORM');
    expect(bench.desk.risk.status.read()).toMatchObject({ state: 'HALTED', causes: [{ code: 'DUPLICATE_STORM' }] });
  });
});

describe('risk of the portfolio', () => {
  async function read(bench: Bench): Promise<PortfolioRisk> {
    const source = granted(controls(bench).portfolio('paper-usdt'));
    for (let second = 0; second < 20 && source.read().tails === null; second += 1) await bench.pass(1_000);
    return source.read();
  }

  test('value at risk, correlation, concentration and scenarios of what is held', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    const source = granted(controls(bench).portfolio('paper-usdt'));
    expect(source.read()).toMatchObject({ tails: null, unavailable: 'There is no open position.', positions: [] });
    await buy(bench, { quantity: '0.1' });
    await buy(bench, { instrument: ETH, quantity: '2' });
    await bench.pass(500);
    expect(source.read().unavailable).toContain('is being read');
    const risk = await read(bench);
    fits(portfolioRisk, risk);
    expect(risk.unavailable).toBeNull();
    expect(risk.observations).toBeGreaterThanOrEqual(60);
    const [wide, narrow] = risk.tails ?? [];
    expect([wide?.confidence, narrow?.confidence]).toEqual([0.95, 0.99]);
    for (const method of ['historical', 'parametric', 'cornishFisher'] as const) {
      expect(Number(wide?.[method].var)).toBeGreaterThan(0);
      expect(Number(wide?.[method].cvar)).toBeGreaterThanOrEqual(Number(wide?.[method].var));
      expect(Number(narrow?.[method].var)).toBeGreaterThanOrEqual(Number(wide?.[method].var));
    }
    expect(risk.correlation?.map((row) => row.length)).toEqual([2, 2]);
    expect(risk.positions.reduce((sum, one) => sum + (one.varianceShare ?? 0), 0)).toBeCloseTo(1, 6);
    const shares = risk.positions.map(({ share }) => share ?? 0);
    expect(risk.concentration.herfindahl).toBeCloseTo(
      shares.reduce((sum, share) => sum + share * share, 0),
      12,
    );
    const value = (index: number): number => Number(risk.positions[index]?.value);
    const profit = (name: string): number => Number(risk.scenarios.find((one) => one.name === name)?.profit);
    expect(profit('All -5 %')).toBeCloseTo(-0.05 * (value(0) + value(1)), 6);
    expect(profit('BTC -10 %')).toBeCloseTo(-0.1 * value(0), 6);
  });

  test('scenarios of the user are kept, and say which limit they would reach', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    const scenarios = [{ name: 'Crash', all: '-0.99', moves: { ETH: '-0.5' } }];
    expect(granted(controls(bench).setScenarios({ scenarios })).own).toEqual(scenarios);
    await buy(bench, { quantity: '0.3' });
    await bench.pass(500);
    const again = await restarted(bench);
    expect(controls(again).scenarios().own).toEqual(scenarios);
    const crash = (await read(again)).scenarios.find(({ name }) => name === 'Crash');
    expect(crash?.breaches).toEqual(['DAILY_LOSS', 'DRAWDOWN']);
    expect(refusalOf(controls(again).setScenarios({ scenarios: [{ name: 'x', all: '-2' }] })).code).toBe(
      'SCENARIO_INVALID',
    );
    expect(refusalOf(controls(again).portfolio('nobody')).code).toBe('ACCOUNT_UNKNOWN');
  });

  test('the meters of the last hour, with slope and time to the limit', async () => {
    const bench = await openBench();
    await bench.pass(1_500);
    await buy(bench, { quantity: '0.1' });
    await bench.pass(80_000);
    const { trends } = controls(bench).trends({ account: 'paper-usdt' });
    fits(outputOf(riskControls.trends), { trends });
    const gross = trends.find(({ name }) => name === 'GROSS_EXPOSURE');
    expect(gross?.points.length).toBeGreaterThanOrEqual(7);
    expect(gross?.slopePerMinute).not.toBeNull();
  });
});

test('the highest equity survives a restart to the last digit, also between two snapshots', async () => {
  const bench = await openBench();
  await bench.pass(1_500);
  await buy(bench, { quantity: '0.3' });
  await bench.pass(20_000);
  const before = bench.desk.portfolio.read().accounts.find(({ account }) => account === 'paper-usdt');
  const file = readFileSync(join(bench.dataDir, 'equity-highs.txt'), 'utf8');
  const again = await restarted(bench);
  const kept = readFileSync(join(again.dataDir, 'equity-highs.txt'), 'utf8');
  const high = (text: string): number => {
    const line = text.split('\n').find((one) => one.includes('paper-usdt')) ?? '';
    return Number((JSON.parse(line.slice(9)) as unknown[])[3]);
  };
  expect(high(file)).toBeGreaterThanOrEqual(Number(before?.equity));
  expect(high(kept)).toBeGreaterThanOrEqual(high(file));
  const after = again.desk.portfolio.read().accounts.find(({ account }) => account === 'paper-usdt');
  expect(after?.drawdown).toBeCloseTo(Math.min(0, Number(after?.equity) / high(kept) - 1), 12);
});

test('a damaged record of the highest equity: only orders that reduce, until a person has looked', async () => {
  const bench = await openBench();
  await bench.pass(1_500);
  await bench.desk.close();
  const path = join(bench.dataDir, 'equity-highs.txt');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('1', '2'));
  const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
  await again.pass(1_500);
  expect(refusalOf(await again.desk.orders.place(placing())).code).toBe('TRADING_STATE_REDUCING');
  granted(again.desk.risk.resume('compared with the statement'));
  expect((await again.desk.orders.place(placing())).ok).toBe(true);
});
