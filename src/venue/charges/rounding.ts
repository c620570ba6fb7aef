import { Decimal, ZERO } from '../../domain/decimal.ts';

/** To two decimals, half a paisa up. */
export function toPaise(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
}

/** To whole rupees, 50 paise up: how securities transaction tax is charged. */
export function toRupees(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
}

/**
 * Splits `total` (whole paise) by `weights` into whole paise that add up to it: shares are rounded down and the paise
 * left over go to the largest remainders, earlier ones first. All zero when the weights are.
 */
export function allocate(total: Decimal, weights: readonly Decimal[]): Decimal[] {
  const sum = weights.reduce((all, weight) => all.plus(weight), ZERO);
  if (sum.isZero() || total.isZero()) return weights.map(() => ZERO);
  const paise = total.times(100);
  const exact = weights.map((weight) => paise.times(weight).div(sum));
  const shares = exact.map((share) => share.floor());
  let left = paise.minus(shares.reduce((all, share) => all.plus(share), ZERO)).toNumber();
  const order = exact
    .map((share, index) => ({ index, rest: share.minus(share.floor()) }))
    .sort((a, b) => b.rest.comparedTo(a.rest) || a.index - b.index);
  for (const { index } of order) {
    if (left <= 0) break;
    shares[index] = (shares[index] ?? ZERO).plus(1);
    left -= 1;
  }
  return shares.map((share) => share.div(100));
}
