import { centralMoment, excessKurtosis, mean, quantile, skewness, sorted, total, type Numbers } from './moments.ts';
import { normalCdf, normalDensity, normalQuantile } from './normal-distribution.ts';

/** All figures are returns: a loss is negative. `tail` is 0.05 for 95 % confidence. */

/** Historical value at risk: the `tail` quantile of the returns, linear between order statistics. */
export function historicalVar(returns: Numbers, tail: number): number {
  return quantile(sorted(returns), tail);
}

/** Historical expected shortfall: mean of the lowest floor((n - 1) x tail) + 1 returns. */
export function historicalShortfall(returns: Numbers, tail: number): number {
  if (returns.length === 0) return Number.NaN;
  return mean(sorted(returns).subarray(0, Math.floor((returns.length - 1) * tail) + 1));
}

/** Normal value at risk: mean + z sigma, sigma divided by n. */
export function gaussianVar(returns: Numbers, tail: number): number {
  return mean(returns) + normalQuantile(tail) * Math.sqrt(centralMoment(returns, 2));
}

/** Normal expected shortfall: mean - sigma phi(z) / tail. */
export function gaussianShortfall(returns: Numbers, tail: number): number {
  return mean(returns) - (Math.sqrt(centralMoment(returns, 2)) * normalDensity(normalQuantile(tail))) / tail;
}

/** Cornish-Fisher quantile of the standardised returns (second order in skewness, first in kurtosis). */
function cornishFisherQuantile(z: number, skew: number, kurtosis: number): number {
  return z + ((z ** 2 - 1) * skew) / 6 + ((z ** 3 - 3 * z) * kurtosis) / 24 - ((2 * z ** 3 - 5 * z) * skew ** 2) / 36;
}

/** Modified value at risk (Favre & Galeano 2002; Zangari 1996). NaN for returns without spread. */
export function cornishFisherVar(returns: Numbers, tail: number): number {
  const sigma = Math.sqrt(centralMoment(returns, 2));
  const h = cornishFisherQuantile(normalQuantile(tail), skewness(returns), excessKurtosis(returns));
  return mean(returns) + sigma * h;
}

/** Integral of t^power phi(t) from minus infinity to h, by parts: I(p) = (p - 1) I(p - 2) - h^(p-1) phi(h). */
function partialMoment(power: number, h: number): number {
  if (power === 0) return normalCdf(h);
  if (power === 1) return -normalDensity(h);
  return (power - 1) * partialMoment(power - 2, h) - h ** (power - 1) * normalDensity(h);
}

/**
 * Modified expected shortfall (Boudt, Peterson & Croux 2008): the mean below the Cornish-Fisher quantile h under the
 * second-order Edgeworth density phi(t) (1 + s He3/6 + k He4/24 + s^2 He6/72), which integrates in closed form. As in
 * their operational definition it is never better than h itself.
 */
export function cornishFisherShortfall(returns: Numbers, tail: number): number {
  const sigma = Math.sqrt(centralMoment(returns, 2));
  const s = skewness(returns);
  const k = excessKurtosis(returns);
  const h = cornishFisherQuantile(normalQuantile(tail), s, k);
  const moment = Array.from({ length: 8 }, (_, power) => partialMoment(power, h));
  const m = (power: number): number => moment[power] ?? Number.NaN;
  const expectation = total([
    m(1),
    (s / 6) * (m(4) - 3 * m(2)),
    (k / 24) * (m(5) - 6 * m(3) + 3 * m(1)),
    (s ** 2 / 72) * (m(7) - 15 * m(5) + 45 * m(3) - 15 * m(1)),
  ]);
  return mean(returns) + sigma * Math.min(expectation / tail, h);
}
