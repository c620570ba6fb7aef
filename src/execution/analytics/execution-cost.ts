import type { Decimal } from '../../domain/decimal.ts';
import { ok, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { implementationShortfall, type Shortfall, type TradingParts } from './implementation-shortfall.ts';
import { realisedSpread, type RealisedSpread } from './realised-spread.ts';
import { intervalPrices } from './market-interval.ts';
import { Exact, filledOf, parentFault, type ParentExecution } from './parent-execution.ts';

type Component = 'delay' | 'trading' | 'opportunity' | 'fees' | 'total';

/** Execution quality of one parent. Money is exact, ratios are doubles; null = not available, see `unavailable`. */
export interface ExecutionCost {
  readonly filled: Decimal;
  readonly averagePrice: Decimal | null;
  readonly costs: Shortfall;
  /** Of the paper value, quantity x decision mid. */
  readonly bps: Readonly<Record<Component, number>>;
  readonly tradingBps: Readonly<Record<keyof TradingParts, number>> | null;
  readonly vsArrivalBps: number | null;
  readonly vsVwapBps: number | null;
  readonly vsTwapBps: number | null;
  readonly effectiveSpreadBps: number | null;
  readonly realisedSpreadBps: RealisedSpread['bps'];
  readonly vwap: Decimal | null;
  readonly twap: Decimal | null;
  readonly fillRate: number;
  readonly participation: number | null;
  readonly priceImprovement: Decimal;
  readonly priceImprovementBps: number;
  /** Share of the filled quantity that was better than the arrival mid; null without fills. */
  readonly improvedShare: number | null;
  readonly efficiency: number;
  readonly unavailable: Readonly<Record<string, string>>;
}

export const DEFINITIONS: Readonly<Record<string, string>> = {
  sign: 'every cost is positive when it hurts, for buys and sells alike (s = +1 buy, -1 sell)',
  paperValue: 'order quantity Q x decision mid D, the basis of all bps in costs',
  delay: 's x filled X x (arrival mid A - D)',
  trading: 's x sum of fill quantity x (fill price - A)',
  spread: 's x sum of fill quantity x (fill price - mid at the fill)',
  timing: 's x X x (mid at the first fill - A): drift before the market could answer',
  impact: 's x sum of fill quantity x (mid at the fill - mid at the first fill); market drift of that time included',
  opportunity: 's x (Q - X) x (end mid - D)',
  fees: 'sum of fees, rebates negative',
  total: 'delay + trading + opportunity + fees, exactly (implementation shortfall, Perold 1988)',
  vsArrivalBps: 's x (average fill price / A - 1) x 10000',
  vsVwapBps:
    's x (average fill price / VWAP - 1) x 10000; VWAP of the market trades from arrival to end, both included',
  vsTwapBps: 's x (average fill price / TWAP - 1) x 10000; TWAP = last traded price weighted by the time it stood',
  effectiveSpreadBps: '2 x s x (fill price / mid at the fill - 1) x 10000, weighted by quantity',
  realisedSpreadBps:
    '2 x s x (fill price - mid d later) / mid at the fill x 10000 for d = 5 s and 60 s, weighted by quantity; a mark that is not given is the last market trade by then',
  fillRate: 'X / Q',
  priceImprovement: 'money saved by the fills better than A: sum of quantity x s x (A - price) over them',
  participation: 'X / market volume from arrival to end, as the trades were given',
  efficiency: '1 / (1 + shortfall in bps / 100), 1 when there is none: a shortfall of 100 bp scores 0.5',
};

/** Shortfall in bps that scores one half. */
export const HALF_SCORE_BPS = 100;

/** Refuses what parentFault refuses. */
export function executionCost(parent: ParentExecution): Result<ExecutionCost> {
  const fault = parentFault(parent);
  if (fault !== null) return fault;
  const sign = parent.side === 'buy' ? 1 : -1;
  const unavailable: Record<string, string> = {};
  const costs = implementationShortfall(parent);
  const paper = new Exact(parent.quantity).times(parent.decision.mid);
  const ofPaper = (cost: Decimal): number => new Exact(cost).times(10_000).div(paper).toNumber();
  const bps = {
    delay: ofPaper(costs.delay),
    trading: ofPaper(costs.trading),
    opportunity: ofPaper(costs.opportunity),
    fees: ofPaper(costs.fees),
    total: ofPaper(costs.total),
  };
  const filled = filledOf(parent);
  const value = parent.fills.reduce((sum, fill) => sum.plus(new Exact(fill.price).times(fill.quantity)), new Exact(0));
  const average = filled.isZero() ? null : value.div(filled);
  const against = (key: string, benchmark: Decimal | null, missing: string): number | null => {
    if (average !== null && benchmark !== null)
      return average.div(benchmark).minus(1).times(10_000).times(sign).toNumber();
    unavailable[key] = average === null ? 'nothing was filled' : missing;
    return null;
  };
  const arrival = parent.arrival?.mid ?? parent.decision.mid;
  const market = marketOf(parent);
  const volume = market.prices?.volume ?? null;
  if (volume === null || volume.isZero()) unavailable['participation'] = market.missing;
  const better = parent.fills.filter((fill) => arrival.minus(fill.price).times(sign).greaterThan(0));
  const saved = better.reduce(
    (sum, fill) => sum.plus(new Exact(arrival).minus(fill.price).times(fill.quantity).times(sign)),
    new Exact(0),
  );
  const improved = better.reduce((sum, fill) => sum.plus(fill.quantity), new Exact(0));
  const realised = realisedSpread(parent);
  for (const [delay, reason] of Object.entries(realised.missing)) unavailable[`realisedSpreadBps.${delay}`] = reason;
  const parts = costs.tradingParts;
  if (parts === null) unavailable['tradingParts'] = 'a fill has no mid, so trading cannot be split';
  return ok({
    filled,
    averagePrice: average,
    costs,
    bps,
    tradingBps:
      parts === null
        ? null
        : { spread: ofPaper(parts.spread), impact: ofPaper(parts.impact), timing: ofPaper(parts.timing) },
    vsArrivalBps: against('vsArrivalBps', arrival, ''),
    vsVwapBps: against('vsVwapBps', market.prices?.vwap ?? null, market.missing),
    vsTwapBps: against('vsTwapBps', market.prices?.twap ?? null, market.missing),
    effectiveSpreadBps: effectiveSpread(parent, sign, filled),
    realisedSpreadBps: realised.bps,
    vwap: market.prices?.vwap ?? null,
    twap: market.prices?.twap ?? null,
    fillRate: filled.div(parent.quantity).toNumber(),
    participation: volume === null || volume.isZero() ? null : filled.div(volume).toNumber(),
    priceImprovement: saved,
    priceImprovementBps: ofPaper(saved),
    improvedShare: filled.isZero() ? null : improved.div(filled).toNumber(),
    efficiency: 1 / (1 + Math.max(0, bps.total) / HALF_SCORE_BPS),
    unavailable,
  });
}

function effectiveSpread(parent: ParentExecution, sign: 1 | -1, filled: Decimal): number | null {
  if (filled.isZero()) return null;
  let sum = 0;
  for (const { price, quantity, mid } of parent.fills) {
    if (mid === null) return null;
    sum += 2 * sign * price.div(mid).minus(1).times(quantity).toNumber();
  }
  return (sum / filled.toNumber()) * 10_000;
}

interface MarketOfInterval {
  readonly prices: ReturnType<typeof intervalPrices> | null;
  readonly missing: string;
}

/** The market from arrival (or decision) to the end (or the last fill). */
function marketOf(parent: ParentExecution): MarketOfInterval {
  if (parent.marketTrades === null || parent.marketTrades.length === 0)
    return { prices: null, missing: 'no market trades were given' };
  const from = parent.arrival?.ts ?? parent.decision.ts;
  const last = parent.fills.reduce<EpochMs | null>(
    (latest, { ts }) => (ts !== null && (latest === null || ts > latest) ? ts : latest),
    null,
  );
  const to = parent.end?.ts ?? last;
  if (from === null || to === null) return { prices: null, missing: 'arrival and end have no times' };
  return {
    prices: intervalPrices(parent.marketTrades, from, to),
    missing: 'the market did not trade between arrival and end',
  };
}
