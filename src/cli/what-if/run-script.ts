import { calendarOf } from '../../clock/calendars.ts';
import { ZERO } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Bar, MarketEvent } from '../../domain/market-data.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import type { OrderEvent } from '../../domain/order-event.ts';
import { applyOrderEvent, TERMINAL } from '../../domain/order-state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import { OrderBook } from '../../market/order-book.ts';
import { createVenue, type SimulatedVenue } from '../../venue/create-venue.ts';
import type { VenueOptions } from '../../venue/venue.ts';
import { longestLatency } from '../../venue/latency.ts';
import type { SendChild } from '../../execution/algorithms/parent-orders.ts';
import { filledOf } from '../../execution/algorithms/parent-state.ts';
import { asSent } from '../../execution/contingent/sent-terms.ts';
import { Contingency, type ScriptLinkage } from './contingency.ts';
import { SCRIPT_ACCOUNT, ScriptMoney } from './money.ts';
import { LIQUIDATION, ScriptLiquidation } from './liquidation.ts';
import { observe, type Observation } from './observe.ts';
import { ScriptParents } from './parents.ts';
import { CALENDAR_TIME, listingOf, type ScriptListing } from './read-listing.ts';
import type { ScriptOrder } from './read-order.ts';
import type { Script, Step, StepAction } from './read-script.ts';
import { scriptFault, timeOf } from './script-json.ts';
import { ScriptUnits } from './script-units.ts';

/** Runs the steps of a script, and recorded events between them, against the venue simulator. */
export class ScriptRun {
  readonly instrument: Instrument;
  readonly orders = new Map<string, Order>();
  readonly events: OrderEvent[] = [];
  readonly observations: Observation[] = [];
  readonly money: ScriptMoney;
  readonly parents: ScriptParents;
  private readonly script: Script;
  private readonly units: ScriptUnits;
  private readonly venue: SimulatedVenue;
  private readonly contingency: Contingency;
  private readonly liquidation: ScriptLiquidation;
  private now: EpochMs = 0;
  private next = 0;

  constructor(script: Script, instrument: Instrument) {
    this.script = script;
    this.instrument = instrument;
    this.units = new ScriptUnits(instrument);
    this.money = new ScriptMoney(script.account, instrument);
    const kinds = new Set(script.steps.map((step) => step.action.kind));
    this.venue = createVenue({
      instruments: new Map([[instrument.id, instrument]]),
      model: script.model.model,
      seed: script.model.seed,
      emit: (event) => {
        this.receive(event);
      },
      position: () => this.money.position(),
      dayEnd: (of, at) => calendarOf(of).dayEnd(at),
      ...(script.listing === null || script.model.model.rules === undefined
        ? { marketClosed: closedSentence }
        : listedOptions(script.listing, instrument)),
      barsOnly:
        script.feed.length === 0 &&
        kinds.has('bar') &&
        !kinds.has('book') &&
        !kinds.has('level') &&
        !kinds.has('quote') &&
        !kinds.has('trade'),
    });
    this.contingency = new Contingency({
      instrument,
      now: () => this.now,
      view: () => this.venue.view(instrument.id),
      position: () => this.money.position(),
      price: (text) => this.units.price(text),
      order: (id) => this.orders.get(id) ?? this.workedOrder(id),
      closed: () => closedSentence(instrument, this.now) !== null,
      submit: (intent) => {
        const made = this.made(intent, 'SUBMITTED');
        this.orders.set(made.id, made);
        this.venue.submit(made, this.now);
        return this.orders.get(made.id) ?? made;
      },
      hold: (intent) => {
        const made = this.made(intent, 'INITIALIZED');
        this.orders.set(made.id, made);
        this.receive({ type: 'emulated', orderId: made.id, ts: this.now });
        return this.orders.get(made.id) ?? made;
      },
      release: (id, quantity) => this.release(id, quantity),
      modify: (id, change) => {
        this.modify(id, change);
        return this.orders.get(id) ?? null;
      },
      cancel: (id, reason) => {
        this.cancel(id, reason);
        return this.orders.get(id) ?? this.workedOrder(id);
      },
      expire: (id) => {
        const sentence = 'Its time was over before its trigger was reached.';
        this.receive({ type: 'expired', orderId: id, ts: this.now, code: 'EXPIRED', sentence });
        return this.orders.get(id) ?? null;
      },
      feed: (piece) => {
        this.venue.onMarket(piece);
      },
      refusesPassedStops: script.model.model.passedStop === 'reject',
    });
    this.liquidation = new ScriptLiquidation({
      instrument,
      money: this.money,
      now: () => this.now,
      mark: () => this.money.mark(this.venue.view(instrument.id), this.now),
      working: () => [...this.orders.values()].filter((order) => !TERMINAL.has(order.status)),
      cancel: (id, reason) => {
        this.cancel(id, reason);
      },
      submit: (intent, reason) => {
        const made = { ...this.made(intent, 'SUBMITTED'), reason, reasonCode: LIQUIDATION };
        this.orders.set(made.id, made);
        this.venue.submit(made, this.now);
      },
      priceNow: (price, volume) => {
        this.venue.openBar(instrument.id, price, this.now, volume);
      },
    });
    this.parents = new ScriptParents({
      instrument,
      seed: script.model.seed,
      touchOnly: script.model.model.depth === 'L1',
      now: () => this.now,
      view: () => this.venue.view(instrument.id),
      quantity: (text) => this.units.quantity(text),
      send: (parent, child) => {
        this.submitSlice(parent, child);
      },
      cancel: (id) => {
        this.cancel(id);
      },
    });
  }

  /** What an order is tied to; null for one that stands alone. */
  linkage(orderId: string): ScriptLinkage | null {
    return this.contingency.linkage(orderId);
  }

  /** Steps whose time lies strictly before an event come before it; steps of the same time come after. */
  stepsBefore(at: EpochMs): void {
    // In nanoseconds a script may have lost the last digits to a binary double: 256 ns is one unit of it.
    const tolerance = this.script.unit === 'local-ns' ? 0.0003 : 0;
    for (let step = this.step(); step !== undefined && step.t + tolerance < at; step = this.step()) this.take(step);
  }

  onMarket(event: MarketEvent): void {
    this.workParents(event.at);
    this.now = event.at;
    this.feed(event);
  }

  private feed(event: MarketEvent): void {
    this.contingency.onTime();
    if (event.kind === 'bar') this.contingency.onBar(event, this.lowFirst(event));
    else {
      this.venue.onMarket(event);
      this.contingency.onPrice();
    }
    if (event.kind === 'bar') this.liquidation.onBar(event);
    else this.liquidation.look();
    this.parents.onMarket(event);
    if (this.parents.any) this.contingency.refresh();
  }

  /** The order of a bar's extremes, as the exchange of the script assumes it. */
  private lowFirst(bar: Bar): boolean {
    switch (this.script.model.model.barPath) {
      case 'ohlc':
        return false;
      case 'olhc':
        return true;
      case 'adaptive':
        return bar.high - bar.open >= bar.open - bar.low;
      case 'pessimistic':
        return this.money.position() >= 0;
    }
  }

  /** What parents do before `end`; at `end` itself the market is heard first. */
  private workParents(end: EpochMs): void {
    this.parents.runUntil(end, (at) => {
      this.now = Math.max(this.now, at);
      this.venue.advanceTo(this.now);
      this.contingency.onTime();
      this.parents.onTime(this.now);
      this.contingency.refresh();
    });
  }

  /** The remaining steps; then commands that are still on their way arrive. */
  finish(): void {
    for (let step = this.step(); step !== undefined; step = this.step()) this.take(step);
    // Parents go on by the clock alone; what they send then has its latency, too.
    do {
      this.workParents(Number.POSITIVE_INFINITY);
      this.now += longestLatency(this.script.model.model);
      this.venue.advanceTo(this.now);
    } while (this.parents.nextAt < Number.POSITIVE_INFINITY);
    this.money.mark(this.venue.view(this.instrument.id), this.now);
  }

  private step(): Step | undefined {
    return this.script.steps[this.next];
  }

  private take(step: Step): void {
    this.next += 1;
    this.workParents(step.t);
    this.now = Math.max(this.now, step.t);
    this.act(step.action, step.t);
  }

  private act(action: StepAction, t: EpochMs): void {
    const event = this.units.marketEvent(action, this.now, this.nextSequence());
    if (event !== null) {
      this.feed(event);
      return;
    }
    switch (action.kind) {
      case 'level': {
        const price = this.units.price(action.price);
        const quantity = this.units.quantity(action.quantity);
        if (!this.venue.setLevel(this.instrument.id, action.side, price, quantity, this.now)) {
          throw scriptFault(`A level at ${action.price} with ${action.quantity} is impossible.`);
        }
        this.contingency.onPrice();
        this.liquidation.look();
        this.parents.look();
        return;
      }
      case 'funding': {
        const view = this.venue.view(this.instrument.id);
        const middle = view === null || view.bid === 0 || view.ask === 0 ? 0 : Math.round((view.bid + view.ask) / 2);
        const mark = action.mark === null ? middle || (view?.last ?? 0) : this.units.price(action.mark);
        if (mark === 0) throw scriptFault('Funding needs a mark price: no price is known yet.');
        this.money.fund(action.rate, mark, this.now);
        this.liquidation.look();
        return;
      }
      case 'submit':
        this.submit(action.order);
        return;
      case 'cancel':
        if (!this.contingency.drop(action.id)) this.cancel(action.id);
        return;
      case 'modify': {
        const known = this.orders.get(action.id);
        const change = {
          price: action.price === null ? null : this.units.price(action.price),
          trigger: action.trigger === null ? null : this.units.price(action.trigger),
          quantity: action.quantity === null ? (known?.quantity ?? 0) : this.units.quantity(action.quantity),
        };
        const seen = this.events.length;
        const refusal = known === undefined ? null : this.unaffordableChange(known, change);
        if (refusal === null) this.modify(action.id, change);
        else this.rejectChange(action.id, refusal);
        const isRejected = this.events.slice(seen).some(({ type }) => type === 'modify-rejected');
        if (known === undefined || isRejected) return;
        this.contingency.moved(action.id, {
          price: change.price ?? known.price,
          trigger: change.trigger ?? known.trigger,
          quantity: change.quantity,
        });
        return;
      }
      case 'observe': {
        const book = this.bookNow();
        if (book !== null) this.observations.push(observe(book, this.instrument, action, t, this.script.unit));
        return;
      }
      default:
    }
  }

  /** A book in the script of a recording must not break the recording's own sequence. */
  private nextSequence(): number {
    const known = this.venue.view(this.instrument.id)?.book.sequence ?? 0;
    return this.script.feed.length > 0 ? known : known + 1;
  }

  /** The order book, or where there is none the best bid and ask as a book of one level. */
  private bookNow(): OrderBook | null {
    const view = this.venue.view(this.instrument.id);
    if (view === null || view.book.state !== 'empty' || (view.bid === 0 && view.ask === 0)) return view?.book ?? null;
    const book = new OrderBook(this.instrument);
    const { bid, bidQuantity, ask, askQuantity } = view;
    const stamp = { instrument: this.instrument.id, ts: this.now, at: this.now };
    book.applyQuote({ kind: 'quote', ...stamp, bid, bidQuantity, ask, askQuantity });
    return book;
  }

  private submit(order: ScriptOrder): void {
    if (order.algorithm !== null) {
      this.submitParent(order);
      return;
    }
    const made = this.make(order, {
      quantity: this.units.quantity(order.quantity),
      price: order.type === 'limit' || order.type === 'stop-limit' ? this.units.maybePrice(order.price) : null,
      trigger: order.type === 'market' || order.type === 'limit' ? null : this.units.maybePrice(order.trigger),
    });
    const refusal = this.contingency.refusal(order, made) ?? this.unaffordable(order, made);
    // A quantity that no order can have is the exchange's to refuse.
    if (refusal === null && made.quantity > 0 && this.contingency.isLinked(order)) {
      const unsent = this.contingency.place(order, { ...made, idempotencyKey: made.id }, made.expireAt, null);
      if (unsent !== null && !this.orders.has(made.id)) this.send(made, unsent);
    } else this.send(made, refusal);
  }

  /** An order that waits for another's fill is paid for by then. */
  private unaffordable(order: ScriptOrder, made: Order): Refusal | null {
    return this.contingency.isDependent(order) ? null : this.moneyRefusal(made, this.contingency.groupToBe(order));
  }

  private moneyRefusal(made: Order, group: string | null = this.contingency.groupOf(made.id)): Refusal | null {
    const view = this.venue.view(this.instrument.id);
    this.money.mark(view, this.now);
    const groups = new Map<string, Order[]>();
    for (const other of this.orders.values()) {
      if (TERMINAL.has(other.status) || this.waitsForParent(other)) continue;
      const own = this.contingency.groupOf(other.id);
      if (own !== null && own === group) continue;
      // An order's id alone is no group's name: those are "oco of ..." and "exits of ...".
      const name = own ?? other.id;
      groups.set(name, [...(groups.get(name) ?? []), other]);
    }
    return this.money.refusal(made, [...groups.values()], view, this.script.model.model.fees.taker);
  }

  private waitsForParent({ id, status }: Order): boolean {
    return status === 'EMULATED' && (this.contingency.linkage(id)?.parent ?? null) !== null;
  }

  private send(made: Order, refusal: Refusal | null): void {
    this.orders.set(made.id, made);
    if (refusal === null) this.venue.submit(made, this.now);
    else {
      const { code, sentence } = refusal;
      this.receive({ type: 'rejected', orderId: made.id, ts: this.now, code, sentence });
    }
  }

  private submitParent(order: ScriptOrder): void {
    const limit = order.type === 'limit' ? this.units.maybePrice(order.price) : null;
    const { links } = order;
    if (links.trailing !== null || links.condition !== null || links.stopSource !== null || links.parent !== null) {
      throw scriptFault(
        `Order ${order.id} has an algorithm and waits for a trigger; submit it then.`,
        'ORDER_UNSUPPORTED',
      );
    }
    const made = this.make(order, { quantity: this.units.quantity(order.quantity), price: limit, trigger: null });
    const refusal = this.contingency.refusal(order, made);
    this.parents.start(order, limit, this.orders.size, refusal);
    const started = refusal === null && this.contingency.isLinked(order) ? this.workedOrder(order.id) : null;
    if (started !== null) this.contingency.place(order, { ...made, idempotencyKey: made.id }, null, started);
  }

  /** A worked order as the one order that its children are; null when there is none of this id. */
  private workedOrder(id: string): Order | null {
    const parent = this.parents.list().find(({ order }) => order.id === id);
    if (parent === undefined) return null;
    const { order, quantity, limit, state } = parent;
    const filled = state === null ? 0 : filledOf(state);
    const over = filled >= quantity ? 'FILLED' : 'CANCELED';
    const status = this.parents.isWorking(id) ? (filled > 0 ? 'PARTIALLY_FILLED' : 'ACCEPTED') : over;
    return { ...this.make(order, { quantity, price: limit, trigger: null }), status, filled };
  }

  /** A child of a parent order: an order like any other, under its parent's id and a number. */
  private submitSlice(parent: ScriptOrder, child: SendChild): void {
    const { key, type, quantity, price, timeInForce, postOnly } = child;
    const terms: ScriptOrder = { ...parent, id: key, type, timeInForce, postOnly, expireAt: undefined };
    const made = { ...this.make(terms, { quantity, price, trigger: null }), idempotencyKey: key };
    this.send(made, this.moneyRefusal(made));
  }

  /** An order that was held back goes to the exchange. */
  private release(id: string, quantity: QuantityUnits): Order {
    const order = this.orders.get(id);
    if (order === undefined) throw new Error(`there is no order ${id}`);
    const event = { orderId: id, ts: this.now };
    const { price, trigger } = order;
    if (quantity !== order.quantity) this.receive({ ...event, type: 'updated', price, trigger, quantity });
    this.receive({ ...event, type: 'released' });
    this.receive({ ...event, type: 'submitted' });
    const sent = this.orders.get(id) ?? order;
    const refusal = this.moneyRefusal(sent);
    if (refusal === null) this.venue.submit(asSent(sent), this.now);
    else this.receive({ ...event, type: 'rejected', code: refusal.code, sentence: refusal.sentence });
    return this.orders.get(id) ?? sent;
  }

  private make(
    order: ScriptOrder,
    units: { quantity: QuantityUnits; price: PriceUnits | null; trigger: PriceUnits | null },
  ): Order {
    const intent: OrderIntent = {
      accountId: SCRIPT_ACCOUNT,
      accountKind: 'paper',
      instrument: this.instrument.id,
      side: order.side,
      type: order.type,
      ...units,
      timeInForce: order.timeInForce,
      expireAt:
        order.expireAt === undefined ? null : timeOf(order.expireAt, `expireAt of order ${order.id}`, this.script.unit),
      postOnly: order.postOnly,
      reduceOnly: order.reduceOnly,
      source: 'manual',
      strategyId: null,
      note: null,
      idempotencyKey: null,
    };
    return { ...this.made(intent, 'SUBMITTED'), id: order.id };
  }

  /** Its idempotency key is its id. */
  private made(intent: OrderIntent, status: 'SUBMITTED' | 'INITIALIZED'): Order {
    return {
      ...intent,
      id: intent.idempotencyKey ?? '',
      status,
      previousStatus: 'INITIALIZED',
      filled: 0,
      filledNotional: ZERO,
      fees: ZERO,
      venueOrderId: null,
      createdAt: this.now,
      updatedAt: this.now,
      reasonCode: null,
      reason: null,
    };
  }

  private modify(
    id: string,
    change: { price: PriceUnits | null; trigger: PriceUnits | null; quantity: QuantityUnits },
  ): void {
    const held = this.orders.get(id);
    if (held?.status === 'EMULATED') {
      const event = { type: 'updated', orderId: id, ts: this.now, ...change } as const;
      const next = applyOrderEvent(held, event, this.instrument);
      if (next.ok) this.receive(event);
      else this.events.push({ type: 'modify-rejected', orderId: id, ts: this.now, ...next.error });
      return;
    }
    this.pend(id, 'pending-update');
    this.venue.modify(id, change, this.now);
  }

  /** Of a change that makes an order larger or a purchase dearer. */
  private unaffordableChange(
    known: Order,
    change: { price: PriceUnits | null; trigger: PriceUnits | null; quantity: QuantityUnits },
  ): Refusal | null {
    const price = change.price ?? known.price;
    const trigger = change.trigger ?? known.trigger;
    const isDearer = (price ?? 0) > (known.price ?? 0) || (trigger ?? 0) > (known.trigger ?? 0);
    const isMore = change.quantity > known.quantity || isDearer;
    if (TERMINAL.has(known.status) || !isMore || this.waitsForParent(known)) return null;
    return this.moneyRefusal({ ...known, price, trigger, quantity: change.quantity });
  }

  private rejectChange(orderId: string, { code, sentence }: Refusal): void {
    const event = { type: 'modify-rejected', orderId, ts: this.now, code, sentence } as const;
    if (this.orders.get(orderId)?.status === 'EMULATED') {
      this.events.push(event);
      return;
    }
    this.pend(orderId, 'pending-update');
    this.receive(event);
  }

  private cancel(id: string, sentence = 'Cancelled on request.'): void {
    if (this.parents.has(id)) {
      this.parents.cancel(id);
      return;
    }
    if (this.orders.get(id)?.status === 'EMULATED') {
      this.receive({ type: 'canceled', orderId: id, ts: this.now, code: 'CANCELED_ON_REQUEST', sentence });
      return;
    }
    this.pend(id, 'pending-cancel');
    this.venue.cancel(id, this.now);
  }

  private pend(orderId: string, type: 'pending-cancel' | 'pending-update'): void {
    const order = this.orders.get(orderId);
    if (order === undefined) return;
    const next = applyOrderEvent(order, { type, orderId, ts: this.now }, this.instrument);
    if (next.ok) this.orders.set(orderId, next.value);
  }

  private receive(event: OrderEvent): void {
    this.events.push(event);
    const order = this.orders.get(event.orderId);
    if (order === undefined) return;
    const next = applyOrderEvent(order, event, this.instrument);
    if (!next.ok) throw new Error(next.error.sentence);
    this.orders.set(order.id, next.value);
    if (event.type === 'filled') {
      this.money.apply(event.fill);
      if (order.reasonCode === LIQUIDATION) this.money.liquidationFee(event.fill);
    }
    this.parents.onOrder(next.value);
    // Links are between the orders of the script: what happens to a child happens to its parent.
    const owner = this.parents.ownerOf(event.orderId);
    this.contingency.onOrder(owner === null ? next.value : (this.workedOrder(owner) ?? next.value), event);
  }
}

/** The exchange's rules and charges by the calendar; a script's own count begins at the opening of its day. */
function listedOptions(listing: ScriptListing, instrument: Instrument): Partial<VenueOptions> {
  const { open } = listing;
  return {
    listing: () => listingOf(listing, instrument),
    calendarTime: (at) => (at >= CALENDAR_TIME || open === null ? at : open + at),
  };
}

function closedSentence(instrument: Instrument, at: EpochMs): string | null {
  if (instrument.calendar === 'always' || at < CALENDAR_TIME) return null;
  const status = calendarOf(instrument).statusAt(at);
  if (status.state === 'open') return null;
  return `${instrument.symbol} is not trading: ${status.reason}. Send the order while the market is open.`;
}
