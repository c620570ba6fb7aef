import { isoDayOf, type Zone } from '../format/time.ts';

export const PERIODS = [
  { value: 'today', label: 'Today' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
  { value: 'year', label: 'This year' },
  { value: 'all', label: 'All' },
] as const;
export type Period = (typeof PERIODS)[number]['value'];

const DAY_MS = 86_400_000;
/** India has one offset and no summer time. */
const OFFSET_MS: Readonly<Record<'IST' | 'UTC', number>> = { IST: 19_800_000, UTC: 0 };

/** Days are those of the account: of India for rupees, UTC otherwise, as the engine counts them. */
export function zoneOf(currency: string): Exclude<Zone, 'local'> {
  return currency === 'INR' ? 'IST' : 'UTC';
}

export interface Range {
  readonly from?: number;
  readonly fromDay?: string;
}

/** Where a period begins: the first instant of a local day. It always ends now. */
export function rangeOf(period: Period, now: number, currency: string): Range {
  if (period === 'all') return {};
  const zone = zoneOf(currency);
  const today = Math.floor((now + OFFSET_MS[zone]) / DAY_MS) * DAY_MS - OFFSET_MS[zone];
  const begin =
    period === 'year'
      ? Date.UTC(Number(isoDayOf(now, zone).slice(0, 4)), 0, 1) - OFFSET_MS[zone]
      : today - (period === 'today' ? 0 : period === '7d' ? 6 : 29) * DAY_MS;
  return { from: begin, fromDay: isoDayOf(begin, zone) };
}
