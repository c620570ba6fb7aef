import type { Instrument } from '../domain/instrument.ts';
import { quantityText } from '../domain/instrument.ts';
import type { AccountKind, OrderIntent } from '../domain/order.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';
import type { QuantityUnits } from '../domain/units.ts';
import { percent } from './findings.ts';
import type { ReferencePrice } from './gate.ts';

/** `collar`: how far through the touch the limit may go, as a fraction. */
export type ClosingStyle = { readonly kind: 'limit'; readonly collar: number } | { readonly kind: 'market' };

interface Closing {
  readonly accountId: string;
  readonly accountKind: AccountKind;
  readonly instrument: string;
  readonly quantity: QuantityUnits;
}

/** The reduce-only order that closes a position. Refuses PRICE_UNAVAILABLE and DUST. */
export function closingIntent(
  position: Closing,
  instrument: Instrument,
  reference: ReferencePrice | null,
  style: ClosingStyle,
  reason: string,
): Result<OrderIntent> {
  const side = position.quantity > 0 ? 'sell' : 'buy';
  const touch = reference === null ? 0 : (side === 'sell' ? reference.bid : reference.ask) || reference.last;
  if (!(touch > 0)) {
    return refuse(
      'PRICE_UNAVAILABLE',
      `There is no price for ${instrument.symbol} to close at; check its feed or close it at the venue.`,
    );
  }
  const whole = Math.abs(position.quantity);
  const quantity = Math.floor(whole / instrument.step) * instrument.step;
  if (quantity < instrument.minQuantity || quantity === 0) {
    return refuse(
      'DUST',
      `${quantityText(instrument, whole)} ${instrument.symbol} is less than the smallest order (${quantityText(instrument, instrument.minQuantity)}) and cannot be closed by one.`,
    );
  }
  const asked = instrument.maxQuantity === null ? quantity : Math.min(quantity, instrument.maxQuantity);
  const limit = style.kind === 'limit';
  return ok({
    accountId: position.accountId,
    accountKind: position.accountKind,
    instrument: position.instrument,
    side,
    type: limit ? 'limit' : 'market',
    quantity: asked,
    price: limit ? collared(touch, side, style.collar, instrument.tick) : null,
    trigger: null,
    timeInForce: 'IOC',
    expireAt: null,
    postOnly: false,
    reduceOnly: true,
    source: 'flatten',
    strategyId: null,
    note: limit ? `flatten within ${percent(String(style.collar))}: ${reason}` : `flatten at market: ${reason}`,
    idempotencyKey: null,
  });
}

/** Rounded towards the touch: never further through it than the collar says, and never off the tick grid. */
function collared(touch: number, side: 'buy' | 'sell', collar: number, tick: number): number {
  const bound = side === 'sell' ? touch * (1 - collar) : touch * (1 + collar);
  const price = side === 'sell' ? Math.ceil(bound / tick) * tick : Math.floor(bound / tick) * tick;
  return Math.max(tick, price);
}
