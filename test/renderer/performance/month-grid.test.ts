import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayName, monthAfter, monthGrid, monthName } from '../../../renderer/performance/month-grid.ts';

describe('calendar of a month', () => {
  test('November 2026 begins on a Sunday and needs six weeks', () => {
    const weeks = monthGrid('2026-11');
    expect(weeks).toHaveLength(6);
    expect(weeks[0]?.map((cell) => cell?.number ?? null)).toEqual([null, null, null, null, null, null, 1]);
    expect(weeks[5]?.map((cell) => cell?.number ?? null)).toEqual([30, null, null, null, null, null, null]);
    expect(weeks[1]?.[0]?.day).toBe('2026-11-02');
  });

  test('February 2027 fills four weeks exactly; 2028 has the 29th', () => {
    expect(monthGrid('2027-02')).toHaveLength(4);
    expect(
      monthGrid('2028-02')
        .flat()
        .filter((cell) => cell !== null),
    ).toHaveLength(29);
  });

  test('every day is there once, in order, under its weekday', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1990, max: 2090 }), fc.integer({ min: 1, max: 12 }), (year, month) => {
        const name = `${year}-${String(month).padStart(2, '0')}`;
        const weeks = monthGrid(name);
        for (const week of weeks) {
          expect(week).toHaveLength(7);
          week.forEach((cell, index) => {
            if (cell !== null) expect((new Date(`${cell.day}T00:00:00Z`).getUTCDay() + 6) % 7).toBe(index);
          });
        }
        const numbers = weeks.flat().flatMap((cell) => (cell === null ? [] : [cell.number]));
        expect(numbers).toEqual(
          Array.from({ length: new Date(Date.UTC(year, month, 0)).getUTCDate() }, (_, index) => index + 1),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('months go on over the year', () => {
    expect(monthAfter('2026-12', 1)).toBe('2027-01');
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
    expect(monthName('2026-11')).toBe('November 2026');
    expect(dayName('2026-11-20')).toBe('Fri 20 Nov 2026');
  });
});
