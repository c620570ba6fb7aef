import { qualityFigures } from './quality-figures.ts';
import type { QualitySums } from './quality-sums.ts';

/** Below so many orders, fills or marks a figure is chance and nothing is said. */
export const MINIMUM_SAMPLE = 30;

export interface Recommendation {
  readonly code: string;
  readonly by: string;
  readonly key: string;
  readonly sentence: string;
  readonly figures: Readonly<Record<string, number>>;
  /** The smallest of the samples behind the figures. */
  readonly sample: number;
}

/** Thresholds of advice. Ours, not a standard's: where following it is likely to save more than it costs. */
const REJECT_RATE = 0.05;
const LOW_FILL_RATE = 0.5;
const HIGH_CANCEL_TO_FILL = 3;
const HIGH_PARTICIPATION = 0.1;
const VWAP_BPS = 5;
const SLOW_ACK_MS = 500;
const CHEAPER_BPS = 1;
const IMPROVES_BY = 0.5;

export interface JudgedGroup {
  readonly by: string;
  readonly key: string;
  readonly sums: QualitySums;
}

const n = (value: number, digits = 1): string => value.toFixed(digits);

/** What the figures suggest, the most certain (largest sample) first. Silent where the sample is below the minimum. */
export function recommendations(groups: readonly JudgedGroup[]): readonly Recommendation[] {
  return groups
    .flatMap((group) => [...ofGroup(group), ...cheaperThan(group, groups)])
    .toSorted((a, b) => b.sample - a.sample);
}

function ofGroup({ by, key, sums }: JudgedGroup): Recommendation[] {
  const found: Recommendation[] = [];
  const figures = qualityFigures(sums);
  const say = (code: string, sample: number, sentence: string, behind: Readonly<Record<string, number>>): void => {
    if (sample >= MINIMUM_SAMPLE) found.push({ code, by, key, sentence, figures: { ...behind, sample }, sample });
  };
  const { sent, fills, judged } = sums;
  const { rejectRate, fillRate, cancelToFill, participation, vsVwapBps, ackMs, costBps, effectiveSpreadBps } = figures;
  if (rejectRate !== null && rejectRate > REJECT_RATE) {
    const shown = n(rejectRate * 100);
    say(
      'REJECTS',
      sent,
      `${key}: the venue rejected ${shown} % of ${sent} orders (more than ${REJECT_RATE * 100} %); look at the reasons in the order history before sending more.`,
      { rejectRate },
    );
  }
  if (fillRate !== null && cancelToFill !== null && fillRate < LOW_FILL_RATE && cancelToFill > HIGH_CANCEL_TO_FILL) {
    say(
      'RARELY_FILLED',
      sent,
      `${key}: ${n(fillRate * 100)} % of the quantity of ${sent} orders was filled, with ${n(cancelToFill)} cancelled orders for each one that traded; price closer to the market or wait longer before cancelling.`,
      { fillRate, cancelToFill },
    );
  }
  if (participation !== null && participation > HIGH_PARTICIPATION) {
    say(
      'LARGE_SHARE',
      sums.traded,
      `${key}: ${n(participation * 100)} % of what traded while ${sums.traded} orders were alive was their own (more than ${HIGH_PARTICIPATION * 100} %); spread them over more time.`,
      { participation },
    );
  }
  if (vsVwapBps !== null && vsVwapBps > VWAP_BPS) {
    say(
      'WORSE_THAN_VWAP',
      sums.traded,
      `${key}: ${sums.traded} orders paid ${n(vsVwapBps)} bp more than the VWAP of their time (more than ${VWAP_BPS} bp); an algorithm that follows the volume is likely to be cheaper.`,
      { vsVwapBps },
    );
  }
  if (ackMs !== null && ackMs.p99 > SLOW_ACK_MS) {
    say(
      'SLOW_ANSWERS',
      sums.ack.count,
      `${key}: one in a hundred of ${sums.ack.count} orders waits ${n(ackMs.p99, 0)} ms or longer for an answer (more than ${SLOW_ACK_MS} ms); check the line to the venue.`,
      { ackP99Ms: ackMs.p99 },
    );
  }
  if (costBps !== null && costBps.opportunity > Math.max(0, costBps.trading) + costBps.fees + CHEAPER_BPS) {
    say(
      'MISSED_MORE_THAN_PAID',
      judged,
      `${key}: what ${judged} orders missed cost ${n(costBps.opportunity)} bp, more than the ${n(costBps.trading + costBps.fees)} bp that trading and fees cost; cross the spread sooner.`,
      { opportunityBps: costBps.opportunity, tradingBps: costBps.trading, feesBps: costBps.fees },
    );
  }
  const back = figures.realisedSpreadBps.after60s;
  if (
    effectiveSpreadBps !== null &&
    back !== null &&
    effectiveSpreadBps > CHEAPER_BPS &&
    back > IMPROVES_BY * effectiveSpreadBps
  ) {
    say(
      'PRICE_COMES_BACK',
      fills,
      `${key}: ${fills} fills paid an effective spread of ${n(effectiveSpreadBps)} bp, of which the market gave the other side ${n(back)} bp within 60 s; there is time to wait at the touch.`,
      { effectiveSpreadBps, realisedSpread60sBps: back },
    );
  }
  return found;
}

/** The dearest of several ways to trade, where another one was cheaper on a sample of its own. */
function cheaperThan(group: JudgedGroup, all: readonly JudgedGroup[]): Recommendation[] {
  if (group.by !== 'algorithm' && group.by !== 'venue') return [];
  const own = judgedCost(group.sums);
  if (own === null) return [];
  let best: { readonly key: string; readonly cost: number; readonly orders: number } | null = null;
  for (const other of all) {
    const cost = other.by === group.by && other.key !== group.key ? judgedCost(other.sums) : null;
    if (cost !== null && (best === null || cost < best.cost))
      best = { key: other.key, cost, orders: other.sums.judged };
  }
  if (best === null || own - best.cost <= Math.max(CHEAPER_BPS, Math.abs(own) * IMPROVES_BY)) return [];
  const { judged } = group.sums;
  return [
    {
      code: 'ANOTHER_IS_CHEAPER',
      by: group.by,
      key: group.key,
      sentence: `${group.key} cost ${n(own)} bp over ${judged} orders, ${best.key} ${n(best.cost)} bp over ${best.orders}; where it suits the order, prefer ${best.key}.`,
      figures: { costBps: own, otherCostBps: best.cost, otherSample: best.orders, sample: judged },
      sample: Math.min(judged, best.orders),
    },
  ];
}

/** Shortfall in bps; null below the minimum sample. */
function judgedCost(sums: QualitySums): number | null {
  return sums.judged < MINIMUM_SAMPLE ? null : (qualityFigures(sums).costBps?.total ?? null);
}
