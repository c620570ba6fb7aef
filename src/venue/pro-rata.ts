import type { Trade } from '../domain/market-data.ts';
import type { EpochMs, QuantityUnits } from '../domain/units.ts';
import type { Ladder } from './ladder.ts';
import { OUT_OF_VIEW, type WorkingOrder } from './working-order.ts';

/**
 * Pro-rata allocation: everybody at a price gets his share of a trade there by displayed size, whenever he came. What
 * rounding down to the step leaves goes to the others. An order in view carries `ahead` >= 0; the number itself means nothing.
 */
export function followLevel(order: WorkingOrder, displayed: QuantityUnits, ts: EpochMs): void {
  if (order.ahead !== OUT_OF_VIEW) {
    const left = order.shown - order.tradedSinceShown - displayed;
    if (left > 0) {
      order.explained += left;
      order.explainedAt = ts;
    }
  }
  order.ahead = 0;
  order.shown = displayed;
  order.tradedSinceShown = 0;
}

/** Our part of `quantity` traded at the order's own price; `ownAtPrice` is what we still offer there, this order included. */
export function shareOfTrade(
  order: WorkingOrder,
  trade: Trade,
  quantity: QuantityUnits,
  ownAtPrice: QuantityUnits,
  step: QuantityUnits,
  tapeLagMs: number,
): QuantityUnits {
  let late = 0;
  if (order.explained > 0) {
    // A display that came before its trade already lacks what traded: it was there to share when the trade happened.
    if (trade.ts <= order.explainedAt + tapeLagMs) late = Math.min(order.explained, quantity);
    order.explained = late > 0 ? order.explained - late : 0;
  }
  const others = Math.max(0, order.shown - order.tradedSinceShown) + late;
  const leaves = order.leaves;
  const share = Math.min(leaves, Math.floor((quantity * leaves) / (others + ownAtPrice) / step + 1e-9) * step);
  order.tradedSinceShown += Math.max(0, quantity - share - late);
  return share;
}

/** Open quantity of our orders at the price of `order` that this matching pass has not served yet, itself included. */
export function ownQuantityAt(ladder: Ladder, order: WorkingOrder, pass: number): QuantityUnits {
  let sum = order.leaves;
  for (const other of ladder.orders) {
    if (other !== order && other.price === order.price && other.seen !== pass) sum += other.leaves;
  }
  return sum;
}
