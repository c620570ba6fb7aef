import type { Trade } from '../domain/market-data.ts';
import type { EpochMs, PriceUnits } from '../domain/units.ts';
import { fireStop } from './execute.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { Ladder } from './ladder.ts';
import { ownQuantityAt, shareOfTrade } from './pro-rata.ts';
import { followDisplay, reachOf } from './queue-position.ts';
import { makeAt, useUp } from './taker.ts';
import type { VenueCore } from './venue-core.ts';
import { NO_QUEUE, type WorkingOrder } from './working-order.ts';

/** A quote or a book change of event time `ts`: queues follow it, crossed limits fill, stops fire. */
export function matchDisplay(core: VenueCore, market: InstrumentMarket, ts: EpochMs): void {
  if (core.model.queue || core.model.withoutQueue === 'first') followQueues(core, market, ts);
  crossSide(core, market, 1, ts);
  crossSide(core, market, -1, ts);
}

function followQueues(core: VenueCore, market: InstrumentMarket, ts: EpochMs): void {
  const { standing, buyLimits, sellLimits } = market;
  if (standing.source !== 'book' && standing.source !== 'quote') return;
  for (const order of buyLimits.orders) followDisplay(order, standing, core.model, ts);
  for (const order of sellLimits.orders) followDisplay(order, standing, core.model, ts);
}

function crossSide(core: VenueCore, market: InstrumentMarket, sign: 1 | -1, ts: EpochMs): void {
  const { standing } = market;
  const touch = standing.touch(sign);
  if (touch === 0) return;
  core.event += 1;
  const byDisplay = core.model.restingFill === 'display' || !standing.hasTape;
  const limits = market.limits(sign);
  let order = limits.next(core.event, touch);
  while (order !== null) {
    order.seen = core.event;
    if (core.isEligible(order, ts)) {
      // The display reached our price: whatever was ahead of us there has gone.
      if (order.ahead !== NO_QUEUE) order.ahead = 0;
      if (byDisplay) crossFill(core, market, order, ts);
    }
    order = limits.next(core.event, touch);
  }
  fireStops(core, market, sign, touch, ts);
}

function crossFill(core: VenueCore, market: InstrumentMarket, order: WorkingOrder, ts: EpochMs): void {
  const room = core.room(order);
  const quantity = room > 0 ? useUp(core, market, order, room) : 0;
  if (quantity <= 0) return;
  makeAt(core, market, order, quantity, order.price, 'book-cross', core.stamp(order, ts));
  core.drain();
}

/** Stops whose trigger `price` has reached. */
function fireStops(core: VenueCore, market: InstrumentMarket, sign: 1 | -1, price: PriceUnits, ts: EpochMs): void {
  const stops = market.stops(sign);
  let order = stops.next(core.event, price);
  while (order !== null) {
    order.seen = core.event;
    if (core.isEligible(order, ts)) {
      fireStop(core, market, order, ts, 0);
      core.drain();
    }
    order = stops.next(core.event, price);
  }
}

/** A trade: fills resting limits it reached, then fires stops. */
export function matchTrade(core: VenueCore, market: InstrumentMarket, trade: Trade): void {
  tradeSide(core, market, trade, 1);
  tradeSide(core, market, trade, -1);
  core.event += 1;
  fireStops(core, market, 1, trade.price, trade.ts);
  fireStops(core, market, -1, trade.price, trade.ts);
}

function tradeSide(core: VenueCore, market: InstrumentMarket, trade: Trade, sign: 1 | -1): void {
  const ladder = market.limits(sign);
  if (ladder.orders.length === 0) return;
  core.event += 1;
  // A seller's trade reaches bids, a buyer's trade reaches asks; where the source does not say, either may have been hit.
  const hits = trade.aggressor === null || (trade.aggressor === 'sell') === (sign === 1);
  let taken = 0;
  let order = ladder.next(core.event, trade.price);
  while (order !== null) {
    order.seen = core.event;
    if (core.isEligible(order, trade.ts)) {
      const through = order.price !== trade.price;
      const reach = through
        ? tradedThrough(order, trade)
        : hits
          ? reachAtPrice(core, market, ladder, order, trade, taken)
          : 0;
      const quantity = Math.min(core.room(order), reach - taken);
      if (quantity > 0) {
        if (core.model.consumeLiquidity) taken += quantity;
        const model = through ? 'trade-through' : order.ahead < 0 ? 'trade-touch' : core.queueName;
        makeAt(core, market, order, quantity, order.price, model, core.stamp(order, trade.ts));
        core.drain();
      }
    }
    order = ladder.next(core.event, trade.price);
  }
}

/** The market traded beyond our price, so nothing ahead of us is left. */
function tradedThrough(order: WorkingOrder, trade: Trade): number {
  if (order.ahead !== NO_QUEUE) order.ahead = 0;
  return trade.quantity;
}

/** How far into a trade at our price we come, counting what our orders before this one took of it. */
function reachAtPrice(
  core: VenueCore,
  market: InstrumentMarket,
  ladder: Ladder,
  order: WorkingOrder,
  trade: Trade,
  taken: number,
): number {
  if (core.model.queuePriority === 'pro-rata' && core.model.queue && order.ahead >= 0) {
    const own = ownQuantityAt(ladder, order, core.event);
    const { step } = market.instrument;
    return taken + shareOfTrade(order, trade, trade.quantity - taken, own, step, core.model.tapeLagMs);
  }
  const reach = reachOf(order, trade, core.model.tapeLagMs);
  if (reach >= 0) return reach;
  const chance = core.model.touchFillProbability;
  return chance >= 1 || (chance > 0 && core.chance.next() < chance) ? trade.quantity : 0;
}
