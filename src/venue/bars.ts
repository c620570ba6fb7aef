import type { Bar } from '../domain/market-data.ts';
import type { EpochMs, PriceUnits } from '../domain/units.ts';
import { accountsToWalk, lowFirst } from './bar-path.ts';
import { execute, fireStop } from './execute.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { Ladder } from './ladder.ts';
import { takePoint } from './take-point.ts';
import { makeAt } from './taker.ts';
import type { VenueCore } from './venue-core.ts';
import type { WorkingOrder } from './working-order.ts';

/** Starts a bar: the quantity it can fill, and its open as the price that stands. */
export function beginBar(
  core: VenueCore,
  market: InstrumentMarket,
  open: PriceUnits,
  at: EpochMs,
  volume: number,
): void {
  const share = core.model.barVolumeShare;
  const { step } = market.instrument;
  market.bar += 1;
  if (market.activity !== null && volume > 0) market.activity.recentVolume = volume;
  market.barLeft =
    share > 0 && volume > 0 ? Math.floor((volume * share) / step + 1e-9) * step : Number.POSITIVE_INFINITY;
  market.openedAt = at;
  market.barPrice = open;
  market.barTs = at;
  market.phase = 'open';
}

/** Everything that was there before the open meets the open price. */
export function matchOpen(core: VenueCore, market: InstrumentMarket): void {
  const at = market.openedAt;
  const open = market.barPrice;
  core.event += 1;
  const event = core.event;
  for (let order = nextWaiting(market, event); order !== null; order = nextWaiting(market, event)) {
    order.seen = event;
    if (order.acceptedAt > at) continue;
    core.lift(order, market);
    order.waiting = false;
    execute(core, market, order, at, open);
    core.drain();
  }
  for (const sign of SIDES) {
    const stops = market.stops(sign);
    for (let order = stops.next(event, open); order !== null; order = stops.next(event, open)) {
      order.seen = event;
      if (order.acceptedAt > at) continue;
      fireStop(core, market, order, at, open);
      core.drain();
    }
    const limits = market.limits(sign);
    for (let order = limits.next(event, open); order !== null; order = limits.next(event, open)) {
      order.seen = event;
      if (order.acceptedAt > at || core.room(order) <= 0) continue;
      if (!order.rested) takePoint(core, market, order, open, at, 'bar-open');
      else if (order.price !== open || touched(core)) fillResting(core, market, order, open, at, 'bar-open');
      core.drain();
    }
  }
  markRested(market.buyLimits, at);
  markRested(market.sellLimits, at);
}

const SIDES: readonly (1 | -1)[] = [1, -1];

function nextWaiting(market: InstrumentMarket, event: number): WorkingOrder | null {
  for (const order of market.waiting) if (order.seen !== event) return order;
  return null;
}

function markRested(ladder: Ladder, at: EpochMs): void {
  for (const order of ladder.orders) if (order.acceptedAt <= at) order.rested = true;
}

/** Whether a price that was touched and not passed fills a resting order. */
function touched(core: VenueCore): boolean {
  const chance = core.model.touchFillProbability;
  return chance >= 1 || (chance > 0 && core.chance.next() < chance);
}

function fillResting(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  price: PriceUnits,
  dataTs: EpochMs,
  model: string,
): void {
  const quantity = Math.min(core.room(order), market.barLeft);
  if (quantity <= 0) return;
  market.barLeft -= quantity;
  makeAt(core, market, order, quantity, price, model, core.stamp(order, dataTs));
}

/** The way from the open over both extremes to the close. */
export function matchWalk(core: VenueCore, market: InstrumentMarket, bar: Bar): void {
  market.phase = 'walk';
  market.barTs = bar.ts;
  for (const accountId of accountsToWalk(core, market)) {
    const low = lowFirst(core, market, bar, accountId);
    market.barPrice = bar.open;
    walkTo(core, market, low ? bar.low : bar.high, accountId);
    walkTo(core, market, low ? bar.high : bar.low, accountId);
    walkTo(core, market, bar.close, accountId);
  }
}

function walkTo(core: VenueCore, market: InstrumentMarket, to: PriceUnits, accountId: string | null): void {
  core.event += 1;
  const event = core.event;
  while (market.held > 0) {
    const from = market.barPrice;
    if (to === from) return;
    // Downwards the market meets buy limits and sell stops, upwards sell limits and buy stops.
    const down = to < from ? 1 : -1;
    const limits = market.limits(down);
    const stops = market.stops(down === 1 ? -1 : 1);
    const limit = nextEligible(market, limits, event, to, accountId);
    const stop = nextEligible(market, stops, event, to, accountId);
    if (limit === null && stop === null) break;
    const limitFirst =
      stop === null || (limit !== null && comesFirst(down, from, limit.price, limit, stop.trigger, stop));
    if (limit !== null && limitFirst) {
      limit.seen = event;
      if (limit.price === to && !touched(core)) continue;
      market.barPrice = nearer(down, from, limit.price);
      fillResting(core, market, limit, limit.price, market.barTs, 'bar-path');
    } else if (stop !== null) {
      stop.seen = event;
      market.barPrice = nearer(down, from, stop.trigger);
      fireStop(core, market, stop, market.barTs, market.barPrice);
    }
    core.drain();
  }
  market.barPrice = to;
}

/** Where on the way a price is met: there, or at once when the way starts beyond it. */
function nearer(down: 1 | -1, from: PriceUnits, price: PriceUnits): PriceUnits {
  return down * (price - from) > 0 ? from : price;
}

function comesFirst(
  down: 1 | -1,
  from: PriceUnits,
  limitPrice: PriceUnits,
  limit: WorkingOrder,
  trigger: PriceUnits,
  stop: WorkingOrder,
): boolean {
  const difference = down * (nearer(down, from, limitPrice) - nearer(down, from, trigger));
  return difference !== 0 ? difference > 0 : limit.sequence < stop.sequence;
}

/** Only orders that were there when the bar began, or came during its walk, may meet its path. */
function nextEligible(
  market: InstrumentMarket,
  ladder: Ladder,
  event: number,
  to: PriceUnits,
  accountId: string | null,
): WorkingOrder | null {
  for (let order = ladder.next(event, to); order !== null; order = ladder.next(event, to)) {
    const inTime = order.acceptedAt <= market.openedAt || order.bar === market.bar;
    if (inTime && (accountId === null || order.intent.accountId === accountId)) return order;
    order.seen = event;
  }
  return null;
}

/** Orders that came while the bar was in progress know nothing of its path, only of its close. */
export function matchClose(core: VenueCore, market: InstrumentMarket): void {
  const close = market.barPrice;
  const ts = market.barTs;
  core.event += 1;
  const event = core.event;
  for (const sign of SIDES) {
    const stops = market.stops(sign);
    for (let order = stops.next(event, close); order !== null; order = stops.next(event, close)) {
      order.seen = event;
      if (order.acceptedAt <= market.openedAt || order.bar === market.bar) continue;
      fireStop(core, market, order, ts, close);
      core.drain();
    }
    const limits = market.limits(sign);
    for (let order = limits.next(event, close); order !== null; order = limits.next(event, close)) {
      order.seen = event;
      if (order.acceptedAt <= market.openedAt || order.bar === market.bar) continue;
      if (order.price === close && !touched(core)) continue;
      fillResting(core, market, order, order.price, ts, 'bar-close');
      core.drain();
    }
  }
}
