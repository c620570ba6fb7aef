import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { priceTaken } from './price-taken.ts';
import type { VenueCore } from './venue-core.ts';
import { limitOf, type WorkingOrder } from './working-order.ts';

/**
 * Bar price at which an order that takes effect at `at` may trade, 0 when there is none: the point of a bar's walk, an
 * open that has just been shown, or (by the model) the last close. Whatever is older would be look-ahead in reverse.
 */
export function barPoint(core: VenueCore, market: InstrumentMarket, at: EpochMs): PriceUnits {
  if (market.phase === 'walk') return market.barPrice;
  if (!market.isBarDriven) return 0;
  if (market.phase === 'open') return at <= market.openedAt ? market.barPrice : 0;
  return market.phase === 'closed' && core.model.barMarketFill === 'close' ? market.barPrice : 0;
}

/** Best price the order could have now by what is known, 0 when nothing is. For judging, not for filling. */
export function knownPrice(market: InstrumentMarket, sign: 1 | -1): PriceUnits {
  return market.phase === 'walk' || market.isBarDriven ? market.barPrice : market.standing.touch(sign);
}

/** True when the order's limit reaches `price`. */
export function reaches(order: WorkingOrder, price: PriceUnits): boolean {
  const limit = limitOf(order);
  return price !== 0 && (limit === 0 || order.sign * (price - limit) <= 0);
}

/** Displayed quantity the order could take within its limit, counted up to `need`; an L1 view ends at the touch. */
export function takeable(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  need: QuantityUnits,
): QuantityUnits {
  const { standing } = market;
  const sign = order.sign;
  let price = standing.touch(sign);
  if (!reaches(order, price)) return 0;
  let sum = available(core, market, sign, price, standing.touchQuantity(sign));
  const levels = standing.levels(sign);
  if (levels === null) return sum;
  for (let index = standing.firstBehindTouch(sign); sum < need; index += 1) {
    price = levels.priceAt(index);
    if (!reaches(order, price)) break;
    sum += available(core, market, sign, price, levels.quantityAt(index));
  }
  return sum;
}

/** Uses up displayed liquidity within the order's limit for a resting order that the display has crossed. */
export function useUp(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  need: QuantityUnits,
): QuantityUnits {
  const { standing } = market;
  const sign = order.sign;
  const levels = standing.levels(sign);
  let price = standing.touch(sign);
  let displayed = standing.touchQuantity(sign);
  let index = levels === null ? 0 : standing.firstBehindTouch(sign);
  let left = need;
  while (left > 0 && reaches(order, price)) {
    const quantity = Math.min(left, available(core, market, sign, price, displayed));
    if (quantity > 0) {
      if (core.model.consumeLiquidity) standing.taken(sign).take(price, displayed, quantity);
      left -= quantity;
    }
    if (levels === null) break;
    price = levels.priceAt(index);
    displayed = levels.quantityAt(index);
    index += 1;
  }
  return need - left;
}

function available(
  core: VenueCore,
  market: InstrumentMarket,
  sign: 1 | -1,
  price: PriceUnits,
  displayed: QuantityUnits,
): QuantityUnits {
  return core.model.consumeLiquidity ? market.standing.taken(sign).available(price, displayed) : displayed;
}

/**
 * Takes displayed liquidity for an active order up to its limit: level by level through the book, or the touch alone
 * and, for market-type orders, the remainder one tick beyond it. Slippage of the model comes on top.
 */
export function takeStanding(core: VenueCore, market: InstrumentMarket, order: WorkingOrder, dataTs: EpochMs): void {
  const { standing } = market;
  const sign = order.sign;
  const touch = standing.touch(sign);
  const ts = core.stamp(order, Math.max(dataTs, standing.ts));
  if (!reaches(order, touch)) return;
  const levels = standing.levels(sign);
  const name = standing.isTouchOnly ? 'l1-touch' : 'l2-book';
  takeLevel(core, market, order, touch, standing.touchQuantity(sign), touch, name, ts);
  if (levels === null) {
    const left = order.done ? 0 : core.room(order);
    const beyond = Math.max(market.instrument.tick, touch + sign * market.instrument.tick);
    if (order.isMarketType && left > 0 && reaches(order, beyond)) {
      takeAt(core, market, order, left, beyond, touch, 'l1-beyond-touch', ts);
    }
    return;
  }
  const behind = standing.isTouchOnly ? 'l1-ladder' : 'l2-book';
  for (let index = standing.firstBehindTouch(sign); !order.done && core.room(order) > 0; index += 1) {
    const price = levels.priceAt(index);
    if (!reaches(order, price)) return;
    takeLevel(core, market, order, price, levels.quantityAt(index), touch, behind, ts);
  }
}

function takeLevel(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  price: PriceUnits,
  displayed: QuantityUnits,
  touch: PriceUnits,
  model: string,
  ts: EpochMs,
): void {
  const there = available(core, market, order.sign, price, displayed);
  const room = core.room(order);
  const quantity = there < room ? there : room;
  if (quantity <= 0) return;
  if (core.model.consumeLiquidity) market.standing.taken(order.sign).take(price, displayed, quantity);
  takeAt(core, market, order, quantity, price, touch, model, ts);
}

/** One taker fill at `price` plus the model's impact and slippage. */
export function takeAt(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  quantity: QuantityUnits,
  price: PriceUnits,
  reference: PriceUnits,
  model: string,
  ts: EpochMs,
): void {
  const execution =
    core.slippage === null && market.impact === null
      ? { price, liquidity: 'taker' as const, model, reference, slippage: 0 }
      : priceTaken(core, market, order, quantity, price, reference, model, ts);
  core.fill(order, market, quantity, execution, ts);
}

/** One fill of a resting order. */
export function makeAt(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  quantity: QuantityUnits,
  price: PriceUnits,
  model: string,
  ts: EpochMs,
): void {
  core.fill(order, market, quantity, { price, liquidity: 'maker', model, reference: price, slippage: 0 }, ts);
}
