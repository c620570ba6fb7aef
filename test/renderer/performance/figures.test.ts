import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histogram } from '../../../renderer/performance/histogram.ts';
import { heat, largestOf, yearRows } from '../../../renderer/performance/month-table.ts';
import { rangeOf } from '../../../renderer/performance/period.ts';
import { nearestIndex, niceScale, place, tickDigits, timeTicks } from '../../../renderer/performance/scale.ts';

describe('scale', () => {
  test.each([
    [0, 97, 4, [0, 50, 100]],
    [-3.2, 8.1, 4, [-5, 0, 5, 10]],
    [99_870, 100_120, 4, [99_800, 99_900, 100_000, 100_100, 100_200]],
  ])('%s to %s in about %s steps', (low, high, count, ticks) => {
    expect(niceScale(low, high, count).ticks).toEqual(ticks);
  });

  test('covers what it is made for, with distinct ticks, also for a flat line', () => {
    const figure = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(figure, figure, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const scale = niceScale(low, high, 4);
        const slack = (scale.max - scale.min) * 1e-6;
        expect(scale.min).toBeLessThanOrEqual(low + slack);
        expect(scale.max).toBeGreaterThanOrEqual(high - slack);
        expect(scale.max).toBeGreaterThan(scale.min);
        expect(new Set(scale.ticks).size).toBe(scale.ticks.length);
        expect(place(scale.max, scale, 100)).toBe(100);
      }),
      { numRuns: 200 },
    );
  });

  test('ticks print with the digits that tell them apart', () => {
    expect(tickDigits(niceScale(0, 1, 4))).toBe(1);
    expect(tickDigits(niceScale(0, 100, 4))).toBe(0);
    expect(tickDigits(niceScale(0, 10, 4))).toBe(0);
    expect(tickDigits(niceScale(0, 0.07, 4))).toBe(2);
  });

  test('nearest of an ascending list', () => {
    const list = [1, 4, 9, 16];
    fc.assert(
      fc.property(fc.double({ min: -5, max: 25, noNaN: true }), (value) => {
        const found = list[nearestIndex(list, value)] ?? Number.NaN;
        expect(Math.abs(found - value)).toBe(Math.min(...list.map((each) => Math.abs(each - value))));
      }),
    );
  });
});

describe('distribution', () => {
  test('no bin mixes gains and losses; zero is no gain', () => {
    const bins = histogram([-12, -1, 0, 0.5, 3, 19], 6);
    for (const { from, to } of bins) expect(from >= -1e-9 || to <= 1e-9).toBe(true);
    expect(bins.filter(({ from }) => from >= -1e-9).reduce((sum, { count }) => sum + count, 0)).toBe(4);
  });

  test('every trade is counted once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (values) => {
          const bins = histogram(values, 12);
          expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
          expect(bins.length).toBeLessThanOrEqual(26);
        },
      ),
      { numRuns: 150 },
    );
    expect(histogram([], 8)).toEqual([]);
    expect(histogram([0, 0], 8).reduce((sum, { count }) => sum + count, 0)).toBe(2);
  });
});

describe('months', () => {
  test('years of twelve, newest first, with their exact sum', () => {
    const rows = yearRows([
      { key: '2025-12', realised: '0.1' },
      { key: '2026-01', realised: '-12.345' },
      { key: '2026-11', realised: '12.340' },
    ]);
    expect(rows.map(({ year, total }) => [year, total])).toEqual([
      ['2026', '-0.005'],
      ['2025', '0.1'],
    ]);
    expect(rows[0]?.months[0]).toBe('-12.345');
    expect(rows[0]?.months[1]).toBeNull();
    expect(rows[1]?.months[11]).toBe('0.1');
  });

  test('the hottest cell is the largest result, of either sign', () => {
    const largest = largestOf(['-200', '100', null]);
    expect(heat('-200', largest)).toBe(40);
    expect(heat('100', largest)).toBe(24);
    expect(heat('0', largest)).toBe(0);
    expect(heat('1', 0)).toBe(0);
  });
});

describe('periods', () => {
  const now = Date.parse('2026-11-20T19:00:00Z');
  test('begin with a local day of the account', () => {
    expect(rangeOf('all', now, 'INR')).toEqual({});
    // 00:30 on the 21st in India, still the 20th in UTC.
    expect(rangeOf('today', now, 'INR')).toEqual({ from: Date.parse('2026-11-20T18:30:00Z'), fromDay: '2026-11-21' });
    expect(rangeOf('today', now, 'USDT')).toEqual({ from: Date.parse('2026-11-20T00:00:00Z'), fromDay: '2026-11-20' });
    expect(rangeOf('7d', now, 'USDT').fromDay).toBe('2026-11-14');
    expect(rangeOf('30d', now, 'USDT').fromDay).toBe('2026-10-22');
    expect(rangeOf('year', now, 'INR')).toEqual({ from: Date.parse('2025-12-31T18:30:00Z'), fromDay: '2026-01-01' });
  });
});

describe('times under a chart', () => {
  const HOUR = 3_600_000;
  test('are round on the clock of the zone, within the span, and not too many', () => {
    const from = Date.parse('2026-11-20T03:47:00Z');
    expect(timeTicks(from, from + 2 * HOUR, 4, 0).map((at) => new Date(at).toISOString().slice(11, 16))).toEqual([
      '04:00',
      '04:30',
      '05:00',
      '05:30',
    ]);
    // 09:30 and 12:30 in India are 04:00 and 07:00 UTC: every third hour from midnight in India.
    expect(
      timeTicks(from, from + 8 * HOUR, 3, 19_800_000).map((at) =>
        new Date(at + 19_800_000).toISOString().slice(11, 16),
      ),
    ).toEqual(['12:00', '15:00']);
    for (const hours of [0.01, 1, 30, 400, 9_000])
      expect(timeTicks(from, from + hours * HOUR, 6, 0).length).toBeLessThanOrEqual(7);
  });
});
