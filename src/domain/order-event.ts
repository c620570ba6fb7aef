import type { Fill } from './fill.ts';
import type { OrderId } from './order.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from './units.ts';

interface OnOrder {
  readonly orderId: OrderId;
  readonly ts: EpochMs;
}
interface WithReason extends OnOrder {
  readonly code: string;
  readonly sentence: string;
}

export type OrderEvent =
  | (WithReason & { readonly type: 'denied' })
  | (OnOrder & { readonly type: 'emulated' })
  | (OnOrder & { readonly type: 'released' })
  | (OnOrder & { readonly type: 'submitted' })
  | (OnOrder & { readonly type: 'accepted'; readonly venueOrderId: string })
  | (WithReason & { readonly type: 'rejected' })
  | (WithReason & { readonly type: 'canceled' })
  | (WithReason & { readonly type: 'expired' })
  | (OnOrder & { readonly type: 'triggered' })
  | (OnOrder & { readonly type: 'pending-update' })
  | (OnOrder & { readonly type: 'pending-cancel' })
  | (OnOrder & {
      readonly type: 'updated';
      readonly price: PriceUnits | null;
      readonly trigger: PriceUnits | null;
      readonly quantity: QuantityUnits;
    })
  | (WithReason & { readonly type: 'modify-rejected' })
  | (WithReason & { readonly type: 'cancel-rejected' })
  | (OnOrder & { readonly type: 'filled'; readonly fill: Fill })
  /** The answer to a send, cancel or modify was lost; the venue must be asked. */
  | (WithReason & { readonly type: 'unknown' });

export type OrderEventType = OrderEvent['type'];
/** What a venue says about an order: everything but the events that only the engine makes. */
export type VenueEvent = Exclude<
  OrderEvent,
  { type: 'denied' | 'emulated' | 'released' | 'submitted' | 'pending-update' | 'pending-cancel' | 'unknown' }
>;
