import type { Fill } from '../domain/fill.ts';
import type { Order } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { Columns, FIRST, type Row } from './columns.ts';
import type { InstrumentBook } from './encode.ts';

export function decodeOrder(row: Row, book: InstrumentBook): Order {
  const c = new Columns(row, FIRST);
  const id = c.text();
  const accountId = c.text();
  const accountKind = c.text<Order['accountKind']>();
  const instrument = c.text();
  const { priceDigits, quantityDigits } = book.get(instrument);
  return {
    id,
    accountId,
    accountKind,
    instrument,
    side: c.text<Order['side']>(),
    source: c.text<Order['source']>(),
    strategyId: c.textOrNull(),
    note: c.textOrNull(),
    idempotencyKey: c.textOrNull(),
    createdAt: c.number(),
    status: c.text<Order['status']>(),
    previousStatus: c.text<Order['status']>(),
    type: c.text<Order['type']>(),
    timeInForce: c.text<Order['timeInForce']>(),
    expireAt: c.numberOrNull(),
    postOnly: c.flag(),
    reduceOnly: c.flag(),
    quantity: c.units(quantityDigits),
    price: c.unitsOrNull(priceDigits),
    trigger: c.unitsOrNull(priceDigits),
    filled: c.units(quantityDigits),
    filledNotional: c.money(),
    fees: c.money(),
    venueOrderId: c.textOrNull(),
    updatedAt: c.number(),
    reasonCode: c.textOrNull(),
    reason: c.textOrNull(),
  };
}

/** `from` is the place of the column `event` in the row; `fillOf` finds the execution of a trade of this order. */
export function decodeOrderEvent(
  row: Row,
  from: number,
  order: Order,
  book: InstrumentBook,
  fillOf: (tradeId: string) => Fill,
): OrderEvent | null {
  const c = new Columns(row, from);
  const type = c.text<OrderEvent['type'] | 'intent'>();
  if (type === 'intent') return null;
  const { priceDigits, quantityDigits } = book.get(order.instrument);
  const orderId = order.id;
  const ts = c.number();
  const code = c.textOrNull() ?? '';
  const sentence = c.textOrNull() ?? '';
  const venueOrderId = c.textOrNull() ?? '';
  switch (type) {
    case 'accepted':
      return { type, orderId, ts, venueOrderId };
    case 'updated': {
      const price = c.unitsOrNull(priceDigits);
      const trigger = c.unitsOrNull(priceDigits);
      return { type, orderId, ts, price, trigger, quantity: c.units(quantityDigits) };
    }
    case 'filled': {
      c.take();
      c.take();
      c.take();
      return { type, orderId, ts, fill: fillOf(c.text()) };
    }
    case 'emulated':
    case 'released':
    case 'submitted':
    case 'triggered':
    case 'pending-update':
    case 'pending-cancel':
      return { type, orderId, ts };
    default:
      return { type, orderId, ts, code, sentence };
  }
}
