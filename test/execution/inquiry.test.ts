import { describe, expect, it } from 'vitest';
import type { OrderInquiry } from '../../src/brokers/broker.ts';
import type { Order } from '../../src/domain/order.ts';
import type { VenueEvent } from '../../src/domain/order-event.ts';
import { bench, fillOf, intentOf, settle, type Bench } from './support.ts';

function place(at: Bench): Order {
  const result = at.manager.submit(intentOf());
  if (!result.ok) throw new Error(result.error.sentence);
  return result.value;
}

function knows(order: Order, changes: Partial<Order>, events: readonly VenueEvent[] = []): () => Promise<OrderInquiry> {
  return () => Promise.resolve({ known: true, order: { ...order, ...changes }, events });
}

describe('a command without an answer', () => {
  it('makes the order UNKNOWN after the wait, asks, and never sends again', async () => {
    const at = bench();
    const order = place(at);
    at.broker.onInquire = () => new Promise(() => {});
    at.clock.advanceTo(4_999);
    expect(at.manager.find(order.id)?.status).toBe('SUBMITTED');
    at.clock.advanceTo(5_000);
    await settle();
    expect(at.manager.find(order.id)).toMatchObject({ status: 'UNKNOWN', reasonCode: 'NO_ANSWER' });
    expect(at.journal.kinds().at(-1)).toBe('order UNKNOWN');
    at.clock.advanceTo(3_600_000);
    await settle();
    expect(at.broker.sent).toEqual(['submit o1', 'inquire o1']);
    expect(at.manager.openOrders('A')).toHaveLength(1);
  });

  it('is watched for cancels and changes too, each from its own start', async () => {
    const at = bench();
    const order = place(at);
    at.broker.accept(order.id);
    at.clock.advanceTo(4_000);
    at.manager.modify(order.id, { price: 149_000, trigger: null, quantity: 10_000 });
    at.clock.advanceTo(6_000);
    at.manager.cancel(order.id, 'x');
    at.clock.advanceTo(9_500);
    expect(at.manager.find(order.id)?.status).toBe('PENDING_CANCEL');
    at.broker.onInquire = knows(order, { status: 'ACCEPTED', venueOrderId: 'v-o1', price: 149_000 });
    at.clock.advanceTo(11_000);
    await settle();
    // The cancel did not arrive, the change did.
    expect(at.manager.find(order.id)).toMatchObject({ status: 'ACCEPTED', price: 149_000 });
  });

  it('is not invented for a venue inside this process', () => {
    const at = bench({ kind: 'paper' });
    at.manager.submit(intentOf({ accountKind: 'paper' }));
    at.clock.advanceTo(1e9);
    expect(at.manager.find('o1')?.status).toBe('SUBMITTED');
  });

  it('leaves answered orders alone', () => {
    const at = bench();
    const order = place(at);
    at.clock.advanceTo(1_000);
    at.broker.accept(order.id);
    at.clock.advanceTo(1e6);
    expect(at.broker.sent).toEqual(['submit o1']);
  });
});

describe('an unknown outcome', () => {
  it('reported by the broker, or a broker that throws, is asked for', async () => {
    const at = bench();
    at.broker.onSubmit = () => {
      throw new Error('socket closed');
    };
    const result = at.manager.submit(intentOf());
    expect(result).toMatchObject({ ok: true, value: { status: 'UNKNOWN' } });
    expect(at.faults.map((fault) => fault.code)).toEqual(['BROKER_THREW']);
    at.broker.onSubmit = () => {};
    const second = place(at);
    at.broker.listener?.onUnknown(second.id, 'HTTP 503.');
    expect(at.manager.find(second.id)).toMatchObject({ status: 'UNKNOWN', reason: 'HTTP 503.' });
    await settle();
    expect(at.broker.sent).toEqual(['submit o1', 'inquire o1', 'submit o2', 'inquire o2']);
  });

  it('ends in what the venue reports, fills included', async () => {
    const at = bench();
    const order = place(at);
    at.broker.onInquire = knows(order, { status: 'PARTIALLY_FILLED', filled: 4_000 }, [
      { type: 'accepted', orderId: order.id, ts: 1, venueOrderId: 'v1' },
      { type: 'filled', orderId: order.id, ts: 2, fill: fillOf(order.id, 4_000) },
    ]);
    at.broker.listener?.onUnknown(order.id, 'Timeout.');
    await settle();
    expect(at.manager.find(order.id)).toMatchObject({ status: 'PARTIALLY_FILLED', filled: 4_000, venueOrderId: 'v1' });
    expect(at.ledger.quantity).toBe(4_000);
    // The stream catches up with what the inquiry told already.
    at.broker.accept(order.id);
    at.broker.fill(order.id, 4_000);
    expect(at.ledger.quantity).toBe(4_000);
    expect(at.faults).toEqual([]);
  });

  it.each([
    ['ACCEPTED', 'ACCEPTED'],
    ['TRIGGERED', 'TRIGGERED'],
    ['CANCELED', 'CANCELED'],
    ['EXPIRED', 'EXPIRED'],
    ['REJECTED', 'REJECTED'],
  ] as const)('follows a bare status %s without events', async (status, expected) => {
    const at = bench();
    const order = place(at);
    at.broker.onInquire = knows(order, { status, reason: 'Because.', reasonCode: 'WHY' });
    at.broker.listener?.onUnknown(order.id, 'Timeout.');
    await settle();
    expect(at.manager.find(order.id)?.status).toBe(expected);
    if (expected !== 'ACCEPTED' && expected !== 'TRIGGERED') {
      expect(at.manager.find(order.id)).toMatchObject({ reason: 'Because.', reasonCode: 'WHY' });
    }
  });

  it('stays unknown while the venue counts fills that it does not list', async () => {
    const at = bench();
    const order = place(at);
    at.broker.onInquire = knows(order, { status: 'FILLED', filled: 10_000 });
    at.broker.listener?.onUnknown(order.id, 'Timeout.');
    await settle();
    expect(at.faults).toMatchObject([{ code: 'FILL_MISSING' }]);
    at.broker.onInquire = knows(order, { status: 'FILLED', filled: 10_000 }, [
      { type: 'filled', orderId: order.id, ts: 2, fill: fillOf(order.id, 10_000) },
    ]);
    at.clock.advanceTo(500);
    await settle();
    expect(at.manager.find(order.id)?.status).toBe('FILLED');
  });

  it('is asked for again with growing pauses, and raises an alarm, never a second order', async () => {
    const at = bench();
    const order = place(at);
    at.broker.onInquire = () => Promise.reject(new Error('offline'));
    at.broker.listener?.onUnknown(order.id, 'Timeout.');
    const asked: number[] = [];
    const count = (): number => at.broker.sent.filter((line) => line.startsWith('inquire')).length;
    for (let now = 0, seen = 0; now <= 40_000; now += 100) {
      at.clock.advanceTo(now);
      await settle();
      if (count() > seen) asked.push(now);
      seen = count();
    }
    expect(asked).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(at.faults.map((fault) => fault.code)).toEqual(['ORDER_UNRESOLVED']);
    expect(at.broker.sent.filter((line) => line.startsWith('submit'))).toHaveLength(1);
    at.manager.stop();
    at.clock.advanceTo(1e6);
    await settle();
    expect(count()).toBe(7);
  });

  it('is closed as CANCELED only after a live venue denied the order three times in a row', async () => {
    const at = bench();
    const order = place(at);
    at.broker.listener?.onUnknown(order.id, 'Timeout.');
    await settle();
    at.clock.advanceTo(500);
    await settle();
    expect(at.manager.find(order.id)?.status).toBe('UNKNOWN');
    at.clock.advanceTo(1_500);
    await settle();
    expect(at.manager.find(order.id)).toMatchObject({ status: 'CANCELED', reasonCode: 'NOT_AT_VENUE' });
    // And if it did exist after all: it is cancelled there, and what it traded before still counts.
    at.broker.accept(order.id);
    expect(at.broker.sent.at(-1)).toBe('cancel o1');
    expect(at.faults.map((fault) => fault.code)).toEqual(['EVENT_REFUSED', 'ORDER_STILL_WORKING']);
    at.broker.fill(order.id, 10_000);
    expect(at.manager.find(order.id)).toMatchObject({ status: 'CANCELED', filled: 10_000 });
    expect(at.ledger.quantity).toBe(10_000);
  });

  it('is a proven rejection where the venue is our own', async () => {
    const at = bench({ kind: 'paper' });
    const result = at.manager.submit(intentOf({ accountKind: 'paper' }));
    at.broker.listener?.onUnknown('o1', 'Lost.');
    await settle();
    expect(result.ok && at.manager.find(result.value.id)).toMatchObject({
      status: 'REJECTED',
      reasonCode: 'NOT_RECEIVED',
    });
  });

  it('acts on the order as it is when the answer comes', async () => {
    const at = bench();
    const order = place(at);
    let answer: (inquiry: OrderInquiry) => void = () => {};
    at.broker.onInquire = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    at.broker.listener?.onUnknown(order.id, 'Timeout.');
    at.broker.accept(order.id);
    at.broker.fill(order.id, 10_000);
    answer({ known: true, order: { ...order, status: 'ACCEPTED' }, events: [] });
    await settle();
    expect(at.manager.find(order.id)?.status).toBe('FILLED');
    expect(at.faults).toEqual([]);
  });
});

describe('a closed order', () => {
  it('that works at the venue after all is cancelled there, unless the answer is merely old', async () => {
    const at = bench();
    const order = place(at);
    at.broker.accept(order.id);
    at.broker.fill(order.id, 4_000);
    at.broker.canceled(order.id);
    at.broker.onInquire = knows(order, { status: 'PARTIALLY_FILLED', filled: 1_000 });
    at.manager.reconcile('all');
    await settle();
    expect(at.broker.sent.at(-1)).toBe('inquire o1');
    at.broker.onInquire = knows(order, { status: 'PARTIALLY_FILLED', filled: 4_000 });
    at.manager.reconcile('all');
    await settle();
    expect(at.broker.sent.at(-1)).toBe('cancel o1');
    expect(at.faults.map((fault) => fault.code)).toEqual(['ORDER_STILL_WORKING']);
  });

  it('goes on when the venue had enlarged it before it was full, and is counted once', () => {
    const at = bench();
    const order = place(at);
    at.broker.accept(order.id);
    at.manager.modify(order.id, { price: 150_000, trigger: null, quantity: 12_000 });
    at.broker.fill(order.id, 10_000);
    expect(at.manager.openOrders('A')).toEqual([]);
    at.broker.emit({ type: 'updated', orderId: order.id, ts: 0, price: 150_000, trigger: null, quantity: 12_000 });
    expect(at.manager.openOrders('A')).toMatchObject([
      { status: 'PARTIALLY_FILLED', filled: 10_000, quantity: 12_000 },
    ]);
    at.broker.fill(order.id, 2_000, { tradeId: 't2' });
    expect(at.manager.find(order.id)?.status).toBe('FILLED');
    expect(at.manager.counters).toMatchObject({ filled: 1, refused: 0 });
    expect(at.ledger.quantity).toBe(12_000);
  });
});

it('reconciles every open order of live venues, and leaves commands in flight to their watchdog', async () => {
  const at = bench();
  const open = place(at);
  at.broker.accept(open.id);
  const flying = place(at);
  const done = place(at);
  at.broker.canceled(done.id);
  const missed: VenueEvent = {
    type: 'filled',
    orderId: done.id,
    ts: 2,
    fill: fillOf(done.id, 1_000, { tradeId: 't7' }),
  };
  at.broker.onInquire = (id) =>
    (id === done.id
      ? knows(done, { status: 'CANCELED', filled: 1_000 }, [missed])
      : knows(open, { status: 'CANCELED' }))();
  expect(at.manager.reconcile('all')).toBe(2);
  await settle();
  expect(at.manager.find(open.id)?.status).toBe('CANCELED');
  expect(at.manager.find(flying.id)?.status).toBe('SUBMITTED');
  expect(at.manager.find(done.id)).toMatchObject({ status: 'CANCELED', filled: 1_000 });
});
