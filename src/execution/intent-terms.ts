import { ZERO } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order, OrderId, OrderIntent } from '../domain/order.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EpochMs, QuantityUnits } from '../domain/units.ts';

/** What makes an intent no order at all, whatever risk thinks of it; null when it is sound. */
export function brokenTerms(intent: OrderIntent, instrument: Instrument): Refusal | null {
  const { type, price, trigger, quantity } = intent;
  if (!Number.isSafeInteger(quantity) || quantity <= 0) {
    return bad('The quantity must be a whole number of quantity units above zero.', String(quantity));
  }
  const wantsPrice = type === 'limit' || type === 'stop-limit';
  if (wantsPrice !== (price !== null)) {
    return bad(`A ${type} order ${wantsPrice ? 'needs a limit price' : 'takes no limit price'}.`, String(price));
  }
  const wantsTrigger = type === 'stop' || type === 'stop-limit';
  // A trailing stop has a trigger once it follows the market.
  if (type !== 'trailing-stop' && wantsTrigger !== (trigger !== null)) {
    return bad(
      `A ${type} order ${wantsTrigger ? 'needs a trigger price' : 'takes no trigger price'}.`,
      String(trigger),
    );
  }
  if ((price !== null && !Number.isSafeInteger(price)) || (trigger !== null && !Number.isSafeInteger(trigger))) {
    return bad(`Prices of ${instrument.symbol} must be whole numbers of price units.`, String(price ?? trigger));
  }
  if ((intent.timeInForce === 'GTD') !== (intent.expireAt !== null)) {
    return bad(
      intent.timeInForce === 'GTD' ? 'A GTD order needs its end of life.' : 'Only a GTD order takes an end of life.',
      String(intent.expireAt),
    );
  }
  return null;
}

function bad(sentence: string, value: string): Refusal {
  return { code: 'ORDER_TERMS', sentence, value };
}

/** True when a repeated idempotency key asks for the same thing again. */
export function sameIntent(a: OrderIntent, b: OrderIntent): boolean {
  return (
    a.accountId === b.accountId &&
    a.instrument === b.instrument &&
    a.side === b.side &&
    a.type === b.type &&
    a.price === b.price &&
    a.trigger === b.trigger &&
    a.reduceOnly === b.reduceOnly &&
    // Risk may have clamped a reduce-only order, and after a restart only the clamped quantity is known.
    (a.quantity === b.quantity || a.reduceOnly)
  );
}

/** The intent as an order that nobody has seen yet. One literal, so that all orders have one shape. */
export function newOrder(intent: OrderIntent, id: OrderId, quantity: QuantityUnits, now: EpochMs): Order {
  return {
    accountId: intent.accountId,
    accountKind: intent.accountKind,
    instrument: intent.instrument,
    side: intent.side,
    type: intent.type,
    quantity,
    price: intent.price,
    trigger: intent.trigger,
    timeInForce: intent.timeInForce,
    expireAt: intent.expireAt,
    postOnly: intent.postOnly,
    reduceOnly: intent.reduceOnly,
    source: intent.source,
    strategyId: intent.strategyId,
    note: intent.note,
    idempotencyKey: intent.idempotencyKey,
    id,
    status: 'INITIALIZED',
    previousStatus: 'INITIALIZED',
    filled: 0,
    filledNotional: ZERO,
    fees: ZERO,
    venueOrderId: null,
    createdAt: now,
    updatedAt: now,
    reasonCode: null,
    reason: null,
  };
}
