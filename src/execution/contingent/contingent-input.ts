import type { InstrumentId } from '../../domain/instrument.ts';
import type { Order, OrderId, OrderStatus } from '../../domain/order.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import type { LinkedOrder } from './linked-order.ts';
import type { PriceNow } from './price-trigger.ts';

export type ContingentInput =
  /** New orders, sent or held from here, and the positions they are about by "account instrument". */
  | {
      readonly kind: 'add';
      readonly orders: readonly LinkedOrder[];
      readonly nets: Readonly<Record<string, QuantityUnits>>;
      readonly now: EpochMs;
    }
  /**
   * The present state of orders of one account in one instrument with the position that belongs to it. `refused`: the venue
   * said no to a change or cancel of this one.
   */
  | {
      readonly kind: 'news';
      readonly orders: readonly OrderNews[];
      readonly refused: OrderId | null;
      readonly accountId: string;
      readonly instrument: InstrumentId;
      readonly net: QuantityUnits;
      readonly now: EpochMs;
    }
  | { readonly kind: 'price'; readonly instrument: InstrumentId; readonly price: PriceNow; readonly now: EpochMs }
  | { readonly kind: 'time'; readonly now: EpochMs }
  /** The order that a submit or hold made. */
  | { readonly kind: 'made'; readonly name: string; readonly order: OrderNews }
  /** A command that was refused before it left. */
  | { readonly kind: 'refused'; readonly name: string; readonly now: EpochMs }
  /** The user does not want it any more. */
  | { readonly kind: 'drop'; readonly name: string; readonly now: EpochMs }
  /** The user has moved it; the order has these terms already. */
  | {
      readonly kind: 'moved';
      readonly name: string;
      readonly price: PriceUnits | null;
      readonly trigger: PriceUnits | null;
      readonly quantity: QuantityUnits;
      readonly now: EpochMs;
    }
  /** An order that is linked to one of the book's only now: it becomes part of a group. */
  | { readonly kind: 'join'; readonly name: string; readonly group: string; readonly now: EpochMs }
  | { readonly kind: 'stand-down'; readonly accountId: string | null; readonly on: boolean; readonly now: EpochMs };

export type OrderNews = Pick<Order, 'id' | 'quantity' | 'filled' | 'price' | 'trigger'> & {
  readonly status: OrderStatus;
};
