import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { RESEARCH_LIMITS } from '../../src/risk/limits.ts';
import { accountOf } from '../portfolio/fixtures.ts';
import { codes, gateOf, orderOf, workingOf, worldOf } from './gate-fixtures.ts';

/** Quantities are thousandths of a BTC, prices cents: 10,000 units at 100.00 are worth 1,000 USDT. */
const limits = { ...RESEARCH_LIMITS, maxPosition: '10' };

describe('a reversal with its close still in flight is judged by the position it leads to', () => {
  const closing = (quantity: number, source: 'strategy' | 'exit' = 'strategy', type: 'market' | 'stop' = 'market') =>
    workingOf({ side: 'sell', type, quantity, reduceOnly: true, source, status: 'SUBMITTED' });

  it.each([
    // [position, closing under way, sold besides, blocked]
    [5_000, 5_000, 10_000, false],
    [5_000, 5_000, 11_000, true],
    [5_000, 0, 15_000, false],
    [5_000, 0, 16_000, true],
    [5_000, 2_000, 13_000, false],
    [5_000, 2_000, 14_000, true],
    [0, 0, 10_000, false],
    [0, 0, 11_000, true],
    [-5_000, 0, 5_000, false],
    [-5_000, 0, 6_000, true],
    // More closing orders than position: reduce-only orders never open anything.
    [5_000, 20_000, 10_000, false],
    // The position is too large already; the way back is open, but not into as large a position on the other side.
    [30_000, 30_000, 10_000, false],
    [30_000, 30_000, 30_000, true],
  ])('%i held, %i closing, %i sold: blocked %s', (net, closes, sold, blocked) => {
    const world = worldOf({ net, limits, open: closes === 0 ? [] : [closing(closes)], equity: new Decimal(1e9) });
    const verdict = gateOf(world).check(orderOf({ side: 'sell', type: 'market', quantity: sold }));
    expect(codes(verdict, 'block')).toEqual(blocked ? ['MAX_POSITION'] : []);
  });

  it('a resting stop counts for an order that rests, and not for one that fills now', () => {
    const open = [closing(5_000, 'exit', 'stop')];
    const check = (order: Parameters<typeof orderOf>[0]): string[] =>
      codes(gateOf(worldOf({ net: 5_000, limits, open })).check(orderOf({ side: 'sell', ...order })), 'block');
    expect(check({ type: 'market', quantity: 12_000 })).toEqual([]);
    expect(check({ type: 'limit', quantity: 12_000 })).toEqual(['MAX_POSITION']);
    expect(check({ type: 'limit', quantity: 10_000 })).toEqual([]);
  });

  it('margin: the opened side needs it, also where it is no larger than the closed one', () => {
    const world = worldOf({
      net: 10_000,
      limits: RESEARCH_LIMITS,
      equity: new Decimal(900),
      account: accountOf({ leverage: '1' }),
      open: [closing(10_000)],
    });
    const sell = (quantity: number): string[] =>
      codes(gateOf(world).check(orderOf({ side: 'sell', type: 'market', quantity })), 'block');
    expect(sell(8_000)).toEqual([]);
    expect(sell(10_000)).toEqual(['MARGIN_EXCEEDS_FREE_BALANCE']);
  });

  it('whatever fills in whatever order, an allowed order never leads beyond the limit on its side', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -12_000, max: 12_000 }),
        fc.array(
          fc.record({ quantity: fc.integer({ min: 1, max: 6_000 }), reduceOnly: fc.boolean(), buys: fc.boolean() }),
          { maxLength: 4 },
        ),
        fc.integer({ min: 1, max: 15_000 }),
        fc.boolean(),
        fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
        (net, others, quantity, buys, ranks) => {
          const open = others.map((one) =>
            workingOf({ side: one.buys ? 'buy' : 'sell', quantity: one.quantity, reduceOnly: one.reduceOnly }),
          );
          const order = orderOf({ side: buys ? 'buy' : 'sell', quantity, type: 'market' });
          const world = worldOf({ net, limits, open, equity: new Decimal(1e9) });
          const verdict = gateOf(world).check(order);
          if (verdict.verdict === 'block') return;
          const fills = [...open, { ...order, last: true }]
            .map((one, index) => ({ one, rank: ranks[index] ?? 0 }))
            .sort((a, b) => a.rank - b.rank);
          let position = net;
          for (const { one } of fills) {
            const sign = one.side === 'buy' ? 1 : -1;
            const room = one.reduceOnly ? (position * sign < 0 ? Math.abs(position) : 0) : one.quantity;
            const before = position;
            position += sign * Math.min(one.quantity, room);
            if (!('last' in one) || Math.abs(position) <= Math.abs(before)) continue;
            expect(Math.abs(position)).toBeLessThanOrEqual(10_000);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
