import { mean } from './moments.ts';
import {
  cornishFisherShortfall,
  cornishFisherVar,
  gaussianShortfall,
  gaussianVar,
  historicalShortfall,
  historicalVar,
} from './tail-risk.ts';

/** Closing prices of one instrument by the start of their bar, ascending. */
export interface PriceHistory {
  readonly times: readonly number[] | Float64Array;
  readonly closes: readonly number[] | Float64Array;
}

/** A position of now: signed value in account currency. */
export interface RiskPosition {
  readonly value: number;
  readonly history: PriceHistory;
}

/** Losses are positive, in the currency of the values. */
export interface TailLoss {
  readonly var: number;
  readonly cvar: number;
}

export interface PortfolioRisk {
  /** Returns of the bars that all positions have in common. */
  readonly observations: number;
  readonly historical: TailLoss;
  readonly parametric: TailLoss;
  readonly cornishFisher: TailLoss;
  /** Pearson, in the order of the positions; NaN beside a price that never moved. */
  readonly correlation: readonly (readonly number[])[];
  /** Share of the portfolio's variance that each position brings: value x covariance with the whole; they add up to 1. */
  readonly contributions: readonly number[];
}

/**
 * Today's positions over yesterday's returns: the profit the portfolio of now would have made in each bar, and the tail of
 * it by the formulas of tail-risk.ts. Covariance needs no matrix of its own here: the variance of that profit is v'Cv.
 * Scaled to `horizonBars` bars by the square root, as if returns were independent. `tail` is 0.05 for 95 %. Null when the
 * positions have fewer than `least` returns in common.
 */
export function portfolioRisk(
  positions: readonly RiskPosition[],
  options: { readonly tail: number; readonly horizonBars: number; readonly least: number },
): PortfolioRisk | null {
  const returns = alignedReturns(positions.map(({ history }) => history));
  const observations = returns[0]?.length ?? 0;
  if (observations < options.least) return null;
  const profit = new Float64Array(observations);
  positions.forEach(({ value }, index) => {
    const own = returns[index];
    if (own === undefined) return;
    for (let at = 0; at < observations; at += 1) profit[at] = (profit[at] ?? 0) + value * (own[at] ?? 0);
  });
  const scale = Math.sqrt(options.horizonBars);
  const loss = (figure: number): number => (figure === 0 ? 0 : -figure * scale);
  const { tail } = options;
  const variance = covariance(profit, profit);
  // Below this the higher moments leave the range of doubles; no portfolio moves by so little.
  const isFlat = !(variance > 1e-150);
  return {
    observations,
    historical: { var: loss(historicalVar(profit, tail)), cvar: loss(historicalShortfall(profit, tail)) },
    parametric: { var: loss(gaussianVar(profit, tail)), cvar: loss(gaussianShortfall(profit, tail)) },
    // Without spread there is no skewness; the tail is the mean, as in the normal case.
    cornishFisher: {
      var: loss(isFlat ? mean(profit) : cornishFisherVar(profit, tail)),
      cvar: loss(isFlat ? mean(profit) : cornishFisherShortfall(profit, tail)),
    },
    correlation: returns.map((one) => returns.map((other) => correlation(one, other))),
    contributions: positions.map(({ value }, index) => {
      const own = returns[index];
      return own === undefined || isFlat ? 0 : (value * covariance(own, profit)) / variance;
    }),
  };
}

/** Simple returns between neighbouring bars of those that every history has; all of one length. */
export function alignedReturns(histories: readonly PriceHistory[]): readonly Float64Array[] {
  const [first, ...others] = histories;
  if (first === undefined) return [];
  const common = Array.from(first.times).filter((time) => others.every((one) => indexOf(one.times, time) !== -1));
  return histories.map((history) => {
    const closes = common.map((time) => history.closes[indexOf(history.times, time)] ?? Number.NaN);
    const returns = new Float64Array(Math.max(0, closes.length - 1));
    for (let at = 1; at < closes.length; at += 1) {
      returns[at - 1] = (closes[at] ?? Number.NaN) / (closes[at - 1] ?? Number.NaN) - 1;
    }
    return returns;
  });
}

function indexOf(times: PriceHistory['times'], time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = times[middle] ?? Number.NaN;
    if (at === time) return middle;
    if (at < time) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Divided by n, as in tail-risk.ts. */
function covariance(left: Float64Array, right: Float64Array): number {
  const leftMean = mean(left);
  const rightMean = mean(right);
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += ((left[at] ?? 0) - leftMean) * ((right[at] ?? 0) - rightMean);
  return sum / left.length;
}

function correlation(left: Float64Array, right: Float64Array): number {
  const spread = Math.sqrt(covariance(left, left) * covariance(right, right));
  // A series against itself is 1 whatever the last digit says.
  if (!(spread > 0)) return Number.NaN;
  return left === right ? 1 : Math.max(-1, Math.min(1, covariance(left, right) / spread));
}

/** Herfindahl index of the absolute values: 1 = all in one, 1/n = n of the same size; NaN without any. */
export function concentration(values: readonly number[]): number {
  const gross = values.reduce((sum, value) => sum + Math.abs(value), 0);
  return gross > 0 ? values.reduce((sum, value) => sum + (value / gross) ** 2, 0) : Number.NaN;
}
