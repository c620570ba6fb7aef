import type { EpochMs } from '../../domain/units.ts';

const DAY_MS = 86_400_000;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/;
const COMPACT_DATE = /^(19|20)\d{6}$/;
const EPOCH = /^\d{9,19}(?:\.\d+)?$/;

/**
 * Reads a time cell as epoch ms: an epoch in seconds, milliseconds, microseconds or nanoseconds (told apart by size), an
 * ISO date or date-time, or 20240131. A time without an offset is local time of the zone `zoneOffsetMs` east of UTC.
 * NaN when it is none of these or not a real date.
 */
export function parseTime(cell: string, zoneOffsetMs: number): EpochMs {
  if (COMPACT_DATE.test(cell)) {
    return isoTime(`${cell.slice(0, 4)}-${cell.slice(4, 6)}-${cell.slice(6)}`, zoneOffsetMs);
  }
  return EPOCH.test(cell) ? parseEpoch(cell) : isoTime(cell, zoneOffsetMs);
}

/** True for a cell that names a day and no time of day. */
export function isDateOnly(cell: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(cell) || COMPACT_DATE.test(cell);
}

/** True for a cell that says its offset itself. */
export function hasOffset(cell: string): boolean {
  return EPOCH.test(cell) || /[T ]\d{2}:\d{2}.*(Z|z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})$/.test(cell);
}

/** Whole ms and the fraction are added apart, so that nanoseconds keep all the precision a double has. */
function parseEpoch(cell: string): EpochMs {
  const dot = cell.indexOf('.');
  const whole = dot === -1 ? cell : cell.slice(0, dot);
  const fraction = dot === -1 ? 0 : Number(`0${cell.slice(dot)}`);
  if (whole.length >= 18) return Number(whole.slice(0, -6)) + Number(whole.slice(-6)) / 1e6;
  if (whole.length >= 15) return Number(whole.slice(0, -3)) + Number(whole.slice(-3)) / 1e3;
  if (whole.length >= 12) return Number(whole) + fraction;
  return Number(whole) * 1000 + Math.round(fraction * 1e6) / 1e3;
}

function isoTime(cell: string, zoneOffsetMs: number): EpochMs {
  const match = ISO.exec(cell);
  if (match === null) return Number.NaN;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  const midnight = Date.UTC(year, month - 1, day);
  const real = new Date(midnight);
  if (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) return Number.NaN;
  const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`) * 1000;
  const offset = match[8] === undefined ? zoneOffsetMs : offsetMs(match[8]);
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + fraction - offset;
}

function offsetMs(text: string): number {
  if (text === 'Z' || text === 'z' || text === 'UTC') return 0;
  const digits = text.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** Start of the UTC-based day number of a local day. */
export function dayNumber(at: EpochMs, zoneOffsetMs: number): number {
  return Math.floor((at + zoneOffsetMs) / DAY_MS);
}
