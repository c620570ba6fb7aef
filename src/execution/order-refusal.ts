import type { Order, OrderId } from '../domain/order.ts';
import type { Refusal, Result } from '../domain/refusal.ts';
import type { RiskVerdict } from '../risk/gate.ts';

/** Reason code of an order that was sent and that the venue does not have. */
export const NOT_AT_VENUE = 'NOT_AT_VENUE';
/** Reason code of an order that is known never to have reached its venue. */
export const NOT_RECEIVED = 'NOT_RECEIVED';

/** Why an order command was not carried out. */
export interface OrderRefusal extends Refusal {
  /** The order as journalled (DENIED), or the one the command was about; null when there is none. */
  readonly orderId: OrderId | null;
  /** All risk checks with figures, when risk was asked. */
  readonly verdict: RiskVerdict | null;
}

/** Something that must be seen by a human and did not stop the engine. Journalled as an audit record under `code`. */
export interface OrderFault {
  readonly code:
    | 'EVENT_REFUSED'
    | 'ORDER_NOT_OURS'
    | 'FILL_NOT_BOOKED'
    | 'FILL_MISSING'
    | 'INQUIRY_FAILED'
    | 'ORDER_UNRESOLVED'
    | 'ORDER_STILL_WORKING'
    | 'BROKER_THREW'
    | 'LISTENER_THREW'
    | 'JOURNAL_FAILED';
  readonly orderId: OrderId | null;
  readonly sentence: string;
  /** The account in which the venue has traded something that our books do not show. */
  readonly unbooked?: string;
}

export function orderRefusal(
  code: string,
  sentence: string,
  orderId: OrderId | null = null,
): { readonly ok: false; readonly error: OrderRefusal } {
  return { ok: false, error: { code, sentence, orderId, verdict: null } };
}

export function journalFailed(what: string): Result<never, OrderRefusal> {
  return orderRefusal(
    'JOURNAL_FAILED',
    `${what}: its record could not be written. Free disk space or repair the journal, then try again.`,
  );
}

export function notFound(orderId: OrderId): Result<never, OrderRefusal> {
  return orderRefusal('ORDER_UNKNOWN', `There is no order ${orderId} in this session.`, orderId);
}

export function finished(order: Order, verb: string): Result<never, OrderRefusal> {
  return orderRefusal('ORDER_FINISHED', `Order ${order.id} is ${order.status} and can no longer be ${verb}.`, order.id);
}
