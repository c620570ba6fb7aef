import type { RiskGauge, RiskTrend } from '../../contract/types.ts';
import type { EpochMs } from '../../domain/units.ts';

const EVERY_MS = 10_000;
const KEPT = 360;
/** The slope looks at this many of the newest points: ten minutes. */
const SLOPE_POINTS = 60;
const LEAST_POINTS = 6;
const MINUTE_MS = 60_000;

interface Line {
  readonly account: string;
  readonly name: string;
  title: string;
  readonly points: [number, number | null][];
}

/** The last hour of every meter, in memory; equity and profit of earlier are in the journal. */
export class GaugeTrends {
  readonly #lines = new Map<string, Line>();
  #nextAt: EpochMs = Number.NEGATIVE_INFINITY;

  isDue(now: EpochMs): boolean {
    return now >= this.#nextAt;
  }

  sample(gauges: readonly RiskGauge[], now: EpochMs): void {
    this.#nextAt = now + EVERY_MS;
    const at = Math.trunc(now);
    for (const { account, name, title, utilisation } of gauges) {
      const key = `${account ?? ''} ${name}`;
      let line = this.#lines.get(key);
      if (line === undefined) {
        line = { account: account ?? '', name, title, points: [] };
        this.#lines.set(key, line);
      }
      line.title = title;
      line.points.push([at, utilisation]);
      if (line.points.length > KEPT) line.points.shift();
    }
  }

  of(account: string | undefined): RiskTrend[] {
    return [...this.#lines.values()]
      .filter((line) => account === undefined || line.account === account)
      .map((line) => {
        const slope = slopeOf(line.points);
        const now = line.points.at(-1)?.[1] ?? null;
        const left =
          now === null || slope === null || !(slope > 0) || now >= 1 ? null : ((1 - now) / slope) * MINUTE_MS;
        return {
          account: line.account,
          name: line.name,
          title: line.title,
          points: line.points,
          slopePerMinute: slope,
          breachInMs: left,
        };
      });
  }
}

/** Least squares over the newest points, per minute; null with too few of them or a figure that is not known. */
function slopeOf(points: readonly (readonly [number, number | null])[]): number | null {
  const newest = points.slice(-SLOPE_POINTS);
  if (newest.length < LEAST_POINTS) return null;
  const first = newest[0]?.[0] ?? 0;
  let [n, sumT, sumY, sumTT, sumTY] = [0, 0, 0, 0, 0];
  for (const [at, share] of newest) {
    if (share === null) return null;
    const minutes = (at - first) / MINUTE_MS;
    n += 1;
    sumT += minutes;
    sumY += share;
    sumTT += minutes * minutes;
    sumTY += minutes * share;
  }
  const spread = n * sumTT - sumT * sumT;
  return spread > 0 ? (n * sumTY - sumT * sumY) / spread : null;
}
