import { hasTrade, noteEvent, noteTrade, type OrderEntry, type OrderTable } from './order-table.ts';
import type { Clock } from '../clock/clock.ts';
import type { Fill } from '../domain/fill.ts';
import type { Order } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { applyOrderEvent } from '../domain/order-state.ts';
import type { JournalRecord } from '../journal/journal.ts';
import { QuantileSketch } from './analytics/quantile-sketch.ts';
import type { CommitQueue } from './commit-queue.ts';
import { NOT_AT_VENUE, type OrderFault } from './order-refusal.ts';
import { messageOf } from '../domain/refusal.ts';

export interface OrderCounters {
  /** Orders whose intent was committed for sending. */
  submitted: number;
  filled: number;
  cancelled: number;
  expired: number;
  rejected: number;
  denied: number;
  /** Events and fills that arrived more than once and were ignored. */
  repeated: number;
  /** Events that were impossible for their order; each is in the audit log. */
  refused: number;
}

/** In ms from the send, as the engine's clock saw them; one value per acknowledged order and per fill. */
export interface OrderLatencies {
  readonly ack: QuantileSketch;
  readonly fill: QuantileSketch;
}

/** `event` is null for an order that was taken over after a restart. */
export type OrderListener = (order: Order, event: OrderEvent | null) => void;

interface IntakeOptions {
  readonly clock: Clock;
  readonly table: OrderTable;
  readonly commits: CommitQueue;
  readonly applyFill: (fill: Fill) => readonly JournalRecord[];
  readonly onFault: (fault: OrderFault) => void;
  /** The venue says something about the order that ours cannot be true beside. */
  readonly onContradiction: (entry: OrderEntry, event: OrderEvent) => void;
}

/** Applies events to orders: state machine, portfolio, journal and listeners, in this order and in one transaction each. */
export class OrderIntake {
  readonly counters: OrderCounters = {
    submitted: 0,
    filled: 0,
    cancelled: 0,
    expired: 0,
    rejected: 0,
    denied: 0,
    repeated: 0,
    refused: 0,
  };
  readonly ackLatencies = new QuantileSketch();
  readonly fillLatencies = new QuantileSketch();
  readonly #options: IntakeOptions;
  readonly #listeners: OrderListener[] = [];
  #news: { order: Order; event: OrderEvent | null }[] = [];
  #held = 0;
  #delivering = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  listen(listener: OrderListener): () => void {
    this.#listeners.push(listener);
    return () => {
      const place = this.#listeners.indexOf(listener);
      if (place !== -1) this.#listeners.splice(place, 1);
    };
  }

  /** Keeps listeners quiet while a command is handed to a broker, so that none acts on an order that is not there yet. */
  hold(): void {
    this.#held += 1;
  }

  release(): void {
    this.#held -= 1;
    if (this.#held === 0 && !this.#delivering) this.#deliver();
  }

  notify(order: Order, event: OrderEvent | null): void {
    if (this.#listeners.length === 0) return;
    this.#news.push({ order, event });
    if (this.#held === 0 && !this.#delivering) this.#deliver();
  }

  /** Listeners may send orders: what follows from them is delivered after, first come first served. */
  #deliver(): void {
    this.#delivering = true;
    for (let next = 0; next < this.#news.length; next += 1) {
      const news = this.#news[next];
      if (news === undefined) break;
      for (const listener of this.#listeners) {
        try {
          listener(news.order, news.event);
        } catch (error) {
          this.fault({
            code: 'LISTENER_THREW',
            orderId: news.order.id,
            sentence: `A part of the engine failed on news of order ${news.order.id}: ${messageOf(error)}`,
          });
        }
      }
    }
    this.#news = [];
    this.#delivering = false;
  }

  fault(fault: OrderFault, detail = '{}'): void {
    this.#options.commits.after([
      {
        kind: 'audit',
        audit: { at: this.#options.clock.now(), actor: 'engine', action: fault.code, reason: fault.sentence, detail },
      },
    ]);
    this.#options.onFault(fault);
  }

  /** An event from outside, in any order and any number of times. */
  receive(event: OrderEvent): void {
    const entry = this.#options.table.get(event.orderId);
    if (entry === undefined) {
      this.counters.refused += 1;
      this.fault(
        {
          code: 'ORDER_NOT_OURS',
          orderId: event.orderId,
          ...(event.type === 'filled' ? { unbooked: event.fill.accountId } : {}),
          sentence: `The venue reports "${event.type}" for order ${event.orderId}, which this engine does not know; check the account for orders placed elsewhere.`,
        },
        JSON.stringify(event),
      );
      return;
    }
    if (isRepeated(entry, event)) {
      this.counters.repeated += 1;
      return;
    }
    if (event.type === 'canceled' && entry.cancelReason !== null && event.code !== NOT_AT_VENUE) {
      this.apply(entry, { ...event, code: 'CANCEL_REQUESTED', sentence: entry.cancelReason });
    } else this.apply(entry, event);
  }

  apply(entry: OrderEntry, event: OrderEvent): boolean {
    const { instrument, order } = entry;
    if (instrument === null) return false;
    const result = applyOrderEvent(order, event, instrument);
    if (!result.ok) {
      this.#refused(entry, event, result.error.sentence);
      return false;
    }
    const next = result.value;
    let records: readonly JournalRecord[];
    if (event.type === 'filled') {
      const booked = this.#book(entry, event.fill, { kind: 'order', order: next, event });
      if (booked === null) return false;
      records = booked;
    } else {
      this.#noteAnswer(entry, event);
      records = [{ kind: 'order', order: next, event }];
    }
    this.#options.table.replace(entry, next);
    noteEvent(entry, event);
    if (next.status !== order.status) this.#count(order, next);
    this.#options.commits.after(records);
    this.notify(next, event);
    return true;
  }

  /** Applies an event of ours that must be durable before its command is sent. False: nothing has changed. */
  applyBefore(entry: OrderEntry, event: OrderEvent): boolean {
    const { instrument, order } = entry;
    if (instrument === null) return false;
    const result = applyOrderEvent(order, event, instrument);
    if (!result.ok) return false;
    if (!this.#options.commits.before([{ kind: 'order', order: result.value, event }])) return false;
    this.#options.table.replace(entry, result.value);
    noteEvent(entry, event);
    this.notify(result.value, event);
    return true;
  }

  /** Several events of ours in one commit, with the same promise. */
  applyAllBefore(entry: OrderEntry, events: readonly OrderEvent[]): boolean {
    const { instrument } = entry;
    if (instrument === null) return false;
    const records: { kind: 'order'; order: Order; event: OrderEvent }[] = [];
    let { order } = entry;
    for (const event of events) {
      const result = applyOrderEvent(order, event, instrument);
      if (!result.ok) return false;
      order = result.value;
      records.push({ kind: 'order', order, event });
    }
    if (!this.#options.commits.before(records)) return false;
    this.#options.table.replace(entry, order);
    for (const record of records) {
      noteEvent(entry, record.event);
      this.notify(record.order, record.event);
    }
    return true;
  }

  #book(entry: OrderEntry, fill: Fill, changed: JournalRecord): readonly JournalRecord[] | null {
    let consequences: readonly JournalRecord[];
    try {
      consequences = this.#options.applyFill(fill);
    } catch (error) {
      this.counters.refused += 1;
      this.fault(
        {
          code: 'FILL_NOT_BOOKED',
          orderId: fill.orderId,
          unbooked: fill.accountId,
          sentence: `Fill ${fill.tradeId} of order ${fill.orderId} could not be booked: ${messageOf(error)} Stop trading this account and check its positions.`,
        },
        JSON.stringify(fill),
      );
      return null;
    }
    const latency = this.#options.clock.now() - entry.submittedAt;
    if (entry.ackLatencyMs === null) {
      entry.ackLatencyMs = latency;
      this.ackLatencies.add(latency);
    }
    this.fillLatencies.add(latency);
    noteTrade(entry, fill.tradeId);
    return [
      changed,
      { kind: 'execution', execution: { fill, ackLatencyMs: entry.ackLatencyMs, fillLatencyMs: latency } },
      ...consequences,
    ];
  }

  #noteAnswer(entry: OrderEntry, event: OrderEvent): void {
    if (entry.ackLatencyMs !== null || entry.commands === 0) return;
    const { type } = event;
    if (type === 'accepted' || type === 'rejected' || type === 'canceled' || type === 'expired') {
      entry.ackLatencyMs = this.#options.clock.now() - entry.submittedAt;
      this.ackLatencies.add(entry.ackLatencyMs);
    }
  }

  #refused(entry: OrderEntry, event: OrderEvent, sentence: string): void {
    this.counters.refused += 1;
    const unbooked = event.type === 'filled' ? { unbooked: entry.order.accountId } : {};
    this.fault({ code: 'EVENT_REFUSED', orderId: entry.order.id, sentence, ...unbooked }, JSON.stringify(event));
    this.#options.onContradiction(entry, event);
  }

  #count(before: Order, order: Order): void {
    const { counters } = this;
    if (before.status === 'FILLED') counters.filled -= 1;
    switch (order.status) {
      case 'FILLED':
        counters.filled += 1;
        break;
      case 'CANCELED':
        counters.cancelled += 1;
        break;
      case 'EXPIRED':
        counters.expired += 1;
        break;
      case 'REJECTED':
        counters.rejected += 1;
        break;
      default:
    }
  }
}

/**
 * The same trade, an event of the same kind and venue time, or the end that the order has reached already. While a change
 * travels only what came after it counts: a second change may be answered like the first within one millisecond.
 */
function isRepeated(entry: OrderEntry, event: OrderEvent): boolean {
  if (event.type === 'filled') return hasTrade(entry, event.fill.tradeId);
  const { order, history } = entry;
  if (order.status === endOf(event)) return true;
  const isAnswer = event.type === 'updated' || event.type === 'cancel-rejected' || event.type === 'modify-rejected';
  const sinceCommand = isAnswer && (order.status === 'PENDING_CANCEL' || order.status === 'PENDING_UPDATE');
  for (let index = history.length - 1; index >= 0; index -= 1) {
    const known = history[index];
    if (known === undefined) break;
    if (sinceCommand && (known.type === 'pending-cancel' || known.type === 'pending-update')) return false;
    if (known.type !== event.type || known.ts !== event.ts) continue;
    if (event.type !== 'updated' || known.type !== 'updated') return true;
    if (known.price === event.price && known.trigger === event.trigger && known.quantity === event.quantity)
      return true;
  }
  return false;
}

/** The status in which news of this kind is old news. */
function endOf(event: OrderEvent): Order['status'] | null {
  switch (event.type) {
    case 'accepted':
      return 'ACCEPTED';
    case 'canceled':
      return 'CANCELED';
    case 'rejected':
      return 'REJECTED';
    case 'expired':
      return 'EXPIRED';
    default:
      return null;
  }
}
