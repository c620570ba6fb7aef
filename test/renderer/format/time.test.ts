import { describe, expect, test } from 'vitest';
import { dayAndClock, isoDayOf, stampOf } from '../../../renderer/format/time.ts';

const at = (text: string) => Date.parse(text);

describe('times', () => {
  test('of another day say which', () => {
    const saturday = at('2026-11-21T03:42:00Z');
    expect(dayAndClock(at('2026-11-23T03:45:00Z'), saturday, 'IST')).toBe('Mon 23 Nov 09:15 IST');
    expect(dayAndClock(at('2026-11-21T10:00:00Z'), saturday, 'IST')).toBe('15:30 IST');
    // The day changes at midnight of the zone.
    expect(dayAndClock(at('2026-11-21T18:29:00Z'), saturday, 'IST')).toBe('23:59 IST');
    expect(dayAndClock(at('2026-11-21T18:30:00Z'), saturday, 'IST')).toBe('Sun 22 Nov 00:00 IST');
    expect(dayAndClock(at('2026-11-21T18:30:00Z'), saturday, 'UTC')).toBe('18:30 UTC');
  });

  test('in files have the day, the second and the millisecond of the zone', () => {
    expect(stampOf(at('2026-11-21T18:30:00.007Z'), 'UTC')).toBe('2026-11-21 18:30:00.007');
    expect(stampOf(at('2026-11-21T18:30:00.007Z'), 'IST')).toBe('2026-11-22 00:00:00.007');
    expect(isoDayOf(at('2026-01-05T00:00:00Z'), 'UTC')).toBe('2026-01-05');
  });
});
