import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/domain/random.ts';
import { EXACT_VALUES, QUANTILE_ERROR, QuantileSketch } from '../../../src/execution/analytics/quantile-sketch.ts';

const SHARES = [0.01, 0.5, 0.95, 0.99, 1];

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

function exact(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1] ?? Number.NaN;
}

function latencies(seed: number, count: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () =>
    random.next() < 0.1 ? 0 : random.exponential(10 ** (random.next() * 5 - 1)),
  );
}

describe('quantile sketch', () => {
  it('is exact while it keeps every value', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
        const sketch = sketchOf(values);
        for (const share of SHARES) expect(sketch.quantile(share)).toBe(exact(values, share));
      }),
      { numRuns: 100 },
    );
  });

  it('stays within its error afterwards, merged and stored or not', () => {
    for (const seed of [1, 2, 3]) {
      const values = latencies(seed, 3 * EXACT_VALUES);
      const halves = sketchOf(values.slice(0, 700));
      halves.merge(sketchOf(values.slice(700, 5_000)));
      halves.merge(QuantileSketch.of(JSON.parse(JSON.stringify(sketchOf(values.slice(5_000)).state()))));
      for (const sketch of [sketchOf(values), halves]) {
        expect(sketch.count).toBe(values.length);
        for (const share of SHARES) {
          const truth = exact(values, share);
          const shown = sketch.quantile(share) ?? Number.NaN;
          expect(Math.abs(shown - truth)).toBeLessThanOrEqual(truth * QUANTILE_ERROR * 1.000_001);
        }
      }
    }
  });

  it('has the same size after a thousand and after a million values', () => {
    const sketch = new QuantileSketch();
    for (let value = 0; value < 50_000; value += 1) sketch.add(value % 977);
    expect(sketch.state().values).toHaveLength(0);
    expect(sketch.state().buckets.length / 2).toBeLessThan(800);
  });

  it('values beyond its range, none, and no number', () => {
    const sketch = sketchOf([...Array.from({ length: EXACT_VALUES }, () => 1e300), Number.NaN, 1e300]);
    expect(sketch.count).toBe(EXACT_VALUES + 1);
    expect(sketch.quantile(1)).toBeGreaterThan(1e8);
    expect(new QuantileSketch().quantile(0.5)).toBeNull();
  });
});
