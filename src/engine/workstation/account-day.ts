import type { EpochMs } from '../../domain/units.ts';
import { dayStart, dayZoneOf, nextDayStart } from '../../risk/day.ts';

const HALF_DAY_MS = 43_200_000;

/** The account's local day, YYYY-MM-DD: of India for rupee accounts, UTC otherwise. */
export function localDay(currency: string, at: EpochMs): string {
  // Noon of the local day is the same date in UTC for both zones.
  return new Date(dayStart(at, dayZoneOf(currency)) + HALF_DAY_MS).toISOString().slice(0, 10);
}

/** First instant of a local day; `YYYY-MM-DD`. */
export function dayBegin(currency: string, day: string): EpochMs {
  return dayStart(Date.parse(`${day}T12:00:00Z`), dayZoneOf(currency));
}

export function dayAfter(currency: string, day: string): string {
  return localDay(currency, nextDayStart(dayBegin(currency, day), dayZoneOf(currency)));
}
