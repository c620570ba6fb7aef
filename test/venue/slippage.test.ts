import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineInstrument } from '../../src/domain/instrument.ts';
import type { SlippageTerms } from '../../src/venue/model.ts';
import { Bench } from './harness.ts';

const made = defineInstrument({
  symbol: 'FINE',
  venue: 'test',
  kind: 'equity',
  quote: 'USD',
  tick: '0.00001',
  step: '1',
});
if (!made.ok) throw new Error(made.error.sentence);
const FINE = made.value;

describe('slippage by a share of the spread', () => {
  it.each([
    ['buy', 1500.5, ['1500.75', '1.000']],
    ['sell', 1500, ['1499.75', '1.000']],
  ] as const)('a %s pays half of it', (side, reference, print) => {
    const bench = new Bench({ slippage: { kind: 'spread', fraction: '0.5' } }).book([[1500, 5]], [[1500.5, 5]]);
    const id = bench.submit({ side, qty: 1 }, 1);
    expect(bench.prints(id)).toEqual([print]);
    expect(bench.fills(id)[0]?.modelled).toMatchObject({
      model: 'l2-book+spread',
      reference: reference * 100,
      slippage: 25,
      impact: 0,
    });
  });

  it('one tick is the spread where none is displayed', () => {
    const bench = new Bench({ slippage: { kind: 'spread', fraction: '2' } }, { barsOnly: true });
    const id = bench.submit({ qty: 1 }, 0);
    bench.bar([100, 101, 99, 100], 0, 60_000, 10);
    expect(bench.prints(id)).toEqual([['100.02', '1.000']]);
  });
});

describe('slippage by the share of the volume', () => {
  const terms: SlippageTerms = { kind: 'volume-share', limit: '0.025', impact: '0.1' };
  const paid = (qty: number, volume: number): number => {
    const bench = new Bench({ slippage: terms }, { instrument: FINE, barsOnly: true });
    const id = bench.submit({ qty }, 0);
    bench.bar([100, 101, 99, 100], 0, 60_000, volume);
    return (bench.fills(id)[0]?.modelled.slippage ?? Number.NaN) / 1e5;
  };

  it.each([
    ['at the limit', 25, 1000, 0.00625],
    ['above the limit it stays there', 1000, 1000, 0.00625],
    // 100 x 0.1 x (0.01)^2
    ['below it', 10, 1000, 0.001],
    ['without a volume the share is at its limit', 1, 0, 0.00625],
  ])('%s', (_, qty, volume, slippage) => {
    expect(paid(qty, volume)).toBeCloseTo(slippage, 10);
  });

  it('more for more, within its bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }), (a, b) => {
        const [small = 0, large = 0] = [Math.min(a, b), Math.max(a, b)].map((qty) => paid(qty, 100_000));
        expect(small).toBeGreaterThan(0);
        expect(large).toBeGreaterThanOrEqual(small);
        expect(large).toBeLessThanOrEqual(0.00625 + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('takes the last full minute of trades where there are no bars', () => {
    const bench = new Bench({ slippage: terms }, { instrument: FINE });
    bench.trade(100, 600, 'buy', 0).trade(100, 400, 'sell', 30_000).trade(100, 1_000_000, 'buy', 60_000);
    const id = bench.submit({ qty: 10 }, 60_001);
    expect((bench.fills(id)[0]?.modelled.slippage ?? 0) / 1e5).toBeCloseTo(0.001, 10);
  });
});

describe('slippage by chance', () => {
  const run = (seed: number, probability: number): number => {
    const bench = new Bench({ slippage: { kind: 'probability', probability, ticks: 2 } }, { seed });
    bench.book([[1499, 1]], [[1500, 1]]);
    return bench.fills(bench.submit({ qty: 1 }, 1))[0]?.modelled.slippage ?? Number.NaN;
  };
  const seeds = Array.from({ length: 400 }, (_, seed) => seed);

  it('comes by its probability and by its seed', () => {
    const slips = seeds.map((seed) => run(seed, 0.3));
    expect(new Set(slips)).toEqual(new Set([0, 2]));
    const share = slips.filter((slip) => slip > 0).length / seeds.length;
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThan(0.38);
    expect(seeds.map((seed) => run(seed, 0.3))).toEqual(slips);
  });

  it.each([
    [0, 0],
    [1, 2],
  ])('probability %s is no chance', (probability, slip) => {
    expect(new Set(seeds.slice(0, 20).map((seed) => run(seed, probability)))).toEqual(new Set([slip]));
  });

  it('does not move the other draws of the seed', () => {
    const touches = (slippage: SlippageTerms): boolean[] =>
      seeds.slice(0, 60).map((seed) => {
        const bench = new Bench({ slippage, queue: false, touchFillProbability: 0.5 }, { seed });
        bench.book([[100, 10]], [[101, 10]]);
        bench.submit({ qty: 1 }, 1);
        const id = bench.submit({ qty: 1, price: 100 }, 1);
        bench.trade(100, 5, 'sell', 2);
        return bench.fills(id).length > 0;
      });
    expect(touches({ kind: 'probability', probability: 0.5, ticks: 1 })).toEqual(touches({ kind: 'none' }));
  });
});
