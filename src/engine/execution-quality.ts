import type { Fill } from '../domain/fill.ts';
import type { Order } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { PriceBoard } from '../market/price-board.ts';

export interface ExecutionFigures {
  /** Average price against the mid at the send, positive = cost, weighted by traded value; null without fills. */
  readonly slippageBps: number | null;
  /** Filled quantity over sent quantity, weighted by order; null without orders. */
  readonly fillRate: number | null;
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null; readonly p99: number | null };
}

/** Watches orders and says how well they were executed. Prices are compared in price units, so no currency is mixed. */
export class ExecutionQuality {
  readonly #board: PriceBoard;
  readonly #arrival = new Map<string, number>();
  #cost = 0;
  #weight = 0;

  constructor(board: PriceBoard) {
    this.#board = board;
  }

  onOrder(order: Order, event: OrderEvent | null): void {
    if (event?.type !== 'submitted') return;
    const line = this.#board.line(order.instrument);
    if (line === null) return;
    const mid = line.bid > 0 && line.ask > 0 ? (line.bid + line.ask) / 2 : line.last;
    if (mid > 0) this.#arrival.set(order.id, mid);
  }

  onFill(fill: Fill): void {
    const mid = this.#arrival.get(fill.orderId);
    if (mid === undefined) return;
    const sign = fill.side === 'buy' ? 1 : -1;
    const weight = fill.price * fill.quantity;
    this.#cost += ((sign * (fill.price - mid)) / mid) * 10_000 * weight;
    this.#weight += weight;
  }

  figures(orders: readonly Order[], latencies: readonly number[]): ExecutionFigures {
    let sent = 0;
    let rate = 0;
    for (const order of orders) {
      if (order.status === 'DENIED') continue;
      sent += 1;
      rate += order.filled / order.quantity;
    }
    const sorted = [...latencies].sort((a, b) => a - b);
    const at = (share: number): number | null =>
      sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null;
    return {
      slippageBps: this.#weight === 0 ? null : this.#cost / this.#weight,
      fillRate: sent === 0 ? null : rate / sent,
      latencyMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    };
  }
}
