import { deepest, drawdownsOf, growthOfOne } from './drawdown.ts';
import { Figures, ratio } from './figures.ts';
import * as moments from './moments.ts';
import type { Numbers } from './moments.ts';
import * as tails from './tail-risk.ts';

const TAIL = 0.05;
const FAR_TAIL = 0.01;

/** Compound growth per year of `count` periods that grew wealth by `growth`; NaN once wealth is below zero. */
export function annualGrowth(growth: number, count: number, periods: number): number {
  if (count === 0 || growth < 0) return Number.NaN;
  return growth ** (periods / count) - 1;
}

/** Root mean square of the values below zero, counting the others as zero. */
export function downsideDeviation(excess: Numbers): number {
  return Math.sqrt(moments.mean(Float64Array.from(excess, (value) => Math.min(value, 0) ** 2)));
}

function omega(excess: Numbers): number {
  const gains = moments.total(Float64Array.from(excess, (value) => Math.max(value, 0)));
  const losses = moments.total(Float64Array.from(excess, (value) => Math.max(-value, 0)));
  return ratio(gains, losses);
}

function winLossKelly(returns: Numbers): number {
  const wins = Array.from(returns).filter((value) => value > 0);
  const losses = Array.from(returns).filter((value) => value < 0);
  const decided = wins.length + losses.length;
  const payoff = ratio(moments.mean(wins), -moments.mean(losses));
  const winRate = wins.length / decided;
  return winRate - (1 - winRate) / payoff;
}

/**
 * Statistics of one return series without gaps.
 * `excess` is the same series less the risk-free return of each period.
 */
export function returnStatistics(returns: Numbers, excess: Numbers, periods: number, figures: Figures): void {
  const n = returns.length;
  const short = n === 0 ? 'there are no returns' : 'it needs at least two returns';
  const flat = n < 2 ? short : 'the returns do not vary';
  const wealth = growthOfOne(returns);
  const growth = n === 0 ? Number.NaN : (wealth[n - 1] ?? Number.NaN);
  const drawdown = deepest(drawdownsOf(wealth, 1));
  const root = Math.sqrt(periods);
  const deviation = moments.sampleDeviation(excess);

  figures.set('totalReturn', growth - 1, short);
  const cagr = annualGrowth(growth, n, periods);
  figures.set('cagr', cagr, growth < 0 ? 'a return below -100 % makes wealth negative' : short);
  figures.set('volatility', moments.sampleDeviation(returns) * root, short);
  figures.set('sharpe', ratio(moments.mean(excess), deviation) * root, flat);
  const downside = downsideDeviation(excess);
  const noLoss = n === 0 ? short : 'no return is below the risk-free rate';
  figures.set('sortino', ratio(moments.mean(excess), downside) * root, noLoss);
  figures.set('calmar', drawdown < 0 ? cagr / -drawdown : Number.NaN, n === 0 ? short : 'there is no drawdown');
  figures.set('maxDrawdown', drawdown, short);
  figures.set('omega', omega(excess), noLoss);

  const ascending = moments.sorted(returns);
  const lowTail = moments.quantile(ascending, TAIL);
  figures.set(
    'tailRatio',
    Math.abs(ratio(moments.quantile(ascending, 1 - TAIL), lowTail)),
    n === 0 ? short : 'the 5th percentile is zero',
  );
  figures.set('skew', moments.sampleSkewness(returns), n < 3 ? 'it needs at least three returns' : flat);
  figures.set('kurtosis', moments.sampleExcessKurtosis(returns), n < 4 ? 'it needs at least four returns' : flat);
  const ruined = Array.from(returns).some((value) => value <= -1);
  let logWealth = 0;
  const path = ruined ? [] : Float64Array.from(returns, (value) => (logWealth += Math.log1p(value)));
  figures.set('stability', moments.linearFit(path), ruined ? 'a return of -100 % has no logarithm' : flat);

  figures.set('var95', tails.historicalVar(returns, TAIL), short);
  figures.set('cvar95', tails.historicalShortfall(returns, TAIL), short);
  figures.set('varGaussian95', tails.gaussianVar(returns, TAIL), short);
  figures.set('varCornishFisher95', tails.cornishFisherVar(returns, TAIL), flat);
  figures.set('esGaussian95', tails.gaussianShortfall(returns, TAIL), short);
  figures.set('esCornishFisher95', tails.cornishFisherShortfall(returns, TAIL), flat);
  figures.set('kelly', ratio(moments.mean(excess), moments.sampleVariance(excess)), flat);

  figures.set('var99', tails.historicalVar(returns, FAR_TAIL), short);
  figures.set('cvar99', tails.historicalShortfall(returns, FAR_TAIL), short);
  figures.set('mean', moments.mean(returns), short);
  figures.set('deviation', moments.sampleDeviation(returns), short);
  figures.set('sharpePerPeriod', ratio(moments.mean(excess), deviation), flat);
  figures.set('downsideRisk', downside * root, short);
  figures.set('skewMoment', moments.skewness(returns), flat);
  figures.set('kurtosisMoment', moments.excessKurtosis(returns), flat);
  figures.set('kellyWinLoss', winLossKelly(returns), 'it needs at least one gain and one loss');
}
