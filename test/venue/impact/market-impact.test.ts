import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALMGREN_2005 } from '../../../src/venue/impact/almgren.ts';
import { MarketImpact } from '../../../src/venue/impact/market-impact.ts';
import type { ImpactTerms } from '../../../src/venue/model.ts';
import { Bench, ETH } from '../harness.ts';

type Modelled = Exclude<ImpactTerms, { kind: 'none' }>;
const SCALE = { dailyVolatility: 0.03, dailyVolume: 1000, cap: 0.1, horizonMs: 1_800_000 };
const SQUARE_ROOT: Modelled = { kind: 'square-root', coefficient: 1, ...SCALE };
const ALMGREN: Modelled = { kind: 'almgren', ...ALMGREN_2005, sharesOutstanding: null, ...SCALE };

const terms = fc.constantFrom(SQUARE_ROOT, ALMGREN);
const size = fc.integer({ min: 1, max: 2_000_000 });
const sign = fc.constantFrom<1 | -1>(1, -1);

describe('what our own size costs', () => {
  it('the square root of the share of the daily volume, times the volatility', () => {
    const impact = new MarketImpact(SQUARE_ROOT, ETH, null);
    // 10 of 1000 a day: 0.03 x sqrt(0.01) = 30 bp.
    expect(impact.fraction(1, 10_000, 0)).toBeCloseTo(0.003, 12);
    expect(impact.shift(1, 150_000, 10_000, 0)).toBe(450);
  });

  it('more for more, never negative, never above the cap', () => {
    fc.assert(
      fc.property(terms, sign, size, size, (by, side, a, b) => {
        const impact = new MarketImpact(by, ETH, null);
        const [small, large] = [Math.min(a, b), Math.max(a, b)].map((quantity) => impact.fraction(side, quantity, 0));
        expect(small).toBeGreaterThan(0);
        expect(large).toBeGreaterThanOrEqual(small ?? 1);
        expect(large).toBeLessThanOrEqual(by.cap);
      }),
      { numRuns: 150 },
    );
  });

  it('splitting at one instant changes nothing', () => {
    fc.assert(
      fc.property(
        terms,
        sign,
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 }),
        (by, side, parts) => {
          const whole = parts.reduce((sum, part) => sum + part, 0);
          const split = new MarketImpact(by, ETH, null);
          let cost = 0;
          for (const part of parts) {
            cost += part * split.fraction(side, part, 0);
            split.took(side, part, 0);
          }
          expect(cost / whole).toBeCloseTo(new MarketImpact(by, ETH, null).fraction(side, whole, 0), 10);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('slower is cheaper', () => {
    fc.assert(
      fc.property(
        terms,
        sign,
        fc.integer({ min: 2, max: 8 }),
        fc.integer({ min: 1000, max: 3_600_000 }),
        (by, side, count, gap) => {
          const cost = (pause: number): number => {
            const impact = new MarketImpact(by, ETH, null);
            let sum = 0;
            for (let slice = 0; slice < count; slice += 1) {
              sum += impact.fraction(side, 5000, slice * pause);
              impact.took(side, 5000, slice * pause);
            }
            return sum;
          };
          expect(cost(2 * gap)).toBeLessThan(cost(gap));
          expect(cost(gap)).toBeLessThan(cost(0));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('a later sale is not paid for what we bought', () => {
    const impact = new MarketImpact(ALMGREN, ETH, null);
    const fresh = impact.fraction(-1, 10_000, 0);
    impact.took(1, 50_000, 0);
    expect(impact.fraction(-1, 10_000, 0)).toBe(fresh);
  });

  it('unknown scale is said, not taken for nothing', () => {
    expect(new MarketImpact({ ...ALMGREN, dailyVolume: null }, ETH, null).shift(1, 150_000, 1000, 0)).toBe(-1);
    const bench = new Bench({ impact: { ...ALMGREN, dailyVolatility: null } }).book([[1499, 1]], [[1500, 1]]);
    const [fill] = bench.fills(bench.submit({ qty: 1 }, 1));
    expect(fill?.modelled).toMatchObject({ model: 'l2-book+impact-unknown', impact: 0 });
  });
});

describe('impact at the venue', () => {
  it('is not added to a walk that shows the same: the worse of the two holds', () => {
    const impact: Modelled = { ...SQUARE_ROOT, dailyVolume: 1_000_000 };
    const asks = [
      [1500, 10],
      [1510, 10],
    ] as const;
    const bench = new Bench({ impact }).book([[1499, 10]], asks);
    const id = bench.submit({ qty: 20 }, 1);
    // 10 of a million: 0.03 x sqrt(1e-5) x 1500 = 0.14; the second level is 10 away already.
    expect(bench.prints(id)).toEqual([
      ['1500.14', '10.000'],
      ['1510.00', '10.000'],
    ]);
    expect(bench.fills(id).map((fill) => fill.modelled.impact)).toEqual([14, 1000]);
  });

  it('never passes a limit and leaves resting fills alone', () => {
    const bench = new Bench({ impact: SQUARE_ROOT, tapeLagMs: 0 }).book([[1499, 10]], [[1500, 10]]);
    expect(bench.prints(bench.submit({ qty: 10, price: 1500.5 }, 1))).toEqual([['1500.50', '10.000']]);
    const resting = bench.submit({ qty: 10, price: 1498.5 }, 2);
    bench.trade(1498, 20, 'sell', 3);
    expect(bench.fills(resting)[0]).toMatchObject({ price: 149_850, liquidity: 'maker', modelled: { impact: 0 } });
  });

  it('learns volume and volatility from bars, only from those before', () => {
    const estimated: Modelled = { ...SQUARE_ROOT, dailyVolatility: null, dailyVolume: null };
    const run = (bars: number, later: number): number => {
      const bench = new Bench({ impact: estimated }, { barsOnly: true });
      const minute = 60_000;
      let close = 1000;
      for (let index = 0; index < bars; index += 1) {
        const open = close;
        close = index % 2 === 0 ? 1001 : 1000;
        bench.bar([open, 1001, 1000, close], index * minute, (index + 1) * minute, 10);
      }
      const id = bench.submit({ qty: 1 }, bars * minute);
      bench.bar([close, 1100, 900, later], bars * minute, (bars + 1) * minute, 9999);
      return bench.fills(id)[0]?.modelled.impact ?? -1;
    };
    expect(run(4, 1000)).toBe(0);
    // 10 a minute = 14400 a day; 0.1 % a minute = 3.79 % a day: 0.0379 x sqrt(1 / 14400) x 1000 = 0.32.
    expect(run(40, 1000)).toBe(32);
    expect(run(40, 1099)).toBe(32);
  });
});
