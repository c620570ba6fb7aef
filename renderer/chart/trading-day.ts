/** India has no daylight saving time: its day begins 5 h 30 min before that of UTC, all year. */
const IST_OFFSET_MS = 19_800_000;
const DAY_MS = 86_400_000;

export function tradingDay(time: number): number {
  return Math.floor((time + IST_OFFSET_MS) / DAY_MS);
}

/** True where a candle is the first one of a trading day. */
export function startsDay(bars: readonly { readonly timestamp: number }[], index: number): boolean {
  const bar = bars[index];
  const before = bars[index - 1];
  return bar !== undefined && before !== undefined && tradingDay(bar.timestamp) !== tradingDay(before.timestamp);
}
