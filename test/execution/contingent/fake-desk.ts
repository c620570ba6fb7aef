import { ZERO } from '../../../src/domain/decimal.ts';
import type { Fill } from '../../../src/domain/fill.ts';
import { defineInstrument, type Instrument } from '../../../src/domain/instrument.ts';
import type { Order, OrderIntent } from '../../../src/domain/order.ts';
import type { OrderEvent } from '../../../src/domain/order-event.ts';
import { applyOrderEvent, TERMINAL } from '../../../src/domain/order-state.ts';
import { ok, refuse, type Result } from '../../../src/domain/refusal.ts';
import { ContingentOrders } from '../../../src/execution/contingent/contingent-orders.ts';
import type { VenueAbilities } from '../../../src/execution/contingent/linked-order.ts';
import type { PriceNow } from '../../../src/execution/contingent/price-trigger.ts';
import { asSent } from '../../../src/execution/contingent/sent-terms.ts';
import { readBook } from '../../../src/execution/contingent/stored-book.ts';
import { NOT_RECEIVED } from '../../../src/execution/order-refusal.ts';

const defined = defineInstrument({
  symbol: 'ETHUSDT',
  venue: 'SIM',
  kind: 'crypto-perpetual',
  quote: 'USDT',
  tick: '0.01',
  step: '1',
});
if (!defined.ok) throw new Error(defined.error.sentence);
export const ETH: Instrument = defined.value;

type Change = { price: number | null; trigger: number | null; quantity: number };
type Command =
  | { readonly do: 'submit' | 'cancel'; readonly id: string }
  | { readonly do: 'modify'; readonly id: string; readonly change: Change };

/** The account's orders and an exchange whose answers come when they are asked for: commands wait until `deliver`. */
export class FakeDesk {
  readonly orders = new Map<string, Order>();
  readonly fills: { id: string; quantity: number; side: 'buy' | 'sell' }[] = [];
  position = 0;
  now = 1_000;
  price: PriceNow = { bid: 10_000, ask: 10_001, last: 10_000 };
  abilities: VenueAbilities = { stops: true, reduceOnly: true };
  instant = true;
  written = '';
  writable = true;
  /** The most that risk lets through of an order; null for all. */
  grants: number | null = null;
  book: ContingentOrders;
  /** What the venue has: an order's own terms there, since a change may be on its way. */
  readonly venue = new Map<string, Order>();
  waiting: Command[] = [];
  #ids = 0;
  #trades = 0;

  constructor() {
    this.book = this.#open();
  }

  #open(): ContingentOrders {
    return new ContingentOrders({
      context: {
        instrument: (id) => (id === ETH.id ? ETH : null),
        price: () => this.price,
        closed: () => false,
        venue: () => this.abilities,
      },
      submit: (intent) =>
        this.#send(this.#make({ ...intent, quantity: Math.min(intent.quantity, this.grants ?? intent.quantity) })),
      hold: (intent) => {
        const order = this.#make(intent);
        this.apply({ type: 'emulated', orderId: order.id, ts: this.now });
        return ok(this.get(order.id));
      },
      release: (id, quantity) => {
        const { price, trigger } = this.get(id);
        this.apply({ type: 'updated', orderId: id, ts: this.now, price, trigger, quantity });
        this.apply({ type: 'released', orderId: id, ts: this.now });
        return this.#send(this.get(id));
      },
      modify: (id, change) => this.#modify(id, change),
      cancel: (id) => this.#cancel(id),
      expire: (id) => {
        this.apply({ type: 'expired', orderId: id, ts: this.now, code: 'EXPIRED', sentence: '' });
        return ok(this.get(id));
      },
      order: (id) => this.orders.get(id) ?? null,
      orderByKey: (key) => [...this.orders.values()].findLast((order) => order.idempotencyKey === key) ?? null,
      net: () => this.position,
      write: (text) => {
        if (this.writable) this.written = text;
        return this.writable;
      },
      now: () => this.now,
    });
  }

  get(id: string): Order {
    const order = this.orders.get(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    return order;
  }

  /** The newest order made under a name. */
  named(name: string): Order | null {
    const id = this.book.named(name)?.orderId ?? null;
    return id === null ? null : this.get(id);
  }

  apply(event: OrderEvent): void {
    const next = applyOrderEvent(this.get(event.orderId), event, ETH);
    if (!next.ok) throw new Error(next.error.sentence);
    this.orders.set(event.orderId, next.value);
    if (event.type === 'filled') {
      const { fill } = event;
      this.position += fill.side === 'buy' ? fill.quantity : -fill.quantity;
      this.fills.push({ id: fill.orderId, quantity: fill.quantity, side: fill.side });
    }
    this.book.onOrder(next.value, event);
  }

  /** The exchange takes the oldest command that waits. */
  deliver(): boolean {
    const command = this.waiting.shift();
    if (command === undefined) return false;
    const { id } = command;
    const ts = this.now;
    const known = this.venue.get(id);
    if (command.do === 'submit') {
      const order = asSent(this.get(id));
      if (TERMINAL.has(order.status)) return true;
      if (order.reduceOnly && this.abilities.reduceOnly && this.#room(order) === 0) {
        this.apply({ type: 'rejected', orderId: id, ts, code: 'REDUCE_ONLY_NOTHING_TO_REDUCE', sentence: '' });
      } else {
        this.venue.set(id, order);
        this.apply({ type: 'accepted', orderId: id, ts, venueOrderId: `v${id}` });
      }
    } else if (known === undefined) {
      const type = command.do === 'cancel' ? 'cancel-rejected' : 'modify-rejected';
      this.apply({ type, orderId: id, ts, code: 'ORDER_NOT_WORKING', sentence: '' });
    } else if (command.do === 'cancel') {
      this.venue.delete(id);
      this.apply({ type: 'canceled', orderId: id, ts, code: 'CANCELED_ON_REQUEST', sentence: '' });
    } else if (command.do === 'modify') {
      const { change } = command;
      if (change.quantity < known.filled) {
        this.apply({ type: 'modify-rejected', orderId: id, ts, code: 'QUANTITY_BELOW_FILLED', sentence: '' });
        return true;
      }
      this.venue.set(id, { ...known, ...change });
      if (change.quantity === known.filled) this.venue.delete(id);
      this.apply({ type: 'updated', orderId: id, ts, ...change });
    }
    return true;
  }

  settle(): void {
    for (let turn = 0; turn < 1_000; turn += 1) {
      if (this.deliver()) continue;
      const before = this.fills.length + this.orders.size;
      this.now += 20_000;
      this.book.onTime(this.now);
      if (this.waiting.length === 0 && before === this.fills.length + this.orders.size) return;
    }
    throw new Error('the desk never comes to rest');
  }

  /** The exchange fills some of an order it has; a reduce-only one never more than there is to close. */
  fill(id: string, quantity: number): number {
    const known = this.venue.get(id);
    if (known === undefined) return 0;
    const most = known.reduceOnly && this.abilities.reduceOnly ? this.#room(known) : Number.POSITIVE_INFINITY;
    const filled = Math.min(quantity, known.quantity - known.filled, most);
    if (filled <= 0) return 0;
    const next = { ...known, filled: known.filled + filled };
    if (next.filled === next.quantity) this.venue.delete(id);
    else this.venue.set(id, next);
    this.#trades += 1;
    const fill: Fill = {
      tradeId: `t${this.#trades}`,
      orderId: id,
      accountId: known.accountId,
      instrument: ETH.id,
      side: known.side,
      price: 10_000,
      quantity: filled,
      liquidity: 'taker',
      fee: ZERO,
      ts: this.now,
      modelled: { model: 'test', seed: null, latencyMs: 0, reference: 10_000, slippage: 0, impact: 0 },
    };
    this.apply({ type: 'filled', orderId: id, ts: this.now, fill });
    return filled;
  }

  /** Until nothing waits and every market order has filled, as they do. */
  rest(): void {
    for (let turn = 0; turn < 100; turn += 1) {
      this.settle();
      const market = [...this.venue.values()].find((order) => order.type === 'market');
      if (market === undefined || this.fill(market.id, market.quantity) === 0) return;
    }
    throw new Error('market orders never end');
  }

  quote(bid: number, ask = bid + 1, last = bid): void {
    this.price = { bid, ask, last };
    this.book.onPrice(ETH.id, bid, ask, last, this.now);
  }

  /** The process dies and starts again: the simulated exchange forgets what it had not taken yet. */
  restart(): void {
    const text = this.written;
    const lost = new Set(this.waiting.map(({ id }) => id));
    this.waiting = [];
    this.book = new ContingentOrders(portsOfNobody);
    for (const order of this.orders.values()) {
      const at = { orderId: order.id, ts: this.now };
      if (TERMINAL.has(order.status) || order.status === 'EMULATED' || order.status === 'INITIALIZED') continue;
      if (order.status === 'SUBMITTED' && !this.venue.has(order.id)) {
        this.apply({ ...at, type: 'rejected', code: NOT_RECEIVED, sentence: '' });
      } else if (order.status === 'PENDING_CANCEL' && lost.has(order.id)) {
        this.venue.delete(order.id);
        this.apply({ ...at, type: 'canceled', code: 'CANCEL_REQUESTED', sentence: '' });
      } else if (order.status === 'PENDING_UPDATE') {
        this.apply({ ...at, type: 'modify-rejected', code: NOT_RECEIVED, sentence: '' });
      }
    }
    this.book = this.#open();
    if (text === '') return;
    const stored = readBook(text);
    if (!stored.ok) throw new Error(stored.error.sentence);
    this.book.restore(stored.value);
  }

  #make(intent: OrderIntent): Order {
    this.#ids += 1;
    const id = `o${this.#ids}`;
    const order: Order = {
      ...intent,
      id,
      status: 'INITIALIZED',
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
    this.orders.set(id, order);
    return order;
  }

  #room(order: Order): number {
    return Math.max(0, order.side === 'sell' ? this.position : -this.position);
  }

  #send(order: Order): Result<Order> {
    this.apply({ type: 'submitted', orderId: order.id, ts: this.now });
    this.#command({ do: 'submit', id: order.id });
    return ok(this.get(order.id));
  }

  #modify(id: string, change: Change): Result<Order> {
    const order = this.get(id);
    if (order.status === 'EMULATED') {
      this.apply({ type: 'updated', orderId: id, ts: this.now, ...change });
      return ok(this.get(id));
    }
    if (TERMINAL.has(order.status) || change.quantity <= order.filled) return refuse('NO', 'It cannot be changed.');
    this.apply({ type: 'pending-update', orderId: id, ts: this.now });
    this.#command({ do: 'modify', id, change });
    return ok(this.get(id));
  }

  #cancel(id: string): Result<Order> {
    const order = this.get(id);
    if (TERMINAL.has(order.status)) return refuse('ORDER_FINISHED', 'It has ended.');
    if (order.status === 'EMULATED') {
      this.apply({ type: 'canceled', orderId: id, ts: this.now, code: 'CANCEL_REQUESTED', sentence: '' });
      return ok(this.get(id));
    }
    if (order.status !== 'PENDING_CANCEL') {
      this.apply({ type: 'pending-cancel', orderId: id, ts: this.now });
      this.#command({ do: 'cancel', id });
    }
    return ok(this.get(id));
  }

  #command(command: Command): void {
    this.waiting.push(command);
    if (!this.instant) return;
    while (this.deliver());
  }
}

const nobody = (): Result<Order> => refuse('NOBODY', 'Nobody listens during a restart.');
const portsOfNobody = {
  context: {
    instrument: () => null,
    price: () => null,
    closed: () => true,
    venue: () => ({ stops: false, reduceOnly: false }),
  },
  submit: nobody,
  hold: nobody,
  release: nobody,
  modify: nobody,
  cancel: nobody,
  expire: nobody,
  order: () => null,
  orderByKey: () => null,
  net: () => 0,
  write: () => false,
  now: () => 0,
};

export function intent(change: Partial<OrderIntent> & Pick<OrderIntent, 'side' | 'quantity'>): OrderIntent {
  return {
    accountId: 'a',
    accountKind: 'paper',
    instrument: ETH.id,
    type: 'market',
    price: null,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: null,
    ...change,
  };
}
