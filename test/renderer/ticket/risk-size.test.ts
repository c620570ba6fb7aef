import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rewardRatio, riskSize } from '../../../renderer/ticket/risk-size.ts';

const long = { side: 'buy', stopLoss: '90', risk: '1' } as const;

describe('a size by risk', () => {
  test.each([
    [long, '100', '10000', '0.01', { quantity: '10', risk: '100.00' }],
    [{ ...long, side: 'sell', stopLoss: '110' }, '100', '10000', '1', { quantity: '10', risk: '100.00' }],
    // 100 / 7 = 14.28…: rounded down, never up.
    [{ ...long, stopLoss: '93' }, '100', '10000', '0.1', { quantity: '14.2', risk: '100.00' }],
    [{ ...long, risk: '0.5' }, '100', '10000', '1', { quantity: '5', risk: '50.000' }],
  ] as const)('%j from %s with %s', (draft, entry, equity, step, size) => {
    expect(riskSize(draft, entry, equity, step)).toEqual(size);
  });

  test.each([
    [{ ...long, risk: '' }, '100', '10000', /what to risk/],
    [{ ...long, stopLoss: '' }, '100', '10000', /stop-loss/],
    [{ ...long, stopLoss: '100' }, '100', '10000', /below 100/],
    [{ ...long, side: 'sell' }, '100', '10000', /above 100/],
    [long, null, '10000', /No price/],
    [long, '100', null, /equity/],
    [long, '100', '0.5', /Less than one step/],
  ] as const)('says what is missing: %j', (draft, entry, equity, words) => {
    const result = riskSize(draft, entry, equity, '1');
    expect('missing' in result && result.missing).toMatch(words);
  });

  test('never loses more than asked for, and one step more would', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 2, max: 100_000 }),
        fc.integer({ min: 1, max: 10_000_000 }),
        (tenths, entry, equity) => {
          const stop = Math.max(1, Math.floor(entry / 2));
          const size = riskSize(
            { side: 'buy', stopLoss: `${stop}`, risk: `${tenths / 10}` },
            `${entry}`,
            `${equity}`,
            '0.001',
          );
          const allowed = (equity * tenths) / 1_000;
          const steps = 'quantity' in size ? Math.round(Number(size.quantity) * 1_000) : 0;
          expect((steps * (entry - stop)) / 1_000).toBeLessThanOrEqual(allowed * (1 + 1e-9));
          expect(((steps + 1) * (entry - stop)) / 1_000).toBeGreaterThan(allowed * (1 - 1e-9));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('names the reward per risk only for a plan that has both on their sides', () => {
    const plan = { side: 'buy', stopLoss: '95', takeProfit: '110' } as const;
    expect(rewardRatio(plan, '100')).toBe(2);
    expect(rewardRatio({ side: 'sell', stopLoss: '105', takeProfit: '85' }, '100')).toBe(3);
    expect(rewardRatio(plan, '94')).toBeNull();
    expect(rewardRatio({ ...plan, takeProfit: '' }, '100')).toBeNull();
  });
});
