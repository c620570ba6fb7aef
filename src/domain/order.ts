import type { Decimal } from './decimal.ts';
import type { InstrumentId } from './instrument.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from './units.ts';

export type OrderId = string;
export type Side = 'buy' | 'sell';
/** trailing-stop: the engine watches over it and sends a market order; no venue ever sees the type. */
export type OrderType = 'market' | 'limit' | 'stop' | 'stop-limit' | 'trailing-stop';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'DAY' | 'GTD';
export type AccountKind = 'paper' | 'live';
/** Who asked for the order. `exit` = a protective exit of the portfolio, `flatten` = the kill switch. */
export type OrderSource = 'manual' | 'strategy' | 'exit' | 'flatten';

/** What somebody wants done. Quantities and prices in the instrument's integer units (units.ts). */
export interface OrderIntent {
  readonly accountId: string;
  readonly accountKind: AccountKind;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: QuantityUnits;
  /** Limit price; required for limit and stop-limit, null otherwise. */
  readonly price: PriceUnits | null;
  /** Stop trigger; required for stop and stop-limit, null otherwise. */
  readonly trigger: PriceUnits | null;
  readonly timeInForce: TimeInForce;
  /** End of life for GTD, null otherwise. */
  readonly expireAt: EpochMs | null;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly source: OrderSource;
  readonly strategyId: string | null;
  /** Why, in words: the signal, the exit rule, the user's note. */
  readonly note: string | null;
  /** The caller's idempotency key: the same key never makes a second order. */
  readonly idempotencyKey: string | null;
}

/** Meaning and transitions: order-state.ts. */
export type OrderStatus =
  | 'INITIALIZED'
  | 'DENIED'
  | 'EMULATED'
  | 'RELEASED'
  | 'SUBMITTED'
  | 'ACCEPTED'
  | 'REJECTED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'TRIGGERED'
  | 'PENDING_UPDATE'
  | 'PENDING_CANCEL'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  /** Sent, outcome not known: must be asked of the venue, never resent. */
  | 'UNKNOWN';

export interface Order extends OrderIntent {
  readonly id: OrderId;
  readonly status: OrderStatus;
  /** The status to return to when a pending change is refused. */
  readonly previousStatus: OrderStatus;
  readonly filled: QuantityUnits;
  /** Sum of price x quantity over fills, in quote currency. Average price = filledNotional / filled. */
  readonly filledNotional: Decimal;
  readonly fees: Decimal;
  readonly venueOrderId: string | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** Code and sentence of the last refusal, cancel or expiry. */
  readonly reasonCode: string | null;
  readonly reason: string | null;
}
