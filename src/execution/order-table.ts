import type { Broker } from '../brokers/broker.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { Order, OrderId, OrderIntent, OrderSource } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { TERMINAL } from '../domain/order-state.ts';
import type { EpochMs } from '../domain/units.ts';
import type { OrderRefusal } from './order-refusal.ts';

/** Everything the order manager keeps about one order. */
export interface OrderEntry {
  order: Order;
  /** As asked, before risk clamped the quantity; kept where an idempotency key may ask for it again. */
  readonly intent: OrderIntent | null;
  /** Null for an order of an earlier run whose broker or instrument is not part of this one. */
  readonly broker: Broker | null;
  readonly instrument: Instrument | null;
  history: readonly OrderEvent[];
  /** `history` from the fourth event on. */
  longHistory: OrderEvent[] | null;
  readonly book: AccountBook;
  submittedAt: EpochMs;
  ackLatencyMs: number | null;
  firstTradeId: string | null;
  /** From the second fill on. */
  tradeIds: Set<string> | null;
  /** Counts submit, cancel and modify, so that a late watchdog knows that its command is no longer the last. */
  commands: number;
  cancelReason: string | null;
  denial: OrderRefusal | null;
  inquiring: boolean;
}

interface AccountBook {
  /** Not closed yet, oldest first. A list: there are few, and every order comes and goes. */
  readonly live: OrderEntry[];
  /** Rebuilt on demand: risk reads it before every order. */
  listed: readonly Order[] | null;
}

export interface OrderFilter {
  readonly accountId?: string;
  readonly instrument?: InstrumentId;
  readonly strategyId?: string;
  readonly source?: OrderSource;
  readonly side?: 'buy' | 'sell';
}

function matches(order: Order, filter: OrderFilter): boolean {
  return (
    (filter.accountId === undefined || filter.accountId === order.accountId) &&
    (filter.instrument === undefined || filter.instrument === order.instrument) &&
    (filter.strategyId === undefined || filter.strategyId === order.strategyId) &&
    (filter.source === undefined || filter.source === order.source) &&
    (filter.side === undefined || filter.side === order.side)
  );
}

const NO_ORDERS: readonly Order[] = [];

/** What a table does with closed orders; without it they all stay. */
export interface OrderRetention {
  /** The newest closed orders kept in memory. */
  readonly keepClosed: number;
  /** An order that has left the memory, as the journal knows it. Null: there is none. */
  readonly recall: (id: OrderId) => RecalledOrder | null;
  /** True while the journal has everything: what it does not know could not be recalled as it is. */
  readonly mayForget: () => boolean;
}

export interface RecalledOrder {
  readonly order: Order;
  readonly broker: Broker | null;
  readonly instrument: Instrument | null;
  readonly tradeIds: readonly string[];
}

export class OrderTable {
  readonly #entries = new Map<OrderId, OrderEntry>();
  readonly #byKey = new Map<string, OrderEntry>();
  readonly #books = new Map<string, AccountBook>();
  readonly #retention: OrderRetention | null;
  /** Closed orders, a ring of the newest. */
  readonly #closed: OrderEntry[] = [];
  #oldest = 0;

  constructor(retention: OrderRetention | null = null) {
    this.#retention = retention;
  }

  book(accountId: string): AccountBook {
    let book = this.#books.get(accountId);
    if (book === undefined) {
      book = { live: [], listed: null };
      this.#books.set(accountId, book);
    }
    return book;
  }

  get(id: OrderId): OrderEntry | undefined {
    return this.#entries.get(id) ?? this.#recall(id);
  }

  /** News of an order that has left the memory: it comes back with everything the journal knows of it. */
  #recall(id: OrderId): OrderEntry | undefined {
    const known = this.#retention?.recall(id) ?? null;
    if (known === null) return undefined;
    const entry = this.add(known.order, known.order, known.broker, known.instrument, []);
    for (const tradeId of known.tradeIds) noteTrade(entry, tradeId);
    return entry;
  }

  #close(entry: OrderEntry): void {
    const retention = this.#retention;
    if (retention === null) return;
    if (this.#closed.length < retention.keepClosed) {
      this.#closed.push(entry);
      return;
    }
    const oldest = this.#closed[this.#oldest];
    this.#closed[this.#oldest] = entry;
    this.#oldest = (this.#oldest + 1) % retention.keepClosed;
    if (!retention.mayForget()) return;
    // An order may be recalled, asked about and closed again while it waits here.
    if (oldest === undefined || this.#entries.get(oldest.order.id) !== oldest || !TERMINAL.has(oldest.order.status))
      return;
    this.#entries.delete(oldest.order.id);
    const key = oldest.order.idempotencyKey;
    if (key !== null && this.#byKey.get(key) === oldest) this.#byKey.delete(key);
  }

  byKey(key: string): OrderEntry | undefined {
    return this.#byKey.get(key);
  }

  add(
    order: Order,
    intent: OrderIntent,
    broker: Broker | null,
    instrument: Instrument | null,
    history: readonly OrderEvent[],
  ): OrderEntry {
    const book = this.book(order.accountId);
    const entry: OrderEntry = {
      order,
      intent: order.idempotencyKey === null ? null : intent,
      broker,
      instrument,
      history,
      longHistory: null,
      book,
      submittedAt: order.createdAt,
      ackLatencyMs: null,
      firstTradeId: null,
      tradeIds: null,
      commands: 0,
      cancelReason: null,
      denial: null,
      inquiring: false,
    };
    this.#entries.set(order.id, entry);
    if (order.idempotencyKey !== null) this.#byKey.set(order.idempotencyKey, entry);
    if (!TERMINAL.has(order.status)) {
      book.live.push(entry);
      book.listed = null;
    } else this.#close(entry);
    return entry;
  }

  replace(entry: OrderEntry, order: Order): void {
    const { book } = entry;
    const wasOver = TERMINAL.has(entry.order.status);
    const isOver = TERMINAL.has(order.status);
    entry.order = order;
    book.listed = null;
    if (wasOver === isOver) return;
    if (!isOver) book.live.push(entry);
    else {
      const { live } = book;
      const place = live.lastIndexOf(entry);
      if (place === live.length - 1) live.pop();
      else if (place !== -1) live.splice(place, 1);
      this.#close(entry);
    }
  }

  all(): Order[] {
    return Array.from(this.#entries.values(), (entry) => entry.order);
  }

  entries(): Iterable<OrderEntry> {
    return this.#entries.values();
  }

  /** Every order of the account that is not closed: local, in flight, working and UNKNOWN, oldest first. */
  open(accountId: string): readonly Order[] {
    const book = this.#books.get(accountId);
    if (book === undefined || book.live.length === 0) return NO_ORDERS;
    book.listed ??= book.live.map((entry) => entry.order);
    return book.listed;
  }

  live(filter: OrderFilter): OrderEntry[] {
    const found: OrderEntry[] = [];
    for (const book of this.#books.values()) {
      for (const entry of book.live) if (matches(entry.order, filter)) found.push(entry);
    }
    return found;
  }
}

/** True when the trade was booked on this order before; otherwise notes nothing. */
export function hasTrade(entry: OrderEntry, tradeId: string): boolean {
  return entry.firstTradeId === tradeId || (entry.tradeIds !== null && entry.tradeIds.has(tradeId));
}

/**
 * Adds an event to the history. An array that grows by `push` keeps room for 17, and most orders are over after three
 * events: the first ones are put into arrays of their exact size.
 */
export function noteEvent(entry: OrderEntry, event: OrderEvent): void {
  const { history } = entry;
  const [first, second] = history;
  if (history.length === 1 && first !== undefined) entry.history = [first, event];
  else if (history.length === 2 && first !== undefined && second !== undefined) entry.history = [first, second, event];
  else if (entry.longHistory === null) entry.history = entry.longHistory = [...history, event];
  else entry.longHistory.push(event);
}

export function noteTrade(entry: OrderEntry, tradeId: string): void {
  if (entry.firstTradeId === null) entry.firstTradeId = tradeId;
  else (entry.tradeIds ??= new Set()).add(tradeId);
}
