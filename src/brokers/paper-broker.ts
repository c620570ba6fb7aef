import type { Broker, BrokerListener, OrderChange, OrderInquiry } from './broker.ts';
import type { Clock } from '../clock/clock.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { MarketEvent } from '../domain/market-data.ts';
import type { Order, OrderId } from '../domain/order.ts';
import type { VenueEvent } from '../domain/order-event.ts';
import { applyOrderEvent } from '../domain/order-state.ts';
import type { EpochMs, PriceUnits } from '../domain/units.ts';
import type { Venue, VenueOptions } from '../venue/venue.ts';

export interface PaperBrokerOptions extends Omit<VenueOptions, 'emit'> {
  readonly id: string;
  readonly clock: Clock;
  readonly createVenue: (options: VenueOptions) => Venue;
}

/** A broker whose exchange is the simulator in this process, and the exchange's door for market data. */
export interface PaperBroker extends Broker {
  readonly kind: 'paper';
  onMarket(event: MarketEvent): void;
  openBar(instrument: InstrumentId, open: PriceUnits, at: EpochMs, volume?: number): void;
  advanceTo(now: EpochMs): void;
  working(): readonly Order[];
  /** Puts a working order of an earlier run back at the venue. Emits nothing. */
  restore(order: Order): void;
}

/** An order as received; what became of it follows from the events since. */
interface Received {
  readonly order: Order;
  readonly events: VenueEvent[];
}

/** Finished orders that can still be asked about. A session of months must not grow with every order it ever sent. */
const KEPT_FINISHED = 1_000;

export function createPaperBroker(options: PaperBrokerOptions): PaperBroker {
  return new SimulatedExchangeBroker(options);
}

class SimulatedExchangeBroker implements PaperBroker {
  readonly id: string;
  readonly kind = 'paper';
  readonly #clock: Clock;
  readonly #venue: Venue;
  readonly #instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly #received = new Map<OrderId, Received>();
  /** The newest finished orders, a ring. */
  readonly #finished: OrderId[] = [];
  #oldest = 0;
  #listener: BrokerListener | null = null;

  constructor(options: PaperBrokerOptions) {
    const { id, clock, createVenue, ...venue } = options;
    this.id = id;
    this.#clock = clock;
    this.#instruments = options.instruments;
    this.#venue = createVenue({ ...venue, emit: (event) => this.#emit(event) });
  }

  listen(listener: BrokerListener): void {
    this.#listener = listener;
  }

  submit(order: Order): void {
    this.#received.set(order.id, { order, events: [] });
    if (order.accountKind === 'paper') this.#venue.submit(order, this.#clock.now());
    else {
      this.#emit({
        type: 'rejected',
        orderId: order.id,
        ts: this.#clock.now(),
        code: 'ACCOUNT_KIND',
        sentence: 'The paper exchange takes orders of paper accounts only; choose a paper account.',
      });
    }
  }

  cancel(orderId: OrderId): void {
    this.#venue.cancel(orderId, this.#clock.now());
  }

  modify(orderId: OrderId, change: OrderChange): void {
    this.#venue.modify(orderId, change, this.#clock.now());
  }

  inquire(orderId: OrderId): Promise<OrderInquiry> {
    const received = this.#received.get(orderId);
    if (received === undefined) return Promise.resolve({ known: false });
    const { order, events } = received;
    return Promise.resolve({ known: true, order: this.#present(order, events), events: [...events] });
  }

  onMarket(event: MarketEvent): void {
    this.#venue.onMarket(event);
  }

  openBar(instrument: InstrumentId, open: PriceUnits, at: EpochMs, volume?: number): void {
    this.#venue.openBar(instrument, open, at, volume);
  }

  advanceTo(now: EpochMs): void {
    this.#venue.advanceTo(now);
  }

  working(): readonly Order[] {
    return this.#venue.working();
  }

  restore(order: Order): void {
    this.#received.set(order.id, { order, events: [] });
    // A stop that has begun to fill has triggered, which PARTIALLY_FILLED no longer says.
    const hasTriggered = order.trigger !== null && order.filled > 0;
    this.#venue.restore(hasTriggered ? { ...order, status: 'TRIGGERED' } : order);
  }

  #emit(event: VenueEvent): void {
    const received = this.#received.get(event.orderId);
    if (received !== undefined) {
      received.events.push(event);
      if (isLast(event, received)) this.#forgetOldest(event.orderId);
    }
    this.#listener?.onEvent(event);
  }

  #forgetOldest(finished: OrderId): void {
    if (this.#finished.length < KEPT_FINISHED) {
      this.#finished.push(finished);
      return;
    }
    const oldest = this.#finished[this.#oldest];
    if (oldest !== undefined) this.#received.delete(oldest);
    this.#finished[this.#oldest] = finished;
    this.#oldest = (this.#oldest + 1) % KEPT_FINISHED;
  }

  #present(received: Order, events: readonly VenueEvent[]): Order {
    const instrument = this.#instruments.get(received.instrument);
    let order = received;
    if (instrument === undefined) return order;
    for (const event of events) {
      const next = applyOrderEvent(order, event, instrument);
      if (next.ok) order = next.value;
    }
    return order;
  }
}

function isLast(event: VenueEvent, { order, events }: Received): boolean {
  if (event.type === 'canceled' || event.type === 'expired' || event.type === 'rejected') return true;
  if (event.type !== 'filled') return false;
  // A single fill of everything, the common case, before the sum over all.
  if (event.fill.quantity >= order.quantity) return true;
  let filled = order.filled;
  let quantity = order.quantity;
  for (const one of events) {
    if (one.type === 'filled') filled += one.fill.quantity;
    else if (one.type === 'updated') quantity = one.quantity;
  }
  return filled >= quantity;
}
