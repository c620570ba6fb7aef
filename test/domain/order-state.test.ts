import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { defineInstrument, notional } from '../../src/domain/instrument.ts';
import type { Order, OrderStatus } from '../../src/domain/order.ts';
import type { OrderEvent, OrderEventType } from '../../src/domain/order-event.ts';
import {
  applyOrderEvent,
  CANCELLABLE,
  IN_FLIGHT,
  leavesOf,
  LOCAL,
  OPEN,
  TERMINAL,
} from '../../src/domain/order-state.ts';

const defined = defineInstrument({
  symbol: 'ETHUSDT',
  venue: 'BINANCE',
  kind: 'crypto-spot',
  quote: 'USDT',
  tick: '0.01',
  step: '0.001',
});
if (!defined.ok) throw new Error(defined.error.sentence);
const instrument = defined.value;

const QUANTITY = 10;

function orderIn(status: OrderStatus, changes: Partial<Order> = {}): Order {
  return {
    accountId: 'paper',
    accountKind: 'paper',
    instrument: instrument.id,
    side: 'buy',
    type: 'stop-limit',
    quantity: QUANTITY,
    price: 150_000,
    trigger: 149_000,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: null,
    id: 'o1',
    status,
    previousStatus: 'ACCEPTED',
    filled: status === 'PARTIALLY_FILLED' ? 4 : status === 'FILLED' ? QUANTITY : 0,
    filledNotional: ZERO,
    fees: ZERO,
    venueOrderId: null,
    createdAt: 0,
    updatedAt: 5,
    reasonCode: null,
    reason: null,
    ...changes,
  };
}

let trade = 0;
function fillOf(quantity: number, price = 150_000): Fill {
  trade += 1;
  return {
    tradeId: `t${trade}`,
    orderId: 'o1',
    accountId: 'paper',
    instrument: instrument.id,
    side: 'buy',
    price,
    quantity,
    liquidity: 'taker',
    fee: new Decimal('0.1'),
    ts: 10,
    modelled: { model: 'venue', seed: null, latencyMs: 0, reference: price, slippage: 0, impact: 0 },
  };
}

const WHY = { code: 'WHY', sentence: 'Because.' };
const EVENTS: Record<OrderEventType, () => OrderEvent> = {
  denied: () => ({ type: 'denied', orderId: 'o1', ts: 10, ...WHY }),
  emulated: () => ({ type: 'emulated', orderId: 'o1', ts: 10 }),
  released: () => ({ type: 'released', orderId: 'o1', ts: 10 }),
  submitted: () => ({ type: 'submitted', orderId: 'o1', ts: 10 }),
  accepted: () => ({ type: 'accepted', orderId: 'o1', ts: 10, venueOrderId: 'v1' }),
  rejected: () => ({ type: 'rejected', orderId: 'o1', ts: 10, ...WHY }),
  canceled: () => ({ type: 'canceled', orderId: 'o1', ts: 10, ...WHY }),
  expired: () => ({ type: 'expired', orderId: 'o1', ts: 10, ...WHY }),
  triggered: () => ({ type: 'triggered', orderId: 'o1', ts: 10 }),
  'pending-update': () => ({ type: 'pending-update', orderId: 'o1', ts: 10 }),
  'pending-cancel': () => ({ type: 'pending-cancel', orderId: 'o1', ts: 10 }),
  updated: () => ({ type: 'updated', orderId: 'o1', ts: 10, price: 151_000, trigger: 149_000, quantity: 12 }),
  'modify-rejected': () => ({ type: 'modify-rejected', orderId: 'o1', ts: 10, ...WHY }),
  'cancel-rejected': () => ({ type: 'cancel-rejected', orderId: 'o1', ts: 10, ...WHY }),
  filled: () => ({ type: 'filled', orderId: 'o1', ts: 10, fill: fillOf(1) }),
  unknown: () => ({ type: 'unknown', orderId: 'o1', ts: 10, ...WHY }),
};
const TYPES = Object.keys(EVENTS) as OrderEventType[];

/** Status after the event, for an order whose previousStatus is ACCEPTED and a fill that leaves something open. */
const EXPECTED: Record<OrderStatus, Partial<Record<OrderEventType, OrderStatus>>> = {
  INITIALIZED: {
    denied: 'DENIED',
    emulated: 'EMULATED',
    released: 'RELEASED',
    submitted: 'SUBMITTED',
    accepted: 'ACCEPTED',
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    triggered: 'TRIGGERED',
    updated: 'INITIALIZED',
  },
  DENIED: {},
  EMULATED: { canceled: 'CANCELED', expired: 'EXPIRED', released: 'RELEASED', updated: 'EMULATED' },
  RELEASED: { submitted: 'SUBMITTED', denied: 'DENIED', canceled: 'CANCELED', updated: 'RELEASED' },
  SUBMITTED: {
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    accepted: 'ACCEPTED',
    filled: 'PARTIALLY_FILLED',
    updated: 'SUBMITTED',
    unknown: 'UNKNOWN',
  },
  ACCEPTED: {
    rejected: 'REJECTED',
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
    canceled: 'CANCELED',
    triggered: 'TRIGGERED',
    expired: 'EXPIRED',
    filled: 'PARTIALLY_FILLED',
    updated: 'ACCEPTED',
  },
  REJECTED: { 'cancel-rejected': 'REJECTED', 'modify-rejected': 'REJECTED' },
  CANCELED: { 'cancel-rejected': 'CANCELED', 'modify-rejected': 'CANCELED', filled: 'CANCELED', updated: 'CANCELED' },
  EXPIRED: { 'cancel-rejected': 'EXPIRED', 'modify-rejected': 'EXPIRED', filled: 'EXPIRED', updated: 'EXPIRED' },
  TRIGGERED: {
    rejected: 'REJECTED',
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    filled: 'PARTIALLY_FILLED',
    updated: 'TRIGGERED',
  },
  PENDING_UPDATE: {
    rejected: 'REJECTED',
    accepted: 'ACCEPTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    triggered: 'PENDING_UPDATE',
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
    filled: 'PENDING_UPDATE',
    'modify-rejected': 'ACCEPTED',
    updated: 'ACCEPTED',
    unknown: 'UNKNOWN',
  },
  PENDING_CANCEL: {
    rejected: 'REJECTED',
    'pending-cancel': 'PENDING_CANCEL',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    accepted: 'ACCEPTED',
    triggered: 'PENDING_CANCEL',
    filled: 'PENDING_CANCEL',
    updated: 'PENDING_CANCEL',
    'modify-rejected': 'PENDING_CANCEL',
    'cancel-rejected': 'ACCEPTED',
    unknown: 'UNKNOWN',
  },
  PARTIALLY_FILLED: {
    'pending-update': 'PENDING_UPDATE',
    'pending-cancel': 'PENDING_CANCEL',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    filled: 'PARTIALLY_FILLED',
    accepted: 'PARTIALLY_FILLED',
    updated: 'PARTIALLY_FILLED',
  },
  FILLED: { 'cancel-rejected': 'FILLED', 'modify-rejected': 'FILLED', updated: 'PARTIALLY_FILLED' },
  UNKNOWN: {
    accepted: 'ACCEPTED',
    rejected: 'REJECTED',
    canceled: 'CANCELED',
    expired: 'EXPIRED',
    triggered: 'TRIGGERED',
    filled: 'PARTIALLY_FILLED',
    updated: 'ACCEPTED',
    'modify-rejected': 'ACCEPTED',
    'cancel-rejected': 'ACCEPTED',
    'pending-cancel': 'PENDING_CANCEL',
    unknown: 'UNKNOWN',
  },
};
const STATUSES = Object.keys(EXPECTED) as OrderStatus[];

function run(order: Order, ...types: OrderEventType[]): Order {
  for (const type of types) {
    const result = applyOrderEvent(order, EVENTS[type](), instrument);
    if (!result.ok) throw new Error(result.error.sentence);
    order = result.value;
  }
  return order;
}

describe('order state machine, every pair', () => {
  for (const status of STATUSES) {
    for (const type of TYPES) {
      const expected = EXPECTED[status][type];
      it(`${status} + ${type} -> ${expected ?? 'refused'}`, () => {
        const order = orderIn(status);
        const before = JSON.stringify(order);
        const result = applyOrderEvent(order, EVENTS[type](), instrument);
        expect(JSON.stringify(order)).toBe(before);
        if (expected === undefined) {
          expect(result).toMatchObject({ ok: false, error: { value: type === 'filled' ? expect.anything() : type } });
        } else expect(result).toMatchObject({ ok: true, value: { status: expected } });
      });
    }
  }

  it('has each status in the sets it belongs to', () => {
    const setsOf = (status: OrderStatus): string =>
      [LOCAL, IN_FLIGHT, OPEN, CANCELLABLE, TERMINAL].map((set) => (set.has(status) ? 'x' : '-')).join('');
    expect(Object.fromEntries(STATUSES.map((status) => [status, setsOf(status)]))).toEqual({
      INITIALIZED: 'x----',
      EMULATED: 'x----',
      RELEASED: 'x----',
      SUBMITTED: '-x-x-',
      ACCEPTED: '--xx-',
      TRIGGERED: '--xx-',
      PARTIALLY_FILLED: '--xx-',
      PENDING_UPDATE: '-xxx-',
      PENDING_CANCEL: '-xx--',
      UNKNOWN: '---x-',
      DENIED: '----x',
      REJECTED: '----x',
      CANCELED: '----x',
      EXPIRED: '----x',
      FILLED: '----x',
    });
  });
});

describe('fills', () => {
  it('add up exactly in quantity, money and fees', () => {
    const first = applyOrderEvent(
      orderIn('ACCEPTED'),
      { type: 'filled', orderId: 'o1', ts: 10, fill: fillOf(3, 150_001) },
      instrument,
    );
    if (!first.ok) throw new Error(first.error.sentence);
    expect(first.value.filledNotional.toFixed()).toBe('4.50003');
    const second = applyOrderEvent(
      first.value,
      { type: 'filled', orderId: 'o1', ts: 11, fill: fillOf(7, 149_999) },
      instrument,
    );
    if (!second.ok) throw new Error(second.error.sentence);
    expect(second.value).toMatchObject({ status: 'FILLED', filled: 10, updatedAt: 11 });
    expect(second.value.filledNotional.toFixed()).toBe('14.99996');
    expect(second.value.fees.toFixed()).toBe('0.2');
  });

  it.each(['ACCEPTED', 'CANCELED', 'EXPIRED', 'PENDING_CANCEL', 'UNKNOWN'] as const)(
    'beyond the quantity are refused as OVERFILL on %s',
    (status) => {
      const event = { type: 'filled', orderId: 'o1', ts: 10, fill: fillOf(11) } as const;
      expect(applyOrderEvent(orderIn(status), event, instrument)).toMatchObject({
        ok: false,
        error: { code: 'OVERFILL', value: '11', limit: '10' },
      });
    },
  );

  it('of another order, side or instrument, or without a quantity, are refused', () => {
    const order = orderIn('ACCEPTED');
    const tryFill = (changes: Partial<Fill>): unknown =>
      applyOrderEvent(order, { type: 'filled', orderId: 'o1', ts: 10, fill: { ...fillOf(1), ...changes } }, instrument);
    expect(tryFill({ side: 'sell' })).toMatchObject({ error: { code: 'FILL_MISMATCH' } });
    expect(tryFill({ orderId: 'o2' })).toMatchObject({ error: { code: 'FILL_MISMATCH' } });
    expect(tryFill({ instrument: 'BTCUSDT.BINANCE' })).toMatchObject({ error: { code: 'FILL_MISMATCH' } });
    for (const quantity of [0, -1, 0.5, Number.NaN]) {
      expect(tryFill({ quantity })).toMatchObject({ error: { code: 'FILL_QUANTITY' } });
    }
    expect(applyOrderEvent(order, { ...EVENTS.accepted(), orderId: 'o2' }, instrument)).toMatchObject({
      error: { code: 'ORDER_MISMATCH' },
    });
  });

  it('that come late leave a closed order closed with its reason, even when they complete it', () => {
    for (const status of ['CANCELED', 'EXPIRED'] as const) {
      const closed = orderIn(status, { filled: 4, reasonCode: 'WHY', reason: 'Because.' });
      const result = applyOrderEvent(closed, { type: 'filled', orderId: 'o1', ts: 10, fill: fillOf(6) }, instrument);
      expect(result).toMatchObject({ ok: true, value: { status, filled: 10, reasonCode: 'WHY' } });
    }
  });
});

describe('changes that cross other news', () => {
  it('returns to the status before the change when it is refused', () => {
    for (const status of ['ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED'] as const) {
      expect(run(orderIn(status), 'pending-cancel', 'cancel-rejected').status).toBe(status);
      expect(run(orderIn(status), 'pending-update', 'modify-rejected').status).toBe(status);
      expect(run(orderIn(status), 'pending-update', 'updated')).toMatchObject({ status, quantity: 12, price: 151_000 });
    }
  });

  it('keeps the first status to return to when a cancel follows a change', () => {
    expect(run(orderIn('TRIGGERED'), 'pending-update', 'pending-cancel', 'cancel-rejected').status).toBe('TRIGGERED');
  });

  it('keeps the change pending through a partial fill and returns to PARTIALLY_FILLED', () => {
    expect(run(orderIn('ACCEPTED'), 'pending-cancel', 'filled').status).toBe('PENDING_CANCEL');
    expect(run(orderIn('ACCEPTED'), 'pending-cancel', 'filled', 'cancel-rejected').status).toBe('PARTIALLY_FILLED');
    expect(run(orderIn('ACCEPTED'), 'pending-update', 'filled', 'updated').status).toBe('PARTIALLY_FILLED');
  });

  it('closes a pending order that fills up', () => {
    const pending = run(orderIn('ACCEPTED'), 'pending-cancel');
    const event = { type: 'filled', orderId: 'o1', ts: 10, fill: fillOf(QUANTITY) } as const;
    expect(applyOrderEvent(pending, event, instrument)).toMatchObject({ ok: true, value: { status: 'FILLED' } });
  });

  it('takes the acknowledgement of a send that a cancel overtook for what it is', () => {
    const order = run(orderIn('SUBMITTED'), 'pending-cancel', 'accepted');
    expect(order).toMatchObject({ status: 'PENDING_CANCEL', venueOrderId: 'v1' });
    expect(run(order, 'cancel-rejected').status).toBe('ACCEPTED');
  });

  it('lets a stop trigger while a cancel travels', () => {
    expect(run(orderIn('ACCEPTED'), 'pending-cancel', 'triggered', 'cancel-rejected').status).toBe('TRIGGERED');
  });

  it('refuses a change below what is filled, and closes at exactly that', () => {
    const order = orderIn('PARTIALLY_FILLED');
    const to = (quantity: number): unknown =>
      applyOrderEvent(
        order,
        { type: 'updated', orderId: 'o1', ts: 10, price: 150_000, trigger: null, quantity },
        instrument,
      );
    expect(to(3)).toMatchObject({ ok: false, error: { code: 'UPDATE_QUANTITY' } });
    expect(to(0)).toMatchObject({ ok: false });
    expect(to(4)).toMatchObject({ ok: true, value: { status: 'FILLED' } });
  });
});

describe('UNKNOWN', () => {
  it('is entered from every in-flight status and never leads to a second send', () => {
    for (const status of IN_FLIGHT) {
      const order = run(orderIn(status), 'unknown');
      expect(order).toMatchObject({ status: 'UNKNOWN', reasonCode: 'WHY' });
      for (const type of ['submitted', 'released', 'pending-update', 'denied'] as const) {
        expect(applyOrderEvent(order, EVENTS[type](), instrument).ok).toBe(false);
      }
    }
  });

  it('is not entered where no answer is outstanding', () => {
    for (const status of STATUSES) {
      if (IN_FLIGHT.has(status) || status === 'UNKNOWN') continue;
      expect(applyOrderEvent(orderIn(status), EVENTS.unknown(), instrument).ok).toBe(false);
    }
  });

  it('remembers the status before the lost change', () => {
    expect(run(orderIn('TRIGGERED'), 'pending-cancel', 'unknown', 'cancel-rejected').status).toBe('TRIGGERED');
    expect(run(orderIn('SUBMITTED'), 'unknown', 'accepted')).toMatchObject({ status: 'ACCEPTED', reasonCode: null });
    expect(run(orderIn('PARTIALLY_FILLED'), 'pending-cancel', 'unknown', 'accepted').status).toBe('PARTIALLY_FILLED');
  });
});

describe('random event streams', () => {
  const streams = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...TYPES).map((type) => ({ type, quantity: 1 })) },
      {
        weight: 2,
        arbitrary: fc.integer({ min: 1, max: 6 }).map((quantity) => ({ type: 'filled' as const, quantity })),
      },
    ),
    { maxLength: 40 },
  );

  it('keep filled + leaves = quantity, sums exact, closed orders closed and time forward', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        let order = orderIn('INITIALIZED', { filled: 0, previousStatus: 'INITIALIZED' });
        let filled = 0;
        let value = ZERO;
        for (const [step, { type, quantity }] of stream.entries()) {
          const event: OrderEvent =
            type === 'filled'
              ? { type, orderId: 'o1', ts: step, fill: fillOf(quantity, 100_000 + step) }
              : { ...EVENTS[type](), ts: step };
          const result = applyOrderEvent(order, event, instrument);
          if (!result.ok) continue;
          if (event.type === 'filled') {
            filled += quantity;
            value = value.plus(notional(instrument, event.fill.price, quantity));
          }
          // Closed is closed, but for an order that the venue had enlarged before it was full.
          const enlarged = order.status === 'FILLED' && type === 'updated';
          if (TERMINAL.has(order.status) && !enlarged) expect(result.value.status).toBe(order.status);
          if (LOCAL.has(result.value.status)) expect(LOCAL.has(order.status)).toBe(true);
          expect(result.value.updatedAt).toBeGreaterThanOrEqual(order.updatedAt);
          order = result.value;
          expect(order.filled).toBe(filled);
          expect(order.filled).toBeLessThanOrEqual(order.quantity);
          expect(order.filledNotional.eq(value)).toBe(true);
          expect(leavesOf(order)).toBe(TERMINAL.has(order.status) ? 0 : order.quantity - filled);
          if (order.status === 'FILLED') expect(order.filled).toBe(order.quantity);
          if (order.status === 'PARTIALLY_FILLED') expect(order.filled).toBeGreaterThan(0);
          if (order.status === 'ACCEPTED' || order.status === 'TRIGGERED') expect(order.filled).toBe(0);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
