import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VenueModel } from '../../src/venue/model.ts';
import { Bench } from './harness.ts';

const shared = (model: Partial<VenueModel> = {}): Bench =>
  new Bench({ queuePriority: 'pro-rata', tapeLagMs: 0, ...model }).book([[100, 30]], [[101, 10]]);
const filled = (bench: Bench, id: string): number => (bench.orders.get(id)?.filled ?? 0) / 1000;

describe('a pro-rata venue', () => {
  it('gives everybody at the price a share of the trade by size, whenever he came', () => {
    const bench = shared();
    const id = bench.submit({ qty: 10, price: 100 }, 1);
    bench.trade(100, 8, 'sell', 2);
    // 10 of 40.
    expect(bench.prints(id)).toEqual([['100.00', '2.000']]);
    expect(bench.fills(id)[0]?.modelled.model).toBe('pro-rata');
    // The others have 24 left, we have 8.
    bench.trade(100, 8, 'sell', 3);
    expect(filled(bench, id)).toBe(4);
  });

  it('rounds down to the step', () => {
    const bench = shared();
    const id = bench.submit({ qty: 1, price: 100 }, 1);
    bench.trade(100, 0.03, 'sell', 2);
    // 0.03 x 1 / 31 = 0.00097: less than a step.
    expect(filled(bench, id)).toBe(0);
    bench.trade(100, 0.062, 'sell', 3);
    expect(filled(bench, id)).toBe(0.002);
  });

  it('follows the display: who joins dilutes, who leaves does not', () => {
    const bench = shared();
    const id = bench.submit({ qty: 10, price: 100 }, 1);
    bench.delta([[100, 90]], [], 2).trade(100, 10, 'sell', 3);
    expect(filled(bench, id)).toBe(1);
    bench.delta([[100, 0]], [], 4).trade(100, 4, 'sell', 5);
    expect(filled(bench, id)).toBe(5);
  });

  it('a trade that the display showed first is shared as it stood before', () => {
    const bench = shared({ tapeLagMs: 10 });
    const id = bench.submit({ qty: 10, price: 100 }, 1);
    bench.quote(100, 24, 101, 10, 20).trade(100, 8, 'sell', 22);
    expect(filled(bench, id)).toBe(2);
  });

  it('two orders of ours share as two parties', () => {
    const bench = shared();
    const [a, b] = [bench.submit({ qty: 10, price: 100 }, 1), bench.submit({ qty: 20, price: 100 }, 1)];
    bench.trade(100, 12, 'sell', 2);
    expect([filled(bench, a), filled(bench, b)]).toEqual([2, 4]);
  });

  it('a trade through the price fills up to its size', () => {
    const bench = shared();
    const id = bench.submit({ qty: 10, price: 100 }, 1);
    bench.trade(99.99, 3, 'sell', 2);
    expect(bench.prints(id)).toEqual([['100.00', '3.000']]);
  });

  it('never fills more than the trade or the orders, and the shares follow size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 50_000 }),
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 60_000 }),
        (others, sizes, traded) => {
          const bench = new Bench({ queuePriority: 'pro-rata', tapeLagMs: 0 });
          bench.book(
            [
              [100, others / 1000],
              [99, 1],
            ].filter(([, size]) => size !== 0) as [number, number][],
            [[101, 10]],
          );
          if (others === 0) bench.delta([[100, 0.001]], [], 0);
          const ids = sizes.map((size) => bench.submit({ qty: size / 1000, price: 100 }, 1));
          bench.trade(100, traded / 1000, 'sell', 2);
          const got = ids.map((id) => bench.orders.get(id)?.filled ?? 0);
          const own = sizes.reduce((sum, size) => sum + size, 0);
          const total = got.reduce((sum, part) => sum + part, 0);
          expect(total).toBeLessThanOrEqual(traded);
          const displayed = others === 0 ? 1 : others;
          got.forEach((part, index) => {
            const size = sizes[index] ?? 0;
            expect(part).toBeLessThanOrEqual(size);
            const share = Math.min(size, (traded * size) / (displayed + own));
            // Each earlier order may leave up to a step more by rounding down.
            expect(Math.abs(part - share)).toBeLessThanOrEqual(1 + ids.length);
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('without a queue model it changes nothing', () => {
    const bench = shared({ queue: false, touchFillProbability: 1 });
    const id = bench.submit({ qty: 10, price: 100 }, 1);
    bench.trade(100, 8, 'sell', 2);
    expect(filled(bench, id)).toBe(8);
  });
});

describe('first in line', () => {
  const first = (): Bench => new Bench({ queue: false, withoutQueue: 'first' }).book([[100, 10]], [[101, 10]]);

  it.each([
    ['a sale at the price fills up to its size', 'sell', 100, 5, 5],
    ['and no more than the order', 'sell', 100, 50, 8],
    ['a trade of unknown side may have hit it', null, 100, 5, 5],
    ['a purchase at the price did not', 'buy', 100, 5, 0],
    ['a sale above the price did not', 'sell', 100.01, 5, 0],
    ['a sale through the price did', 'sell', 99.5, 5, 5],
  ] as const)('%s', (_, aggressor, price, size, got) => {
    const bench = first();
    const id = bench.submit({ qty: 8, price: 100 }, 1);
    bench.trade(price, size, aggressor, 2);
    expect(filled(bench, id)).toBe(got);
  });

  it('behind the best price too: who trades there has passed the best one', () => {
    const bench = first();
    const id = bench.submit({ qty: 8, price: 99 }, 1);
    bench.trade(99, 3, 'sell', 2);
    expect(bench.prints(id)).toEqual([['99.00', '3.000']]);
    expect(bench.fills(id)[0]?.modelled.model).toBe('first-in-line');
  });

  it('inside the spread a touch stays chance until others join there', () => {
    const bench = first();
    const id = bench.submit({ qty: 8, price: 100.5 }, 1);
    bench.trade(100.5, 3, 'sell', 2);
    expect(filled(bench, id)).toBe(0);
    bench.delta([[100.5, 4]], [], 3).trade(100.5, 3, 'sell', 4);
    expect(filled(bench, id)).toBe(3);
  });

  it('by trades alone, where nothing is displayed, a trade at the price fills', () => {
    const bench = new Bench({ queue: false, withoutQueue: 'first' });
    bench.trade(100, 1, 'buy', 0);
    const id = bench.submit({ qty: 2, price: 99 }, 1);
    bench.trade(99, 1, 'sell', 2);
    expect(bench.prints(id)).toEqual([['99.00', '1.000']]);
  });
});
