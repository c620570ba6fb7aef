const DAY_MS = 86_400_000;

/** The period a local day (YYYY-MM-DD) belongs to: itself, its ISO week as "2026-W47", its month as "2026-11". */
export function periodOf(day: string, period: 'day' | 'week' | 'month'): string {
  if (period === 'day') return day;
  return period === 'month' ? day.slice(0, 7) : isoWeek(day);
}

/** ISO 8601: a week begins on Monday and belongs to the year of its Thursday. */
function isoWeek(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  const thursday = at + (3 - ((new Date(at).getUTCDay() + 6) % 7)) * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
