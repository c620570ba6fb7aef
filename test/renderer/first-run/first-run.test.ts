import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, times } from '../../../renderer/format/decimal-text.ts';
import { firstLimits } from '../../../renderer/first-run/first-limits.ts';
import { firstOrder } from '../../../renderer/first-run/first-order.ts';
import { readFirstRun } from '../../../renderer/first-run/first-run-state.ts';

describe('first steps', () => {
  test('begin once, go on where they were left, and a broken store asks nobody to begin again', () => {
    expect(readFirstRun(null)).toEqual({ step: 'looks', done: false, finished: [] });
    const left = { step: 'trade', done: false, finished: ['looks', 'account', 'limits'] };
    expect(readFirstRun(JSON.stringify(left))).toEqual(left);
    expect(readFirstRun(JSON.stringify({ ...left, finished: ['looks', 'gone'] })).finished).toEqual(['looks']);
    for (const text of ['', '{', '[]', '7', '{"step":"gone","done":false}']) expect(readFirstRun(text).done).toBe(true);
  });

  test('limits begin with those in force', () => {
    expect(firstLimits({ maxDailyLossFraction: '0.03', maxOrderNotional: '2500.00' }, '100000')).toEqual({
      dailyLoss: '3',
      oneOrder: '2500',
    });
    expect(firstLimits({ maxDailyLossFraction: null, maxOrderNotional: null }, '100000')).toEqual({
      dailyLoss: '5',
      oneOrder: '10000',
    });
  });

  test('the first order is small, on its step, and its stop is below the price', () => {
    const capital = fc.integer({ min: 1_000, max: 10_000_000 }).map(String);
    const price = fc.integer({ min: 1_000, max: 9_000_000 }).map((cents) => (cents / 100).toFixed(2));
    fc.assert(
      fc.property(capital, price, (money, at) => {
        const order = firstOrder({ capital: money, price: at, step: '0.00001', tick: '0.01' });
        expect(order).not.toBeNull();
        if (order === null) return;
        expect(compare(order.stopLoss, at)).toBeLessThan(0);
        expect(Number(order.quantity)).toBeGreaterThan(0);
        // A hundredth of the capital, or one step where that is less than a step.
        const isSmall = (compare(times(order.quantity, at) ?? '', times(money, '0.01') ?? '') ?? 1) <= 0;
        expect(isSmall || order.quantity === '0.00001').toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
