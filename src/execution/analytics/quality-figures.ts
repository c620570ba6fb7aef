import type { Decimal } from '../../domain/decimal.ts';
import { HALF_SCORE_BPS } from './execution-cost.ts';
import type { QuantileSketch } from './quantile-sketch.ts';
import type { QualityRatio, QualitySums } from './quality-sums.ts';

export const QUALITY_DEFINITIONS: Readonly<Record<string, string>> = {
  sign: 'every cost is positive when it hurts, for buys and sells alike',
  decision:
    'the mid when the order was sent: the engine sends in the instant of the signal, so that delay is zero but for orders measured from an earlier decision',
  costs:
    'implementation shortfall (Perold 1988) over the orders whose decision, arrival and end had a price: delay + trading + opportunity + fees = total, exactly; bps of quantity x decision mid',
  slippageBps: 'fills against the mid when their order was sent, weighted by value',
  vsVwapBps: 'filled value against the VWAP of the public trades from send to end of each order',
  vsTwapBps: 'likewise against the last traded price weighted by the time it stood',
  effectiveSpreadBps: '2 x (fill price - mid at the fill), of that mid, weighted by value',
  realisedSpreadBps: '2 x (fill price - mid 5 or 60 s later), of the mid at the fill, weighted by value',
  priceImprovement: 'money saved by the fills better than the mid at the send',
  improvedShare: 'share of the fills that were better than the mid at the send',
  fillRate: 'filled over asked quantity, the mean over the orders sent',
  rejectRate: 'orders the venue rejected over orders sent; orders denied before they were sent are counted apart',
  cancelToFill: 'orders cancelled over orders with a fill',
  participation: 'own value over market value while the orders with a fill were alive, both at the VWAP of that time',
  ackMs:
    'milliseconds from the send to the first answer; percentiles by nearest rank, to the microsecond up to 32 values, then within 0.5 %',
  fillMs: 'milliseconds from the send to each fill, likewise',
  efficiency: '1 / (1 + shortfall in bps / 100), 1 when there is none: a shortfall of 100 bp scores 0.5',
  days: 'a fill counts on the local day it happened, an order on the day it ended',
};

export interface LatencyFigures {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

type Component = 'delay' | 'trading' | 'opportunity' | 'fees' | 'total';

export interface QualityFigures {
  readonly costBps: Readonly<Record<Component, number>> | null;
  readonly slippageBps: number | null;
  readonly vsVwapBps: number | null;
  readonly vsTwapBps: number | null;
  readonly effectiveSpreadBps: number | null;
  readonly realisedSpreadBps: { readonly after5s: number | null; readonly after60s: number | null };
  readonly improvedShare: number | null;
  readonly makerShare: number | null;
  readonly fillRate: number | null;
  readonly rejectRate: number | null;
  readonly cancelToFill: number | null;
  readonly participation: number | null;
  readonly ackMs: LatencyFigures | null;
  readonly fillMs: LatencyFigures | null;
  readonly efficiency: number | null;
}

/** Null = nothing to say it from. */
export function qualityFigures(sums: QualitySums): QualityFigures {
  const { sent, traded, outcomes, fills, markedFills, paperValue, costs } = sums;
  const bps = (ratio: QualityRatio): number | null => {
    const value = sums.ratio(ratio);
    return value === null ? null : value * 10_000;
  };
  const ofPaper = (cost: Decimal): number => cost.times(10_000).div(paperValue).toNumber();
  const costBps = paperValue.isZero()
    ? null
    : {
        delay: ofPaper(costs.delay),
        trading: ofPaper(costs.trading),
        opportunity: ofPaper(costs.opportunity),
        fees: ofPaper(costs.fees),
        total: ofPaper(costs.total),
      };
  return {
    costBps,
    slippageBps: bps('arrival'),
    vsVwapBps: bps('vwap'),
    vsTwapBps: bps('twap'),
    effectiveSpreadBps: bps('effective'),
    realisedSpreadBps: { after5s: bps('realised5s'), after60s: bps('realised60s') },
    improvedShare: markedFills === 0 ? null : sums.improvedFills / markedFills,
    makerShare: fills === 0 ? null : sums.makerFills / fills,
    fillRate: sent === 0 ? null : sums.filledShare / sent,
    rejectRate: sent === 0 ? null : outcomes.rejected / sent,
    cancelToFill: traded === 0 ? null : outcomes.cancelled / traded,
    participation: sums.ratio('participation'),
    ackMs: latencyOf(sums.ack),
    fillMs: latencyOf(sums.fill),
    efficiency: costBps === null ? null : 1 / (1 + Math.max(0, costBps.total) / HALF_SCORE_BPS),
  };
}

function latencyOf(sketch: QuantileSketch): LatencyFigures | null {
  const [p50, p95, p99] = [sketch.quantile(0.5), sketch.quantile(0.95), sketch.quantile(0.99)];
  return p50 === null || p95 === null || p99 === null ? null : { p50, p95, p99 };
}
