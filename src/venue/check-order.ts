import { notional, priceText, quantityText, type Instrument } from '../domain/instrument.ts';
import { Decimal } from '../domain/decimal.ts';
import type { Order } from '../domain/order.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';

function no(code: string, sentence: string, value?: string, limit?: string): Refusal {
  return {
    code,
    sentence,
    ...(value === undefined ? {} : { value }),
    ...(limit === undefined ? {} : { limit }),
  };
}

export function checkQuantity(instrument: Instrument, quantity: QuantityUnits): Refusal | null {
  const { symbol, step, minQuantity, maxQuantity } = instrument;
  if (!Number.isSafeInteger(quantity) || quantity <= 0) {
    return no('QUANTITY_NOT_POSITIVE', `The quantity must be a whole number of units above zero, not ${quantity}.`);
  }
  const text = quantityText(instrument, quantity);
  if (quantity % step !== 0) {
    const limit = quantityText(instrument, step);
    return no(
      'QUANTITY_OFF_STEP',
      `Quantity ${text} is not a multiple of the step ${limit} of ${symbol}.`,
      text,
      limit,
    );
  }
  if (quantity < minQuantity) {
    const limit = quantityText(instrument, minQuantity);
    return no('QUANTITY_BELOW_MINIMUM', `Quantity ${text} is below the minimum ${limit} of ${symbol}.`, text, limit);
  }
  if (maxQuantity !== null && quantity > maxQuantity) {
    const limit = quantityText(instrument, maxQuantity);
    return no(
      'QUANTITY_ABOVE_MAXIMUM',
      `Quantity ${text} is above the maximum ${limit} of ${symbol}; split the order.`,
      text,
      limit,
    );
  }
  return null;
}

export function checkPrice(instrument: Instrument, what: string, price: PriceUnits | null): Refusal | null {
  if (price === null) return no('PRICE_MISSING', `The order needs a ${what}.`);
  if (!Number.isSafeInteger(price) || price <= 0) {
    return no('PRICE_NOT_POSITIVE', `The ${what} must be above zero, not ${price} units.`);
  }
  if (price % instrument.tick !== 0) {
    const text = priceText(instrument, price);
    const limit = priceText(instrument, instrument.tick);
    return no(
      'PRICE_OFF_TICK',
      `The ${what} ${text} is not a multiple of the tick size ${limit} of ${instrument.symbol}.`,
      text,
      limit,
    );
  }
  return null;
}

/** Minimum order value at `price`; skipped while no price is known (0). */
export function checkNotional(instrument: Instrument, price: PriceUnits, quantity: QuantityUnits): Refusal | null {
  if (price === 0 || instrument.minNotional === '0') return null;
  const value = notional(instrument, price, quantity);
  if (!value.lt(new Decimal(instrument.minNotional))) return null;
  return no(
    'NOTIONAL_BELOW_MINIMUM',
    `The order is worth ${value.toString()} ${instrument.quote}, below the minimum ${instrument.minNotional} of ${instrument.symbol}.`,
    value.toString(),
    instrument.minNotional,
  );
}

/** Terms that can never be right, whatever the market does. */
export function checkTerms(order: Order, instrument: Instrument, now: EpochMs): Refusal | null {
  const { type, timeInForce } = order;
  const quantity = checkQuantity(instrument, order.quantity);
  if (quantity !== null) return quantity;
  if (type === 'limit' || type === 'stop-limit') {
    const price = checkPrice(instrument, 'limit price', order.price);
    if (price !== null) return price;
  }
  if (type === 'stop' || type === 'stop-limit') {
    const trigger = checkPrice(instrument, 'stop trigger', order.trigger);
    if (trigger !== null) return trigger;
  }
  if (order.postOnly) {
    if (type !== 'limit' && type !== 'stop-limit') {
      return no('POST_ONLY_NOT_LIMIT', `A ${type} order takes liquidity; post-only needs a limit price.`);
    }
    if (timeInForce === 'IOC' || timeInForce === 'FOK') {
      return no('POST_ONLY_IMMEDIATE', `Post-only rests and ${timeInForce} does not; use one of them.`);
    }
  }
  if (timeInForce === 'GTD') {
    if (order.expireAt === null) return no('EXPIRE_TIME_MISSING', 'A GTD order needs the time it expires at.');
    if (order.expireAt <= now) {
      return no(
        'EXPIRE_TIME_PASSED',
        `The order expires at ${order.expireAt}, which has passed at ${now}.`,
        String(order.expireAt),
        String(now),
      );
    }
  }
  return null;
}
