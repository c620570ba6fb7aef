import type { OrderInquiry } from '../brokers/broker.ts';
import type { Clock } from '../clock/clock.ts';
import { quantityText } from '../domain/instrument.ts';
import type { Order, OrderStatus } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { IN_FLIGHT, OPEN, TERMINAL } from '../domain/order-state.ts';
import { NOT_AT_VENUE, type OrderFault } from './order-refusal.ts';
import type { OrderEntry } from './order-table.ts';
import { messageOf } from '../domain/refusal.ts';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A live venue may list a new order late; only this many denials in a row prove that it has none. */
const LIVE_DENIALS = 3;
const TRIES_BEFORE_ALARM = 5;

interface InquiryOptions {
  readonly clock: Clock;
  readonly apply: (event: OrderEvent) => void;
  readonly fault: (fault: OrderFault) => void;
  /** The order is closed for us and works at the venue. */
  readonly onZombie: (entry: OrderEntry) => void;
}

/**
 * Asks the venue about orders whose outcome is not known, until it is. Never sends an order. Every answer is applied to
 * the order as it is when the answer arrives, not as it was when the question left.
 */
export class InquiryLoop {
  readonly #options: InquiryOptions;
  #stopped = false;

  constructor(options: InquiryOptions) {
    this.#options = options;
  }

  start(entry: OrderEntry): void {
    if (entry.inquiring || entry.broker === null || this.#stopped) return;
    entry.inquiring = true;
    this.#ask(entry, 0, 0);
  }

  stop(): void {
    this.#stopped = true;
  }

  #ask(entry: OrderEntry, tries: number, denials: number): void {
    if (this.#stopped || entry.broker === null) return;
    let answer: Promise<OrderInquiry>;
    try {
      answer = entry.broker.inquire(entry.order.id);
    } catch {
      this.#later(entry, tries, denials);
      return;
    }
    answer
      .then(
        (inquiry) => {
          if (this.#stopped) return;
          const next = inquiry.known ? 0 : denials + 1;
          if (inquiry.known ? this.#applyAnswer(entry, inquiry) : this.#applyDenial(entry, next))
            entry.inquiring = false;
          else this.#later(entry, tries, next);
        },
        () => this.#later(entry, tries, denials),
      )
      .catch((error: unknown) => {
        this.#options.fault({
          code: 'INQUIRY_FAILED',
          orderId: entry.order.id,
          sentence: `The venue's answer about order ${entry.order.id} could not be applied: ${messageOf(error)} It is asked again.`,
        });
        this.#later(entry, tries, denials);
      });
  }

  #later(entry: OrderEntry, tries: number, denials: number): void {
    if (this.#stopped) return;
    if (tries + 1 === TRIES_BEFORE_ALARM) {
      this.#options.fault({
        code: 'ORDER_UNRESOLVED',
        orderId: entry.order.id,
        sentence: `The outcome of order ${entry.order.id} is still unknown after ${tries + 1} inquiries; look at the venue's own order list.`,
      });
    }
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(tries, 10));
    const { clock } = this.#options;
    clock.setTimer(clock.now() + delay, () => this.#ask(entry, tries + 1, denials));
  }

  /** True when nothing is left to ask. */
  #applyDenial(entry: OrderEntry, denials: number): boolean {
    const { order, broker } = entry;
    if (TERMINAL.has(order.status) || broker === null) return true;
    if (broker.kind === 'live' && denials < LIVE_DENIALS) return false;
    const ts = this.#options.clock.now();
    if (broker.kind === 'paper' && order.venueOrderId === null && order.filled === 0) {
      this.#options.apply({
        type: 'rejected',
        orderId: order.id,
        ts,
        code: 'NOT_RECEIVED',
        sentence: 'The venue never received the order; nothing was traded. Send it again if it is still wanted.',
      });
    } else {
      // Closed as CANCELED, because a late fill can still be booked on it.
      this.#options.apply({
        type: 'canceled',
        orderId: order.id,
        ts,
        code: NOT_AT_VENUE,
        sentence: `The venue did not know the order in ${denials} inquiries in a row; it is taken as not working.`,
      });
    }
    return true;
  }

  #applyAnswer(entry: OrderEntry, inquiry: OrderInquiry & { known: true }): boolean {
    const { apply, clock, fault } = this.#options;
    for (const event of inquiry.events) apply(event);
    const event = provingEvent(entry.order, inquiry.order, clock.now());
    if (event !== null) apply(event);
    const terms = provingTerms(entry.order, inquiry.order, clock.now());
    if (terms !== null) apply(terms);
    const { order } = entry;
    if (inquiry.order.filled > order.filled) {
      fault({
        code: 'FILL_MISSING',
        orderId: order.id,
        unbooked: order.accountId,
        sentence: `The venue counts ${filledText(entry, inquiry.order.filled)} filled on order ${order.id}, we have ${filledText(entry, order.filled)}; the missing fills are asked for again.`,
      });
      return false;
    }
    // With fewer fills than ours the answer is merely older than what we know.
    const closed = TERMINAL.has(order.status) && order.status !== 'FILLED';
    if (closed && OPEN.has(inquiry.order.status) && inquiry.order.filled === order.filled)
      this.#options.onZombie(entry);
    return order.status !== 'UNKNOWN' && !IN_FLIGHT.has(order.status);
  }
}

function filledText({ instrument, order }: OrderEntry, units: number): string {
  return instrument === null
    ? `${units} units of ${order.instrument}`
    : `${quantityText(instrument, units)} ${instrument.symbol}`;
}

/** The event that brings our order to the venue's status where its event list did not. */
function provingEvent(ours: Order, venue: Order, ts: number): OrderEvent | null {
  if (TERMINAL.has(ours.status)) return null;
  const unproven = ours.status === 'UNKNOWN' || ours.status === 'SUBMITTED';
  const orderId = ours.id;
  const reason = {
    code: venue.reasonCode ?? 'VENUE',
    sentence: venue.reason ?? `The venue reports it ${venue.status}.`,
  };
  switch (venue.status) {
    case 'ACCEPTED':
    case 'PARTIALLY_FILLED':
      return unproven ? { type: 'accepted', orderId, ts, venueOrderId: venue.venueOrderId ?? '' } : null;
    case 'TRIGGERED':
      if (ours.status === 'UNKNOWN') return { type: 'triggered', orderId, ts };
      return unproven ? { type: 'accepted', orderId, ts, venueOrderId: venue.venueOrderId ?? '' } : null;
    case 'CANCELED':
      return { type: 'canceled', orderId, ts, ...reason };
    case 'EXPIRED':
      return { type: 'expired', orderId, ts, ...reason };
    case 'REJECTED':
      return { type: 'rejected', orderId, ts, ...reason };
    default:
      return null;
  }
}

/** Statuses in which new terms are news; the others wait for the answer to a change of ours, or never had terms. */
const TAKES_TERMS: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  'ACCEPTED',
  'TRIGGERED',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELED',
  'EXPIRED',
]);

function provingTerms(ours: Order, venue: Order, ts: number): OrderEvent | null {
  if (!TAKES_TERMS.has(ours.status)) return null;
  if (ours.price === venue.price && ours.trigger === venue.trigger && ours.quantity === venue.quantity) return null;
  return {
    type: 'updated',
    orderId: ours.id,
    ts,
    price: venue.price,
    trigger: venue.trigger,
    quantity: venue.quantity,
  };
}
