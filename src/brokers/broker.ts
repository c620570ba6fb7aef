import type { Order, OrderId } from '../domain/order.ts';
import type { VenueEvent } from '../domain/order-event.ts';
import type { PriceUnits, QuantityUnits } from '../domain/units.ts';

export interface OrderChange {
  readonly price: PriceUnits | null;
  readonly trigger: PriceUnits | null;
  readonly quantity: QuantityUnits;
}

/** What the venue says when asked about one order. */
export type OrderInquiry =
  | { readonly known: true; readonly order: Order; readonly events: readonly VenueEvent[] }
  | { readonly known: false };

/**
 * The port to whoever executes. Commands return nothing: every outcome arrives as a VenueEvent through the listener,
 * during the call (a simulated venue without latency) or later. A transport failure whose outcome is not proven is
 * reported with `onUnknown`; the order manager then inquires and never resends.
 */
export interface Broker {
  readonly id: string;
  readonly kind: 'paper' | 'live';
  submit(order: Order): void;
  cancel(orderId: OrderId): void;
  modify(orderId: OrderId, change: OrderChange): void;
  inquire(orderId: OrderId): Promise<OrderInquiry>;
  listen(listener: BrokerListener): void;
}

export interface BrokerListener {
  onEvent(event: VenueEvent): void;
  onUnknown(orderId: OrderId, sentence: string): void;
}
