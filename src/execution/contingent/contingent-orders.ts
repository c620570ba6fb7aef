import type { InstrumentId } from '../../domain/instrument.ts';
import type { Order, OrderId, OrderIntent } from '../../domain/order.ts';
import type { OrderEvent } from '../../domain/order-event.ts';
import { refuse, type Refusal, type Result } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import type { ContingentInput } from './contingent-input.ts';
import { contingentStep, parentFilled } from './contingent-step.ts';
import {
  type ContingentCommand,
  type ContingentContext,
  type ContingentState,
  EMPTY_BOOK,
  isHeld,
  isOver,
  type LinkedOrder,
  netKey,
} from './linked-order.ts';
import { bookText, restoredBook } from './stored-book.ts';
import { firesBetween, isWatching, watch, watchedInstrument } from './watch.ts';

/** How often what waits for something else than a price is looked at, ms. */
const LOOK_EVERY_MS = 250;

export interface ContingentPorts {
  readonly context: ContingentContext;
  readonly submit: (intent: OrderIntent) => Result<Order>;
  /** Makes an order that stays in the engine (EMULATED) until it is released. */
  readonly hold: (intent: OrderIntent) => Result<Order>;
  readonly release: (id: OrderId, quantity: QuantityUnits) => Result<Order>;
  readonly modify: (
    id: OrderId,
    change: { price: PriceUnits | null; trigger: PriceUnits | null; quantity: QuantityUnits },
  ) => Result<Order>;
  readonly cancel: (id: OrderId, reason: string) => Result<Order>;
  readonly expire: (id: OrderId) => Result<Order>;
  readonly order: (id: OrderId) => Order | null;
  readonly orderByKey: (key: string) => Order | null;
  /** Signed position; it counts every fill that the orders show. */
  readonly net: (accountId: string, instrument: InstrumentId) => QuantityUnits;
  /** Makes the book durable. False: it is not, and nothing new may be sent. */
  readonly write: (text: string) => boolean;
  readonly now: () => EpochMs;
}

/**
 * Runs the book of contingent orders: hands it prices and news of orders one after the other and carries out what follows.
 * The book is written down before any order that follows from its change is sent.
 */
export class ContingentOrders {
  readonly #ports: ContingentPorts;
  #state: ContingentState = EMPTY_BOOK;
  #written = bookText(EMPTY_BOOK);
  #byOrder: ReadonlyMap<OrderId, LinkedOrder> = new Map();
  #places: ReadonlySet<string> = new Set();
  #watching: ReadonlyMap<InstrumentId, readonly LinkedOrder[]> = new Map();
  #queue: ContingentInput[] = [];
  #working = false;
  #lookedAt: EpochMs = Number.NEGATIVE_INFINITY;
  /** What became of orders made for a caller who waits for the answer. */
  readonly #answers = new Map<string, Result<Order>>();

  constructor(ports: ContingentPorts) {
    this.#ports = ports;
  }

  get state(): ContingentState {
    return this.#state;
  }

  /**
   * Adds orders that belong together, the first of them first, and returns what became of the first. A refused one is
   * forgotten with all that depend on it.
   */
  place(orders: readonly LinkedOrder[]): Result<Order> {
    const [first] = orders;
    if (first === undefined) return refuse('ORDER_TERMS', 'There is no order to place.');
    const before = this.#state;
    if (!this.#write(withOrders(before, [...before.orders, ...orders]))) return notWritten();
    this.#answers.set(first.name, notWritten());
    this.#add(orders);
    const answer = this.#answers.get(first.name) ?? notWritten();
    this.#answers.delete(first.name);
    if (!answer.ok) {
      const gone = new Set(orders.map(({ name }) => name));
      this.#adopt(
        withOrders(
          this.#state,
          this.#state.orders.filter(({ name }) => !gone.has(name)),
        ),
      );
      this.#write(this.#state);
    }
    return answer;
  }

  /** An order that works already becomes part of the book, so that others can be linked to it or depend on it. */
  adopt(terms: LinkedOrder, order: Order, dependants: readonly LinkedOrder[] = []): LinkedOrder {
    const { id, status, quantity, filled, price, trigger } = order;
    const asked = { quantity, price, trigger };
    const known: LinkedOrder = { ...terms, orderId: id, status, quantity, filled, price, trigger, asked };
    this.#add([known, ...dependants]);
    return known;
  }

  /** The linked order behind an order of the order manager. */
  find(id: OrderId): LinkedOrder | null {
    return this.#byOrder.get(id) ?? null;
  }

  named(name: string): LinkedOrder | null {
    return this.#state.orders.find((order) => order.name === name) ?? null;
  }

  /** Orders of the same one-cancels-other group, itself left out. */
  siblings({ group, name }: LinkedOrder): readonly LinkedOrder[] {
    return group === null ? [] : this.#state.orders.filter((one) => one.group === group && one.name !== name);
  }

  children({ name }: LinkedOrder): readonly LinkedOrder[] {
    return this.#state.orders.filter((one) => one.parent === name);
  }

  join(name: string, group: string): void {
    this.#dispatch({ kind: 'join', name, group, now: this.#ports.now() });
  }

  /** The user cancels it: it is cancelled and does not come back. False when it is not linked. */
  drop(id: OrderId): boolean {
    const order = this.find(id);
    if (order === null) return false;
    this.#dispatch({ kind: 'drop', name: order.name, now: this.#ports.now() });
    return true;
  }

  /** The user has changed it and the order manager has taken the change. */
  moved(id: OrderId, change: { price: PriceUnits | null; trigger: PriceUnits | null; quantity: QuantityUnits }): void {
    const order = this.find(id);
    if (order === null) return;
    this.#dispatch({ kind: 'moved', name: order.name, ...change, now: this.#ports.now() });
  }

  /** Every order event of every account, in order; null is news without a change. */
  onOrder(order: Order, event: OrderEvent | null): void {
    if (this.#state.orders.length === 0) return;
    const isLinked = this.#byOrder.has(order.id);
    const isFill = event?.type === 'filled';
    if (!isLinked && !(isFill && this.#places.has(netKey(order.accountId, order.instrument)))) return;
    const refused = event?.type === 'modify-rejected' || event?.type === 'cancel-rejected' ? order.id : null;
    this.#news(order.accountId, order.instrument, refused);
  }

  /** Orders may have changed without an event of their own: looks at all of them. */
  refresh(): void {
    const { orders } = this.#state;
    const places = new Map(orders.map(({ intent }) => [netKey(intent.accountId, intent.instrument), intent]));
    for (const { accountId, instrument } of places.values()) this.#news(accountId, instrument, null);
  }

  onPrice(instrument: InstrumentId, bid: PriceUnits, ask: PriceUnits, last: PriceUnits, now: EpochMs): void {
    const watching = this.#watching.get(instrument);
    if (watching === undefined) return;
    const price = { bid, ask, last };
    for (const order of watching) {
      const own = this.#ports.context.instrument(order.intent.instrument);
      if (own === null || watch(order, price, own) === 'same') continue;
      this.#dispatch({ kind: 'price', instrument, price, now });
      return;
    }
  }

  /** Time passes: what could not be sent, ends of life, and families that are over. */
  onTime(now: EpochMs): void {
    if (this.#state.orders.length === 0 || now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    this.#dispatch({ kind: 'time', now });
  }

  /** True when prices of the instrument matter to some order now: its bars have to be walked along their path. */
  watches(instrument: InstrumentId): boolean {
    return this.#watching.has(instrument);
  }

  /** The first price on the straight way between two prices at which an order is sent; null for none. */
  nextTrigger(instrument: InstrumentId, from: PriceUnits, to: PriceUnits): PriceUnits | null {
    let first: PriceUnits | null = null;
    for (const order of this.#watching.get(instrument) ?? []) {
      const own = this.#ports.context.instrument(order.intent.instrument);
      const at = own === null ? null : firesBetween(order, from, to, own);
      if (at !== null && (first === null || Math.abs(at - from) < Math.abs(first - from))) first = at;
    }
    return first;
  }

  /** The kill switch takes over, or gives back; all accounts, or one. */
  standDown(on: boolean, accountId?: string): void {
    this.#dispatch({ kind: 'stand-down', accountId: accountId ?? null, on, now: this.#ports.now() });
  }

  /** Exits whose position is open and that are neither at the venue nor watched over here. */
  unprotected(): readonly LinkedOrder[] {
    return this.#state.orders.filter(
      (order) =>
        order.persistent &&
        !order.dropped &&
        order.role !== 'take-profit' &&
        order.endedAt === null &&
        (order.status === null || isOver(order) || (order.fired && order.status === 'EMULATED')) &&
        (order.parent === null || parentFilled(order, this.#state.orders)) &&
        this.#ports.net(order.intent.accountId, order.intent.instrument) !== 0,
    );
  }

  /** After a restart, once the orders are back. */
  restore(stored: readonly LinkedOrder[]): void {
    const { orderByKey, net, now } = this.#ports;
    if (stored.length === 0) return;
    this.#adopt(restoredBook(stored, { byKey: orderByKey, net }, now()));
    // Orders that got lost are made again under other keys: the book is written before they are sent.
    this.#written = '';
    this.#dispatch({ kind: 'time', now: now() });
  }

  #add(orders: readonly LinkedOrder[]): void {
    const nets = Object.fromEntries(
      orders.map(({ intent: { accountId, instrument } }) => [
        netKey(accountId, instrument),
        this.#ports.net(accountId, instrument),
      ]),
    );
    this.#dispatch({ kind: 'add', orders, nets, now: this.#ports.now() });
  }

  #news(accountId: string, instrument: InstrumentId, refused: OrderId | null): void {
    const { net, now } = this.#ports;
    this.#dispatch({
      kind: 'news',
      orders: [],
      refused,
      accountId,
      instrument,
      net: net(accountId, instrument),
      now: now(),
    });
  }

  #dispatch(input: ContingentInput): void {
    this.#queue.push(input);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = 0; next < this.#queue.length; next += 1) {
        const queued = this.#queue[next];
        if (queued !== undefined) this.#take(queued);
      }
    } finally {
      this.#queue = [];
      this.#working = false;
    }
  }

  #take(given: ContingentInput): void {
    // An order may have gone on since the news of it set out: what counts is how things stand now, all together.
    const input =
      given.kind === 'news'
        ? { ...given, orders: this.#present(), net: this.#ports.net(given.accountId, given.instrument) }
        : given;
    const { state, commands } = contingentStep(this.#state, input, this.#ports.context);
    this.#adopt(state);
    const durable = this.#write(state);
    for (const command of commands) this.#carryOut(command, durable);
  }

  #present(): Order[] {
    const orders: Order[] = [];
    for (const id of this.#byOrder.keys()) {
      const order = this.#ports.order(id);
      if (order !== null) orders.push(order);
    }
    return orders;
  }

  #carryOut(command: ContingentCommand, durable: boolean): void {
    const { ports, name } = { ports: this.#ports, name: command.name };
    const isNew = command.do === 'submit' || command.do === 'hold' || command.do === 'release';
    const done = isNew && !durable ? notWritten() : outcomeOf(ports, command);
    if (command.do === 'submit' || command.do === 'hold') {
      if (this.#answers.has(name)) this.#answers.set(name, done);
      if (done.ok) {
        this.#step({ kind: 'made', name, order: done.value });
        // What it went through meanwhile was told before it was known here.
        this.#news(done.value.accountId, done.value.instrument, null);
      }
    }
    if (!done.ok) this.#step({ kind: 'refused', name, now: ports.now() });
  }

  /** At once, before anything else that waits: the order's own news follow and need it to be known. */
  #step(input: ContingentInput): void {
    this.#adopt(contingentStep(this.#state, input, this.#ports.context).state);
  }

  #adopt(state: ContingentState): void {
    if (state.orders === this.#state.orders) {
      this.#state = state;
      return;
    }
    this.#state = state;
    const { orders } = state;
    this.#byOrder = new Map(
      orders.flatMap((order) => (order.orderId === null ? [] : [[order.orderId, order] as const])),
    );
    this.#places = new Set(orders.map(({ intent }) => netKey(intent.accountId, intent.instrument)));
    const watching = new Map<InstrumentId, LinkedOrder[]>();
    for (const order of orders) {
      if (!isHeld(order) || !isWatching(order, parentFilled(order, orders))) continue;
      const instrument = watchedInstrument(order);
      watching.set(instrument, [...(watching.get(instrument) ?? []), order]);
    }
    this.#watching = watching;
  }

  #write(state: ContingentState): boolean {
    const text = bookText(state);
    if (text === this.#written) return true;
    if (!this.#ports.write(text)) return false;
    this.#written = text;
    return true;
  }
}

function withOrders(state: ContingentState, orders: readonly LinkedOrder[]): ContingentState {
  return { ...state, orders };
}

function outcomeOf(ports: ContingentPorts, command: ContingentCommand): Result<Order> {
  switch (command.do) {
    case 'submit':
      return ports.submit(command.intent);
    case 'hold':
      return ports.hold(command.intent);
    case 'release':
      return ports.release(command.orderId, command.quantity);
    case 'modify': {
      const { price, trigger, quantity } = command;
      return ports.modify(command.orderId, { price, trigger, quantity });
    }
    case 'cancel':
      return ports.cancel(command.orderId, command.reason);
    case 'expire':
      return ports.expire(command.orderId);
  }
}

function notWritten(): { readonly ok: false; readonly error: Refusal } {
  return refuse(
    'JOURNAL_FAILED',
    'The order was not sent, because what it belongs to could not be written down; free disk space and try again.',
  );
}
