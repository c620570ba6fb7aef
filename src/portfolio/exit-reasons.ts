import type { Order } from '../domain/order.ts';

/** Words a closing order is described by; an exit order names its own as the first word of its note. */
const WORD = /^[a-z]+(?:-[a-z]+)*$/;

/**
 * Why an order closed something: "signal", "manual" or "flatten" by who asked, otherwise what the exit rule calls itself:
 * "stop-loss", "trailing-stop", "take-profit", "time-exit", "square-off", "liquidation", "end-of-data".
 */
export function exitReasonOf(order: Pick<Order, 'source' | 'note'>): string {
  if (order.source === 'strategy') return 'signal';
  if (order.source !== 'exit') return order.source;
  const word = order.note?.split(' ', 1)[0] ?? '';
  return WORD.test(word) ? word : 'exit';
}
