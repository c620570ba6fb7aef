/** Drawing only: nothing here is shown as a figure without its own text. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 5, 10];

function niceStep(rough: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  return (STEPS.find((step) => step * magnitude >= rough * (1 - 1e-9)) ?? 10) * magnitude;
}

/** Round ticks that cover `low` to `high`; a flat line gets room above and below. */
export function niceScale(low: number, high: number, count: number): Scale {
  const size = Math.max(Math.abs(low), Math.abs(high), 1e-6);
  const isFlat = high - low < size * 1e-9;
  const room = isFlat ? size * 1e-3 : high - low;
  const step = niceStep(room / Math.max(1, count));
  const min = Math.floor((isFlat ? low - room / 2 : low) / step + 1e-9) * step;
  const max = Math.ceil((isFlat ? high + room / 2 : high) / step - 1e-9) * step;
  const steps = Math.round((max - min) / step);
  return { min, max, ticks: Array.from({ length: steps + 1 }, (_, index) => min + index * step) };
}

/** Digits after the point that tell two neighbouring ticks apart. */
export function tickDigits({ ticks }: Scale): number {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  if (!(step > 0)) return 0;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const scaled = step * 10 ** digits;
  return Math.abs(scaled - Math.round(scaled)) < 1e-6 ? digits : digits + 1;
}

/** The same for ratios that are shown as per cent. */
export function percentDigits({ ticks, min, max }: Scale): number {
  return Math.max(1, tickDigits({ min, max, ticks: ticks.map((tick) => tick * 100) }));
}

export function place(
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
  length: number,
): number {
  return max === min ? length / 2 : ((value - min) / (max - min)) * length;
}

export function linePath(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}

/** Index of the entry of an ascending list that is nearest to `value`. */
export function nearestIndex(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  const above = ascending[low] ?? 0;
  const below = ascending[low - 1];
  return below !== undefined && value - below < above - value ? low - 1 : low;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map((days) => days * DAY_MS),
];

/** Round times within a span, at most `count`; round on the clock of a zone that is `offsetMs` ahead of UTC. */
export function timeTicks(from: number, to: number, count: number, offsetMs: number): number[] {
  const step = TIME_STEPS.find((each) => (to - from) / each <= count) ?? 365 * DAY_MS;
  const first = Math.ceil((from + offsetMs) / step) * step - offsetMs;
  const ticks: number[] = [];
  for (let at = first; at <= to && ticks.length <= count; at += step) ticks.push(at);
  return ticks;
}
