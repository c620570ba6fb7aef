type TrendPoints = readonly (readonly [at: number, share: number | null])[];

/**
 * SVG path of the share of a limit over a span that ends with the newest point; 1 is the top edge. Breaks where the
 * share was not known. Empty without two known points.
 */
export function trendPath(points: TrendPoints, spanMs: number, width: number, height: number): string {
  const end = points.at(-1)?.[0];
  if (end === undefined) return '';
  const parts: string[] = [];
  let isDown = false;
  let known = 0;
  for (const [at, share] of points) {
    if (share === null || at < end - spanMs) {
      isDown = false;
      continue;
    }
    const x = (1 - (end - at) / spanMs) * width;
    const y = (1 - Math.min(1, Math.max(0, share))) * height;
    parts.push(`${isDown ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`);
    isDown = true;
    known += 1;
  }
  return known < 2 ? '' : parts.join('');
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** "12 min", "3 h 20 min"; beyond a day nobody should plan on a slope of ten minutes. */
export function breachText(breachInMs: number | null): string | null {
  if (breachInMs === null || breachInMs > DAY_MS) return null;
  const minutes = Math.floor(breachInMs / 60_000);
  if (minutes < 1) return '< 1 min';
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** "+1.2 pp/min": the change of the used share, in percentage points a minute. */
export function slopeText(slopePerMinute: number | null): string {
  if (slopePerMinute === null) return 'slope not known yet';
  const points = slopePerMinute * 100;
  if (Math.abs(points) < 0.05) return 'steady';
  return `${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)} pp/min`;
}
