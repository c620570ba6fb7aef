import { priceText } from '../domain/instrument.ts';
import type { EpochMs, PriceUnits } from '../domain/units.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { joinQueue } from './queue-position.ts';
import { pointLadder, takeableAtPoint, takePoint } from './take-point.ts';
import { knownPrice, reaches, takeable, takeStanding } from './taker.ts';
import type { VenueCore } from './venue-core.ts';
import { limitOf, type WorkingOrder } from './working-order.ts';

/**
 * Gives an active order its chance at what is there: the bar price `point`, or with `point` 0 the standing market. Then
 * settles the remainder by type and time in force.
 */
export function execute(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  dataTs: EpochMs,
  point: PriceUnits,
): void {
  const need = core.room(order);
  const best = point !== 0 ? point : market.standing.touch(order.sign);
  if (core.protection !== null && order.isMarketType && best !== 0) {
    order.protection = core.protection.limit(market.instrument, best, order.sign);
  }
  if (order.intent.timeInForce === 'FOK') {
    const there = point !== 0 ? takeableAtPoint(core, market, order, point) : takeable(core, market, order, need);
    if (there < need) {
      core.close(
        order,
        'canceled',
        'FOK_NOT_FILLABLE',
        `Fill-or-kill: the whole quantity is not available within the order's terms on ${market.instrument.symbol}.`,
        core.stamp(order, dataTs),
      );
      return;
    }
  }
  if (point === 0) takeStanding(core, market, order, dataTs);
  else if (reaches(order, point)) takePoint(core, market, order, point, dataTs, 'bar');
  if (!order.done) settle(core, market, order, dataTs, point);
}

/** What becomes of the part that did not fill at once. */
function settle(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  dataTs: EpochMs,
  point: PriceUnits,
): void {
  const ts = core.stamp(order, dataTs);
  const { symbol } = market.instrument;
  const { timeInForce } = order.intent;
  if (core.room(order) <= 0) {
    core.close(
      order,
      'canceled',
      'REDUCE_ONLY_FLAT',
      `The position in ${symbol} is closed; there is nothing left for this reduce-only order to reduce.`,
      ts,
    );
  } else if (isProtected(market, order, point)) {
    const limit = priceText(market.instrument, order.protection);
    core.close(
      order,
      'canceled',
      'PRICE_PROTECTION',
      `Price protection: beyond ${limit} nothing more is taken on ${symbol}; the remainder is cancelled. Send it as a limit order or wait for the book to refill.`,
      ts,
    );
  } else if (timeInForce === 'IOC' || timeInForce === 'FOK') {
    core.close(
      order,
      'canceled',
      'IOC_REMAINDER',
      'Immediate-or-cancel: the part not filled at once is cancelled.',
      ts,
    );
  } else if (!order.isMarketType) {
    rest(core, market, order);
  } else if (point !== 0) {
    // The bar's volume or the depth at its price is used up: the remainder goes on with the next bar.
    order.waiting = true;
    core.hold(order, market);
  } else {
    const nothing = order.filled === 0;
    core.close(
      order,
      'canceled',
      nothing ? 'NO_LIQUIDITY' : 'BOOK_EXHAUSTED',
      nothing
        ? `Nothing is on offer for this order on ${symbol}; send it again when there is.`
        : `The displayed book of ${symbol} was too thin: the remainder is cancelled.`,
      ts,
    );
  }
}

/** Whether the market goes on beyond the price that protection allows the order. */
function isProtected(market: InstrumentMarket, order: WorkingOrder, point: PriceUnits): boolean {
  if (order.protection === 0) return false;
  const { standing, instrument } = market;
  const { sign } = order;
  if (point !== 0 && (market.barDepth === null || market.barLeft <= 0)) return false;
  const levels = point === 0 ? standing.levels(sign) : pointLadder(market, order, point);
  if (levels === null) return point === 0 && !reaches(order, standing.touch(sign) + sign * instrument.tick);
  for (let index = point === 0 ? standing.firstBehindTouch(sign) : 1; ; index += 1) {
    const price = levels.priceAt(index);
    if (price === 0) return false;
    if (!reaches(order, price)) return true;
  }
}

/** Puts a limit order into the book at the back of its queue. */
export function rest(core: VenueCore, market: InstrumentMarket, order: WorkingOrder): void {
  joinQueue(order, market.standing, core.model);
  order.rested = true;
  core.hold(order, market);
}

/** A held stop fires at `price` (a bar's point) or on the standing market (0), and becomes a market or limit order. */
export function fireStop(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  dataTs: EpochMs,
  point: PriceUnits,
): void {
  core.lift(order, market);
  activate(core, market, order, dataTs, point);
}

/** The stop's trigger has been reached; it is not held. */
export function activate(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  dataTs: EpochMs,
  point: PriceUnits,
): void {
  order.active = true;
  const ts = core.stamp(order, dataTs);
  order.updatedAt = ts;
  core.announce({ type: 'triggered', orderId: order.id, ts });
  const price = point !== 0 ? point : knownPrice(market, order.sign);
  if (order.intent.postOnly && limitOf(order) !== 0 && reaches(order, price)) {
    core.close(
      order,
      'canceled',
      'POST_ONLY_WOULD_TAKE',
      'Post-only: once triggered, the limit price would take liquidity.',
      ts,
    );
    return;
  }
  execute(core, market, order, dataTs, point);
}
