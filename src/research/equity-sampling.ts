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

function typicalSpacing(times: Float64Array): number {
  const spacings = Float64Array.from(times.subarray(1), (time, index) => time - (times[index] ?? 0)).sort();
  return spacings[spacings.length >> 1] ?? Number.POSITIVE_INFINITY;
}

/**
 * Returns of an equity curve that `periods` per year can annualise: from bar to bar, or, for intraday bars with a
 * yearly count of days, from day to day. A value at 00:00 UTC closes the day before it, as a bar's end does.
 */
export function sampleReturns(equity: Float64Array, times: Float64Array, periods: number): SampledReturns {
  const daily = periods <= MOST_DAYS && typicalSpacing(times) < INTRADAY_MS;
  let samples = equity;
  if (daily) {
    const dayOf = (index: number): number => Math.floor(((times[index] ?? 0) - 1) / DAY_MS);
    samples = equity.filter((_, index) => index === equity.length - 1 || dayOf(index) !== dayOf(index + 1));
  }
  const returns = Float64Array.from(samples.subarray(1), (value, index) => value / (samples[index] ?? Number.NaN) - 1);
  return { returns: returns.filter(Number.isFinite), daily };
}
