import { describe, expect, it } from 'vitest';
import { ZERO } from '../../src/domain/decimal.ts';
import type { Order } from '../../src/domain/order.ts';
import { ExecutionQuality } from '../../src/engine/execution-quality.ts';
import { QuantileSketch } from '../../src/execution/analytics/quantile-sketch.ts';
import { PriceBoard } from '../../src/market/price-board.ts';
import { BTC, fillOf } from '../portfolio/fixtures.ts';

function orderOf(id: string, terms: Partial<Order> = {}): Order {
  return {
    id,
    accountId: 'paper-1',
    accountKind: 'paper',
    instrument: BTC.id,
    side: 'buy',
    type: 'market',
    quantity: 1_000,
    price: null,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: null,
    status: 'SUBMITTED',
    previousStatus: 'INITIALIZED',
    filled: 0,
    filledNotional: ZERO,
    fees: ZERO,
    venueOrderId: null,
    createdAt: 1,
    updatedAt: 1,
    reasonCode: null,
    reason: null,
    ...terms,
  };
}

function market(bid: number, ask: number): PriceBoard {
  const board = new PriceBoard([BTC]);
  board.apply({ kind: 'quote', instrument: BTC.id, ts: 1, at: 1, bid, ask, bidQuantity: 1, askQuantity: 1 });
  return board;
}

describe('execution quality', () => {
  it('slippage by value, fill rate by order; a denied order does not count', () => {
    const quality = new ExecutionQuality(market(9_990, 10_010));
    quality.onOrder(orderOf('a'), { type: 'submitted', orderId: 'a', ts: 1 });
    quality.onFill(fillOf('buy', 500, 10_010, { orderId: 'a' }));
    quality.onOrder(orderOf('a', { filled: 500, status: 'CANCELED' }), null);
    quality.onOrder(orderOf('b', { status: 'DENIED' }), null);
    expect(quality.figures(new QuantileSketch())).toEqual({
      slippageBps: 10,
      fillRate: 0.5,
      latencyMs: { p50: null, p95: null, p99: null },
    });
  });

  it('orders beyond what it follows still count', () => {
    const quality = new ExecutionQuality(market(9_990, 10_010));
    const orders = 20_000;
    for (let index = 0; index < orders; index += 1)
      quality.onOrder(orderOf(`o${index}`, { filled: index % 2 === 0 ? 1_000 : 0, status: 'CANCELED' }), null);
    expect(quality.figures(new QuantileSketch()).fillRate).toBe(0.5);
  });
});
