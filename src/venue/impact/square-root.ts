/** The square-root law as a fraction of the price: coefficient x daily volatility x sqrt(quantity / daily volume). */
export function squareRootImpact(
  quantity: number,
  coefficient: number,
  dailyVolatility: number,
  dailyVolume: number,
): number {
  return coefficient * dailyVolatility * Math.sqrt(quantity / dailyVolume);
}
