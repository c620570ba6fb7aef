const DAY_MS = 86_400_000;
/** Bars closer together than this are intraday. Daily bars of any calendar are further apart, also over DST changes. */
const INTRADAY_MS = 20 * 3_600_000;
/** More returns a year than this cannot be meant per day. */
const MOST_DAYS = 366;

export interface SampledReturns {
  readonly returns: Float64Array;
  /** True when intraday bars were reduced to the last value of each UTC day. */
  readonly daily: boolean;
}

/** Whether the median spacing is intraday: more than half of all spacings are, which needs no sorting of them. */
function isIntraday(times: Float64Array): boolean {
  let close = 0;
  for (let index = 1; index < times.length; index += 1) {
    if ((times[index] ?? 0) - (times[index - 1] ?? 0) < INTRADAY_MS) close += 1;
  }
  return close > Math.max(0, times.length - 1) >> 1;
}

/** The UTC day that a time closes or lies in. */
function dayOf(time: number): number {
  return Math.floor((time - 1) / DAY_MS);
}

/**
 * Returns of an equity curve that `periods` per year can annualise: from bar to bar, or, for intraday bars with a
 * yearly count of days, from day to day. A value at 00:00 UTC closes the day before it, as a bar's end does.
 */
export function sampleReturns(equity: Float64Array, times: Float64Array, periods: number): SampledReturns {
  const daily = periods <= MOST_DAYS && isIntraday(times);
  const last = equity.length - 1;
  const returns = new Float64Array(Math.max(0, last));
  let count = 0;
  let before = Number.NaN;
  let day = dayOf(times[0] ?? 0);
  for (let index = 0; index <= last; index += 1) {
    if (daily && index < last) {
      const next = dayOf(times[index + 1] ?? 0);
      const isSameDay = next === day;
      day = next;
      if (isSameDay) continue;
    }
    const value = equity[index] ?? Number.NaN;
    // Not a number for the first sample, which has none before it.
    const made = value / before - 1;
    if (Number.isFinite(made)) {
      returns[count] = made;
      count += 1;
    }
    before = value;
  }
  return { returns: returns.slice(0, count), daily };
}
