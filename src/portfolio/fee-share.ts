import type { Decimal } from '../domain/decimal.ts';
import type { QuantityUnits } from '../domain/units.ts';

/** Pro rata; the last piece takes what is left, so that the pieces always add up to the fee. */
export function feeShare(fee: Decimal, quantity: QuantityUnits, of: QuantityUnits): Decimal {
  return quantity === of ? fee : fee.times(quantity).div(of).toDecimalPlaces(20);
}
