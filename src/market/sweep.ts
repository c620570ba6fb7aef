import { Decimal } from '../domain/decimal.ts';
import { quantityDecimal, type Instrument } from '../domain/instrument.ts';
import type { Side } from '../domain/order.ts';
import type { PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { BookSideView } from './book-side.ts';

/** The outcome a marketable order of some quantity would have against displayed levels. */
export interface Sweep {
  readonly side: Side;
  readonly filled: QuantityUnits;
  /** Exact sum of price x quantity in quote currency. */
  readonly notional: Decimal;
  /** notional / filled in quote currency; null when nothing fills. */
  readonly average: Decimal | null;
  /** The last price reached; null when nothing fills. */
  readonly worst: PriceUnits | null;
  readonly levels: number;
}

export function sweepLevels(
  instrument: Instrument,
  side: Side,
  opposite: Pick<BookSideView, 'count' | 'priceAt' | 'quantityAt'>,
  quantity: QuantityUnits,
  limit: PriceUnits | null,
): Sweep {
  let filled = 0;
  let worst: PriceUnits | null = null;
  let levels = 0;
  // Whole numbers: exact in a double up to 2^53, beyond that moved into a bigint.
  let sum = 0;
  let large = 0n;
  while (filled < quantity && levels < opposite.count) {
    const price = opposite.priceAt(levels);
    if (limit !== null && (side === 'buy' ? price > limit : price < limit)) break;
    const taken = Math.min(quantity - filled, opposite.quantityAt(levels));
    const product = price * taken;
    if (sum + product <= Number.MAX_SAFE_INTEGER) sum += product;
    else {
      large += BigInt(sum) + BigInt(price) * BigInt(taken);
      sum = 0;
    }
    filled += taken;
    worst = price;
    levels += 1;
  }
  const scale = new Decimal(10).pow(-(instrument.priceDigits + instrument.quantityDigits));
  const notional = new Decimal((large + BigInt(sum)).toString()).times(scale);
  const average = filled > 0 ? notional.div(quantityDecimal(instrument, filled)) : null;
  return { side, filled, notional, average, worst, levels };
}
