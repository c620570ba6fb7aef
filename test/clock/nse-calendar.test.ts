import { expect, it } from 'vitest';
import { istIso } from '../../src/clock/ist.ts';
import { nseCalendar } from '../../src/clock/nse-calendar.ts';

const cash = nseCalendar('cash');
const derivatives = nseCalendar('fo');

it.each([
  ['2025-06-02T09:14:59+05:30', 'preopen'],
  ['2025-06-02T09:15:00+05:30', 'open'],
  ['2025-06-02T15:29:59+05:30', 'open'],
  ['2025-06-02T15:30:00+05:30', 'closed'],
  ['2025-06-02T15:45:00+05:30', 'post_close'],
  ['2025-06-02T16:00:00+05:30', 'closed'],
  ['2025-06-02T08:59:59+05:30', 'closed'],
  ['2025-06-01T11:00:00+05:30', 'closed'],
  ['2025-08-15T11:00:00+05:30', 'closed'],
  ['2026-08-02T15:20:00+05:30', 'closed'],
  ['2026-07-31T15:20:00+05:30', 'open'],
  ['2026-08-03T15:14:59+05:30', 'open'],
  ['2026-08-03T15:15:00+05:30', 'closing_auction'],
  ['2026-08-03T15:34:59+05:30', 'closing_auction'],
  ['2026-08-03T15:40:00+05:30', 'closed'],
  ['2026-08-03T15:55:00+05:30', 'post_close'],
  ['2024-03-02T09:30:00+05:30', 'open'],
  ['2024-03-02T10:30:00+05:30', 'closed'],
  ['2024-03-02T12:00:00+05:30', 'open'],
  ['2024-11-01T11:00:00+05:30', 'closed'],
  ['2024-11-01T17:50:00+05:30', 'preopen'],
  ['2024-11-01T18:30:00+05:30', 'open'],
  ['2025-10-21T14:00:00+05:30', 'open'],
  ['2026-02-01T12:00:00+05:30', 'open'],
  ['2026-11-08T18:30:00+05:30', 'closed'],
])('cash at %s is %s', (at, state) => {
  expect(cash.statusAt(Date.parse(at)).state).toBe(state);
  expect(cash.isOpen(Date.parse(at))).toBe(state === 'open');
});

it.each([
  ['2026-07-31T15:35:00+05:30', 'closed'],
  ['2026-08-03T15:35:00+05:30', 'open'],
  ['2026-08-03T15:40:00+05:30', 'closed'],
  ['2025-12-05T09:05:00+05:30', 'closed'],
  ['2025-12-08T09:05:00+05:30', 'preopen'],
])('derivatives at %s are %s', (at, state) => {
  expect(derivatives.statusAt(Date.parse(at)).state).toBe(state);
});

it('a security without derivatives keeps trading until 15:30 after the auction reform', () => {
  expect(nseCalendar('cash', false).statusAt(Date.parse('2026-08-03T15:20:00+05:30')).state).toBe('open');
});

it('the next open skips weekend and holidays', () => {
  const next = cash.statusAt(Date.parse('2025-08-14T16:00:00+05:30')).nextOpen;
  expect(next === null ? null : istIso(next)).toBe('2025-08-18T09:15:00+05:30');
});

it('lists both windows of a split session and marks it special', () => {
  const windows = cash.sessions('2024-03-01', '2024-03-03');
  expect(windows.map((window) => [window.date, istIso(window.open).slice(11, 16), window.special])).toEqual([
    ['2024-03-01', '09:15', false],
    ['2024-03-02', '09:15', true],
    ['2024-03-02', '11:30', true],
  ]);
});

it('counts the trading days of 2025: weekdays less 14 holidays plus two special sessions', () => {
  const days = new Set(cash.sessions('2025-01-01', '2025-12-31').map((window) => window.date));
  expect(days.size).toBe(261 - 14 + 2);
});

it('DAY orders entered after the close live until the end of the next session', () => {
  expect(istIso(cash.dayEnd(Date.parse('2025-06-06T18:00:00+05:30')))).toBe('2025-06-09T15:30:00+05:30');
  expect(istIso(cash.dayEnd(Date.parse('2026-08-03T10:00:00+05:30')))).toBe('2026-08-03T15:35:00+05:30');
});

it('says when the holidays of a year are not known', () => {
  expect(cash.statusAt(Date.parse('2021-04-13T10:00:00+05:30'))).toMatchObject({
    state: 'open',
    reason: expect.stringContaining('not in the calendar') as unknown,
  });
});
