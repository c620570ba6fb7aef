import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/domain/random.ts';
import { drawLatency, longestLatency } from '../../src/venue/latency.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../../src/venue/model.ts';
import { Bench } from './harness.ts';

const shapes = ['uniform', 'exponential', 'log-normal'] as const;

function draws(change: Partial<VenueModel>, count = 4000, seed = 7): number[] {
  const random = createRandom(seed);
  const terms = { ...DEFAULT_VENUE_MODEL, ...change };
  return Array.from({ length: count }, () => drawLatency(terms, 'submit', random));
}
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe('delays', () => {
  it.each([
    ['submit', 3],
    ['modify', 4],
    ['cancel', 5],
  ] as const)('base 1 and 2, 3, 4 more: a %s takes %s ms', (kind, delay) => {
    const terms = { ...DEFAULT_VENUE_MODEL, latencyMs: 1, commandLatencyMs: { submit: 2, modify: 3, cancel: 4 } };
    expect(drawLatency(terms, kind, createRandom(1))).toBe(delay);
  });

  it('have the shape they are named after', () => {
    const uniform = draws({ jitterMs: 10 });
    expect(mean(uniform)).toBeCloseTo(5, 0);
    expect(Math.max(...uniform)).toBeLessThan(10);
    const exponential = draws({ jitterMs: 10, jitterShape: 'exponential' });
    expect(mean(exponential)).toBeGreaterThan(9.3);
    expect(mean(exponential)).toBeLessThan(10.7);
    expect(median(exponential)).toBeGreaterThan(6.4);
    expect(median(exponential)).toBeLessThan(7.5);
    const logNormal = draws({ jitterMs: 10, jitterShape: 'log-normal', jitterSigma: 0.8 });
    expect(median(logNormal)).toBeGreaterThan(9.3);
    expect(median(logNormal)).toBeLessThan(10.7);
    // exp(0.8^2 / 2) = 1.377
    expect(mean(logNormal)).toBeGreaterThan(12.7);
    expect(mean(logNormal)).toBeLessThan(14.9);
  });

  it('never run backwards nor beyond the longest, and come from the seed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.integer(),
        (jitterShape, jitterSigma, seed) => {
          const change = { latencyMs: 5, jitterMs: 30, jitterShape, jitterSigma };
          const values = draws(change, 50, seed);
          const longest = longestLatency({ ...DEFAULT_VENUE_MODEL, ...change });
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(5);
            expect(value).toBeLessThanOrEqual(longest);
          }
          expect(draws(change, 50, seed)).toEqual(values);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('do not reorder what was sent, and the fill says its own', () => {
    const bench = new Bench({ jitterMs: 40, jitterShape: 'log-normal' }).book([[99, 9]], [[100, 9]]);
    const ids = [1, 2, 3, 4, 5].map((now) => bench.submit({ qty: 1 }, now));
    bench.venue.advanceTo(10_000);
    const fills = bench.fills();
    expect(fills.map((fill) => fill.orderId)).toEqual(ids);
    for (const [index, fill] of fills.entries()) {
      expect(fill.modelled.latencyMs).toBeCloseTo(fill.ts - (index + 1), 9);
      expect(fill.modelled.latencyMs).toBeGreaterThan(0);
    }
  });
});
