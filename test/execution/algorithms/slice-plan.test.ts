import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planSlices, type PlanTerms, slotCount } from '../../../src/execution/algorithms/slice-plan.ts';
import { formatUnits, parseUnits } from '../../../src/domain/units.ts';
import { describeWithData, sharedData } from '../../support/shared-data.ts';

const plain: PlanTerms = {
  horizonMs: 60_000,
  intervalMs: 20_000,
  end: 'open',
  remainder: 'early',
  sizeVariation: 0,
  timeVariation: 0,
  seed: 1,
};
const evenly = (slots: number): number[] => Array.from({ length: slots }, () => 1);
const sizes = (plan: readonly number[]): number[] => plan.filter((_, at) => at % 2 === 1);
const times = (plan: readonly number[]): number[] => plan.filter((_, at) => at % 2 === 0);

it.each([
  [1_000, 3, 1, 1, [334, 333, 333]],
  [1_001, 3, 1, 1, [334, 334, 333]],
  [1_200, 3, 1, 1, [400, 400, 400]],
  [2, 6, 1, 1, [1, 1]],
  [100, 3, 10, 10, [40, 30, 30]],
  // 3.33 each is below the minimum of 5: two slices are joined, and the last stub goes to the one before.
  [10, 3, 1, 5, [10]],
  [12, 4, 1, 5, [6, 6]],
  [3, 4, 1, 5, [3]],
])('splits %i over %i slots with step %i and minimum %i', (quantity, slots, step, minimum, expected) => {
  expect(sizes(planSlices(quantity, evenly(slots), { step, minimum }, plain))).toEqual(expected);
});

it('puts the slices on the grid of the interval, the first at once', () => {
  expect(times(planSlices(1_200, evenly(3), { step: 1, minimum: 1 }, plain))).toEqual([0, 20_000, 40_000]);
  expect(times(planSlices(2, evenly(6), { step: 1, minimum: 1 }, { ...plain, intervalMs: 10_000 }))).toEqual([
    0, 10_000,
  ]);
});

it('counts slots of decimal durations', () => {
  expect(slotCount({ horizonMs: 3_000, intervalMs: 500, end: 'open' })).toBe(6);
  expect(slotCount({ horizonMs: 0.3, intervalMs: 0.1, end: 'open' })).toBe(3);
  expect(slotCount({ horizonMs: 10_000, intervalMs: 5_000, end: 'closed' })).toBe(3);
});

it('adds up to the parent for any quantity, step, minimum, weights and variation, and keeps the schedule', () => {
  fc.assert(
    fc.property(
      fc.record({
        steps: fc.integer({ min: 1, max: 2_000_000_000 }),
        step: fc.integer({ min: 1, max: 1_000 }),
        minimumSteps: fc.integer({ min: 1, max: 5_000 }),
        weights: fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 40 }),
        isEven: fc.boolean(),
        remainder: fc.constantFrom('early' as const, 'last' as const),
        sizeVariation: fc.double({ min: 0, max: 0.99, noNaN: true }),
        timeVariation: fc.double({ min: 0, max: 0.5, noNaN: true }),
        seed: fc.integer(),
      }),
      ({ steps, step, minimumSteps, weights, isEven, remainder, sizeVariation, timeVariation, seed }) => {
        fc.pre(weights.some((weight) => weight > 1e-3));
        const quantity = steps * step;
        const slots = weights.length;
        const terms = {
          ...plain,
          horizonMs: slots * 1_000,
          intervalMs: 1_000,
          remainder,
          sizeVariation,
          timeVariation,
          seed,
        };
        const grid = { step, minimum: minimumSteps * step };
        const plan = planSlices(quantity, isEven ? evenly(slots) : weights, grid, terms);
        const each = sizes(plan);
        expect(each.reduce((sum, size) => sum + size, 0)).toBe(quantity);
        expect(each.every((size) => size > 0 && size % step === 0)).toBe(true);
        // The published convention sends its remainder as it is; ours leaves no stub.
        if (remainder === 'early' && each.length > 1) expect(Math.min(...each)).toBeGreaterThanOrEqual(grid.minimum);
        const at = times(plan);
        expect(at).toEqual([...at].sort((a, b) => a - b));
        expect(at.every((time) => time >= 0 && time <= terms.horizonMs)).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

const ORACLE = 'oracles/twap_schedules.json';

interface Oracle {
  readonly nautilus_twap: {
    readonly cases: readonly { qty: number; horizon: number; interval: number; precision: number; slices: string[] }[];
  };
  readonly hummingbot_twap: {
    readonly cases: readonly {
      total_quote: number;
      duration: number;
      interval: number;
      orders: number;
      quote_each: number;
    }[];
  };
}

describeWithData('published TWAP schedules', [ORACLE], () => {
  const oracle = JSON.parse(readFileSync(sharedData(ORACLE) ?? '', 'utf8')) as Oracle;

  it.each(oracle.nautilus_twap.cases)('remainder last: $qty over $horizon s / $interval s', (one) => {
    const terms: PlanTerms = {
      ...plain,
      horizonMs: one.horizon * 1_000,
      intervalMs: one.interval * 1_000,
      remainder: 'last',
    };
    const quantity = parseUnits(String(one.qty), one.precision);
    const plan = planSlices(quantity, evenly(slotCount(terms)), { step: 1, minimum: 1 }, terms);
    expect(sizes(plan).map((size) => formatUnits(size, one.precision))).toEqual(one.slices);
    expect(times(plan)).toEqual(one.slices.map((_, slot) => slot * terms.intervalMs));
  });

  it.each(oracle.hummingbot_twap.cases)('closed end: $total_quote over $duration s / $interval s', (one) => {
    const terms: PlanTerms = {
      ...plain,
      horizonMs: one.duration * 1_000,
      intervalMs: one.interval * 1_000,
      end: 'closed',
    };
    expect(slotCount(terms)).toBe(one.orders);
    const plan = planSlices(one.total_quote * 1e8, evenly(slotCount(terms)), { step: 1, minimum: 1 }, terms);
    for (const size of sizes(plan)) expect(size / 1e8).toBeCloseTo(one.quote_each, 7);
    expect(times(plan)).toEqual([0, 5_000, 10_000]);
  });
});
