import type { Side } from '../../domain/order.ts';
import type { PriceUnits, QuantityUnits } from '../../domain/units.ts';
import type { BookSideView } from '../../market/book-side.ts';

/** What a parent sees of its market. 0 = not known. May be one record that its owner changes in place. */
export interface MarketSight {
  readonly bid: PriceUnits;
  readonly bidQuantity: QuantityUnits;
  readonly ask: PriceUnits;
  readonly askQuantity: QuantityUnits;
  readonly last: PriceUnits;
  /** Displayed depth; null where only the touch is known. */
  readonly depth: { readonly bids: BookSideView; readonly asks: BookSideView } | null;
  /** Why nothing new may be sent now; null = go on. */
  readonly hold: Hold | null;
}

/** HALTED needs a person to resume the parent, the others end by themselves. REDUCING lets reduce-only parents go on. */
export interface Hold {
  readonly code: 'HALTED' | 'REDUCING' | 'STALE' | 'CLOSED';
  readonly sentence: string;
}

export function ownSide(sight: MarketSight, side: Side): PriceUnits {
  return side === 'buy' ? sight.bid : sight.ask;
}

/** Best price the parent could take at. */
export function farSide(sight: MarketSight, side: Side): PriceUnits {
  return side === 'buy' ? sight.ask : sight.bid;
}

/** Mid in price units, the last price where a side is missing; null when nothing is known. */
export function midOf(sight: MarketSight): number | null {
  if (sight.bid > 0 && sight.ask > 0) return (sight.bid + sight.ask) / 2;
  return sight.last > 0 ? sight.last : null;
}

/** True when `price` is worse than `limit` for the side; no limit = never. */
export function isBeyond(side: Side, price: PriceUnits, limit: PriceUnits | null): boolean {
  return limit !== null && (side === 'buy' ? price > limit : price < limit);
}

export interface Offered {
  readonly quantity: QuantityUnits;
  /** Best price that is displayed but beyond the limit; null when the display ends within it. */
  readonly beyond: PriceUnits | null;
}

/** Quantity displayed on the opposite side no worse than `limit`, counted up to `need`. */
export function offeredWithin(sight: MarketSight, side: Side, limit: PriceUnits | null, need: QuantityUnits): Offered {
  const touch = farSide(sight, side);
  if (!(touch > 0)) return { quantity: 0, beyond: null };
  if (isBeyond(side, touch, limit)) return { quantity: 0, beyond: touch };
  let quantity = side === 'buy' ? sight.askQuantity : sight.bidQuantity;
  const levels = sight.depth === null ? null : side === 'buy' ? sight.depth.asks : sight.depth.bids;
  if (levels === null) return { quantity, beyond: null };
  // A quote newer than the book is its touch: levels that it has overtaken are gone.
  let index = levels.indexOf(touch) + (levels.quantityOf(touch) > 0 ? 1 : 0);
  for (; index < levels.count && quantity < need; index += 1) {
    const price = levels.priceAt(index);
    if (isBeyond(side, price, limit)) return { quantity, beyond: price };
    quantity += levels.quantityAt(index);
  }
  return { quantity, beyond: null };
}
