import type { Trade } from '../domain/market-data.ts';
import type { EpochMs } from '../domain/units.ts';
import { fireStop } from './execute.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { followDisplay, reachOf } from './queue-position.ts';
import { makeAt, useUp } from './taker.ts';
import type { VenueCore } from './venue-core.ts';
import { NO_QUEUE, type WorkingOrder } from './working-order.ts';

/** A quote or a book change of event time `ts`: queues follow it, crossed limits fill, stops fire. */
export function matchDisplay(core: VenueCore, market: InstrumentMarket, ts: EpochMs): void {
  if (core.model.queue) followQueues(core, market, ts);
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
  const event = core.event;
  for (
    let order = market.limits(sign).next(event, touch);
    order !== null;
    order = market.limits(sign).next(event, touch)
  ) {
    order.seen = event;
    if (order.acceptedAt > ts) continue;
    // The display reached our price: whatever was ahead of us there has gone.
    if (order.ahead !== NO_QUEUE) order.ahead = 0;
    const room = core.room(order);
    const quantity = room > 0 ? useUp(core, market, order, room) : 0;
    if (quantity > 0) {
      makeAt(core, market, order, quantity, order.price, 'book-cross', core.stamp(order, ts));
      core.drain();
    }
  }
  for (
    let order = market.stops(sign).next(event, touch);
    order !== null;
    order = market.stops(sign).next(event, touch)
  ) {
    order.seen = event;
    if (order.acceptedAt > ts) continue;
    fireStop(core, market, order, ts, 0);
    core.drain();
  }
}

/** A trade: fills resting limits it reached, then fires stops. */
export function matchTrade(core: VenueCore, market: InstrumentMarket, trade: Trade): void {
  tradeSide(core, market, trade, 1);
  tradeSide(core, market, trade, -1);
  core.event += 1;
  fireByTrade(core, market, trade, 1);
  fireByTrade(core, market, trade, -1);
}

function tradeSide(core: VenueCore, market: InstrumentMarket, trade: Trade, sign: 1 | -1): void {
  const ladder = market.limits(sign);
  if (ladder.orders.length === 0) return;
  core.event += 1;
  const event = core.event;
  // A seller's trade reaches bids, a buyer's trade reaches asks; where the source does not say, either may have been hit.
  const hits = trade.aggressor === null || (trade.aggressor === 'sell') === (sign === 1);
  let taken = 0;
  for (let order = ladder.next(event, trade.price); order !== null; order = ladder.next(event, trade.price)) {
    order.seen = event;
    if (order.acceptedAt > trade.ts) continue;
    const through = order.price !== trade.price;
    const reach = through ? tradedThrough(order, trade) : hits ? reachAtPrice(core, order, trade) : 0;
    const quantity = Math.min(core.room(order), reach - taken);
    if (quantity <= 0) continue;
    taken += quantity;
    const model = through ? 'trade-through' : order.ahead < 0 ? 'trade-touch' : 'queue';
    makeAt(core, market, order, quantity, order.price, model, core.stamp(order, trade.ts));
    core.drain();
  }
}

/** The market traded beyond our price, so nothing ahead of us is left. */
function tradedThrough(order: WorkingOrder, trade: Trade): number {
  if (order.ahead !== NO_QUEUE) order.ahead = 0;
  return trade.quantity;
}

function reachAtPrice(core: VenueCore, order: WorkingOrder, trade: Trade): number {
  const reach = reachOf(order, trade);
  if (reach >= 0) return reach;
  const chance = core.model.touchFillProbability;
  return chance >= 1 || (chance > 0 && core.chance.next() < chance) ? trade.quantity : 0;
}

function fireByTrade(core: VenueCore, market: InstrumentMarket, trade: Trade, sign: 1 | -1): void {
  const ladder = market.stops(sign);
  const event = core.event;
  for (let order = ladder.next(event, trade.price); order !== null; order = ladder.next(event, trade.price)) {
    order.seen = event;
    if (order.acceptedAt > trade.ts) continue;
    fireStop(core, market, order, trade.ts, 0);
    core.drain();
  }
}
