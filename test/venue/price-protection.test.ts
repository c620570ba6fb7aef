import { describe, expect, it } from 'vitest';
import type { PriceProtectionTerms } from '../../src/venue/model.ts';
import { Bench, type Pairs } from './harness.ts';

const ASKS: Pairs = [
  [1500, 1],
  [1500.5, 1],
  [1501, 1],
  [1501.01, 1],
  [1600, 9],
];
const BIDS: Pairs = [
  [1499, 1],
  [1498, 1],
  [1497.99, 1],
  [1400, 9],
];
const POINTS: PriceProtectionTerms = { kind: 'points', points: 100 };

describe('price protection', () => {
  it.each([
    ['100 points of 0.01', POINTS, 'buy', ['1500.00', '1500.50', '1501.00']],
    ['100 points of 0.01', POINTS, 'sell', ['1499.00', '1498.00']],
    ['a fraction of the price', { kind: 'fraction', fraction: '0.0005' }, 'buy', ['1500.00', '1500.50']],
    ['no points: the best price only', { kind: 'points', points: 0 }, 'sell', ['1499.00']],
  ] as const)('%s on a market %s', (_, priceProtection, side, prices) => {
    const bench = new Bench({ priceProtection }).book(BIDS, ASKS);
    const id = bench.submit({ side, qty: 5 }, 1);
    expect(bench.prints(id).map(([price]) => price)).toEqual(prices);
    expect([bench.status(id), bench.reason(id)]).toEqual(['CANCELED', 'PRICE_PROTECTION']);
  });

  it('says the price it stopped at', () => {
    const bench = new Bench({ priceProtection: POINTS }).book(BIDS, ASKS);
    expect(bench.orders.get(bench.submit({ qty: 5 }, 1))?.reason).toContain('1501.00');
  });

  it('counts from the price at which a stop fires', () => {
    const bench = new Bench({ priceProtection: POINTS }).book(BIDS, ASKS);
    const id = bench.submit({ trigger: 1550, qty: 3 }, 1);
    bench.book(
      [[1549, 1]],
      [
        [1560, 1],
        [1561, 1],
        [1561.01, 5],
      ],
      2,
    );
    expect(bench.prints(id).map(([price]) => price)).toEqual(['1560.00', '1561.00']);
    expect(bench.reason(id)).toBe('PRICE_PROTECTION');
  });

  it('a book that simply ends is exhausted, not protected', () => {
    const bench = new Bench({ priceProtection: POINTS }).book(BIDS, [[1500, 1]]);
    expect(bench.reason(bench.submit({ qty: 5 }, 1))).toBe('BOOK_EXHAUSTED');
  });

  it('a fill-or-kill order counts only what it may take', () => {
    const bench = new Bench({ priceProtection: POINTS }).book(BIDS, ASKS);
    expect(bench.reason(bench.submit({ qty: 4, tif: 'FOK' }, 1))).toBe('FOK_NOT_FILLABLE');
    expect(bench.status(bench.submit({ qty: 3, tif: 'FOK' }, 1))).toBe('FILLED');
  });

  it('an immediate-or-cancel market order names it too', () => {
    const bench = new Bench({ priceProtection: POINTS }).book(BIDS, ASKS);
    expect(bench.reason(bench.submit({ qty: 4, tif: 'IOC' }, 1))).toBe('PRICE_PROTECTION');
  });

  it('leaves limit orders to their limit', () => {
    const bench = new Bench({ priceProtection: POINTS }).book(BIDS, ASKS);
    expect(bench.prints(bench.submit({ qty: 5, price: 1600 }, 1))).toHaveLength(5);
  });

  it('holds on level 1, against slippage, and on the ladder of a bar', () => {
    const none: PriceProtectionTerms = { kind: 'points', points: 0 };
    const quoted = new Bench({ priceProtection: none }).quote(1000, 1, 1010, 1, 0);
    const first = quoted.submit({ qty: 3 }, 1);
    expect(quoted.prints(first)).toEqual([['1010.00', '1.000']]);
    expect(quoted.reason(first)).toBe('PRICE_PROTECTION');

    const slipping = new Bench({ priceProtection: POINTS, slippage: { kind: 'ticks', ticks: 500 } }).book(BIDS, ASKS);
    expect(slipping.prints(slipping.submit({ qty: 1 }, 1))).toEqual([['1501.00', '1.000']]);

    const bars = new Bench(
      {
        priceProtection: { kind: 'points', points: 1 },
        behindTouch: { kind: 'ladder', decay: 1, spacingTicks: 1, levels: 5, barTouchShare: 0.1 },
      },
      { barsOnly: true },
    );
    const id = bars.submit({ qty: 5 }, 0);
    bars.bar([100, 101, 99, 100], 0, 60_000, 10);
    expect(bars.prints(id).map(([price]) => price)).toEqual(['100.00', '100.01']);
    expect(bars.reason(id)).toBe('PRICE_PROTECTION');
  });

  it('is off unless asked for', () => {
    const bench = new Bench().book(BIDS, ASKS);
    expect(bench.prints(bench.submit({ qty: 5 }, 1))).toHaveLength(5);
  });
});
