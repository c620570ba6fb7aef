import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { depthSide } from '../../src/risk/depth.ts';
import { RESEARCH_LIMITS } from '../../src/risk/limits.ts';
import { accountOf, instrumentOf } from '../portfolio/fixtures.ts';
import { gateOf, orderOf, workingOf, worldOf, type World } from './gate-fixtures.ts';

const NaNs = Number.NaN;
const MISSING: readonly [string, Partial<World>][] = [
  ['account', { account: null }],
  ['instrument', { instrument: null }],
  ['equity', { equity: null }],
  ['equity that is no number', { equity: new Decimal(NaNs) }],
  ['reference price', { reference: null }],
  ['any figure in the reference price', { reference: { bid: 0, ask: 0, last: 0, ts: 0, ageMs: 0, stale: false } }],
  ['prices that are no numbers', { reference: { bid: NaNs, ask: NaNs, last: NaNs, ts: 0, ageMs: 0, stale: false } }],
  ['position', { net: NaNs }],
  ['fees', { fees: null }],
  ['fees that are no numbers', { fees: { taker: 'x', fixed: '0' } }],
  ['limits', { limits: null }],
  ['trading state', { state: null }],
  ['leverage', { account: accountOf({ leverage: '0' }) }],
  [
    'a price of another holding',
    { others: new Map([['X.Y', { instrument: instrumentOf({ symbol: 'X', venue: 'Y' }), net: 5, reference: null }]]) },
  ],
  ['another held instrument', { others: new Map([['X.Y', { instrument: null, net: 5, reference: null }]]) }],
];
const CASH_MISSING: readonly [string, Partial<World>][] = [
  ['cash', { cash: null }],
  ['cash that is no number', { cash: new Decimal(NaNs) }],
];

describe('fail closed: what is missing blocks', () => {
  for (const research of [false, true]) {
    const limits = research ? { limits: RESEARCH_LIMITS } : {};
    for (const type of ['market', 'limit', 'stop'] as const) {
      for (const side of ['buy', 'sell'] as const) {
        it.each(MISSING)(`${research ? 'research' : 'default'} limits, ${side} ${type}: no %s`, (_, world) => {
          const order = orderOf({ type, side, ...(type === 'stop' && side === 'sell' ? { trigger: 9_950 } : {}) });
          expect(gateOf(worldOf(limits)).check(order).verdict).toBe('allow');
          const verdict = gateOf(worldOf({ ...limits, ...world })).check(order);
          expect(verdict.verdict).toBe('block');
          expect(verdict.quantity).toBe(0);
        });
      }
      it.each(CASH_MISSING)(
        `${research ? 'research' : 'default'} limits, cash account, buy ${type}: no %s`,
        (_, world) => {
          const account = accountOf({ type: 'cash' });
          expect(gateOf(worldOf({ ...limits, account })).check(orderOf({ type })).verdict).toBe('allow');
          expect(gateOf(worldOf({ ...limits, account, ...world })).check(orderOf({ type })).verdict).toBe('block');
        },
      );
    }
  }

  it('no figures of the day', () => {
    expect(gateOf(worldOf({ day: null })).check(orderOf()).verdict).toBe('block');
    expect(gateOf(worldOf({ day: { startEquity: NaNs, highEquity: 1 } })).check(orderOf()).verdict).toBe('block');
  });

  it('a view that throws', () => {
    const world = worldOf();
    const gate = gateOf(world);
    Object.defineProperty(world, 'reference', {
      get: () => {
        throw new Error('torn');
      },
    });
    expect(gate.check(orderOf())).toMatchObject({
      verdict: 'block',
      quantity: 0,
      checks: [{ code: 'RISK_CHECK_FAILED' }],
    });
  });

  it('any combination of missing data with any order: only a protective exit may pass, and only to shrink', () => {
    const worlds = fc.subarray([...MISSING, ...CASH_MISSING], { minLength: 1 });
    fc.assert(
      fc.property(
        worlds,
        fc.constantFrom('market' as const, 'limit' as const, 'stop' as const, 'stop-limit' as const),
        fc.constantFrom('buy' as const, 'sell' as const),
        fc.constantFrom('manual' as const, 'strategy' as const, 'exit' as const, 'flatten' as const),
        fc.boolean(),
        fc.integer({ min: -20_000, max: 20_000 }),
        (missing, type, side, source, reduceOnly, net) => {
          const world = worldOf({ account: accountOf({ type: 'cash' }), net });
          for (const [, change] of missing) Object.assign(world, change);
          if (world.net !== net && !Number.isNaN(world.net)) return;
          const verdict = gateOf(world).check(orderOf({ type, side, source, reduceOnly }));
          if (verdict.verdict === 'block') return;
          // What may pass at all without complete data cannot add risk.
          const signed = side === 'buy' ? verdict.quantity : -verdict.quantity;
          expect(Math.abs(net + signed)).toBeLessThan(Math.abs(net));
          expect(net * (net + signed)).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('what is missing never opens a door', () => {
  const facts = [
    'account',
    'instrument',
    'cash',
    'equity',
    'reference',
    'net',
    'fees',
    'limits',
    'state',
    'day',
    'depth',
    'locks',
  ] as const;
  const world = fc.record({
    net: fc.integer({ min: -30_000, max: 30_000 }),
    money: fc.integer({ min: 100, max: 200_000 }),
    thin: fc.integer({ min: 1, max: 40_000 }),
    age: fc.constantFrom(100, 100, 5_000, 20_000),
    halted: fc.constantFrom(false, false, false, true),
    lost: fc.constantFrom(0, 0, 0.03, 0.06),
    cash: fc.boolean(),
    resting: fc.array(fc.record({ buys: fc.boolean(), quantity: fc.integer({ min: 1, max: 9_000 }) }), {
      maxLength: 3,
    }),
  });
  const order = fc.record({
    type: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.integer({ min: 1, max: 60_000 }),
    price: fc.integer({ min: 8_800, max: 11_200 }),
    reduceOnly: fc.boolean(),
    source: fc.constantFrom('manual' as const, 'strategy' as const, 'exit' as const, 'flatten' as const),
  });

  // Most often one alone: of many, another would block in its place.
  const some = fc.oneof(
    { arbitrary: fc.constantFrom(...facts).map((one) => [one]), weight: 4 },
    { arbitrary: fc.subarray([...facts], { minLength: 1 }), weight: 1 },
  );

  it('an order that is blocked with all facts known is blocked without any subset of them, unless it only shrinks', () => {
    let blocked = 0;
    fc.assert(
      fc.property(world, order, some, (given, asked, missing) => {
        const made = worldOf({
          account: accountOf({ kind: 'live', type: given.cash ? 'cash' : 'margin', leverage: given.cash ? '1' : '3' }),
          net: given.net,
          cash: new Decimal(given.money),
          equity: new Decimal(given.money),
          day: { startEquity: given.money / (1 - given.lost), highEquity: given.money / (1 - given.lost) },
          reference: { bid: 10_000, ask: 10_002, last: 10_001, ts: 0, ageMs: given.age, stale: false },
          depth: {
            bids: depthSide([
              [10_000, given.thin],
              [9_700, given.thin],
            ]),
            asks: depthSide([
              [10_002, given.thin],
              [10_300, given.thin],
            ]),
            whole: true,
          },
          state: given.halted ? { state: 'HALTED', causes: [] } : { state: 'ACTIVE', causes: [] },
          open: given.resting.map(({ buys, quantity }) => workingOf({ side: buys ? 'buy' : 'sell', quantity })),
        });
        const { price, ...rest } = asked;
        const intent = orderOf({
          ...rest,
          accountKind: 'live',
          price: asked.type === 'limit' ? price : null,
          trigger: asked.type === 'stop' ? price : null,
        });
        if (gateOf(made).check(intent).verdict !== 'block') return;
        blocked += 1;
        const torn: World = { ...made };
        for (const fact of missing) {
          if (fact === 'net') torn.net = Number.NaN;
          else if (fact !== 'locks') torn[fact] = null;
        }
        const gate = gateOf(torn);
        if (missing.includes('locks')) gate.protections.restore(null, torn.now);
        const verdict = gate.check(intent);
        if (verdict.verdict === 'block') return;
        const after = given.net + (asked.side === 'buy' ? verdict.quantity : -verdict.quantity);
        expect(Math.abs(after)).toBeLessThan(Math.abs(given.net));
        expect(given.net * after).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1_500 },
    );
    // The property says nothing about orders that pass anyway.
    expect(blocked).toBeGreaterThan(300);
  });
});

describe('reduce-only never turns a position around', () => {
  it('whatever is working already, the allowed quantities together stay within the position', () => {
    const order = fc.record({
      quantity: fc.integer({ min: 1, max: 9_000 }),
      source: fc.constantFrom('manual' as const, 'strategy' as const, 'flatten' as const),
    });
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 20_000 }), fc.array(order, { maxLength: 8 }), (net, orders) => {
        const world = worldOf({ net, limits: RESEARCH_LIMITS });
        const gate = gateOf(world);
        const side = net > 0 ? 'sell' : 'buy';
        let sum = 0;
        for (const { quantity, source } of orders) {
          const verdict = gate.check(orderOf({ side, quantity, source, reduceOnly: true }));
          if (verdict.verdict === 'block') continue;
          sum += verdict.quantity;
          world.open.push(workingOf({ side, quantity: verdict.quantity, source, reduceOnly: true }));
        }
        expect(sum).toBeLessThanOrEqual(Math.abs(net));
      }),
    );
  });
});
