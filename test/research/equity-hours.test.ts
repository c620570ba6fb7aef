import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepest, drawdownsOf } from '../../src/research/drawdown.ts';
import { equityHours, hourOf, joinSpans, thinnedEquity, type EquitySpan } from '../../src/research/equity-hours.ts';

const HOUR = 3_600_000;

describe('equity by the hour', () => {
  it('a value on the stroke belongs to the hour it ends', () => {
    expect(hourOf(HOUR)).toBe(0);
    expect(hourOf(HOUR + 1)).toBe(HOUR);
  });

  it('joined hours know the drawdown of all values, and no thinning loses it', () => {
    const curve = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 * HOUR }), fc.integer({ min: 1, max: 1_000 })), {
      minLength: 1,
      maxLength: 80,
    });
    fc.assert(
      fc.property(curve, fc.integer({ min: 1, max: 20 }), (steps, most) => {
        let at = 0;
        const values = steps.map(([gap, equity]) => ({ at: (at += gap), equity: String(equity) }));
        const hours = equityHours(values);
        const truth = deepest(drawdownsOf(values.map(({ equity }) => Number(equity))));
        const span = hours.reduce<EquitySpan | null>((before, next) => joinSpans(before, next), null);
        expect(span?.drawdown).toBeCloseTo(truth, 12);
        const points = thinnedEquity(hours, most);
        expect(points.length).toBeLessThanOrEqual(most);
        expect(Math.min(...points.map(({ worst }) => worst))).toBeCloseTo(truth, 12);
        expect(points.at(-1)?.equity).toBe(values.at(-1)?.equity);
      }),
      { numRuns: 150 },
    );
  });
});
