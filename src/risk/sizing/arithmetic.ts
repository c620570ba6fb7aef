import { Decimal, ZERO } from '../../domain/decimal.ts';

/** Whole lots whose loss at the stop stays within `fraction` of equity; the loss of one lot is above zero. */
export function lotsAtRisk(equity: Decimal, fraction: Decimal, lossPerLot: Decimal): Decimal {
  return equity.times(fraction).divToInt(lossPerLot);
}

/** Whole lots of annualised volatility (fraction of price) that keep the position's within `target` of equity. */
export function lotsForVolatility(
  equity: Decimal,
  target: Decimal,
  valuePerLot: Decimal,
  volatility: Decimal | number,
): Decimal {
  return equity.times(target).divToInt(valuePerLot.times(volatility));
}

/** Share of equity of a bet won with probability p, paying `payoff` per unit lost: p - (1 - p) / payoff (Kelly 1956). */
export function kellyBinary(winRate: Decimal, payoff: Decimal): Decimal {
  return winRate.minus(new Decimal(1).minus(winRate).div(payoff));
}

/** Growth-optimal share for small, frequent returns: mean / variance, both excess and of the same period. */
export function kellyContinuous(mean: Decimal, variance: Decimal): Decimal {
  return mean.div(variance);
}

/** A Kelly share as it may be used: never below nothing, never above `cap` (null = no cap). */
export function cappedShare(share: Decimal, cap: Decimal | null): Decimal {
  const positive = Decimal.max(share, ZERO);
  return cap === null ? positive : Decimal.min(positive, cap);
}

/** The smallest quantity that is a whole number of both, in whole units of whatever they are counted in. */
export function commonLot(a: number, b: number): number {
  let divisor = a;
  let rest = b;
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  return (a / divisor) * b;
}
