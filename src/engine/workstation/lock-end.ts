import type { ContractInputs } from '../../contract/types.ts';
import { calendarOf } from '../../clock/calendars.ts';
import type { MarketCalendar } from '../../clock/market-calendar.ts';
import { refuse, ok, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';

const DAY_MS = 86_400_000;
/** The longest run of days without a session that any exchange has. */
const LOOK_AHEAD_DAYS = 20;

/**
 * When a lock ends. The next session day is the first one after today in the market's own zone; of several markets the
 * latest. Refuses NO_SESSION when a calendar knows none.
 */
export function lockEnd(
  until: ContractInputs['risk']['lock']['until'],
  calendars: readonly ('always' | 'nse')[],
  now: EpochMs,
): Result<EpochMs> {
  if (until === '24h') return ok(Math.trunc(now) + DAY_MS);
  if (until !== 'next-session') return ok(until);
  let latest = 0;
  for (const calendar of calendars) {
    const next = nextSessionDay(calendarOf({ calendar }), now);
    if (next === null) {
      return refuse('NO_SESSION', `The next session of the ${calendar} calendar is not known; lock until a time.`);
    }
    latest = Math.max(latest, next);
  }
  return ok(latest);
}

function nextSessionDay(calendar: MarketCalendar, now: EpochMs): EpochMs | null {
  const tomorrow = calendar.dayStart(now) + DAY_MS;
  // A day more on both sides: the dates are of the venue's zone.
  const date = (at: EpochMs): string => new Date(at).toISOString().slice(0, 10);
  const sessions = calendar.sessions(date(tomorrow - DAY_MS), date(tomorrow + LOOK_AHEAD_DAYS * DAY_MS));
  return sessions.find(({ open }) => open >= tomorrow)?.open ?? null;
}
