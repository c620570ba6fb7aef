import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
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
