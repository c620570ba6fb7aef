import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  optimalSchedule,
  type ExecutionProblem,
  type ExecutionSchedule,
} from '../../../src/execution/analytics/almgren-chriss.ts';
import { describeWithData, sharedData } from '../../support/shared-data.ts';

function solve(problem: ExecutionProblem, riskAversion: number): ExecutionSchedule {
  const result = optimalSchedule(problem, riskAversion);
  if (!result.ok) throw new Error(result.error.sentence);
  return result.value;
}

/** The paper's own example (section 4). */
const PAPER: ExecutionProblem = {
  quantity: 1e6,
  days: 5,
  intervals: 5,
  volatility: 0.95,
  permanent: 2.5e-7,
  temporary: 2.5e-6,
  fixed: 0.0625,
};

const FILE = 'oracles/almgren_chriss_naive.json';

describeWithData('the published case without risk aversion', [FILE], () => {
  const path = sharedData(FILE);
  const { params, case: expected } = JSON.parse(
    path === null ? '{"params":{},"case":{}}' : readFileSync(path, 'utf8'),
  ) as {
    params: Record<'X' | 'T_days' | 'N' | 'sigma_daily' | 'gamma' | 'eta' | 'epsilon', number>;
    case: {
      lambda: number;
      kappa_per_day: number;
      half_life_days: number | null;
      holdings: number[];
      trades: number[];
      expected_cost: number;
      variance: number;
      stdev: number;
    };
  };

  it('gives every figure', () => {
    const problem = {
      quantity: params.X,
      days: params.T_days,
      intervals: params.N,
      volatility: params.sigma_daily,
      permanent: params.gamma,
      temporary: params.eta,
      fixed: params.epsilon,
    };
    const found = solve(problem, expected.lambda);
    expect(found.kappaPerDay).toBe(expected.kappa_per_day);
    expect(found.halfLifeDays).toBe(expected.half_life_days);
    expect(found.holdings).toHaveLength(expected.holdings.length);
    found.holdings.forEach((left, k) => expect(left).toBeCloseTo(expected.holdings[k] ?? Number.NaN, 6));
    found.trades.forEach((trade, k) => expect(trade).toBeCloseTo(expected.trades[k] ?? Number.NaN, 6));
    expect(found.expectedCost).toBeCloseTo(expected.expected_cost, 6);
    expect(found.variance / expected.variance).toBeCloseTo(1, 12);
    expect(found.stdev).toBeCloseTo(expected.stdev, 5);
  });
});

describe('a schedule under risk aversion', () => {
  it('solves the difference equation of the optimum', () => {
    const lambda = 2e-6;
    const { holdings, kappaPerDay, halfLifeDays } = solve(PAPER, lambda);
    const adjusted = PAPER.temporary - PAPER.permanent / 2;
    const wanted = (lambda * PAPER.volatility ** 2) / adjusted;
    for (let k = 1; k < 5; k += 1) {
      const [before = 0, here = 0, after = 0] = holdings.slice(k - 1, k + 2);
      expect((before - 2 * here + after) / here).toBeCloseTo(wanted, 9);
    }
    expect(halfLifeDays).toBeCloseTo(1 / kappaPerDay, 12);
  });

  const lambdas = fc.double({ min: 1e-9, max: 1e-3, noNaN: true });
  it('sells everything, never buys back, and pays more for less risk', () => {
    fc.assert(
      fc.property(lambdas, lambdas, fc.integer({ min: 1, max: 40 }), (a, b, intervals) => {
        const [calm, urgent] = [Math.min(a, b), Math.max(a, b)].map((lambda) => solve({ ...PAPER, intervals }, lambda));
        if (calm === undefined || urgent === undefined) throw new Error('unreachable');
        for (const { trades } of [calm, urgent]) {
          expect(Math.min(...trades)).toBeGreaterThanOrEqual(0);
          expect(trades.reduce((sum, trade) => sum + trade, 0)).toBeCloseTo(1e6, 5);
        }
        expect(urgent.variance).toBeLessThanOrEqual(calm.variance * (1 + 1e-9));
        expect(urgent.expectedCost).toBeGreaterThanOrEqual(calm.expectedCost * (1 - 1e-9));
      }),
      { numRuns: 100 },
    );
  });

  it('no other schedule is better by its own measure', () => {
    const lambda = 1e-6;
    const { holdings } = solve(PAPER, lambda);
    const adjusted = PAPER.temporary - PAPER.permanent / 2;
    const measure = (left: readonly number[]): number => {
      let sum = 0;
      for (let k = 1; k < left.length; k += 1) {
        sum +=
          adjusted * ((left[k - 1] ?? 0) - (left[k] ?? 0)) ** 2 + lambda * PAPER.volatility ** 2 * (left[k] ?? 0) ** 2;
      }
      return sum;
    };
    const best = measure(holdings);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5e4, max: 5e4, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (shifts) => {
          const other = holdings.map((left, k) => (k === 0 || k === 5 ? left : left + (shifts[k - 1] ?? 0)));
          expect(measure(other)).toBeGreaterThanOrEqual(best * (1 - 1e-12));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('does not overflow at great urgency', () => {
    const { trades } = solve({ ...PAPER, intervals: 5 }, 1e6);
    expect(trades[0]).toBeCloseTo(1e6, 3);
    expect(trades.every((trade) => Number.isFinite(trade))).toBe(true);
  });

  it.each([
    ['nothing to trade', { quantity: 0 }, 0],
    ['no time', { days: 0 }, 0],
    ['half an interval', { intervals: 2.5 }, 0],
    ['a negative risk aversion', {}, -1],
    ['permanent impact above temporary', { permanent: 1 }, 0],
    ['a figure that is none', { volatility: Number.NaN }, 0],
  ] as const)('refuses %s', (_, change, lambda) => {
    const result = optimalSchedule({ ...PAPER, ...change }, lambda);
    expect(result.ok ? null : result.error.code).toBe('EXECUTION_PROBLEM');
  });
});
