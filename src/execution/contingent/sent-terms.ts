import type { Order } from '../../domain/order.ts';

/** What a venue gets to see: a trailing stop whose trigger was reached is a market order to it. */
export function asSent(order: Order): Order {
  return order.type === 'trailing-stop' ? { ...order, type: 'market', trigger: null } : order;
}
