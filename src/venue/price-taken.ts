import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { InstrumentMarket } from './instrument-market.ts';
import type { Execution, VenueCore } from './venue-core.ts';
import { limitOf, type WorkingOrder } from './working-order.ts';

/**
 * What a taker fill of the market's `price` costs under the model. Impact counts from `reference`, the best price, and is
 * not added to the walk through a book that shows the same thing: the worse of the two holds. Slippage comes on top.
 * Neither passes the order's limit nor goes below one tick.
 */
export function priceTaken(
  core: VenueCore,
  market: InstrumentMarket,
  order: WorkingOrder,
  quantity: QuantityUnits,
  price: PriceUnits,
  reference: PriceUnits,
  model: string,
  ts: EpochMs,
): Execution {
  const { sign } = order;
  let name = model;
  let moved = price;
  const { impact } = market;
  if (impact !== null) {
    const shift = impact.shift(sign, reference, quantity, ts);
    name += shift < 0 ? '+impact-unknown' : '+impact';
    const modelled = reference + sign * shift;
    if (shift > 0 && sign * (modelled - price) > 0) moved = within(market, order, modelled);
    impact.took(sign, quantity, ts);
  }
  let paid = moved;
  if (core.slippage !== null) {
    paid = within(market, order, moved + sign * core.slippage.shift(market, order, moved));
    name += core.slippage.suffix;
  }
  return { price: paid, liquidity: 'taker', model: name, reference, slippage: sign * (paid - moved) };
}

function within(market: InstrumentMarket, order: WorkingOrder, price: PriceUnits): PriceUnits {
  const limit = limitOf(order);
  const possible = Math.max(market.instrument.tick, price);
  return limit !== 0 && order.sign * (possible - limit) > 0 ? limit : possible;
}
