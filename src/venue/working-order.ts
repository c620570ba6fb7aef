import type { Decimal } from '../domain/decimal.ts';
import type { Order, OrderStatus, OrderType } from '../domain/order.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';

/** `ahead` of an order whose place in a queue means nothing: trades at its price fill it by chance (touchFillProbability). */
export const NO_QUEUE = -1;
/** `ahead` of an order behind everything that is displayed: its queue is read when the level comes into view. */
export const OUT_OF_VIEW = -2;

/** One order the venue holds. Mutable on purpose: the matching loop changes it in place. */
export class WorkingOrder {
  readonly intent: Order;
  readonly id: string;
  readonly type: OrderType;
  /** +1 buy, -1 sell: `sign * (a - b) > 0` reads "a is worse than b for this order". */
  readonly sign: 1 | -1;
  /** Delay of the submit that brought it here, ms. */
  readonly latencyMs: number;
  readonly acceptedAt: EpochMs;
  price: PriceUnits;
  trigger: PriceUnits;
  /** Worst price a market-type order may take under price protection; 0 = none. Set anew with every chance it gets. */
  protection: PriceUnits = 0;
  quantity: QuantityUnits;
  filled: QuantityUnits;
  filledNotional: Decimal;
  fees: Decimal;
  updatedAt: EpochMs;
  expireAt: EpochMs = Number.POSITIVE_INFINITY;
  /** A stop that has fired; true from the start for market and limit orders. */
  active: boolean;
  /** Filled, cancelled, expired or rejected: no longer held. */
  done = false;
  /** In one of the market's ladders or among the waiting. */
  isHeld = false;
  /** Waits for the first open after it (bars only). */
  waiting = false;
  /** Has been through one matching opportunity; a favourable first match is a taker's, a later one a maker's. */
  rested = false;
  /** Quantity displayed before us at our price, NO_QUEUE or OUT_OF_VIEW. */
  ahead: number = NO_QUEUE;
  /** Quantity that has left the queue by what the book shows; trades up to `explainedAt` may be the same departure. */
  explained: QuantityUnits = 0;
  explainedAt: EpochMs = 0;
  /** Displayed quantity when the queue was last compared; for pro-rata cancels. */
  shown: QuantityUnits = 0;
  /** Trades at our price since `shown`. */
  tradedSinceShown: QuantityUnits = 0;
  /** Number of the market event during which it was accepted. */
  bornIn = -1;
  /** Number of the matching pass that has already looked at this order. */
  seen = 0;
  /** Number of the bar during whose walk it was accepted; 0 otherwise. */
  bar = 0;
  /** Order of arrival at its place; a change that costs priority takes a new one. */
  sequence = 0;
  /** Sort key within its ladder. */
  key = 0;

  constructor(order: Order, acceptedAt: EpochMs, latencyMs: number) {
    this.intent = order;
    this.id = order.id;
    this.type = order.type;
    this.sign = order.side === 'buy' ? 1 : -1;
    this.price = order.price ?? 0;
    this.trigger = order.trigger ?? 0;
    this.quantity = order.quantity;
    this.filled = order.filled;
    this.filledNotional = order.filledNotional;
    this.fees = order.fees;
    this.acceptedAt = acceptedAt;
    this.updatedAt = acceptedAt;
    this.latencyMs = latencyMs;
    this.active = order.type === 'market' || order.type === 'limit' || order.status === 'TRIGGERED';
  }

  get leaves(): QuantityUnits {
    return this.quantity - this.filled;
  }

  /** No limit price: takes whatever the market gives once active. */
  get isMarketType(): boolean {
    return this.type === 'market' || this.type === 'stop';
  }

  /** The order as the rest of the product knows it. */
  toOrder(): Order {
    let status: OrderStatus = 'ACCEPTED';
    if (this.filled > 0) status = 'PARTIALLY_FILLED';
    else if (this.active && this.trigger > 0) status = 'TRIGGERED';
    return {
      ...this.intent,
      status,
      previousStatus: status,
      price: this.price === 0 ? null : this.price,
      trigger: this.trigger === 0 ? null : this.trigger,
      quantity: this.quantity,
      filled: this.filled,
      filledNotional: this.filledNotional,
      fees: this.fees,
      venueOrderId: venueOrderId(this.id),
      updatedAt: this.updatedAt,
      reasonCode: null,
      reason: null,
    };
  }
}

/** The limit an active order takes up to; 0 = any price. A market-type order has one only under price protection. */
export function limitOf(order: WorkingOrder): PriceUnits {
  return order.isMarketType ? order.protection : order.price;
}

/** Derived from the order's own id, so that it is the same after a restart. */
export function venueOrderId(orderId: string): string {
  return `V-${orderId}`;
}
