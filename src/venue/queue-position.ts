import type { Trade } from '../domain/market-data.ts';
import type { QuantityUnits } from '../domain/units.ts';
import type { VenueModel } from './model.ts';
import { followLevel } from './pro-rata.ts';
import type { StandingMarket } from './standing-market.ts';
import { NO_QUEUE, OUT_OF_VIEW, type WorkingOrder } from './working-order.ts';

/** Takes a place at the back of the queue at the order's price, as far as the data shows one. */
export function joinQueue(order: WorkingOrder, market: StandingMarket, model: VenueModel): void {
  order.explained = 0;
  order.tradedSinceShown = 0;
  order.shown = 0;
  order.ahead = NO_QUEUE;
  if (!model.queue) {
    if (model.withoutQueue === 'first') joinAsFirst(order, market);
    return;
  }
  if (market.source !== 'book' && market.source !== 'quote') {
    // After a restart the data is still to come; by trades alone no queue is ever visible.
    if (market.source === 'none' || market.source === 'lost') order.ahead = OUT_OF_VIEW;
    return;
  }
  const best = market.ownBest(order.sign);
  // Inside the spread we would be first, but whether anybody trades there is unknown: left to chance.
  if (best === 0 || order.sign * (order.price - best) > 0) return;
  const displayed = market.ownQuantity(order.sign, order.price);
  order.ahead = displayed < 0 ? OUT_OF_VIEW : displayed;
  order.shown = Math.max(0, displayed);
}

/** Nobody stands ahead of us, unless we stand inside the spread, where whoever trades may not meet us. */
function joinAsFirst(order: WorkingOrder, market: StandingMarket): void {
  const best = market.ownBest(order.sign);
  if (best === 0 || order.sign * (order.price - best) <= 0) order.ahead = 0;
}

/** The display has changed at event time `ts`. */
export function followDisplay(order: WorkingOrder, market: StandingMarket, model: VenueModel, ts: number): void {
  const best = market.ownBest(order.sign);
  if (order.ahead === NO_QUEUE) {
    // Others have joined at our price or behind it: we stand in front of them.
    if (best === 0 || order.sign * (best - order.price) < 0) return;
    order.ahead = 0;
    if (model.queuePriority === 'price-time') return;
  }
  if (!model.queue) return;
  const displayed = market.ownQuantity(order.sign, order.price);
  if (displayed < 0) return;
  if (model.queuePriority === 'pro-rata') {
    followLevel(order, displayed, ts);
    return;
  }
  if (order.ahead === OUT_OF_VIEW) {
    order.ahead = displayed;
  } else if (displayed < order.ahead) {
    depart(order, order.ahead - displayed, ts);
  } else if (model.queueCancels === 'pro-rata' && displayed < order.shown) {
    const cancelled = Math.max(0, order.shown - displayed - order.tradedSinceShown);
    if (cancelled > 0) depart(order, Math.floor((cancelled * order.ahead) / order.shown), ts);
  }
  order.shown = displayed;
  order.tradedSinceShown = 0;
}

/** The quantity ahead shrinks by what the display proves or suggests; a trade reported late may be the same departure. */
function depart(order: WorkingOrder, quantity: QuantityUnits, ts: number): void {
  order.ahead -= quantity;
  order.explained += quantity;
  order.explainedAt = ts;
}

/** Part of a trade at the order's own price that reaches it; the queue ahead shrinks. -1 = left to chance. */
export function reachOf(order: WorkingOrder, trade: Trade, tapeLagMs: number): QuantityUnits {
  if (order.ahead < 0) return -1;
  let quantity = trade.quantity;
  order.tradedSinceShown += quantity;
  if (order.explained > 0) {
    if (trade.ts <= order.explainedAt + tapeLagMs) {
      const known = Math.min(order.explained, quantity);
      order.explained -= known;
      quantity -= known;
    } else order.explained = 0;
  }
  const reach = Math.max(0, quantity - order.ahead);
  order.ahead = Math.max(0, order.ahead - quantity);
  return reach;
}
