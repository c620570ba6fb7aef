import type { Bar } from '../domain/market-data.ts';

/**
 * A bar as the straight pieces of its assumed path, each a bar of its own at the same time: open to the first extreme,
 * to the other one, to the close. A trailing stop needs them: it moves at the first extreme and may be hit on the way
 * to the second, at an exact price. The volume is shared out evenly, the remainder with the last piece.
 */
export function barLegs(bar: Bar, lowFirst: boolean): readonly Bar[] {
  const points = lowFirst ? [bar.open, bar.low, bar.high, bar.close] : [bar.open, bar.high, bar.low, bar.close];
  const share = Math.floor(bar.volume / 3);
  const legs: Bar[] = [];
  for (let index = 0; index < 3; index += 1) {
    const open = points[index] ?? bar.open;
    const close = points[index + 1] ?? bar.close;
    const volume = index === 2 ? bar.volume - 2 * share : share;
    legs.push({ ...bar, open, close, high: Math.max(open, close), low: Math.min(open, close), volume });
  }
  return legs;
}
