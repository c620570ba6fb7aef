import { notional, type Instrument } from './instrument.ts';
import type { Order, OrderStatus } from './order.ts';
import type { OrderEvent, OrderEventType } from './order-event.ts';
import { ok, refuse, type Result } from './refusal.ts';
import type { EpochMs } from './units.ts';

/**
 * What an event does to an order of a given status. A status name is the plain transition; the words are:
 * - stay: the terms or nothing change, the status does not
 * - accept: ACCEPTED, or PARTIALLY_FILLED when the acknowledgement comes after the first fill
 * - trigger: TRIGGERED, or PARTIALLY_FILLED likewise
 * - fill: PARTIALLY_FILLED or FILLED by the sum; a partial fill while a change travels leaves the change pending
 * - late-fill: the order stays closed and the fill is added, so that a closed order never opens again
 * - news: a change is still travelling and this is not its answer; only the status to return to changes
 * - restore: the change is answered, back to previousStatus
 * - stale: the answer to a change of an order that closed meanwhile; nothing changes
 * - enlarge: FILLED was our sum against a quantity that the venue had raised before; only then does the order go on
 */
type Effect =
  | OrderStatus
  | 'stay'
  | 'accept'
  | 'trigger'
  | 'fill'
  | 'late-fill'
  | 'news'
  | 'restore'
  | 'stale'
  | 'enlarge';
type Row = Readonly<Partial<Record<OrderEventType, Effect>>>;

const LATE_ANSWERS: Row = { 'cancel-rejected': 'stale', 'modify-rejected': 'stale' };

const ORDER_TRANSITIONS: Readonly<Record<OrderStatus, Row>> = {
  INITIALIZED: {
    denied: 'DENIED',
    emulated: 'EMULATED',
    released: 'RELEASED',
    submitted: 'SUBMITTED',
    // Orders that begin at the venue (placed elsewhere) arrive without a submit of ours.
    accepted: 'ACCEPTED',
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    triggered: 'TRIGGERED',
    updated: 'stay',
  },
  EMULATED: { released: 'RELEASED', canceled: 'CANCELED', expired: 'EXPIRED', updated: 'stay' },
  RELEASED: { submitted: 'SUBMITTED', denied: 'DENIED', canceled: 'CANCELED', updated: 'stay' },
  SUBMITTED: {
    accepted: 'ACCEPTED',
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    filled: 'fill',
    updated: 'stay',
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
    unknown: 'UNKNOWN',
  },
  ACCEPTED: {
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    triggered: 'TRIGGERED',
    filled: 'fill',
    updated: 'stay',
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
  },
  TRIGGERED: {
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    filled: 'fill',
    updated: 'stay',
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
  },
  PARTIALLY_FILLED: {
    accepted: 'stay',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    filled: 'fill',
    updated: 'stay',
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
  },
  PENDING_UPDATE: {
    accepted: 'accept',
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    triggered: 'news',
    filled: 'fill',
    updated: 'restore',
    'modify-rejected': 'restore',
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
    unknown: 'UNKNOWN',
  },
  PENDING_CANCEL: {
    accepted: 'accept',
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    triggered: 'news',
    filled: 'fill',
    // The answer to a change that the cancel overtook.
    updated: 'news',
    'modify-rejected': 'stale',
    'cancel-rejected': 'restore',
    'pending-cancel': 'PENDING_CANCEL',
    unknown: 'UNKNOWN',
  },
  UNKNOWN: {
    accepted: 'accept',
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    triggered: 'trigger',
    filled: 'fill',
    updated: 'accept',
    'modify-rejected': 'restore',
    'cancel-rejected': 'restore',
    // Cancelling what may or may not be there is safe, sending it again is not: there is no `submitted` here.
    'pending-cancel': 'PENDING_CANCEL',
    unknown: 'stay',
  },
  // A change may be confirmed after the end: without the raised quantity its fills would not fit.
  CANCELED: { ...LATE_ANSWERS, filled: 'late-fill', updated: 'stay' },
  EXPIRED: { ...LATE_ANSWERS, filled: 'late-fill', updated: 'stay' },
  FILLED: { ...LATE_ANSWERS, updated: 'enlarge' },
  REJECTED: LATE_ANSWERS,
  DENIED: {},
};

/** Known to us alone. */
export const LOCAL: ReadonlySet<OrderStatus> = new Set<OrderStatus>(['INITIALIZED', 'EMULATED', 'RELEASED']);
/** A command travels and its answer is outstanding. */
export const IN_FLIGHT: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  'SUBMITTED',
  'PENDING_UPDATE',
  'PENDING_CANCEL',
]);
/** Working at the venue as far as we know. */
export const OPEN: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  'ACCEPTED',
  'TRIGGERED',
  'PENDING_UPDATE',
  'PENDING_CANCEL',
  'PARTIALLY_FILLED',
]);
/** A cancel may be sent. PENDING_CANCEL is left out: one cancel is on its way already. */
export const CANCELLABLE: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  'SUBMITTED',
  'ACCEPTED',
  'TRIGGERED',
  'PENDING_UPDATE',
  'PARTIALLY_FILLED',
  'UNKNOWN',
]);
/** Closed; a late fill may still be added to CANCELED and EXPIRED, and FILLED may turn out to be larger. */
export const TERMINAL: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  'DENIED',
  'REJECTED',
  'CANCELED',
  'EXPIRED',
  'FILLED',
]);

function isPending(status: OrderStatus): boolean {
  return status === 'PENDING_UPDATE' || status === 'PENDING_CANCEL';
}

/** Quantity not filled yet; 0 for a closed order, whatever it left unfilled. */
export function leavesOf(order: Order): number {
  return TERMINAL.has(order.status) ? 0 : order.quantity - order.filled;
}

function statusAfter(order: Order, effect: Exclude<Effect, 'fill' | 'late-fill'>): OrderStatus {
  switch (effect) {
    case 'accept':
      // The acknowledgement of the send, which the change overtook, is no answer to the change.
      if (isPending(order.status) && (order.previousStatus === 'SUBMITTED' || order.previousStatus === 'UNKNOWN')) {
        return order.status;
      }
      return order.filled > 0 ? 'PARTIALLY_FILLED' : 'ACCEPTED';
    case 'trigger':
      return order.filled > 0 ? 'PARTIALLY_FILLED' : 'TRIGGERED';
    case 'enlarge':
      return 'PARTIALLY_FILLED';
    case 'restore':
      return order.previousStatus;
    case 'stay':
    case 'news':
    case 'stale':
      return order.status;
    default:
      return effect;
  }
}

/** previousStatus is kept while a change travels or the outcome is unknown, so that the way back survives both. */
function previousAfter(order: Order, status: OrderStatus, type: OrderEventType): OrderStatus {
  if (isPending(status) && status === order.status) {
    if (type === 'accepted') return order.filled > 0 ? 'PARTIALLY_FILLED' : 'ACCEPTED';
    if (type === 'triggered') return order.filled > 0 ? 'PARTIALLY_FILLED' : 'TRIGGERED';
  }
  if (isPending(order.status)) return order.previousStatus;
  if (order.status === 'UNKNOWN' && status === 'UNKNOWN') return order.previousStatus;
  return order.status;
}

function later(order: Order, ts: EpochMs): EpochMs {
  return ts > order.updatedAt ? ts : order.updatedAt;
}

function fill(
  order: Order,
  event: OrderEvent & { type: 'filled' },
  instrument: Instrument,
  late: boolean,
): Result<Order> {
  const made = event.fill;
  if (made.orderId !== order.id || made.side !== order.side || made.instrument !== order.instrument) {
    return refuse(
      'FILL_MISMATCH',
      `Fill ${made.tradeId} (${made.side} ${made.instrument}) does not belong to order ${order.id} (${order.side} ${order.instrument}); check the venue's account statement.`,
    );
  }
  if (!Number.isSafeInteger(made.quantity) || made.quantity <= 0) {
    return refuse(
      'FILL_QUANTITY',
      `Fill ${made.tradeId} of order ${order.id} has no positive quantity and is not booked.`,
      {
        value: String(made.quantity),
        limit: '1',
      },
    );
  }
  const filled = order.filled + made.quantity;
  if (filled > order.quantity) {
    return refuse(
      'OVERFILL',
      `Fill ${made.tradeId} would bring order ${order.id} to ${filled} of ${order.quantity} quantity units; ask the venue before trading on.`,
      { value: String(filled), limit: String(order.quantity) },
    );
  }
  const value = notional(instrument, made.price, made.quantity);
  const first = order.filled === 0;
  const complete = filled === order.quantity;
  const pending = isPending(order.status);
  let status: OrderStatus = order.status;
  if (!late && (complete || !pending)) status = complete ? 'FILLED' : 'PARTIALLY_FILLED';
  return ok({
    ...order,
    status,
    previousStatus: late ? order.previousStatus : pending ? 'PARTIALLY_FILLED' : order.status,
    filled,
    filledNotional: first ? value : order.filledNotional.plus(value),
    fees: first ? made.fee : order.fees.plus(made.fee),
    updatedAt: later(order, event.ts),
  });
}

/**
 * The order after the event, or why the event is impossible: ORDER_TRANSITION, ORDER_MISMATCH, OVERFILL, FILL_MISMATCH,
 * FILL_QUANTITY, UPDATE_QUANTITY. Pure. A repeated trade id must be filtered out before. Closed orders stay closed under
 * late fills, an order may expire before it is acknowledged, a stop may trigger while a cancel travels, and UNKNOWN is a
 * status that only the venue's word ends.
 */
export function applyOrderEvent(order: Order, event: OrderEvent, instrument: Instrument): Result<Order> {
  if (event.orderId !== order.id) {
    return refuse('ORDER_MISMATCH', `The event is for order ${event.orderId}, not for ${order.id}.`);
  }
  const effect = ORDER_TRANSITIONS[order.status][event.type];
  if (effect === undefined) {
    return refuse(
      'ORDER_TRANSITION',
      `Order ${order.id} is ${order.status}; the event "${event.type}" is impossible there and was not applied.`,
      { value: event.type, limit: order.status },
    );
  }
  if (event.type === 'filled') return fill(order, event, instrument, effect === 'late-fill');
  if (effect === 'stale' || effect === 'fill' || effect === 'late-fill') return ok(order);
  const status = statusAfter(order, effect);
  const previousStatus = previousAfter(order, status, event.type);
  const updatedAt = later(order, event.ts);
  switch (event.type) {
    case 'accepted':
      if (order.status === 'UNKNOWN') {
        return ok({
          ...order,
          status,
          previousStatus,
          updatedAt,
          venueOrderId: event.venueOrderId,
          reasonCode: null,
          reason: null,
        });
      }
      return ok({ ...order, status, previousStatus, updatedAt, venueOrderId: event.venueOrderId });
    case 'updated': {
      if (!Number.isSafeInteger(event.quantity) || event.quantity <= 0 || event.quantity < order.filled) {
        return refuse(
          'UPDATE_QUANTITY',
          `Order ${order.id} has ${order.filled} quantity units filled and cannot be changed to ${event.quantity}.`,
          { value: String(event.quantity), limit: String(order.filled) },
        );
      }
      const isLate = order.status === 'CANCELED' || order.status === 'EXPIRED';
      const done = event.quantity === order.filled && !isLate && order.filled > 0;
      return ok({
        ...order,
        status: done ? 'FILLED' : status,
        previousStatus,
        updatedAt,
        price: event.price,
        trigger: event.trigger,
        quantity: event.quantity,
      });
    }
    case 'denied':
    case 'rejected':
    case 'canceled':
    case 'expired':
    case 'modify-rejected':
    case 'cancel-rejected':
    case 'unknown':
      return ok({ ...order, status, previousStatus, updatedAt, reasonCode: event.code, reason: event.sentence });
    default:
      return ok({ ...order, status, previousStatus, updatedAt });
  }
}
