/** Plain descriptive statistics of doubles. Empty input gives NaN; callers turn NaN into "unavailable". */
export type Numbers = readonly number[] | Float64Array;

export function total(values: Numbers): number {
  // Neumaier's compensated sum: long return series keep full precision whatever their order.
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

export function mean(values: Numbers): number {
  return values.length === 0 ? Number.NaN : total(values) / values.length;
}

/** True when all values are the same number: their spread is exactly zero, which rounding of the mean would hide. */
export function isConstant(values: Numbers): boolean {
  const first = values[0];
  return values.length > 0 && (values as readonly number[]).every((value) => value === first);
}

/** Central moment of the given order, divided by n. */
export function centralMoment(values: Numbers, order: number): number {
  if (isConstant(values)) return 0;
  const centre = mean(values);
  return mean(Float64Array.from(values, (value) => (value - centre) ** order));
}

/** Sample variance, divided by n - 1. NaN below two values. */
export function sampleVariance(values: Numbers): number {
  const n = values.length;
  return n < 2 ? Number.NaN : (centralMoment(values, 2) * n) / (n - 1);
}

export function sampleDeviation(values: Numbers): number {
  return Math.sqrt(sampleVariance(values));
}

/** Sample covariance of two series of equal length, divided by n - 1. */
export function sampleCovariance(left: Numbers, right: Numbers): number {
  const n = left.length;
  if (n < 2) return Number.NaN;
  const leftMean = mean(left);
  const rightMean = mean(right);
  const products = Float64Array.from(left, (value, index) => (value - leftMean) * ((right[index] ?? 0) - rightMean));
  return total(products) / (n - 1);
}

/** Third standardised moment, m3 / m2^(3/2), each moment divided by n. NaN without spread. */
export function skewness(values: Numbers): number {
  return centralMoment(values, 3) / centralMoment(values, 2) ** 1.5;
}

/** Fourth standardised moment less the 3 of a normal distribution, moments divided by n. NaN without spread. */
export function excessKurtosis(values: Numbers): number {
  return centralMoment(values, 4) / centralMoment(values, 2) ** 2 - 3;
}

/** Skewness corrected for sample size (Fisher-Pearson, G1). NaN below three values. */
export function sampleSkewness(values: Numbers): number {
  const n = values.length;
  return n < 3 ? Number.NaN : (skewness(values) * Math.sqrt(n * (n - 1))) / (n - 2);
}

/** Excess kurtosis corrected for sample size (G2). NaN below four values. */
export function sampleExcessKurtosis(values: Numbers): number {
  const n = values.length;
  if (n < 4) return Number.NaN;
  return ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * excessKurtosis(values) + 6);
}

export function sorted(values: Numbers): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Quantile with linear interpolation between order statistics (Hyndman-Fan type 7) of ascending values,
 * 0 <= fraction <= 1.
 */
export function quantile(ascending: Numbers, fraction: number): number {
  const position = (ascending.length - 1) * fraction;
  const low = Math.floor(position);
  const below = ascending[low] ?? Number.NaN;
  const above = ascending[Math.min(low + 1, ascending.length - 1)] ?? Number.NaN;
  return below + (above - below) * (position - low);
}

/** Square of the correlation of `values` with 0, 1, 2, ...: how well a straight line fits. NaN without spread. */
export function linearFit(values: Numbers): number {
  if (values.length < 2 || isConstant(values)) return Number.NaN;
  const steps = Float64Array.from(values, (_, index) => index);
  const covariance = sampleCovariance(steps, values);
  return covariance ** 2 / (sampleVariance(steps) * sampleVariance(values));
}
