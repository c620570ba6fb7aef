import { expect, test } from 'vitest';
import type { OrderManagerOptions } from '../../src/execution/order-manager.ts';
import { bench, type Bench, fillOf, intentOf, sourceOf } from './support.ts';

/** Keeps two closed orders in memory; the journal knows the rest. */
function forgetful(): Bench {
  const found: { at: Bench | null } = { at: null };
  const journalled = () => sourceOf(found.at?.journal.records ?? []);
  const retention: OrderManagerOptions['retention'] = {
    keepClosed: 2,
    find: (id) => {
      const order = journalled()
        .orders()
        .find((one) => one.id === id);
      return order === undefined ? null : { order, fills: journalled().fillsOf(id) };
    },
  };
  const findByKey: OrderManagerOptions['findByKey'] = (key) =>
    journalled()
      .orders()
      .find((order) => order.idempotencyKey === key) ?? null;
  found.at = bench({ retention, findByKey });
  return found.at;
}

function filledOrder(at: Bench, key: string): string {
  const placed = at.manager.submit(intentOf({ idempotencyKey: key }));
  if (!placed.ok) throw new Error(placed.error.sentence);
  const { id, quantity } = placed.value;
  at.broker.accept(id);
  at.broker.fill(id, quantity, { tradeId: `t-${id}` });
  return id;
}

test('only the newest closed orders stay in memory, and every open one', () => {
  const at = forgetful();
  const open = at.manager.submit(intentOf({ idempotencyKey: 'open' }));
  if (!open.ok) throw new Error(open.error.sentence);
  const closed = Array.from({ length: 6 }, (_, index) => filledOrder(at, `k${index}`));
  expect(at.manager.orders().map(({ id }) => id)).toEqual([open.value.id, ...closed.slice(-2)]);
  expect(at.manager.openOrders('A').map(({ id }) => id)).toEqual([open.value.id]);
});

test('an order that left the memory is found again, and its key makes no second order', () => {
  const at = forgetful();
  const first = filledOrder(at, 'first');
  for (let index = 0; index < 4; index += 1) filledOrder(at, `k${index}`);
  const sent = at.broker.sent.length;
  expect(at.manager.findByKey('first')?.id).toBe(first);
  expect(at.manager.submit(intentOf({ idempotencyKey: 'first' }))).toMatchObject({ ok: true, value: { id: first } });
  expect(at.broker.sent).toHaveLength(sent);
  expect(at.manager.find(first)).toMatchObject({ id: first, status: 'FILLED' });
});

test('late news of such an order is booked once', () => {
  const at = forgetful();
  const placed = at.manager.submit(intentOf());
  if (!placed.ok) throw new Error(placed.error.sentence);
  const { id, quantity } = placed.value;
  at.broker.accept(id);
  at.broker.fill(id, quantity / 2, { tradeId: 'early' });
  at.broker.canceled(id);
  for (let index = 0; index < 4; index += 1) filledOrder(at, `k${index}`);
  const held = at.ledger.quantity;
  at.broker.emit({ type: 'filled', orderId: id, ts: 1, fill: fillOf(id, quantity / 2, { tradeId: 'early' }) });
  expect(at.ledger.quantity).toBe(held);
  at.broker.emit({ type: 'filled', orderId: id, ts: 2, fill: fillOf(id, quantity / 4, { tradeId: 'late', ts: 2 }) });
  expect(at.ledger.quantity).toBe(held + quantity / 4);
  expect(at.manager.find(id)).toMatchObject({ status: 'CANCELED', filled: (quantity * 3) / 4 });
  expect(at.manager.find('never')).toBeNull();
});

test('while the journal refuses, what it does not have stays in memory', () => {
  const at = forgetful();
  const placed = at.manager.submit(intentOf());
  if (!placed.ok) throw new Error(placed.error.sentence);
  const { id, quantity } = placed.value;
  at.broker.accept(id);
  at.journal.failing = () => true;
  at.broker.fill(id, quantity, { tradeId: 'unwritten' });
  for (const other of Array.from({ length: 4 }, (_, index) => `k${index}`)) {
    at.manager.submit(intentOf({ idempotencyKey: other, quantity: 0 }));
  }
  const held = at.ledger.quantity;
  expect(at.manager.find(id)).toMatchObject({ status: 'FILLED' });
  at.broker.emit({ type: 'filled', orderId: id, ts: 3, fill: fillOf(id, quantity, { tradeId: 'unwritten' }) });
  expect(at.ledger.quantity).toBe(held);
});
