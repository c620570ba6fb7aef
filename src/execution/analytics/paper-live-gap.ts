import type { Side } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/units.ts';

/** One order as it was executed, in one place. Prices and money as doubles: only ratios are made of them. */
export interface ExecutedOrder {
  readonly strategy: string;
  readonly instrument: string;
  readonly side: Side;
  readonly decidedAt: EpochMs;
  readonly asked: number;
  readonly filled: number;
  /** Null when nothing was filled. */
  readonly averagePrice: number | null;
  readonly fees: number;
}

export interface ExecutionGap {
  readonly pairs: number;
  readonly onlyPaper: number;
  readonly onlyLive: number;
  /** Live minus paper, positive = live was dearer, weighted by value; null when no pair was filled on both sides. */
  readonly priceGapBps: number | null;
  readonly feeGapBps: number | null;
  /** Mean over the pairs of filled share on live minus on paper. */
  readonly fillRateGap: number | null;
}

/** Signals of one strategy run in two places arrive so far apart at most. */
const SAME_SIGNAL_MS = 5_000;

/**
 * Pairs orders that the same strategy sent in the same instrument and direction at the same time (within `withinMs`, the
 * nearest first), and compares how they were executed. Symbols are compared without their venue.
 */
export function executionGap(
  paper: readonly ExecutedOrder[],
  live: readonly ExecutedOrder[],
  withinMs: number = SAME_SIGNAL_MS,
): ExecutionGap {
  const pairs = paired(paper, live, withinMs);
  let price = 0;
  let fees = 0;
  let value = 0;
  let rate = 0;
  for (const [simulated, real] of pairs) {
    rate += real.filled / real.asked - simulated.filled / simulated.asked;
    if (simulated.averagePrice === null || real.averagePrice === null) continue;
    const sign = real.side === 'buy' ? 1 : -1;
    const weight = real.filled * real.averagePrice;
    price += sign * (real.averagePrice / simulated.averagePrice - 1) * weight;
    fees += (real.fees / weight - simulated.fees / (simulated.filled * simulated.averagePrice)) * weight;
    value += weight;
  }
  return {
    pairs: pairs.length,
    onlyPaper: paper.length - pairs.length,
    onlyLive: live.length - pairs.length,
    priceGapBps: value === 0 ? null : (price / value) * 10_000,
    feeGapBps: value === 0 ? null : (fees / value) * 10_000,
    fillRateGap: pairs.length === 0 ? null : rate / pairs.length,
  };
}

function paired(
  paper: readonly ExecutedOrder[],
  live: readonly ExecutedOrder[],
  withinMs: number,
): [ExecutedOrder, ExecutedOrder][] {
  const waiting = new Map<string, ExecutedOrder[]>();
  for (const order of live) {
    const key = keyOf(order);
    const list = waiting.get(key);
    if (list === undefined) waiting.set(key, [order]);
    else list.push(order);
  }
  for (const list of waiting.values()) list.sort((a, b) => a.decidedAt - b.decidedAt);
  const candidates: { readonly apart: number; readonly paper: ExecutedOrder; readonly live: ExecutedOrder }[] = [];
  for (const order of paper) {
    const list = waiting.get(keyOf(order)) ?? [];
    for (let index = firstSince(list, order.decidedAt - withinMs); index < list.length; index += 1) {
      const other = list[index];
      if (other === undefined || other.decidedAt > order.decidedAt + withinMs) break;
      candidates.push({ apart: Math.abs(order.decidedAt - other.decidedAt), paper: order, live: other });
    }
  }
  const taken = new Set<ExecutedOrder>();
  const pairs: [ExecutedOrder, ExecutedOrder][] = [];
  for (const candidate of candidates.toSorted((a, b) => a.apart - b.apart)) {
    if (taken.has(candidate.paper) || taken.has(candidate.live)) continue;
    taken.add(candidate.paper).add(candidate.live);
    pairs.push([candidate.paper, candidate.live]);
  }
  return pairs;
}

/** Place of the first order decided at or after `at`. */
function firstSince(orders: readonly ExecutedOrder[], at: EpochMs): number {
  let low = 0;
  let high = orders.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((orders[middle]?.decidedAt ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyOf({ strategy, instrument, side }: ExecutedOrder): string {
  const dot = instrument.lastIndexOf('.');
  return `${strategy} ${dot === -1 ? instrument : instrument.slice(0, dot)} ${side}`;
}
