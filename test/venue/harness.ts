import { ZERO } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { defineInstrument, type Instrument, priceText, quantityText } from '../../src/domain/instrument.ts';
import type { Order, OrderIntent, OrderStatus } from '../../src/domain/order.ts';
import type { VenueEvent } from '../../src/domain/order-event.ts';
import { applyOrderEvent } from '../../src/domain/order-state.ts';
import { type EpochMs, parseUnits } from '../../src/domain/units.ts';
import { createVenue, type SimulatedVenue } from '../../src/venue/create-venue.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../../src/venue/model.ts';
import type { VenueOptions } from '../../src/venue/venue.ts';

const made = defineInstrument({
  symbol: 'ETHUSDT',
  venue: 'test',
  kind: 'crypto-perpetual',
  quote: 'USDT',
  tick: '0.01',
  step: '0.001',
});
if (!made.ok) throw new Error(made.error.sentence);
export const ETH: Instrument = made.value;

export type Pairs = readonly (readonly [string | number, string | number])[];

export interface OrderTerms {
  id?: string;
  side?: 'buy' | 'sell';
  type?: Order['type'];
  qty?: string | number;
  price?: string | number;
  trigger?: string | number;
  tif?: Order['timeInForce'];
  expireAt?: EpochMs;
  postOnly?: boolean;
  reduceOnly?: boolean;
  account?: string;
}

/** A venue with everything it said, prices and quantities written as plain decimals. */
export class Bench {
  readonly instrument: Instrument;
  readonly venue: SimulatedVenue;
  readonly events: VenueEvent[] = [];
  readonly orders = new Map<string, Order>();
  readonly positions = new Map<string, number>();
  /** Called inside emit, as the engine's receiver would be. */
  onEvent: ((event: VenueEvent) => void) | null = null;
  private sequence = 0;
  private made = 0;

  constructor(
    model: Partial<VenueModel> = {},
    options: Partial<Omit<VenueOptions, 'model'>> & { instrument?: Instrument } = {},
  ) {
    this.instrument = options.instrument ?? ETH;
    this.venue = createVenue({
      instruments: new Map([[this.instrument.id, this.instrument]]),
      model: { ...DEFAULT_VENUE_MODEL, ...model },
      seed: options.seed ?? 1,
      position: (account) => this.positions.get(account) ?? 0,
      dayEnd: options.dayEnd ?? ((_, now) => (Math.floor(now / 86_400_000) + 1) * 86_400_000),
      emit: (event) => {
        this.receive(event);
      },
      ...(options.marketClosed === undefined ? {} : { marketClosed: options.marketClosed }),
      ...(options.barsOnly === undefined ? {} : { barsOnly: options.barsOnly }),
    });
  }

  price(value: string | number): number {
    return parseUnits(String(value), this.instrument.priceDigits);
  }

  quantity(value: string | number): number {
    return parseUnits(String(value), this.instrument.quantityDigits);
  }

  order(terms: OrderTerms, now: EpochMs): Order {
    const type =
      terms.type ??
      (terms.trigger !== undefined
        ? terms.price === undefined
          ? 'stop'
          : 'stop-limit'
        : terms.price === undefined
          ? 'market'
          : 'limit');
    const intent: OrderIntent = {
      accountId: terms.account ?? 'a',
      accountKind: 'paper',
      instrument: this.instrument.id,
      side: terms.side ?? 'buy',
      type,
      quantity: this.quantity(terms.qty ?? '1'),
      price: terms.price === undefined ? null : this.price(terms.price),
      trigger: terms.trigger === undefined ? null : this.price(terms.trigger),
      timeInForce: terms.tif ?? 'GTC',
      expireAt: terms.expireAt ?? null,
      postOnly: terms.postOnly ?? false,
      reduceOnly: terms.reduceOnly ?? false,
      source: 'manual',
      strategyId: null,
      note: null,
      idempotencyKey: null,
    };
    this.made += 1;
    return {
      ...intent,
      id: terms.id ?? `o${this.made}`,
      status: 'SUBMITTED',
      previousStatus: 'INITIALIZED',
      filled: 0,
      filledNotional: ZERO,
      fees: ZERO,
      venueOrderId: null,
      createdAt: now,
      updatedAt: now,
      reasonCode: null,
      reason: null,
    };
  }

  submit(terms: OrderTerms, now: EpochMs = 0): string {
    const order = this.order(terms, now);
    this.orders.set(order.id, order);
    this.venue.submit(order, now);
    return order.id;
  }

  cancel(id: string, now: EpochMs): void {
    this.pend(id, 'pending-cancel', now);
    this.venue.cancel(id, now);
  }

  modify(
    id: string,
    change: { price?: string | number; trigger?: string | number; qty?: string | number },
    now: EpochMs,
  ): void {
    this.pend(id, 'pending-update', now);
    const quantity =
      change.qty === undefined
        ? (this.orders.get(id)?.quantity ?? 0)
        : Math.round(Number(change.qty) * 10 ** this.instrument.quantityDigits);
    this.venue.modify(
      id,
      {
        price: change.price === undefined ? null : this.price(change.price),
        trigger: change.trigger === undefined ? null : this.price(change.trigger),
        quantity,
      },
      now,
    );
  }

  book(bids: Pairs, asks: Pairs, ts: EpochMs = 0): this {
    this.sequence += 1;
    const flat = (levels: Pairs): number[] =>
      levels.flatMap(([price, size]) => [this.price(price), this.quantity(size)]);
    this.venue.onMarket({
      kind: 'book',
      instrument: this.instrument.id,
      ts,
      at: ts,
      sequence: this.sequence,
      bids: flat(bids),
      asks: flat(asks),
    });
    return this;
  }

  delta(bids: Pairs, asks: Pairs, ts: EpochMs): this {
    this.sequence += 1;
    const flat = (levels: Pairs): number[] =>
      levels.flatMap(([price, size]) => [this.price(price), this.quantity(size)]);
    this.venue.onMarket({
      kind: 'delta',
      instrument: this.instrument.id,
      ts,
      at: ts,
      firstSequence: this.sequence,
      lastSequence: this.sequence,
      bids: flat(bids),
      asks: flat(asks),
    });
    return this;
  }

  quote(
    bid: string | number,
    bidQty: string | number,
    ask: string | number,
    askQty: string | number,
    ts: EpochMs,
  ): this {
    this.venue.onMarket({
      kind: 'quote',
      instrument: this.instrument.id,
      ts,
      at: ts,
      bid: this.price(bid),
      bidQuantity: this.quantity(bidQty),
      ask: this.price(ask),
      askQuantity: this.quantity(askQty),
    });
    return this;
  }

  trade(price: string | number, qty: string | number, aggressor: 'buy' | 'sell' | null, ts: EpochMs): this {
    this.venue.onMarket({
      kind: 'trade',
      instrument: this.instrument.id,
      ts,
      at: ts,
      price: this.price(price),
      quantity: this.quantity(qty),
      aggressor,
      tradeId: null,
    });
    return this;
  }

  bar(
    [open, high, low, close]: readonly [number | string, number | string, number | string, number | string],
    start: EpochMs,
    end: EpochMs,
    volume: string | number = 0,
  ): this {
    this.venue.onMarket({
      kind: 'bar',
      instrument: this.instrument.id,
      ts: end,
      at: end,
      start,
      open: this.price(open),
      high: this.price(high),
      low: this.price(low),
      close: this.price(close),
      volume: this.quantity(volume),
    });
    return this;
  }

  fills(id?: string): Fill[] {
    const fills: Fill[] = [];
    for (const event of this.events) {
      if (event.type === 'filled' && (id === undefined || event.orderId === id)) fills.push(event.fill);
    }
    return fills;
  }

  /** Fills as [price, quantity] text pairs. */
  prints(id?: string): [string, string][] {
    return this.fills(id).map((fill) => [
      priceText(this.instrument, fill.price),
      quantityText(this.instrument, fill.quantity),
    ]);
  }

  status(id: string): OrderStatus {
    const order = this.orders.get(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    return order.status;
  }

  reason(id: string): string | null {
    return this.orders.get(id)?.reasonCode ?? null;
  }

  codes(): string[] {
    return this.events.map((event) => ('code' in event ? `${event.type}:${event.code}` : event.type));
  }

  /** The order manager marks a change as travelling before it sends it. */
  private pend(id: string, type: 'pending-cancel' | 'pending-update', ts: EpochMs): void {
    const order = this.orders.get(id);
    if (order === undefined) return;
    const next = applyOrderEvent(order, { type, orderId: id, ts }, this.instrument);
    if (next.ok) this.orders.set(id, next.value);
  }

  /** Every event passes the product's own state machine: an impossible one fails the test. */
  private receive(event: VenueEvent): void {
    this.events.push(event);
    const order = this.orders.get(event.orderId);
    if (order !== undefined) {
      const next = applyOrderEvent(order, event, this.instrument);
      if (!next.ok) throw new Error(`${next.error.code}: ${next.error.sentence}`);
      this.orders.set(order.id, next.value);
      if (event.type === 'filled') {
        const change = order.side === 'buy' ? event.fill.quantity : -event.fill.quantity;
        this.positions.set(order.accountId, (this.positions.get(order.accountId) ?? 0) + change);
      }
    }
    this.onEvent?.(event);
  }
}
