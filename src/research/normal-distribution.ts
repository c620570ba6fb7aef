/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Cumulative standard normal distribution, to about 1e-15: Taylor series about 0 in the middle, continued fraction
 * of the upper tail beyond 5 (Abramowitz & Stegun 26.2.11 and 26.2.14).
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 5) return 1 - normalCdf(-x);
  if (x < -5) {
    if (x < -38) return 0;
    let fraction = 0;
    for (let depth = 60; depth >= 1; depth -= 1) fraction = depth / (-x + fraction);
    return normalDensity(x) / (-x + fraction);
  }
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

/** Inverse of `normalCdf` for 0 < probability < 1: rational start (A&S 26.2.23), then Newton steps. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) return Number.NaN;
  if (probability > 0.5) return -normalQuantile(1 - probability);
  const t = Math.sqrt(-2 * Math.log(probability));
  let x = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  for (let step = 0; step < 6; step += 1) {
    const correction = (normalCdf(x) - probability) / normalDensity(x);
    x -= correction;
    if (Math.abs(correction) < 1e-15) break;
  }
  return x;
}
