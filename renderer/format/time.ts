/** `local` is the zone of this computer. */
export type Zone = 'IST' | 'UTC' | 'local';

const ZONES: Readonly<Record<Zone, string>> = {
  IST: 'Asia/Kolkata',
  UTC: 'UTC',
  local: new Intl.DateTimeFormat().resolvedOptions().timeZone,
};

function clock(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { timeZone: ZONES[zone], hourCycle: 'h23', ...options });
}

const seconds = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const minutes = { hour: '2-digit', minute: '2-digit' } as const;
const day = { day: '2-digit', month: 'short', year: 'numeric' } as const;
const clocks = (options: Intl.DateTimeFormatOptions): Readonly<Record<Zone, Intl.DateTimeFormat>> => ({
  IST: clock('IST', options),
  UTC: clock('UTC', options),
  local: clock('local', options),
});
const CLOCKS = {
  seconds: clocks(seconds),
  minutes: clocks(minutes),
  full: clocks({ ...day, ...seconds }),
  day: clocks(day),
  weekday: clocks({ weekday: 'short' }),
  shortDay: clocks({ day: 'numeric', month: 'short' }),
  isoDay: clocks({ year: 'numeric', month: '2-digit', day: '2-digit' }),
};

/** "14:02:11" without a zone suffix, for columns whose header names the zone. */
export function timeOf(ms: number, zone: Zone): string {
  return CLOCKS.seconds[zone].format(ms);
}

export function clockOf(ms: number, zone: Zone): string {
  return `${CLOCKS.minutes[zone].format(ms)} ${zone}`;
}

/** "09:15 IST" of today, "Mon 23 Nov 09:15 IST" of another day. */
export function dayAndClock(ms: number, now: number, zone: Zone): string {
  const sameDay = CLOCKS.day[zone].format(ms) === CLOCKS.day[zone].format(now);
  return sameDay ? clockOf(ms, zone) : `${weekday(ms, zone)} ${CLOCKS.shortDay[zone].format(ms)} ${clockOf(ms, zone)}`;
}

function weekday(ms: number, zone: Zone): string {
  return CLOCKS.weekday[zone].format(ms);
}

/** "20 Nov 2026". */
export function dateOf(ms: number, zone: Zone): string {
  return CLOCKS.day[zone].format(ms);
}

/** "20 Nov 2026, 14:02:11", for lists over several days. */
export function dateTimeOf(ms: number, zone: Zone): string {
  return CLOCKS.full[zone].format(ms);
}

/** "2026-11-20", the local day. */
export function isoDayOf(ms: number, zone: Zone): string {
  return CLOCKS.isoDay[zone].format(ms).split('/').toReversed().join('-');
}

/** "2026-11-20 14:02:11.250", for files. */
export function stampOf(ms: number, zone: Zone): string {
  return `${isoDayOf(ms, zone)} ${timeOf(ms, zone)}.${String(Math.trunc(ms) % 1_000).padStart(3, '0')}`;
}

/** Both zones in full, for a tooltip. */
export function bothZones(ms: number): string {
  return `${CLOCKS.full.IST.format(ms)} IST · ${CLOCKS.full.UTC.format(ms)} UTC`;
}

export function zoneName(zone: Zone): string {
  return ZONES[zone];
}

/** How far the clock of a zone is ahead of UTC at a moment. */
export function offsetMs(at: number, zone: Zone): number {
  return zone === 'UTC' ? 0 : zone === 'IST' ? 19_800_000 : -new Date(at).getTimezoneOffset() * 60_000;
}

/** How old a figure is: "320 ms", "12 s", "4 min", "3 h". */
export function age(ms: number): string {
  if (ms < 0) return '0 s';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return `${Math.floor(ms / 3_600_000)} h`;
}

/** How long something took: "4.2 s", "12 min", "3 h 20 min", "5 d 4 h". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
