import type { OrderView, PositionView } from '../../src/contract/types.ts';
import { signOf, trimZeros } from '../format/decimal-text.ts';
import type { PriceLine } from './price-chart.ts';

/** What a dragged line stands for, read back from its id. */
export type LineTarget =
  | { readonly kind: 'order'; readonly id: string; readonly field: 'price' | 'trigger' }
  | { readonly kind: 'protect'; readonly field: 'stopLoss' | 'takeProfit' };

const MOVABLE: ReadonlySet<OrderView['status']> = new Set(['ACCEPTED', 'PARTIALLY_FILLED', 'EMULATED', 'TRIGGERED']);

function orderLines(order: OrderView): PriceLine[] {
  const movable = MOVABLE.has(order.status);
  const words = `${order.side === 'buy' ? 'Buy' : 'Sell'} ${trimZeros(order.remaining)}`;
  const lines: PriceLine[] = [];
  if (order.price !== null) {
    lines.push({
      id: `order/price/${order.id}`,
      price: Number(order.price),
      label: `${words} limit`,
      kind: order.side,
      movable,
    });
  }
  if (order.trigger !== null) {
    lines.push({
      id: `order/trigger/${order.id}`,
      price: Number(order.trigger),
      label: `${words} stop`,
      kind: order.side,
      movable,
    });
  }
  return lines;
}

function positionLines(position: PositionView): PriceLine[] {
  const side = signOf(position.quantity) < 0 ? 'Short' : 'Long';
  const lines: PriceLine[] = [
    {
      id: 'position',
      price: Number(position.averagePrice),
      label: `${side} ${trimZeros(position.quantity.replace('-', ''))}`,
      kind: 'position',
      movable: false,
    },
  ];
  if (position.stopLoss !== null) {
    lines.push({
      id: 'protect/stopLoss',
      price: Number(position.stopLoss),
      label: 'Stop-loss',
      kind: 'stop',
      movable: true,
    });
  }
  if (position.takeProfit !== null) {
    lines.push({
      id: 'protect/takeProfit',
      price: Number(position.takeProfit),
      label: 'Take-profit',
      kind: 'target',
      movable: true,
    });
  }
  return lines;
}

export function chartLines(orders: readonly OrderView[], position: PositionView | undefined): PriceLine[] {
  return [...(position === undefined ? [] : positionLines(position)), ...orders.flatMap(orderLines)];
}

export function lineTarget(id: string): LineTarget | null {
  const [kind, field, ...rest] = id.split('/');
  if (kind === 'protect' && (field === 'stopLoss' || field === 'takeProfit')) return { kind: 'protect', field };
  if (kind === 'order' && (field === 'price' || field === 'trigger'))
    return { kind: 'order', id: rest.join('/'), field };
  return null;
}
