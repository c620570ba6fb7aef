import type { Decimal } from '../../domain/decimal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { Exact, type MarketTrade, type ParentExecution, type ParentFill } from './parent-execution.ts';

/** How long after a fill the market is looked at again. */
export const MARK_DELAYS_MS = { after5s: 5_000, after60s: 60_000 } as const;
export type MarkDelay = keyof typeof MARK_DELAYS_MS;

export interface RealisedSpread {
  readonly bps: Readonly<Record<MarkDelay, number | null>>;
  readonly missing: Readonly<Partial<Record<MarkDelay, string>>>;
}

/**
 * 2 s (p - m_t+d) / m_t, weighted by quantity: what the other side of the trade kept once the market had moved on.
 * Effective spread - realised spread = 2 s (m_t+d - m_t) / m_t, the price impact. A mark that the fill does not carry is
 * the last market trade by then, if the market trades go on that long.
 */
export function realisedSpread(parent: ParentExecution): RealisedSpread {
  const sign = parent.side === 'buy' ? 1 : -1;
  const trades = parent.marketTrades?.toSorted((a, b) => a.ts - b.ts) ?? [];
  const bps: Record<MarkDelay, number | null> = { after5s: null, after60s: null };
  const missing: Partial<Record<MarkDelay, string>> = {};
  for (const delay of ['after5s', 'after60s'] as const) {
    if (parent.fills.length === 0) {
      missing[delay] = 'nothing was filled';
      continue;
    }
    let sum = new Exact(0);
    let quantity = new Exact(0);
    for (const fill of parent.fills) {
      const mark = markAfter(fill, delay, trades);
      if (mark === null || fill.mid === null) {
        missing[delay] = `a fill has no mid, or none ${MARK_DELAYS_MS[delay] / 1_000} s later`;
        break;
      }
      sum = sum.plus(new Exact(fill.price).minus(mark).times(fill.quantity).div(fill.mid).toSignificantDigits(40));
      quantity = quantity.plus(fill.quantity);
    }
    if (missing[delay] === undefined)
      bps[delay] = sum
        .times(20_000 * sign)
        .div(quantity)
        .toNumber();
  }
  return { bps, missing };
}

function markAfter(fill: ParentFill, delay: MarkDelay, trades: readonly MarketTrade[]): Decimal | null {
  const stated = fill.later?.[delay] ?? null;
  if (stated !== null || fill.ts === null) return stated;
  return lastPrice(trades, fill.ts + MARK_DELAYS_MS[delay]);
}

/** Null when the trades end before `at`: then nobody knows what came until then. */
function lastPrice(trades: readonly MarketTrade[], at: EpochMs): Decimal | null {
  const last = trades.at(-1);
  if (last === undefined || last.ts < at) return null;
  return trades.findLast((trade) => trade.ts <= at)?.price ?? null;
}
