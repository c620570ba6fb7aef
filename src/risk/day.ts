import type { EpochMs } from '../domain/units.ts';

/** Where an account's day begins: midnight UTC for crypto, midnight IST (UTC+05:30, no summer time) for NSE. */
export type DayZone = 'UTC' | 'IST';
const DAY_MS = 86_400_000;
const OFFSET_MS: Readonly<Record<DayZone, number>> = { UTC: 0, IST: 19_800_000 };

export function dayStart(now: EpochMs, zone: DayZone): EpochMs {
  const offset = OFFSET_MS[zone];
  return Math.floor((now + offset) / DAY_MS) * DAY_MS - offset;
}

export function nextDayStart(now: EpochMs, zone: DayZone): EpochMs {
  return dayStart(now, zone) + DAY_MS;
}

/** NSE accounts live in rupees; everything else follows the round-the-clock markets. */
export function dayZoneOf(currency: string): DayZone {
  return currency === 'INR' ? 'IST' : 'UTC';
}
