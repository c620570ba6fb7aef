import { beforeEach, describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../../src/domain/decimal.ts';
import type { MarketEvent } from '../../../src/domain/market-data.ts';
import type { Order, OrderStatus } from '../../../src/domain/order.ts';
import type { OrderEvent } from '../../../src/domain/order-event.ts';
import { ExecutionRecorder } from '../../../src/execution/analytics/execution-recorder.ts';
import { qualityFigures } from '../../../src/execution/analytics/quality-figures.ts';
import { QualitySums } from '../../../src/execution/analytics/quality-sums.ts';
import { PriceBoard } from '../../../src/market/price-board.ts';
import { BTC, fillOf } from '../../portfolio/fixtures.ts';

let now = 0;
let board: PriceBoard;
let recorder: ExecutionRecorder;

function market(event: MarketEvent): void {
  now = event.at;
  board.apply(event);
  recorder.onMarket(event);
}
function quote(at: number, bid: number, ask: number): void {
  market({ kind: 'quote', instrument: BTC.id, ts: at, at, bid, ask, bidQuantity: 1, askQuantity: 1 });
}
function print(at: number, price: number, quantity: number): void {
  market({ kind: 'trade', instrument: BTC.id, ts: at, at, price, quantity, aggressor: null, tradeId: null });
}

function order(status: OrderStatus, change: Partial<Order> = {}): Order {
  return {
    id: 'o',
    accountId: 'paper-1',
    accountKind: 'paper',
    instrument: BTC.id,
    side: 'buy',
    type: 'limit',
    quantity: 4_000,
    price: 10_010,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'strategy',
    strategyId: 's',
    note: null,
    idempotencyKey: null,
    status,
    previousStatus: 'INITIALIZED',
    filled: 0,
    filledNotional: ZERO,
    fees: ZERO,
    venueOrderId: null,
    createdAt: 0,
    updatedAt: 0,
    reasonCode: null,
    reason: null,
    ...change,
  };
}
const event = (type: 'submitted'): OrderEvent => ({ type, orderId: 'o', ts: now });
function tell(of: Order, type: 'submitted' | 'accepted' | 'canceled' | 'denied' | 'rejected'): void {
  const told: OrderEvent =
    type === 'submitted'
      ? event(type)
      : type === 'accepted'
        ? { type, orderId: of.id, ts: now, venueOrderId: 'v' }
        : { type, orderId: of.id, ts: now, code: 'X', sentence: 'x' };
  recorder.onOrder(of, told, now);
}
function fill(price: number, quantity: number, after: Order, feeText: string, liquidity: 'maker' | 'taker'): void {
  const happened = fillOf('buy', quantity, price, { orderId: 'o', ts: now, feeText, liquidity });
  recorder.onFill(happened, after, now);
  recorder.onOrder(after, { type: 'filled', orderId: 'o', ts: now, fill: happened }, now);
}
function sums(): QualitySums {
  const total = new QualitySums();
  for (const cell of recorder.take().cells) total.merge(cell.sums);
  return total;
}

beforeEach(() => {
  now = 0;
  board = new PriceBoard([BTC]);
  recorder = new ExecutionRecorder(board, { dayOf: () => '2026-11-20', algorithmOf: ({ type }) => type });
});

describe('an order from send to end, by hand', () => {
  it('a buy of 4 at 100, half of it filled in two parts, then cancelled', () => {
    // Prices in cents, quantities in thousandths.
    quote(0, 9_990, 10_010);
    print(0, 10_000, 50_000);
    tell(order('SUBMITTED'), 'submitted');
    now = 20;
    tell(order('ACCEPTED'), 'accepted');
    print(1_000, 10_020, 3_000);
    quote(1_000, 10_000, 10_020);
    // 1 at 100.10 with the mid at 100.10, then 1 at 99.90 with the mid at 100.
    fill(
      10_010,
      1_000,
      order('PARTIALLY_FILLED', { filled: 1_000, filledNotional: new Decimal('100.1'), fees: new Decimal('0.1') }),
      '0.1',
      'taker',
    );
    quote(3_000, 9_990, 10_010);
    print(3_000, 9_990, 5_000);
    const half = { filled: 2_000, filledNotional: new Decimal('200'), fees: new Decimal('0.05') };
    fill(9_990, 1_000, order('PARTIALLY_FILLED', half), '-0.05', 'maker');
    quote(6_000, 10_030, 10_050);
    recorder.onTime(6_000);
    recorder.onTime(8_000);
    tell(order('CANCELED', half), 'canceled');
    now = 63_000;
    recorder.onTime(63_000);
    const total = sums();
    const figures = qualityFigures(total);
    expect(total).toMatchObject({ sent: 1, traded: 1, fills: 2, makerFills: 1, improvedFills: 1, markedFills: 2 });
    expect(total.outcomes).toMatchObject({ cancelled: 1, filled: 0 });
    expect(total.value.toFixed()).toBe('200');
    expect(total.fees.toFixed()).toBe('0.05');
    expect(total.improvement.toFixed()).toBe('0.1');
    // Arrival mid 100: paid 200 for 2. The other 2 would have cost 0.40 more each.
    expect(Object.values(total.costs).map(String)).toEqual(['0', '0', '0.8', '0.05', '0.85']);
    expect(figures.costBps?.total).toBeCloseTo((0.85 / 400) * 1e4, 9);
    expect(figures.slippageBps).toBeCloseTo(0, 9);
    expect(figures.fillRate).toBe(0.5);
    expect(figures.effectiveSpreadBps).toBeCloseTo(((2 * -0.1) / 200.1) * 1e4, 6);
    // At +5 s the mid is 100.40 for both.
    expect(figures.realisedSpreadBps.after5s).toBeCloseTo(
      ((2 * (100.1 - 100.4) + 2 * (99.9 - 100.4)) / 200.1) * 1e4,
      6,
    );
    expect(figures.realisedSpreadBps.after60s).toBeCloseTo(figures.realisedSpreadBps.after5s ?? 0, 9);
    const vwap = (100.2 * 3 + 99.9 * 5) / 8;
    expect(figures.vsVwapBps).toBeCloseTo(((100 - vwap) / vwap) * 1e4, 6);
    expect(figures.participation).toBeCloseTo(2 / 8, 9);
    // 100 for 1 s, 100.20 for 2 s, 99.90 for 3 s.
    const twap = (100 * 1 + 100.2 * 2 + 99.9 * 3) / 6;
    expect(figures.vsTwapBps).toBeCloseTo(((100 - twap) / twap) * 1e4, 6);
    expect(total.ack.quantile(0.5)).toBe(20);
    expect([total.fill.quantile(0.5), total.fill.quantile(1)]).toEqual([1_000, 3_000]);
  });

  it('denied is not sent, rejected is; without a price there is no cost, not zero', () => {
    tell(order('DENIED', { id: 'd' }), 'denied');
    tell(order('SUBMITTED'), 'submitted');
    tell(order('REJECTED'), 'rejected');
    const total = sums();
    expect(total).toMatchObject({ sent: 1, judged: 0 });
    expect(total.outcomes).toMatchObject({ denied: 1, rejected: 1 });
    expect(qualityFigures(total)).toMatchObject({ rejectRate: 1, costBps: null, slippageBps: null, fillRate: 0 });
  });

  it('forgets what has ended: nothing grows with the session', () => {
    quote(0, 9_990, 10_010);
    for (let turn = 0; turn < 3_000; turn += 1) {
      const id = `o${turn}`;
      now = turn;
      recorder.onOrder(order('SUBMITTED', { id }), { type: 'submitted', orderId: id, ts: now }, now);
      recorder.onOrder(
        order('CANCELED', { id }),
        { type: 'canceled', orderId: id, ts: now, code: 'X', sentence: 'x' },
        now,
      );
    }
    expect(recorder.take().orders).toHaveLength(3_000);
    expect(recorder.take()).toEqual({ cells: [], orders: [] });
    expect(recorder.working).toBe(0);
  });
});
