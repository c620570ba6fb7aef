/**
 * Almgren, Thum, Hauptmann, Li, "Direct Estimation of Equity Market Impact" (2005): cost of a metaorder as a fraction of
 * the price. X = quantity, V = daily volume, sigma = daily volatility, T = duration in trading days, Theta = shares
 * outstanding. All doubles: a model's estimate, not money.
 *   permanent  I = gamma sigma (X/V) (Theta/V)^delta
 *   temporary  K = eta sigma (X/(V T))^beta
 *   realised   J = I/2 + K
 */
export interface AlmgrenCoefficients {
  readonly gamma: number;
  readonly eta: number;
  readonly beta: number;
  readonly delta: number;
}

/** As fitted in the paper. Its data reject the exponent 1/2 (the square root) for the temporary part. */
export const ALMGREN_2005: AlmgrenCoefficients = { gamma: 0.314, eta: 0.142, beta: 0.6, delta: 0.25 };

export interface AlmgrenMarket {
  readonly dailyVolatility: number;
  readonly dailyVolume: number;
  /** Null leaves the liquidity factor out (it is 1). */
  readonly sharesOutstanding: number | null;
}

export function permanentImpact(quantity: number, market: AlmgrenMarket, by: AlmgrenCoefficients): number {
  const { dailyVolatility, dailyVolume, sharesOutstanding } = market;
  const liquidity = sharesOutstanding === null ? 1 : (sharesOutstanding / dailyVolume) ** by.delta;
  return by.gamma * dailyVolatility * (quantity / dailyVolume) * liquidity;
}

export function temporaryImpact(
  quantity: number,
  durationDays: number,
  market: AlmgrenMarket,
  by: AlmgrenCoefficients,
): number {
  return by.eta * market.dailyVolatility * (quantity / (market.dailyVolume * durationDays)) ** by.beta;
}

export function realisedImpact(
  quantity: number,
  durationDays: number,
  market: AlmgrenMarket,
  by: AlmgrenCoefficients,
): number {
  return permanentImpact(quantity, market, by) / 2 + temporaryImpact(quantity, durationDays, market, by);
}
