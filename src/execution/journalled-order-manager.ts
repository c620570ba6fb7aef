import { CommitQueue } from './commit-queue.ts';
import { InFlightWatch } from './in-flight-watch.ts';
import { InquiryLoop } from './inquiry.ts';
import { brokenTerms, newOrder, sameIntent } from './intent-terms.ts';
import { OrderIntake, type OrderCounters, type OrderLatencies, type OrderListener } from './order-intake.ts';
import type { OrderManager, OrderManagerOptions, OrderOfJournal } from './order-manager.ts';
import {
  finished,
  journalFailed,
  NOT_AT_VENUE,
  notFound,
  orderRefusal,
  type OrderFault,
  type OrderRefusal,
} from './order-refusal.ts';
import { noteTrade, OrderTable, type OrderEntry, type OrderFilter, type RecalledOrder } from './order-table.ts';
import { asSent } from './contingent/sent-terms.ts';
import { blockOf, placeOf, screen } from './screening.ts';
import type { Broker, OrderChange } from '../brokers/broker.ts';
import type { Fill } from '../domain/fill.ts';
import { quantityText, type Instrument } from '../domain/instrument.ts';
import type { Order, OrderId, OrderIntent } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { CANCELLABLE, IN_FLIGHT, LOCAL, TERMINAL } from '../domain/order-state.ts';
import { ok, type Refusal, type Result, messageOf } from '../domain/refusal.ts';
import type { QuantityUnits } from '../domain/units.ts';
import type { RiskVerdict } from '../risk/gate.ts';

const ANSWER_WITHIN_MS = 5_000;

export class JournalledOrderManager implements OrderManager {
  readonly #options: OrderManagerOptions;
  readonly #table: OrderTable;
  readonly #commits: CommitQueue;
  readonly #intake: OrderIntake;
  readonly #watch: InFlightWatch;
  readonly #inquiries: InquiryLoop;
  readonly latencies: OrderLatencies;
  /** The order under modification: its old terms must not count beside its new ones. */
  #changing: OrderId | null = null;

  constructor(options: OrderManagerOptions) {
    this.#options = options;
    const { clock, retention } = options;
    this.#table = new OrderTable(
      retention === undefined
        ? null
        : {
            keepClosed: retention.keepClosed,
            recall: (id) => this.#recall(retention.find(id)),
            mayForget: () => this.#commits.waiting === 0,
          },
    );
    const onFault = (fault: OrderFault): void => options.onFault?.(fault);
    this.#commits = new CommitQueue(options.journal, clock, (error, waiting) =>
      onFault({
        code: 'JOURNAL_FAILED',
        orderId: null,
        sentence: `The journal refused a commit (${messageOf(error)}); ${waiting} batches wait and nothing new is sent until it works again.`,
      }),
    );
    this.#intake = new OrderIntake({
      clock,
      table: this.#table,
      commits: this.#commits,
      applyFill: options.applyFill,
      onFault,
      onContradiction: (entry, event) => this.#contradicted(entry, event),
    });
    this.latencies = { ack: this.#intake.ackLatencies, fill: this.#intake.fillLatencies };
    this.#inquiries = new InquiryLoop({
      clock,
      apply: (event) => this.#intake.receive(event),
      fault: (fault) => this.#intake.fault(fault),
      onZombie: (entry) => this.#stopZombie(entry),
    });
    this.#watch = new InFlightWatch(clock, options.answerWithinMs ?? ANSWER_WITHIN_MS, (entry) =>
      this.#lost(entry, 'NO_ANSWER', 'The venue did not answer in time; it is being asked and nothing is sent again.'),
    );
    for (const broker of new Set(options.brokers.values())) {
      broker.listen({
        onEvent: (event) => this.#intake.receive(event),
        onUnknown: (orderId, sentence) => {
          const entry = this.#table.get(orderId);
          if (entry !== undefined) this.#lost(entry, 'OUTCOME_UNKNOWN', sentence);
        },
      });
    }
  }

  get counters(): Readonly<OrderCounters> {
    return this.#intake.counters;
  }

  get unwritten(): number {
    return this.#commits.waiting;
  }

  submit(intent: OrderIntent): Result<Order, OrderRefusal> {
    const { idempotencyKey } = intent;
    if (idempotencyKey !== null) {
      const before = this.#repeated(intent, idempotencyKey);
      if (before !== null) return before;
    }
    const screened = screen(intent, this.#options);
    if (screened.passed) return this.#send(intent, screened.broker, screened.instrument, screened.quantity);
    const { refusal, verdict, place } = screened;
    if (place === null) return this.#turnAway(intent, refusal);
    return this.#deny(intent, place.broker, place.instrument, refusal, verdict);
  }

  #send(intent: OrderIntent, broker: Broker, instrument: Instrument, quantity: number): Result<Order, OrderRefusal> {
    const now = this.#options.clock.now();
    const asked = newOrder(intent, this.#options.idSource.next(), quantity, now);
    const submitted: OrderEvent = { type: 'submitted', orderId: asked.id, ts: now };
    const order: Order = { ...asked, status: 'SUBMITTED' };
    const durable = this.#commits.before([
      { kind: 'order', order: asked, event: null },
      { kind: 'order', order, event: submitted },
    ]);
    if (!durable) return journalFailed('The order was not sent');
    const entry = this.#table.add(order, intent, broker, instrument, [submitted]);
    this.#intake.counters.submitted += 1;
    this.#intake.hold();
    this.#intake.notify(order, submitted);
    this.#hand(entry, broker, null);
    return ok(entry.order);
  }

  /**
   * Hands a committed command to the broker: a change, or what the status says. Listeners must be on hold and are released
   * after it. A broker that throws has perhaps done it: the outcome is unknown.
   */
  #hand(entry: OrderEntry, broker: Broker, change: OrderChange | null): void {
    const { order } = entry;
    entry.commands += 1;
    try {
      if (change !== null) broker.modify(order.id, change);
      else if (order.status === 'SUBMITTED') broker.submit(asSent(order));
      else broker.cancel(order.id);
    } catch (error) {
      this.#intake.fault({
        code: 'BROKER_THREW',
        orderId: order.id,
        sentence: `The broker failed on order ${order.id}: ${messageOf(error)}`,
      });
      this.#lost(entry, 'OUTCOME_UNKNOWN', 'The broker failed while the command was handed to it; the venue is asked.');
    } finally {
      if (broker.kind === 'live') this.#watch.add(entry);
      this.#intake.release();
    }
  }

  hold(intent: OrderIntent): Result<Order, OrderRefusal> {
    const { idempotencyKey } = intent;
    const before = idempotencyKey === null ? null : this.#repeated(intent, idempotencyKey);
    if (before !== null) return before;
    const placed = placeOf(intent, this.#options);
    if (!placed.ok)
      return placed.place === null
        ? this.#turnAway(intent, placed.refusal)
        : this.#deny(intent, placed.place.broker, placed.place.instrument, placed.refusal, null);
    const now = this.#options.clock.now();
    const asked = newOrder(intent, this.#options.idSource.next(), intent.quantity, now);
    const event: OrderEvent = { type: 'emulated', orderId: asked.id, ts: now };
    const order: Order = { ...asked, status: 'EMULATED' };
    const durable = this.#commits.before([
      { kind: 'order', order: asked, event: null },
      { kind: 'order', order, event },
    ]);
    if (!durable) return journalFailed('The order was not taken');
    this.#table.add(order, intent, placed.broker, placed.instrument, [event]);
    this.#intake.notify(order, event);
    return ok(order);
  }

  release(orderId: OrderId, quantity: QuantityUnits): Result<Order, OrderRefusal> {
    const held = this.#held(orderId, 'sent');
    if (!held.ok) return held;
    const entry = held.value;
    const { order, broker } = entry;
    const ts = this.#options.clock.now();
    const sent = asSent({ ...order, quantity });
    const screened = this.#without(orderId, () => screen({ ...sent, idempotencyKey: null }, this.#options));
    if (!screened.passed) {
      const { code, sentence } = screened.refusal;
      this.#intake.apply(entry, { type: 'released', orderId, ts });
      this.#intake.apply(entry, { type: 'denied', orderId, ts, code, sentence });
      entry.denial = { ...screened.refusal, orderId, verdict: screened.verdict };
      return { ok: false, error: entry.denial };
    }
    const allowed = Math.min(quantity, screened.quantity);
    const { price, trigger } = order;
    const events: OrderEvent[] = [];
    if (allowed !== order.quantity) events.push({ type: 'updated', orderId, ts, price, trigger, quantity: allowed });
    events.push({ type: 'released', orderId, ts }, { type: 'submitted', orderId, ts });
    this.#intake.hold();
    if (broker === null || !this.#intake.applyAllBefore(entry, events)) {
      this.#intake.release();
      return journalFailed(`Order ${orderId} was not sent`);
    }
    entry.submittedAt = ts;
    this.#intake.counters.submitted += 1;
    this.#hand(entry, broker, null);
    return ok(entry.order);
  }

  amend(orderId: OrderId, change: OrderChange): Result<Order, OrderRefusal> {
    const held = this.#held(orderId, 'changed here');
    if (!held.ok) return held;
    const entry = held.value;
    const { instrument } = entry;
    const broken = instrument === null ? null : brokenTerms({ ...entry.order, ...change }, instrument);
    if (broken !== null) return { ok: false, error: { ...broken, orderId, verdict: null } };
    const event: OrderEvent = { type: 'updated', orderId, ts: this.#options.clock.now(), ...change };
    if (!this.#intake.applyBefore(entry, event)) return journalFailed(`Order ${orderId} was not changed`);
    return ok(entry.order);
  }

  expire(orderId: OrderId): Result<Order, OrderRefusal> {
    const held = this.#held(orderId, 'ended here');
    if (!held.ok) return held;
    const sentence = 'Its time was over before its trigger was reached.';
    const ts = this.#options.clock.now();
    this.#intake.apply(held.value, { type: 'expired', orderId, ts, code: 'EXPIRED', sentence });
    return ok(held.value.order);
  }

  #held(orderId: OrderId, what: string): Result<OrderEntry, OrderRefusal> {
    const entry = this.#table.get(orderId);
    if (entry === undefined) return notFound(orderId);
    if (entry.order.status === 'EMULATED') return ok(entry);
    if (TERMINAL.has(entry.order.status)) return finished(entry.order, what);
    return orderRefusal(
      'ORDER_NOT_HELD',
      `Order ${orderId} works at its venue already; it cannot be ${what}.`,
      orderId,
    );
  }

  /** Asks while the order itself does not count among the open ones. */
  #without<T>(orderId: OrderId, ask: () => T): T {
    this.#changing = orderId;
    try {
      return ask();
    } finally {
      this.#changing = null;
    }
  }

  cancel(orderId: OrderId, reason: string): Result<Order, OrderRefusal> {
    const entry = this.#table.get(orderId);
    if (entry === undefined) return notFound(orderId);
    const { order, broker } = entry;
    if (TERMINAL.has(order.status)) return finished(order, 'cancelled');
    if (order.status === 'PENDING_CANCEL') return ok(order);
    if (broker === null && order.accountKind === 'live' && !LOCAL.has(order.status)) {
      return orderRefusal(
        'NO_BROKER',
        `Order ${orderId} works at a venue that is not connected in this run; connect its account, or cancel it at the venue.`,
        orderId,
      );
    }
    entry.cancelReason = reason;
    const ts = this.#options.clock.now();
    if (broker === null || !CANCELLABLE.has(order.status)) {
      this.#intake.apply(entry, { type: 'canceled', orderId, ts, code: 'CANCEL_REQUESTED', sentence: reason });
      return ok(entry.order);
    }
    this.#intake.hold();
    // A cancel takes risk away, so it goes out even when its record has to wait for the journal.
    this.#intake.apply(entry, { type: 'pending-cancel', orderId, ts });
    this.#hand(entry, broker, null);
    return ok(entry.order);
  }

  modify(orderId: OrderId, change: OrderChange): Result<Order, OrderRefusal> {
    const entry = this.#table.get(orderId);
    if (entry === undefined) return notFound(orderId);
    const { order, broker, instrument } = entry;
    if (TERMINAL.has(order.status)) return finished(order, 'changed');
    const isHeld = order.status === 'EMULATED';
    if (
      broker === null ||
      instrument === null ||
      (!isHeld && !CANCELLABLE.has(order.status)) ||
      order.status === 'UNKNOWN'
    ) {
      return orderRefusal(
        'ORDER_NOT_CHANGEABLE',
        `Order ${orderId} is ${order.status} and cannot be changed now; wait for the venue's answer.`,
        orderId,
      );
    }
    if (change.quantity <= order.filled) {
      return orderRefusal(
        'UPDATE_QUANTITY',
        `Order ${orderId} has ${quantityText(instrument, order.filled)} filled already; cancel it instead of shrinking it below that.`,
        orderId,
      );
    }
    const broken = brokenTerms({ ...order, ...change }, instrument);
    if (broken !== null) return { ok: false, error: { ...broken, orderId, verdict: null } };
    let { quantity } = change;
    if (quantity > order.quantity || change.price !== order.price || change.trigger !== order.trigger) {
      const verdict = this.#checkChange(order, change);
      if (!verdict.ok) return this.#refuseChange(verdict.error);
      quantity = Math.min(quantity, order.filled + verdict.value);
    }
    if (isHeld) return this.amend(orderId, { price: change.price, trigger: change.trigger, quantity });
    const event: OrderEvent = { type: 'pending-update', orderId, ts: this.#options.clock.now() };
    this.#intake.hold();
    if (!this.#intake.applyBefore(entry, event)) {
      this.#intake.release();
      return journalFailed(`The change of order ${orderId} was not sent`);
    }
    this.#hand(entry, broker, { price: change.price, trigger: change.trigger, quantity });
    return ok(entry.order);
  }

  /** The unfilled quantity that risk allows under the new terms, or why it does not. */
  #checkChange(order: Order, change: OrderChange): Result<number, OrderRefusal> {
    const leaves = change.quantity - order.filled;
    const { price, trigger } = change;
    this.#changing = order.id;
    try {
      const verdict = this.#options.gate.check({ ...order, price, trigger, quantity: leaves, idempotencyKey: null });
      if (verdict.verdict !== 'block' && verdict.quantity > 0) return ok(Math.min(leaves, verdict.quantity));
      return { ok: false, error: { ...blockOf(verdict), orderId: order.id, verdict } };
    } catch (error) {
      return orderRefusal(
        'RISK_CHECK_FAILED',
        `The risk check itself failed (${messageOf(error)}); the order stays as it is.`,
        order.id,
      );
    } finally {
      this.#changing = null;
    }
  }

  #refuseChange(refusal: OrderRefusal): Result<Order, OrderRefusal> {
    const detail = JSON.stringify({
      orderId: refusal.orderId,
      code: refusal.code,
      value: refusal.value,
      limit: refusal.limit,
    });
    const at = this.#options.clock.now();
    const audit = { at, actor: 'risk', action: 'CHANGE_DENIED', reason: refusal.sentence, detail } as const;
    this.#commits.after([{ kind: 'audit', audit }]);
    return { ok: false, error: refusal };
  }

  cancelAll(
    filter: OrderFilter,
    reason: string,
  ): { readonly sent: readonly OrderId[]; readonly refused: readonly OrderRefusal[] } {
    const sent: OrderId[] = [];
    const refused: OrderRefusal[] = [];
    for (const entry of this.#table.live(filter)) {
      const result = this.cancel(entry.order.id, reason);
      if (result.ok) sent.push(entry.order.id);
      // Filled or closed by an earlier cancel of this very loop: there is nothing left to cancel.
      else if (result.error.code !== 'ORDER_FINISHED') refused.push(result.error);
    }
    return { sent, refused };
  }

  reconcile(which: 'open' | 'all' = 'open'): number {
    let asked = 0;
    for (const entry of this.#table.entries()) {
      const { status } = entry.order;
      if (entry.broker?.kind !== 'live' || LOCAL.has(status) || IN_FLIGHT.has(status) || status === 'DENIED') continue;
      if (which === 'open' && TERMINAL.has(status)) continue;
      this.#inquiries.start(entry);
      asked += 1;
    }
    return asked;
  }

  restore(order: Order, fills: readonly Fill[]): void {
    const broker = this.#options.brokers.get(order.accountId) ?? null;
    const instrument = this.#options.instruments.get(order.instrument) ?? null;
    const entry = this.#table.add(order, order, broker, instrument, []);
    for (const fill of fills) noteTrade(entry, fill.tradeId);
  }

  resolve(event: OrderEvent): void {
    this.#intake.receive(event);
  }

  inquire(orderId: OrderId): void {
    const entry = this.#table.get(orderId);
    if (entry !== undefined) this.#inquiries.start(entry);
  }

  find(orderId: OrderId): Order | null {
    return this.#table.get(orderId)?.order ?? null;
  }

  findByKey(key: string): Order | null {
    return this.#table.byKey(key)?.order ?? this.#options.findByKey?.(key) ?? null;
  }

  orders(): readonly Order[] {
    return this.#table.all();
  }

  openOrders(accountId: string): readonly Order[] {
    const open = this.#table.open(accountId);
    return this.#changing === null ? open : open.filter((order) => order.id !== this.#changing);
  }

  history(orderId: OrderId): readonly OrderEvent[] {
    return this.#table.get(orderId)?.history ?? [];
  }

  onOrder(listener: OrderListener): () => void {
    return this.#intake.listen(listener);
  }

  stop(): void {
    this.#watch.stop();
    this.#inquiries.stop();
  }

  #recall(found: OrderOfJournal | null): RecalledOrder | null {
    if (found === null) return null;
    const { order, fills } = found;
    return {
      order,
      broker: this.#options.brokers.get(order.accountId) ?? null,
      instrument: this.#options.instruments.get(order.instrument) ?? null,
      tradeIds: fills.map(({ tradeId }) => tradeId),
    };
  }

  #lost(entry: OrderEntry, code: string, sentence: string): void {
    const { status, id } = entry.order;
    if (TERMINAL.has(status)) return;
    if (IN_FLIGHT.has(status)) {
      this.#intake.apply(entry, { type: 'unknown', orderId: id, ts: this.#options.clock.now(), code, sentence });
    }
    this.#inquiries.start(entry);
  }

  #contradicted(entry: OrderEntry, event: OrderEvent): void {
    // We gave the order up as lost and it arrived after all.
    if (event.type === 'accepted' && entry.order.reasonCode === NOT_AT_VENUE) this.#stopZombie(entry);
    // Money may have moved without our order knowing: the venue's own account of it decides.
    else if (event.type === 'filled' || entry.broker?.kind === 'live') this.#inquiries.start(entry);
  }

  /** An order that is closed for us and works at the venue. Nobody watches it any more, so it must not go on. */
  #stopZombie(entry: OrderEntry): void {
    this.#intake.fault({
      code: 'ORDER_STILL_WORKING',
      orderId: entry.order.id,
      sentence: `Order ${entry.order.id} is ${entry.order.status} here and works at the venue; it is cancelled there.`,
    });
    try {
      entry.broker?.cancel(entry.order.id);
    } catch (error) {
      this.#intake.fault({
        code: 'BROKER_THREW',
        orderId: entry.order.id,
        sentence: `The broker failed on order ${entry.order.id}, which still works: ${messageOf(error)} Cancel it at the venue.`,
      });
    }
  }

  #repeated(intent: OrderIntent, key: string): Result<Order, OrderRefusal> | null {
    const entry = this.#table.byKey(key);
    const order = entry?.order ?? this.#options.findByKey?.(key) ?? null;
    if (order === null) return null;
    if (!sameIntent(entry?.intent ?? order, intent)) {
      return orderRefusal(
        'IDEMPOTENCY_CONFLICT',
        `The key "${key}" belongs to order ${order.id}, which is a different order; use a new key.`,
        order.id,
      );
    }
    if (entry !== undefined && entry.denial !== null) return { ok: false, error: entry.denial };
    if (order.status === 'DENIED') {
      return orderRefusal(order.reasonCode ?? 'DENIED', order.reason ?? 'The order was denied before.', order.id);
    }
    return ok(order);
  }

  /** Refuses what cannot even be written down as an order, because its account or instrument is not in the journal. */
  #turnAway(intent: OrderIntent, reason: Refusal): Result<Order, OrderRefusal> {
    this.#intake.counters.denied += 1;
    const at = this.#options.clock.now();
    const { code, sentence } = reason;
    const audit = {
      at,
      actor: 'engine',
      action: 'ORDER_DENIED',
      reason: sentence,
      detail: JSON.stringify({ code, intent }),
    } as const;
    this.#commits.after([{ kind: 'audit', audit }]);
    return orderRefusal(code, sentence);
  }

  #deny(
    intent: OrderIntent,
    broker: Broker,
    instrument: Instrument,
    reason: Refusal,
    verdict: RiskVerdict | null,
  ): Result<Order, OrderRefusal> {
    const { code, sentence } = reason;
    const now = this.#options.clock.now();
    const asked = newOrder(intent, this.#options.idSource.next(), intent.quantity, now);
    const event: OrderEvent = { type: 'denied', orderId: asked.id, ts: now, code, sentence };
    const order: Order = { ...asked, status: 'DENIED', reasonCode: code, reason: sentence };
    const entry = this.#table.add(order, intent, broker, instrument, [event]);
    entry.denial = { ...reason, orderId: asked.id, verdict };
    this.#intake.counters.denied += 1;
    this.#commits.after([
      { kind: 'order', order: asked, event: null },
      { kind: 'order', order, event },
    ]);
    this.#intake.notify(order, event);
    return { ok: false, error: entry.denial };
  }
}
