import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import { reaches, takeAt } from './taker.ts';
import type { TouchLadder } from './touch-ladder.ts';
import type { VenueCore } from './venue-core.ts';
import type { WorkingOrder } from './working-order.ts';

/** What an order could have at a bar's price within its limit. */
export function takeableAtPoint(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  point: PriceUnits,
): QuantityUnits {
  if (!reaches(order, point)) return 0;
  const ladder = pointLadder(market, order, point);
  if (ladder === null) return market.barLeft;
  let sum = core.model.consumeLiquidity ? -(market.barDepth?.taken(order.sign) ?? 0) : 0;
  for (let level = 0; reaches(order, ladder.priceAt(level)); level += 1) sum += ladder.quantityAt(level);
  return Math.min(sum, market.barLeft);
}

/** The depth assumed at a point of the bar in progress; null where none is, or no volume is known to scale it by. */
export function pointLadder(market: InstrumentMarket, order: WorkingOrder, point: PriceUnits): TouchLadder | null {
  return market.barDepth?.at(market.bar, point, order.sign, market.activity?.recentVolume ?? 0) ?? null;
}

/** A taker fill at a bar's price, as far as the bar's volume and the depth assumed behind the price allow. */
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
  const ts = core.stamp(order, dataTs);
  if (market.barDepth !== null) {
    const ladder = pointLadder(market, order, price);
    if (ladder !== null) {
      takeLadder(core, market, order, ladder, quantity, `${model}-ladder`, ts);
      return;
    }
  }
  market.barLeft -= quantity;
  takeAt(core, market, order, quantity, price, price, model, ts);
}

function takeLadder(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  ladder: TouchLadder,
  quantity: QuantityUnits,
  model: string,
  ts: EpochMs,
): void {
  const { barDepth } = market;
  const reference = ladder.priceAt(0);
  let gone = core.model.consumeLiquidity ? (barDepth?.taken(order.sign) ?? 0) : 0;
  let left = quantity;
  for (let level = 0; left > 0 && !order.done; level += 1) {
    const price = ladder.priceAt(level);
    if (!reaches(order, price)) return;
    const displayed = ladder.quantityAt(level);
    const skipped = Math.min(gone, displayed);
    gone -= skipped;
    const part = Math.min(left, displayed - skipped, core.room(order));
    if (part <= 0) continue;
    left -= part;
    market.barLeft -= part;
    barDepth?.take(order.sign, part);
    takeAt(core, market, order, part, price, reference, model, ts);
  }
}
