import type { Bar } from '../../domain/market-data.ts';
import type { PriceUnits } from '../../domain/units.ts';
import { barLegs } from '../../portfolio/bar-legs.ts';

/** Who watches prices: the book of contingent orders. */
export interface PathWatcher {
  /** The first price on the straight way between two prices at which an order is sent; null for none. */
  next(from: PriceUnits, to: PriceUnits): PriceUnits | null;
  at(price: PriceUnits): void;
}

/**
 * Walks a bar along its assumed path and stops wherever an order is sent, so that it fills at that price and not at the end
 * of the way. `feed` gets the path in pieces, each a bar of its own; what was sent at the end of a piece meets the open of
 * the next one.
 */
export function walkBar(bar: Bar, lowFirst: boolean, watcher: PathWatcher, feed: (piece: Bar) => void): void {
  let isFirst = true;
  let hasWaiting = false;
  const give = (leg: Bar, open: PriceUnits, close: PriceUnits): void => {
    const way = Math.abs(leg.close - leg.open);
    const share = open === close ? 1 : Math.abs(close - open) / way;
    // No volume at all would mean an unknown one, which fills anything.
    const volume = leg.volume > 0 ? Math.max(1, Math.floor(leg.volume * share)) : leg.volume;
    const high = Math.max(open, close);
    const low = Math.min(open, close);
    // A piece that begins at the bar's end takes in what was sent while the bar was walked.
    feed({ ...leg, open, high, low, close, volume, start: isFirst ? leg.start : leg.at });
    isFirst = false;
    hasWaiting = false;
  };
  for (const leg of barLegs(bar, lowFirst)) {
    let from = leg.open;
    for (let at = watcher.next(from, leg.close); at !== null; at = watcher.next(from, leg.close)) {
      if (at !== from) give(leg, from, at);
      from = at;
      watcher.at(at);
      hasWaiting = true;
      // One that cannot be sent now must not hold the bar up.
      if (watcher.next(from, leg.close) === at) break;
    }
    watcher.at(from);
    if (from !== leg.close || hasWaiting || leg.open === leg.close) give(leg, from, leg.close);
    watcher.at(leg.close);
  }
  if (hasWaiting || isFirst) give({ ...bar, open: bar.close, high: bar.close, low: bar.close }, bar.close, bar.close);
}
