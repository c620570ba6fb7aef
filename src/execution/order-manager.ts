import { JournalledOrderManager } from './journalled-order-manager.ts';
import type { OrderIdSource } from './order-ids.ts';
import type { OrderCounters, OrderLatencies, OrderListener } from './order-intake.ts';
import type { OrderFault, OrderRefusal } from './order-refusal.ts';
import type { OrderFilter } from './order-table.ts';
import type { Broker, OrderChange } from '../brokers/broker.ts';
import type { Clock } from '../clock/clock.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { Order, OrderId, OrderIntent } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Result } from '../domain/refusal.ts';
import type { QuantityUnits } from '../domain/units.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';
import type { RiskGate } from '../risk/gate.ts';

export interface OrderManagerOptions {
  readonly clock: Clock;
  readonly journal: Journal;
  /** Who executes for an account. The same broker may serve several accounts. */
  readonly brokers: ReadonlyMap<string, Broker>;
  readonly gate: RiskGate;
  /** Books the fill in the portfolio; returns the position and balance records that become durable together with it. */
  readonly applyFill: (fill: Fill) => readonly JournalRecord[];
  readonly idSource: OrderIdSource;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  /** An order of an earlier run with this idempotency key. */
  readonly findByKey?: (key: string) => Order | null;
  /** Bounds the memory of a session without an end. Without it every order of the run stays. */
  readonly retention?: { readonly keepClosed: number; readonly find: (id: OrderId) => OrderOfJournal | null };
  readonly onFault?: (fault: OrderFault) => void;
  /** Wait for a live venue's answer before the order is UNKNOWN. A venue inside this process cannot lose a message. */
  readonly answerWithinMs?: number;
}

export interface OrderOfJournal {
  readonly order: Order;
  readonly fills: readonly Fill[];
}

export interface OrderManager {
  /** Ok once the intent is durable and handed to the broker; the order may already be filled, or rejected, or UNKNOWN. */
  submit(intent: OrderIntent): Result<Order, OrderRefusal>;
  /**
   * Makes an order that stays here (EMULATED) until it is released. Its terms are checked; risk is asked when it is sent,
   * so whoever places it for a user asks risk before.
   */
  hold(intent: OrderIntent): Result<Order, OrderRefusal>;
  /** Sends a held order for this quantity. What risk refuses now is denied. */
  release(orderId: OrderId, quantity: QuantityUnits): Result<Order, OrderRefusal>;
  /** Other terms of a held order, durable before it returns. Risk is asked when it is sent. */
  amend(orderId: OrderId, change: OrderChange): Result<Order, OrderRefusal>;
  /** The end of a held order's life. */
  expire(orderId: OrderId): Result<Order, OrderRefusal>;
  /** `reason` in words; it becomes the order's reason once the venue confirms. Sent even when the journal fails. */
  cancel(orderId: OrderId, reason: string): Result<Order, OrderRefusal>;
  modify(orderId: OrderId, change: OrderChange): Result<Order, OrderRefusal>;
  /** Cancels every order of the filter that is not closed, UNKNOWN ones included. */
  cancelAll(
    filter: OrderFilter,
    reason: string,
  ): { readonly sent: readonly OrderId[]; readonly refused: readonly OrderRefusal[] };
  /** Asks the live venues about all orders that are not closed, or about all there are. Returns how many are asked for. */
  reconcile(which?: 'open' | 'all'): number;
  /** Takes an order over after a restart, without journal or listeners. */
  restore(order: Order, fills: readonly Fill[]): void;
  /** Applies what recovery found out, as if the venue had said it. */
  resolve(event: OrderEvent): void;
  /** Asks the venue about one order until its outcome is known. */
  inquire(orderId: OrderId): void;
  find(orderId: OrderId): Order | null;
  findByKey(key: string): Order | null;
  /** Those in memory: every open one, and of the closed ones as many as `retention` keeps. */
  orders(): readonly Order[];
  /** Everything not closed, in-flight and UNKNOWN included, oldest first. */
  openOrders(accountId: string): readonly Order[];
  history(orderId: OrderId): readonly OrderEvent[];
  onOrder(listener: OrderListener): () => void;
  readonly counters: Readonly<OrderCounters>;
  readonly latencies: OrderLatencies;
  /** Batches of records that the journal has refused so far; above zero nothing new is sent. */
  readonly unwritten: number;
  /** Stops timers and inquiries. Sends nothing. */
  stop(): void;
}

/** Journal first: nothing reaches a broker before it is written down, and nothing that came back is lost or counted twice. */
export function createOrderManager(options: OrderManagerOptions): OrderManager {
  return new JournalledOrderManager(options);
}
