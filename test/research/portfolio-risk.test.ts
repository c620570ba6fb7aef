import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignedReturns, concentration, portfolioRisk, type RiskPosition } from '../../src/research/portfolio-risk.ts';

const HOUR = 3_600_000;

/** A history whose returns are these. */
function historyOf(returns: readonly number[], from = 0) {
  const closes = [100];
  for (const one of returns) closes.push((closes.at(-1) ?? 0) * (1 + one));
  return { times: closes.map((_, index) => (from + index) * HOUR), closes };
}
const at = (value: number, returns: readonly number[]): RiskPosition => ({ value, history: historyOf(returns) });
const options = { tail: 0.05, horizonBars: 1, least: 5 };
const risk = (positions: readonly RiskPosition[], change: Partial<typeof options> = {}) => {
  const made = portfolioRisk(positions, { ...options, ...change });
  if (made === null) throw new Error('too little history');
  return made;
};

describe('value at risk of the positions of now', () => {
  it('by hand: 1,000 over ten returns', () => {
    const returns = [-0.05, 0.02, 0.01, -0.02, 0.03, 0, -0.01, 0.04, -0.03, 0.01];
    const one = risk([at(1_000, returns)]);
    expect(one.observations).toBe(10);
    // Sorted: -50 -30 -20 -10 0 10 10 20 30 40. The 5 % quantile lies 0.45 of the way from the first to the second.
    expect(one.historical.var).toBeCloseTo(50 - 0.45 * 20, 9);
    // floor(9 x 0.05) + 1 = 1 return.
    expect(one.historical.cvar).toBeCloseTo(50, 9);
    // Mean 0; sigma (n) = sqrt((2500+400+100+400+900+0+100+1600+900+100)/10) = sqrt(700).
    expect(one.parametric.var).toBeCloseTo(1.644853626951473 * Math.sqrt(700), 6);
    expect(one.parametric.cvar).toBeCloseTo((0.103_135_640_374_5 / 0.05) * Math.sqrt(700), 4);
    // Skewness -0.1944 (m3 = -3600 / 700^1.5), excess kurtosis m4 / 700^2 - 3 with m4 = 1,081,000... by the terms below.
    const profit = returns.map((r) => r * 1_000);
    const moment = (power: number): number => profit.reduce((sum, p) => sum + p ** power, 0) / 10;
    const s = moment(3) / 700 ** 1.5;
    const k = moment(4) / 700 ** 2 - 3;
    const z = -1.644853626951473;
    const h = z + ((z ** 2 - 1) * s) / 6 + ((z ** 3 - 3 * z) * k) / 24 - ((2 * z ** 3 - 5 * z) * s ** 2) / 36;
    expect(one.cornishFisher.var).toBeCloseTo(-h * Math.sqrt(700), 6);
    expect(one.cornishFisher.cvar).toBeGreaterThanOrEqual(one.cornishFisher.var - 1e-9);
  });

  it('two positions: correlation, contributions, a hedge', () => {
    const returns = [-0.05, 0.02, 0.01, -0.02, 0.03, 0, -0.01, 0.04, -0.03, 0.01];
    const both = risk([
      at(1_000, returns),
      at(
        500,
        returns.map((r) => 2 * r),
      ),
    ]);
    expect(both.correlation[0]?.[1]).toBeCloseTo(1, 9);
    expect(both.contributions).toHaveLength(2);
    expect(both.contributions[0]).toBeCloseTo(0.5, 9);
    expect(both.historical.var).toBeCloseTo(2 * 41, 6);
    const hedged = risk([
      at(1_000, returns),
      at(
        -500,
        returns.map((r) => 2 * r),
      ),
    ]);
    expect(hedged.parametric.var).toBeCloseTo(0, 9);
    expect(hedged.historical.cvar).toBeCloseTo(0, 9);
    const opposed = risk([
      at(1_000, returns),
      at(
        1_000,
        returns.map((r) => -r),
      ),
    ]);
    expect(opposed.correlation[0]?.[1]).toBeCloseTo(-1, 9);
  });

  it('only the bars that all have in common count', () => {
    const long = historyOf([0.01, 0.02, 0.03, 0.04, 0.05, 0.06], 0);
    const late = historyOf([0.1, 0.2, 0.3], 3);
    const [first, second] = alignedReturns([long, late]);
    expect(Array.from(first ?? [])).toEqual([0.04, 0.05, 0.06].map((r) => expect.closeTo(r, 12) as number));
    expect(Array.from(second ?? [])).toEqual([0.1, 0.2, 0.3].map((r) => expect.closeTo(r, 12) as number));
    const holed = { times: [0, 2, 3].map((hour) => hour * HOUR), closes: [100, 102, 103] };
    expect(alignedReturns([long, holed])[0]).toHaveLength(2);
    expect(
      portfolioRisk(
        [
          { value: 1, history: long },
          { value: 1, history: late },
        ],
        options,
      ),
    ).toBeNull();
    expect(portfolioRisk([], options)).toBeNull();
  });

  const series = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 20, maxLength: 20 });
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const close = (a: number, b: number, scale: number): void =>
    expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-6 * (scale + 1));

  it('doubles with the positions, grows with the square root of the horizon', () => {
    fc.assert(
      fc.property(value, value, series, series, (a, b, one, two) => {
        const base = risk([at(a, one), at(b, two)]);
        const double = risk([at(2 * a, one), at(2 * b, two)]);
        const later = risk([at(a, one), at(b, two)], { horizonBars: 4 });
        const scale = Math.abs(a) + Math.abs(b);
        for (const method of ['historical', 'parametric', 'cornishFisher'] as const) {
          for (const figure of ['var', 'cvar'] as const) {
            close(double[method][figure], 2 * base[method][figure], scale);
            close(later[method][figure], 2 * base[method][figure], scale);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('parametric: two books together are never riskier than one by one; shortfall is never milder than value at risk', () => {
    fc.assert(
      fc.property(value, value, series, series, fc.constantFrom(0.05, 0.01), (a, b, one, two, tail) => {
        const whole = risk([at(a, one), at(b, two)], { tail }).parametric;
        const first = risk([at(a, one)], { tail }).parametric;
        const second = risk([at(b, two)], { tail }).parametric;
        const slack = 1e-7 * (Math.abs(a) + Math.abs(b) + 1);
        expect(whole.var).toBeLessThanOrEqual(first.var + second.var + slack);
        expect(whole.cvar).toBeLessThanOrEqual(first.cvar + second.cvar + slack);
        const all = risk([at(a, one), at(b, two)], { tail });
        for (const method of [all.historical, all.parametric, all.cornishFisher]) {
          expect(method.cvar).toBeGreaterThanOrEqual(method.var - slack);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('contributions add up to one and the correlation matrix is symmetric with ones on its diagonal', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, series), { minLength: 1, maxLength: 4 }), (positions) => {
        const made = risk(positions.map(([one, returns]) => at(one, returns)));
        const sum = made.contributions.reduce((total, one) => total + one, 0);
        expect(sum === 0 || Math.abs(sum - 1) < 1e-6).toBe(true);
        made.correlation.forEach((row, index) => {
          row.forEach((figure, other) => {
            expect(
              Object.is(figure, made.correlation[other]?.[index]) ||
                Math.abs(figure - (made.correlation[other]?.[index] ?? 9)) < 1e-12,
            ).toBe(true);
          });
          expect(row[index] === 1 || Number.isNaN(row[index])).toBe(true);
        });
      }),
      { numRuns: 100 },
    );
  });
});

it.each([
  [[5], 1],
  [[1, 1], 0.5],
  [[1, -1, 1, -1], 0.25],
  [[3, 1], 0.625],
])('concentration of %j is %f', (values, expected) => {
  expect(concentration(values)).toBeCloseTo(expected, 12);
  expect(concentration([])).toBeNaN();
});
