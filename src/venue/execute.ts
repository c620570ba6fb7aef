import type { EpochMs, PriceUnits } from '../domain/units.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { joinQueue } from './queue-position.ts';
import { knownPrice, limitOf, reaches, takeable, takeAt, takeStanding } from './taker.ts';
import type { VenueCore } from './venue-core.ts';
import type { WorkingOrder } from './working-order.ts';

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
  if (order.intent.timeInForce === 'FOK') {
    const there = point !== 0 ? (reaches(order, point) ? market.barLeft : 0) : takeable(core, market, order, need);
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
  if (!order.done) settle(core, market, order, dataTs, point !== 0);
}

/** A taker fill at a bar's price, as far as the bar's volume allows. */
export function takePoint(
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
  takeAt(core, market, order, quantity, price, price, model, core.stamp(order, dataTs));
}

/** What becomes of the part that did not fill at once. */
function settle(core: VenueCore, market: InstrumentMarket, order: WorkingOrder, dataTs: EpochMs, inBar: boolean): void {
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
  } else if (inBar) {
    // The bar's volume is used up: the remainder goes on with the next bar.
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
