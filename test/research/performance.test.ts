import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawdownEpisodes, drawdownsOf } from '../../src/research/drawdown.ts';
import * as moments from '../../src/research/moments.ts';
import { normalCdf, normalQuantile } from '../../src/research/normal-distribution.ts';
import { annualGrowth } from '../../src/research/return-statistics.ts';
import { performanceReport } from '../../src/research/performance.ts';

const figure = (returns: number[], key: string, periods = 252): number =>
  performanceReport({ returns, periods }).stats[key] ?? Number.NaN;

describe('published worked figures', () => {
  // NautilusTrader's statistics, recomputed independently; 252 periods, risk-free 0.
  it('Sharpe and Sortino', () => {
    expect(figure([0.01, -0.02, 0.015, -0.005, 0.025], 'sharpe')).toBeCloseTo(4.48998886412873, 11);
    expect(figure([-0.01, 0.02, -0.015, 0.005, -0.02], 'sortino')).toBeCloseTo(-5.273224492824493, 11);
  });

  it('volatility, sample skewness and sample kurtosis', () => {
    const returns = [0.01, -0.02, 0.03, -0.01, 0.02, 0.04, -0.03, 0.05, -0.04, 0.02];
    expect(figure(returns, 'volatility')).toBeCloseTo(0.48526281538976396, 12);
    expect(figure(returns, 'skew')).toBeCloseTo(-0.22872023422596313, 12);
    expect(figure(returns, 'kurtosis')).toBeCloseTo(-1.2622443251995028, 12);
  });

  it('compound growth per year, freqtrade at 365 days a year', () => {
    expect(annualGrowth(176_000 / 64_900, 3 * 365, 365)).toBeCloseTo(0.3945, 4);
    expect(annualGrowth(176_000 / 64_900, 365, 365)).toBeCloseTo(1.7119, 4);
    expect(annualGrowth(1500 / 1000, 100, 365)).toBeCloseTo(3.3927, 4);
    expect(annualGrowth(0.01762792 / 0.01, 120, 365)).toBeCloseTo(4.6087, 4);
  });

  it('drawdown', () => {
    expect(figure([0.1, -0.1], 'maxDrawdown')).toBeCloseTo(-0.1, 12);
    expect(figure([0.1, -0.1, 0.5, -0.2, 0.1], 'maxDrawdown')).toBeCloseTo(-0.2, 12);
    expect(figure([-0.4, -0.1], 'maxDrawdown')).toBeCloseTo(-0.46, 12);
  });

  it('information ratio, tracking error, alpha and Treynor', () => {
    const relative = performanceReport({
      returns: [0.03, -0.01, 0.02, 0.04],
      periods: 252,
      benchmark: { returns: [0.03, -0.01, 0.02, 0.04], benchmark: [0.01, 0.005, 0.005, 0.01] },
    }).stats;
    expect(relative['informationRatio']).toBeCloseTo(10.246950765959598, 11);
    expect(relative['trackingError']).toBeCloseTo(0.30740852297878796, 12);
    const returns = [0.02, -0.01, 0.03, 0.005];
    const pair = { returns, benchmark: [0.01, 0, 0.015, 0.01] };
    const alpha = performanceReport({ returns, periods: 4, riskFree: 0.004, benchmark: pair }).stats;
    expect(alpha['beta']).toBeCloseTo(2.5789473684210527, 12);
    expect(alpha['alpha']).toBeCloseTo(-0.0383822153156389, 12);
    const annual = 1.0001 ** 252 - 1;
    const treynor = performanceReport({ returns, periods: 252, riskFree: annual, benchmark: pair }).stats;
    expect(treynor['treynor']).toBeCloseTo(5.920539327065061, 9);
  });
});

describe('normal distribution', () => {
  it('agrees with tables in the middle and in the tails, and inverts itself', () => {
    expect(normalCdf(1)).toBeCloseTo(0.8413447460685429, 14);
    expect(normalCdf(-6) / 9.865876450376946e-10).toBeCloseTo(1, 10);
    expect(normalQuantile(0.05)).toBeCloseTo(-1.6448536269514722, 13);
    expect(normalQuantile(0.99)).toBeCloseTo(2.3263478740408408, 12);
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
      }),
    );
  });
});

describe('drawdown table', () => {
  it('counts from the first period below the peak to the first back at it, deepest first', () => {
    const { drawdowns } = performanceReport({
      returns: [0.1, -0.1, 0.2, -0.05, -0.1, 0.05],
      labels: ['a', 'b', 'c', 'd', 'e', 'f'],
      periods: 12,
    });
    expect(drawdowns).toEqual([
      {
        depth: expect.closeTo(0.95 * 0.9 - 1, 12),
        from: 'd',
        trough: 'e',
        to: null,
        length: 3,
        toTrough: 2,
        recovery: null,
      },
      { depth: expect.closeTo(-0.1, 12), from: 'b', trough: 'b', to: 'c', length: 2, toTrough: 1, recovery: 1 },
    ]);
  });

  // Days from a peak to the recovery, QuantConnect LEAN's drawdown-recovery table.
  it.each([
    [[100, 90, 100], 2],
    [[100, 90, 95, 100], 3],
    [[100, 90, 100, 90, 80, 100], 3],
    [[100, 90, 95, 90, 100], 4],
    [[100, 90, 80, 70], 0],
    [[50, 100, 98, 99, 100], 3],
    [[100, 98, 100, 101, 100, 99], 2],
    [[100, 97, 99, 97, 100], 4],
    [[], 0],
  ])('longest recovery of %j is %i', (equity, expected) => {
    const recovered = drawdownEpisodes(drawdownsOf(equity)).flatMap(({ from, to }) =>
      to === null ? [] : to - from + 1,
    );
    expect(Math.max(0, ...recovered)).toBe(expected);
  });
});

describe('what cannot be computed', () => {
  it('is null with a reason for empty, single, flat and ruinous series, never NaN', () => {
    for (const returns of [[], [0.01], [0, 0, 0], [0.01, 0.01, 0.01], [-1, 0.5], [-1.5, 0.2], [Number.NaN, 0.1]]) {
      const pair = { returns, benchmark: returns };
      const report = performanceReport({ returns, periods: 252, benchmark: pair });
      for (const [key, value] of Object.entries(report.stats)) {
        if (value === null) expect(report.unavailable[key], key).toMatch(/\w/);
        else {
          expect(Number.isFinite(value), key).toBe(true);
          expect(report.unavailable[key]).toBeUndefined();
        }
      }
    }
    const flat = performanceReport({ returns: [0.01, 0.01, 0.01], periods: 252 });
    expect(flat.stats['volatility']).toBe(0);
    expect(flat.stats['sharpe']).toBeNull();
    expect(flat.unavailable['sharpe']).toBe('the returns do not vary');
  });

  it('holds for any series whatever, and a gap changes nothing but n', () => {
    const series = fc.array(fc.double({ min: -1, max: 5, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(series, (returns) => {
        const report = performanceReport({ returns, periods: 12 });
        for (const [key, value] of Object.entries(report.stats)) {
          expect(value === null || Number.isFinite(value), key).toBe(true);
        }
        const gapped = performanceReport({ returns: [Number.NaN, ...returns, Number.NaN], periods: 12 });
        expect(gapped.stats).toEqual(report.stats);
        expect(report.n).toBe(returns.length);
      }),
    );
  });
});

describe('properties', () => {
  const series = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 3, maxLength: 60 });

  it('a series against itself has beta 1, alpha 0, no tracking error and full capture', () => {
    fc.assert(
      fc.property(series, (returns) => {
        fc.pre(!moments.isConstant(returns) && moments.sampleDeviation(returns) > 1e-6);
        const { stats } = performanceReport({ returns, periods: 12, benchmark: { returns, benchmark: returns } });
        expect(stats['beta']).toBeCloseTo(1, 9);
        expect(stats['alpha']).toBeCloseTo(0, 9);
        expect(stats['trackingError']).toBe(0);
        if (stats['upCapture'] !== null) expect(stats['upCapture']).toBeCloseTo(1, 9);
      }),
    );
  });

  it('tail figures are ordered: shortfall is no better than value at risk', () => {
    fc.assert(
      fc.property(series, (returns) => {
        fc.pre(moments.sampleDeviation(returns) > 1e-6);
        const value = (key: string): number => figure(returns, key);
        expect(value('cvar95')).toBeLessThanOrEqual(value('var95') + 1e-12);
        expect(value('esGaussian95')).toBeLessThanOrEqual(value('varGaussian95'));
        expect(value('esCornishFisher95')).toBeLessThanOrEqual(value('varCornishFisher95') + 1e-12);
        expect(value('var99')).toBeLessThanOrEqual(value('var95') + 1e-12);
      }),
    );
  });
});
