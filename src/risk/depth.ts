import type { Side } from '../domain/order.ts';
import type { PriceUnits, QuantityUnits } from '../domain/units.ts';

/** One side of the displayed market, best level first. An order book's side fits. */
export interface DepthSide {
  readonly count: number;
  priceAt(index: number): PriceUnits;
  quantityAt(index: number): QuantityUnits;
}

export interface MarketDepth {
  readonly bids: DepthSide;
  readonly asks: DepthSide;
  /** False where only the touch is known, and nothing of what is behind it. */
  readonly whole: boolean;
}

/** What an order would take at once. The sum is a double of price x quantity units: for judging, not for booking. */
export interface DepthWalk {
  readonly filled: QuantityUnits;
  /** Price units with a fraction; 0 when nothing fills. */
  readonly average: number;
}

export function walkDepth(
  depth: MarketDepth,
  side: Side,
  quantity: QuantityUnits,
  limit: PriceUnits | null,
): DepthWalk {
  const levels = side === 'buy' ? depth.asks : depth.bids;
  let filled = 0;
  let sum = 0;
  for (let index = 0; index < levels.count && filled < quantity; index += 1) {
    const price = levels.priceAt(index);
    if (limit !== null && (side === 'buy' ? price > limit : price < limit)) break;
    const taken = Math.min(quantity - filled, levels.quantityAt(index));
    sum += price * taken;
    filled += taken;
  }
  return { filled, average: filled > 0 ? sum / filled : 0 };
}

/** Depth from plain lists of [price, quantity], best first. */
export function depthSide(levels: readonly (readonly [PriceUnits, QuantityUnits])[]): DepthSide {
  return {
    count: levels.length,
    priceAt: (index) => levels[index]?.[0] ?? 0,
    quantityAt: (index) => levels[index]?.[1] ?? 0,
  };
}
