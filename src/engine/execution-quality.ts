import type { Fill } from '../domain/fill.ts';
import type { Order } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { QuantileSketch } from '../execution/analytics/quantile-sketch.ts';
import type { PriceBoard } from '../market/price-board.ts';

export interface ExecutionFigures {
  /** Average price against the mid at the send, positive = cost, weighted by traded value; null without fills. */
  readonly slippageBps: number | null;
  /** Filled quantity over sent quantity, weighted by order; null without orders. */
  readonly fillRate: number | null;
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null; readonly p99: number | null };
}

/** Orders whose news are still followed; of older ones only the sums stay, so a session of any length needs no more memory. */
const FOLLOWED = 8_192;

interface Followed {
  /** Price units; 0 = the market had no price at the send. */
  mid: number;
  /** Filled share; null for an order that was denied. */
  filled: number | null;
}

/** Watches orders and says how well they were executed. Prices are compared in price units, so no currency is mixed. */
export class ExecutionQuality {
  readonly #board: PriceBoard;
  /** Oldest first. */
  readonly #orders = new Map<string, Followed>();
  #cost = 0;
  #weight = 0;
  #sent = 0;
  #filled = 0;

  constructor(board: PriceBoard) {
    this.#board = board;
  }

  onOrder(order: Order, event: OrderEvent | null): void {
    const followed = this.#follow(order.id);
    followed.filled = order.status === 'DENIED' ? null : order.filled / order.quantity;
    if (event?.type !== 'submitted') return;
    const line = this.#board.line(order.instrument);
    if (line === null) return;
    const mid = line.bid > 0 && line.ask > 0 ? (line.bid + line.ask) / 2 : line.last;
    if (mid > 0) followed.mid = mid;
  }

  onFill(fill: Fill): void {
    const mid = this.#orders.get(fill.orderId)?.mid ?? 0;
    if (mid === 0) return;
    const sign = fill.side === 'buy' ? 1 : -1;
    const weight = fill.price * fill.quantity;
    this.#cost += ((sign * (fill.price - mid)) / mid) * 10_000 * weight;
    this.#weight += weight;
  }

  figures(latencies: QuantileSketch): ExecutionFigures {
    let sent = this.#sent;
    let rate = this.#filled;
    for (const { filled } of this.#orders.values()) {
      if (filled === null) continue;
      sent += 1;
      rate += filled;
    }
    return {
      slippageBps: this.#weight === 0 ? null : this.#cost / this.#weight,
      fillRate: sent === 0 ? null : rate / sent,
      latencyMs: { p50: latencies.quantile(0.5), p95: latencies.quantile(0.95), p99: latencies.quantile(0.99) },
    };
  }

  #follow(id: string): Followed {
    const known = this.#orders.get(id);
    if (known !== undefined) return known;
    const followed: Followed = { mid: 0, filled: null };
    this.#orders.set(id, followed);
    if (this.#orders.size > FOLLOWED) this.#forgetOldest();
    return followed;
  }

  #forgetOldest(): void {
    for (const [id, { filled }] of this.#orders) {
      this.#orders.delete(id);
      if (filled !== null) {
        this.#sent += 1;
        this.#filled += filled;
      }
      return;
    }
  }
}
