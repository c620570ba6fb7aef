import type { EpochMs } from '../domain/units.ts';

/** Asia/Kolkata is UTC+05:30 all year (no daylight saving since 1945), so a fixed offset is exact. */
export const IST_OFFSET_MS = 330 * 60_000;
const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of the IST calendar day that holds the instant. */
export function istDay(at: EpochMs): number {
  return Math.floor((at + IST_OFFSET_MS) / DAY_MS);
}

/** "2026-11-20" of a day number. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Day number of "2026-11-20"; NaN when it is not a real date. */
export function parseDay(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return Number.NaN;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? Number.NaN : at / DAY_MS;
}

/** Instant of "HH:MM" on an IST day. */
export function istInstant(day: number, time: string): EpochMs {
  const hours = Number(time.slice(0, 2));
  const minutes = Number(time.slice(3, 5));
  return day * DAY_MS - IST_OFFSET_MS + (hours * 60 + minutes) * 60_000;
}

/** ISO 8601 with the IST offset: "2026-11-20T09:15:00+05:30". */
export function istIso(at: EpochMs): string {
  return `${new Date(at + IST_OFFSET_MS).toISOString().slice(0, 19)}+05:30`;
}

/** 0 = Sunday ... 6 = Saturday. 1970-01-01 was a Thursday. */
export function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
