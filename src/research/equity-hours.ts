const HOUR_MS = 3_600_000;

/** What a stretch of an equity curve must keep so that stretches can be joined without the values between. */
export interface EquitySpan {
  readonly high: number;
  readonly low: number;
  /** Deepest fall below an earlier value of the stretch, <= 0, a fraction. */
  readonly drawdown: number;
}

export interface EquityHour extends EquitySpan {
  /** Begin of the hour in ms. A value on the stroke of the next hour still belongs to it, as a bar's end does. */
  readonly hour: number;
  /** The last value in it, and when. */
  readonly at: number;
  readonly equity: string;
}

export function hourOf(at: number): number {
  return Math.floor((at - 1) / HOUR_MS) * HOUR_MS;
}

/** The stretch that `next` prolongs. Drawdowns are exact: a fall begins at the highest value before it, wherever that was. */
export function joinSpans(before: EquitySpan | null, next: EquitySpan): EquitySpan {
  if (before === null) return next;
  const across = before.high > 0 ? Math.min(0, next.low / before.high - 1) : 0;
  return {
    high: Math.max(before.high, next.high),
    low: Math.min(before.low, next.low),
    drawdown: Math.min(before.drawdown, next.drawdown, across),
  };
}

/** Values in order of time to one record per hour. */
export function equityHours(values: Iterable<{ readonly at: number; readonly equity: string }>): EquityHour[] {
  const hours: EquityHour[] = [];
  for (const { at, equity } of values) {
    const value = Number(equity);
    const hour = hourOf(at);
    const last = hours.at(-1);
    const point = { high: value, low: value, drawdown: 0 };
    if (last?.hour === hour) hours[hours.length - 1] = { ...joinSpans(last, point), hour, at, equity };
    else hours.push({ ...point, hour, at, equity });
  }
  return hours;
}

export interface EquityPoint {
  readonly at: number;
  readonly equity: string;
  /** Below the highest value so far, at this point. */
  readonly drawdown: number;
  /** Deepest since the point before. */
  readonly worst: number;
}

/**
 * At most `most` points of a curve, evenly thinned; the last value is always among them. No drawdown is lost by the
 * thinning: each point carries the deepest since the one before.
 */
export function thinnedEquity(hours: readonly EquityHour[], most: number): readonly EquityPoint[] {
  const step = Math.max(1, Math.ceil(hours.length / most));
  const points: EquityPoint[] = [];
  let high = Number.NEGATIVE_INFINITY;
  let worst = 0;
  hours.forEach((hour, index) => {
    if (high > 0) worst = Math.min(worst, hour.low / high - 1);
    worst = Math.min(worst, hour.drawdown);
    high = Math.max(high, hour.high);
    if ((hours.length - 1 - index) % step !== 0) return;
    const value = Number(hour.equity);
    points.push({ at: hour.at, equity: hour.equity, drawdown: high > 0 ? value / high - 1 : 0, worst });
    worst = 0;
  });
  return points;
}
