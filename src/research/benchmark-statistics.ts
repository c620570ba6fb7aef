import { Figures, ratio } from './figures.ts';
import { growthOfOne } from './drawdown.ts';
import * as moments from './moments.ts';
import type { Numbers } from './moments.ts';
import { annualGrowth } from './return-statistics.ts';

export const benchmarkKeys = [
  'alpha',
  'beta',
  'informationRatio',
  'trackingError',
  'treynor',
  'upCapture',
  'downCapture',
] as const;

/** Row-aligned series of the same periods without gaps. `riskFree` is the risk-free return of each period. */
export interface BenchmarkedReturns {
  readonly returns: Float64Array;
  readonly benchmark: Float64Array;
  readonly riskFree: Float64Array;
}

function compounded(returns: Numbers, periods: number): number {
  const wealth = growthOfOne(returns);
  return annualGrowth(wealth[wealth.length - 1] ?? Number.NaN, returns.length, periods);
}

function less(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((value, index) => value - (right[index] ?? Number.NaN));
}

/** Growth and sum ratios over the periods in which the benchmark rose (side 1) or fell (side -1). */
function capture(pair: BenchmarkedReturns, side: number, periods: number): { growth: number; sum: number } {
  const chosen = (_: number, index: number): boolean => side * (pair.benchmark[index] ?? 0) > 0;
  const returns = pair.returns.filter(chosen);
  const benchmark = pair.benchmark.filter(chosen);
  return {
    growth: ratio(compounded(returns, periods), compounded(benchmark, periods)),
    sum: ratio(moments.total(returns), moments.total(benchmark)),
  };
}

/** Statistics of a series against its benchmark. `annualRiskFree` is the risk-free return of a year. */
export function benchmarkStatistics(
  pair: BenchmarkedReturns,
  annualRiskFree: number,
  periods: number,
  figures: Figures,
): void {
  const n = pair.returns.length;
  const short = `it needs at least two periods in common with the benchmark, there are ${n}`;
  const excess = less(pair.returns, pair.riskFree);
  const marketExcess = less(pair.benchmark, pair.riskFree);
  const beta = ratio(moments.sampleCovariance(excess, marketExcess), moments.sampleVariance(marketExcess));
  const alpha = moments.mean(excess) - beta * moments.mean(marketExcess);
  const flatMarket = n < 2 ? short : 'the benchmark does not vary';
  figures.set('alpha', alpha > -1 ? (1 + alpha) ** periods - 1 : Number.NaN, flatMarket);
  figures.set('beta', beta, flatMarket);

  const active = less(pair.returns, pair.benchmark);
  const root = Math.sqrt(periods);
  const trackingError = moments.sampleDeviation(active) * root;
  const noTracking = n < 2 ? short : 'the series does not deviate from the benchmark';
  figures.set('informationRatio', ratio(moments.mean(active) * periods, trackingError), noTracking);
  figures.set('trackingError', trackingError, short);
  const growth = compounded(pair.returns, periods);
  figures.set('treynor', ratio(growth - annualRiskFree, beta), n < 2 ? short : 'beta is zero or not known');

  const up = capture(pair, 1, periods);
  const down = capture(pair, -1, periods);
  figures.set('upCapture', up.growth, 'the benchmark never rose');
  figures.set('downCapture', down.growth, 'the benchmark never fell');
  figures.set('upCaptureSum', up.sum, 'the benchmark never rose');
  figures.set('downCaptureSum', down.sum, 'the benchmark never fell');
  figures.set('alphaPerPeriod', alpha, flatMarket);
  const premium = growth - compounded(pair.benchmark, periods);
  figures.set('activePremium', premium, short);
  figures.set('informationRatioGeometric', ratio(premium, trackingError), noTracking);
  const correlation = moments.sampleDeviation(pair.returns) * moments.sampleDeviation(pair.benchmark);
  figures.set('correlation', ratio(moments.sampleCovariance(pair.returns, pair.benchmark), correlation), flatMarket);
}
