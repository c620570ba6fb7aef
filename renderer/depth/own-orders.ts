import type { OrderView } from '../../src/contract/types.ts';
import type { PriceRows } from './price-rows.ts';

/** Own orders of one side at one row. */
export interface OwnAtRow {
  readonly side: 'buy' | 'sell';
  readonly row: number;
  readonly orders: readonly OrderView[];
  /** What is left of them, in steps. */
  readonly steps: number;
  /** At least one rests at its stop price and is in no book yet. */
  readonly stop: boolean;
}

/** The field that a move of the order in the ladder changes, and its price; null for one without a price. */
export function restingPrice(order: OrderView): { readonly field: 'price' | 'trigger'; readonly price: string } | null {
  if (order.trigger !== null && order.status !== 'TRIGGERED') return { field: 'trigger', price: order.trigger };
  return order.price === null ? null : { field: 'price', price: order.price };
}

export function ownKey(side: 'buy' | 'sell', row: number): string {
  return `${side} ${row}`;
}

export function ownOrders(
  orders: readonly OrderView[],
  account: string,
  instrument: string,
  rows: PriceRows,
): Map<string, OwnAtRow> {
  const own = new Map<string, OwnAtRow>();
  for (const order of orders) {
    if (order.account !== account || order.instrument !== instrument) continue;
    const resting = restingPrice(order);
    if (resting === null) continue;
    const row = order.side === 'buy' ? rows.bidRow(resting.price) : rows.askRow(resting.price);
    const key = ownKey(order.side, row);
    const before = own.get(key);
    own.set(key, {
      side: order.side,
      row,
      orders: [...(before?.orders ?? []), order],
      steps: (before?.steps ?? 0) + rows.stepsOf(order.remaining),
      stop: (before?.stop ?? false) || resting.field === 'trigger',
    });
  }
  return own;
}
