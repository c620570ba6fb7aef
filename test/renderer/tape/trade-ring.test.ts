import { describe, expect, test } from 'vitest';
import type { TradeView } from '../../../src/contract/types.ts';
import { TradeRing } from '../../../renderer/tape/trade-ring.ts';

const trade = (id: number, size = '1'): TradeView => ({ id: String(id), ts: id, price: '100', size, aggressor: 'buy' });
const many = (from: number, count: number) => Array.from({ length: count }, (_, index) => trade(from + index));

describe('the ring of trades', () => {
  test('gives the newest first and never more than it keeps, however many came', () => {
    const ring = new TradeRing(100);
    for (let at = 0; at < 50; at += 1) ring.add(many(at * 37, 37), 0);
    const shown = ring.select(() => true);
    expect(shown).toHaveLength(100);
    expect(shown.map(({ trade: { ts } }) => ts)).toEqual(
      Array.from({ length: 100 }, (_, index) => 50 * 37 - 1 - index),
    );
    expect(ring.length).toBeLessThanOrEqual(200);
    expect(ring.count).toBe(50 * 37);
  });

  test('a snapshot replaces everything, and what was left out is counted', () => {
    const ring = new TradeRing(100);
    ring.add(many(0, 10), 7);
    expect(ring.skipped).toBe(7);
    ring.replace(many(100, 3));
    expect(ring.select(() => true).map(({ trade: { ts } }) => ts)).toEqual([102, 101, 100]);
    expect(ring.skipped).toBe(0);
  });

  test('what is large follows the median, and nothing is large before there are enough trades', () => {
    const ring = new TradeRing(100);
    ring.add(many(0, 19), 0);
    expect(ring.largeSize(5)).toBe(Number.POSITIVE_INFINITY);
    ring.add([trade(20, '900')], 0);
    expect(ring.largeSize(5)).toBe(5);
  });
});
