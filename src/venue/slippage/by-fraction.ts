import type { DecimalString } from '../../domain/decimal.ts';
import type { Slippage } from './slippage.ts';
import { ratioOf, shareInTicks } from './whole-ticks.ts';

/** A fraction of the price, rounded up to the tick. */
export function slipByFraction(fraction: DecimalString): Slippage | null {
  const ratio = ratioOf(fraction);
  if (ratio.numerator === 0) return null;
  return { suffix: '', shift: (market, _order, price) => shareInTicks(price, ratio, market.instrument.tick) };
}
