import { type Decimal, ZERO } from '../../domain/decimal.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { MarketTrade } from './parent-execution.ts';

export interface IntervalPrices {
  /** Traded value / volume; null without trades. */
  readonly vwap: Decimal | null;
  /** Last traded price weighted by how long it stood; null when no price was known. */
  readonly twap: Decimal | null;
  readonly volume: Decimal;
}

/**
 * Market prices of from <= ts <= to. The last trade before `from` tells the price known at `from`; time before the first
 * known price does not count. When no time is left to weigh by, the TWAP is the last price.
 */
export function intervalPrices(trades: readonly MarketTrade[], from: EpochMs, to: EpochMs): IntervalPrices {
  let value = ZERO;
  let volume = ZERO;
  let weighted = ZERO;
  let known: Decimal | null = null;
  let start = to;
  let since = from;
  for (const trade of trades.toSorted((a, b) => a.ts - b.ts)) {
    if (trade.ts > to) break;
    const at = Math.max(trade.ts, from);
    if (known === null) start = at;
    // Before `from` both ends are `from`: no time, no weight.
    else weighted = weighted.plus(known.times(at - since));
    since = at;
    known = trade.price;
    if (trade.ts < from) continue;
    value = value.plus(trade.price.times(trade.quantity));
    volume = volume.plus(trade.quantity);
  }
  if (known === null) return { vwap: null, twap: null, volume };
  weighted = weighted.plus(known.times(to - since));
  return {
    vwap: volume.isZero() ? null : value.div(volume),
    twap: to > start ? weighted.div(to - start) : known,
    volume,
  };
}
