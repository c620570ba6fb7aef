import { IST_OFFSET_MS } from '../clock/ist.ts';
import type { Instrument } from '../domain/instrument.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05 was a Monday; exchange weeks start on Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const UNITS = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: WEEK_MS } as const;

const NSE_OPEN_MS = 9 * HOUR_MS + 15 * MINUTE_MS;
const NSE_CLOSE_MS = 15 * HOUR_MS + 30 * MINUTE_MS;

export interface Timeframe {
  /** "5m" */
  readonly name: string;
  readonly ms: number;
}

/** Reads "1s", "5m", "15m", "1h", "4h", "1d", "1w". Refuses TIMEFRAME_INVALID for anything that does not tile a day. */
export function parseTimeframe(text: string): Result<Timeframe> {
  const match = /^([1-9]\d{0,4})([smhdw])$/.exec(text.trim());
  const unit = match?.[2] as keyof typeof UNITS | undefined;
  if (match === null || unit === undefined) return invalid(text);
  const ms = Number(match[1]) * UNITS[unit];
  const tiles = ms < DAY_MS ? DAY_MS % ms === 0 : ms === DAY_MS || ms === WEEK_MS;
  return tiles ? ok({ name: `${Number(match[1])}${unit}`, ms }) : invalid(text);
}

function invalid(text: string): Result<Timeframe> {
  const sentence = `"${text}" is not a timeframe; use a number of s, m or h that divides a day, or 1d or 1w, such as 5m.`;
  return refuse('TIMEFRAME_INVALID', sentence, { value: text });
}

/** How a venue cuts time into bars. All figures in ms. */
export interface BarGrid {
  /** Local midnight is at k x 24 h - zoneOffset. */
  readonly zoneOffset: number;
  /** Intraday bars are counted from this time of the local day (the session's open on the NSE). */
  readonly anchor: number;
  /** Where a daily bar begins and ends within its local day. */
  readonly dayOpen: number;
  readonly dayClose: number;
}

const UTC_GRID: BarGrid = { zoneOffset: 0, anchor: 0, dayOpen: 0, dayClose: DAY_MS };
const NSE_GRID: BarGrid = {
  zoneOffset: IST_OFFSET_MS,
  anchor: NSE_OPEN_MS,
  dayOpen: NSE_OPEN_MS,
  dayClose: NSE_CLOSE_MS,
};

/** Crypto bars are cut in UTC; NSE bars from 09:15 IST, its daily bar being the session 09:15-15:30 of that date. */
export function barGrid(calendar: Instrument['calendar']): BarGrid {
  return calendar === 'nse' ? NSE_GRID : UTC_GRID;
}

/** A number that is equal for two instants exactly when they belong to the same bar: the bar's nominal start. */
export function bucketOf(at: EpochMs, timeframe: Timeframe, grid: BarGrid): EpochMs {
  const size = timeframe.ms;
  if (size < DAY_MS) {
    const origin = grid.anchor - grid.zoneOffset;
    return Math.floor((at - origin) / size) * size + origin;
  }
  const origin = size === WEEK_MS ? FIRST_MONDAY_MS - grid.zoneOffset : -grid.zoneOffset;
  return Math.floor((at - origin) / size) * size + origin;
}

/** Start shown for a bucket: the session's open for days and weeks. */
export function barStart(bucket: EpochMs, timeframe: Timeframe, grid: BarGrid): EpochMs {
  return timeframe.ms < DAY_MS ? bucket : bucket + grid.dayOpen;
}

/** End of a bucket, when its bar becomes known. A week ends with the close of its last calendar day. */
export function barEnd(bucket: EpochMs, timeframe: Timeframe, grid: BarGrid): EpochMs {
  return timeframe.ms < DAY_MS ? bucket + timeframe.ms : bucket + timeframe.ms - DAY_MS + grid.dayClose;
}
