import type { OrderStatusName, OrderView } from '../../src/contract/types.ts';

const CLOSED: ReadonlySet<OrderStatusName> = new Set(['DENIED', 'REJECTED', 'CANCELED', 'EXPIRED', 'FILLED']);

/** UNKNOWN counts as working: until it is resolved it may be in the market. */
export function isWorking(order: OrderView): boolean {
  return !CLOSED.has(order.status);
}

const WORDS: Readonly<Record<OrderStatusName, string>> = {
  INITIALIZED: 'New',
  DENIED: 'Denied',
  EMULATED: 'Waiting',
  RELEASED: 'Released',
  SUBMITTED: 'Sent',
  ACCEPTED: 'Working',
  REJECTED: 'Rejected',
  CANCELED: 'Cancelled',
  EXPIRED: 'Expired',
  TRIGGERED: 'Triggered',
  PENDING_UPDATE: 'Modifying',
  PENDING_CANCEL: 'Cancelling',
  PARTIALLY_FILLED: 'Part filled',
  FILLED: 'Filled',
  UNKNOWN: 'UNKNOWN',
};

export function statusWord(status: OrderStatusName): string {
  return WORDS[status];
}

const TYPES = {
  market: 'Market',
  limit: 'Limit',
  stop: 'Stop',
  'stop-limit': 'Stop limit',
  'trailing-stop': 'Trailing stop',
} as const;

export function typeWord(type: OrderView['type']): string {
  return TYPES[type];
}
