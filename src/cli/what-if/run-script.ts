import { calendarOf } from '../../clock/calendars.ts';
import { ZERO } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import type { OrderEvent } from '../../domain/order-event.ts';
import { applyOrderEvent, CANCELLABLE, TERMINAL } from '../../domain/order-state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import { OrderBook } from '../../market/order-book.ts';
import { createVenue, type SimulatedVenue } from '../../venue/create-venue.ts';
import { longestLatency } from '../../venue/latency.ts';
import type { SendChild } from '../../execution/algorithms/parent-orders.ts';
import { Contingency } from './contingency.ts';
import { SCRIPT_ACCOUNT, ScriptMoney } from './money.ts';
import { observe, type Observation } from './observe.ts';
import { ScriptParents } from './parents.ts';
import type { ScriptOrder } from './read-order.ts';
import type { Script, Step, StepAction } from './read-script.ts';
import { scriptFault, timeOf } from './script-json.ts';
import { ScriptUnits } from './script-units.ts';

/** Times below this are a script's own count (0, 1, 2 ...), not calendar time: no trading hours apply to them. */
const CALENDAR_TIME = 1e11;

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
      marketClosed: closedSentence,
      barsOnly:
        script.feed.length === 0 &&
        kinds.has('bar') &&
        !kinds.has('book') &&
        !kinds.has('level') &&
        !kinds.has('quote') &&
        !kinds.has('trade'),
    });
    this.contingency = new Contingency({
      isWorking: (id) => this.parents.isWorking(id) || CANCELLABLE.has(this.orders.get(id)?.status ?? 'DENIED'),
      cancel: (id) => {
        this.cancel(id);
      },
      resize: (id, quantity) => {
        this.pend(id, 'pending-update');
        this.venue.modify(id, { price: null, trigger: null, quantity }, this.now);
      },
      submitChild: (parent, id, leg, level, quantity) => {
        this.submitChild(parent, id, leg, level, quantity);
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

  /** Steps whose time lies strictly before an event come before it; steps of the same time come after. */
  stepsBefore(at: EpochMs): void {
    // In nanoseconds a script may have lost the last digits to a binary double: 256 ns is one unit of it.
    const tolerance = this.script.unit === 'local-ns' ? 0.0003 : 0;
    for (let step = this.step(); step !== undefined && step.t + tolerance < at; step = this.step()) this.take(step);
  }

  onMarket(event: MarketEvent): void {
    this.workParents(event.at);
    this.now = event.at;
    this.venue.onMarket(event);
    this.parents.onMarket(event);
  }

  /** What parents do before `end`; at `end` itself the market is heard first. */
  private workParents(end: EpochMs): void {
    this.parents.runUntil(end, (at) => {
      this.now = Math.max(this.now, at);
      this.venue.advanceTo(this.now);
      this.parents.onTime(this.now);
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
      this.venue.onMarket(event);
      this.parents.onMarket(event);
      return;
    }
    switch (action.kind) {
      case 'level': {
        const price = this.units.price(action.price);
        const quantity = this.units.quantity(action.quantity);
        if (!this.venue.setLevel(this.instrument.id, action.side, price, quantity, this.now)) {
          throw scriptFault(`A level at ${action.price} with ${action.quantity} is impossible.`);
        }
        this.parents.look();
        return;
      }
      case 'submit':
        this.submit(action.order);
        return;
      case 'cancel':
        this.cancel(action.id);
        return;
      case 'modify': {
        const known = this.orders.get(action.id);
        this.pend(action.id, 'pending-update');
        this.venue.modify(
          action.id,
          {
            price: action.price === null ? null : this.units.price(action.price),
            trigger: action.trigger === null ? null : this.units.price(action.trigger),
            quantity: action.quantity === null ? (known?.quantity ?? 0) : this.units.quantity(action.quantity),
          },
          this.now,
        );
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
      price: order.type === 'market' || order.type === 'stop' ? null : this.units.maybePrice(order.price),
      trigger: order.type === 'market' || order.type === 'limit' ? null : this.units.maybePrice(order.trigger),
    });
    const view = this.venue.view(this.instrument.id);
    this.money.mark(view, this.now);
    const open = [...this.orders.values()].filter((other) => !TERMINAL.has(other.status));
    const filledSibling = this.contingency.link(order);
    const refusal =
      filledSibling !== null
        ? { code: 'OCO_SIBLING_FILLED', sentence: `Its sibling ${filledSibling} has filled; one cancels the other.` }
        : this.money.refusal(made, open, view, this.script.model.model.fees.taker);
    this.send(made, refusal);
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
    const filledSibling = this.contingency.link(order);
    const refusal =
      filledSibling === null
        ? null
        : { code: 'OCO_SIBLING_FILLED', sentence: `Its sibling ${filledSibling} has filled; one cancels the other.` };
    this.parents.start(order, limit, this.orders.size, refusal);
  }

  /** A child of a parent order: an order like any other, under its parent's id and a number. */
  private submitSlice(parent: ScriptOrder, child: SendChild): void {
    const { key, type, quantity, price, timeInForce, postOnly } = child;
    const terms: ScriptOrder = { ...parent, id: key, type, timeInForce, postOnly, expireAt: undefined };
    const made = { ...this.make(terms, { quantity, price, trigger: null }), idempotencyKey: key };
    const view = this.venue.view(this.instrument.id);
    this.money.mark(view, this.now);
    const open = [...this.orders.values()].filter((other) => !TERMINAL.has(other.status));
    this.send(made, this.money.refusal(made, open, view, this.script.model.model.fees.taker));
  }

  private submitChild(
    parent: ScriptOrder,
    id: string,
    leg: 'stopLoss' | 'takeProfit',
    level: string,
    quantity: QuantityUnits,
  ): void {
    const terms: ScriptOrder = {
      ...parent,
      id,
      side: parent.side === 'buy' ? 'sell' : 'buy',
      type: leg === 'stopLoss' ? 'stop' : 'limit',
      timeInForce: 'GTC',
      expireAt: undefined,
      postOnly: false,
      reduceOnly: true,
      oco: [],
      bracket: null,
      algorithm: null,
    };
    const price = this.units.price(level);
    const child = this.make(terms, {
      quantity,
      price: leg === 'takeProfit' ? price : null,
      trigger: leg === 'stopLoss' ? price : null,
    });
    this.orders.set(id, child);
    this.venue.submit(child, this.now);
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
    return {
      ...intent,
      id: order.id,
      status: 'SUBMITTED',
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

  private cancel(id: string): void {
    if (this.parents.has(id)) {
      this.parents.cancel(id);
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
      // Links are between the orders of the script: a fill of a child is one of its parent.
      const owner = this.parents.ownerOf(event.orderId);
      this.contingency.onFill(owner === null ? event.fill : { ...event.fill, orderId: owner });
    }
    this.parents.onOrder(next.value);
  }
}

function closedSentence(instrument: Instrument, at: EpochMs): string | null {
  if (instrument.calendar === 'always' || at < CALENDAR_TIME) return null;
  const status = calendarOf(instrument).statusAt(at);
  if (status.state === 'open') return null;
  return `${instrument.symbol} is not trading: ${status.reason}. Send the order while the market is open.`;
}
