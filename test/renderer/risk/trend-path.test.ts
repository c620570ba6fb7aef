import { describe, expect, test } from 'vitest';
import { breachText, slopeText, trendPath } from '../../../renderer/risk/trend-path.ts';

const HOUR = 3_600_000;

describe('the trend of a meter', () => {
  test('ends at the right edge, with its limit at the top', () => {
    expect(
      trendPath(
        [
          [HOUR, 0],
          [HOUR * 1.5, 0.5],
          [HOUR * 2, 1],
        ],
        HOUR,
        100,
        20,
      ),
    ).toBe('M0.0 20.0L50.0 10.0L100.0 0.0');
  });

  test('breaks where the share was not known and leaves out what is older than the span', () => {
    expect(
      trendPath(
        [
          [0, 0.9],
          [HOUR, 0.25],
          [HOUR * 1.25, null],
          [HOUR * 1.5, 2],
          [HOUR * 2, -1],
        ],
        HOUR,
        100,
        20,
      ),
    ).toBe('M0.0 15.0M50.0 0.0L100.0 20.0');
  });

  test.each([
    [[]],
    [[[5, 0.5]]],
    [
      [
        [5, null],
        [6, 0.5],
      ],
    ],
  ] as [readonly (readonly [number, number | null])[]][])('is nothing without two known points: %j', (points) => {
    expect(trendPath(points, HOUR, 100, 20)).toBe('');
  });

  test.each([
    [null, null],
    [0, '< 1 min'],
    [59_999, '< 1 min'],
    [12 * 60_000, '12 min'],
    [HOUR, '1 h'],
    [3 * HOUR + 20 * 60_000 + 999, '3 h 20 min'],
    [25 * HOUR, null],
  ])('says %s ms to the limit as %s', (ms, text) => {
    expect(breachText(ms)).toBe(text);
  });

  test.each([
    [null, 'slope not known yet'],
    [0.0001, 'steady'],
    [0.012, '+1.2 pp/min'],
    [-0.2, '−20.0 pp/min'],
  ])('says a slope of %s as %s', (slope, text) => {
    expect(slopeText(slope)).toBe(text);
  });
});
