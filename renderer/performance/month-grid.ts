export interface MonthDay {
  /** 2026-11-20 */
  readonly day: string;
  readonly number: number;
}

const DAY_MS = 86_400_000;

/** Weeks of a month from Monday to Sunday; null where a day belongs to another month. */
export function monthGrid(month: string): (MonthDay | null)[][] {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  if (Number.isNaN(first)) return [];
  const [year = 0, ordinal = 1] = month.split('-').map(Number);
  const length = (Date.UTC(year, ordinal, 1) - first) / DAY_MS;
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const cells: (MonthDay | null)[] = [
    ...Array.from({ length: lead }, () => null),
    ...Array.from({ length }, (_, index) => ({
      day: `${month}-${String(index + 1).padStart(2, '0')}`,
      number: index + 1,
    })),
  ];
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** "2026-11" and one month on is "2026-12"; and two is "2027-01". */
export function monthAfter(month: string, by: number): string {
  const [year = 0, ordinal = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, ordinal - 1 + by, 1)).toISOString().slice(0, 7);
}

const NAMES = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const DAYS = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** "November 2026". */
export function monthName(month: string): string {
  return NAMES.format(Date.parse(`${month}-01T00:00:00Z`));
}

/** "Fri 20 Nov 2026". */
export function dayName(day: string): string {
  return DAYS.format(Date.parse(`${day}T00:00:00Z`)).replace(',', '');
}
