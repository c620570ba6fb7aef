import { describe, expect, it } from 'vitest';
import { bracketExits } from '../../../src/execution/contingent/bracket.ts';
import { linkedOrder } from '../../../src/execution/contingent/linked-order.ts';
import { ETH, FakeDesk, intent } from './fake-desk.ts';

/** An entry of ten with a stop and a target, beside a position of a hundred that is none of its business. */
function entered(): { desk: FakeDesk; id: string } {
  const desk = new FakeDesk();
  desk.position = 100;
  const entry = intent({ side: 'buy', quantity: 10, type: 'limit', price: 10_000, idempotencyKey: 'entry' });
  const exits = bracketExits(
    { name: 'entry', intent: entry },
    { stopLoss: 9_000, stopSource: null, takeProfit: 11_000, trailing: null },
    ETH,
    desk.abilities,
    { stop: 'stop', target: 'target' },
  );
  const placed = desk.book.place([linkedOrder({ name: 'entry', intent: entry }), ...exits]);
  if (!placed.ok) throw new Error(placed.error.sentence);
  return { desk, id: placed.value.id };
}

function change(desk: FakeDesk, id: string, quantity: number): void {
  const { price, trigger } = desk.get(id);
  desk.waiting.push({ do: 'modify', id, change: { price, trigger, quantity } });
  desk.apply({ type: 'pending-update', orderId: id, ts: desk.now });
  desk.book.moved(id, { price, trigger, quantity });
  desk.settle();
}

describe('the exits of a bracket cover what entered, whatever became of the size of its entry', () => {
  it.each([
    ['smaller', 4],
    ['larger', 15],
  ])('made %s by the user', (_, quantity) => {
    const { desk, id } = entered();
    change(desk, id, quantity);
    desk.fill(id, quantity);
    desk.settle();
    expect(desk.named('stop')?.quantity).toBe(quantity);
    expect(desk.named('target')?.quantity).toBe(quantity);
    const target = desk.named('target')?.id ?? '';
    desk.fill(target, 3);
    desk.settle();
    expect(desk.named('stop')?.quantity).toBe(quantity - 3);
  });

  it('made smaller by the user, and the venue says no', () => {
    const { desk, id } = entered();
    desk.instant = false;
    const { price, trigger } = desk.get(id);
    desk.apply({ type: 'pending-update', orderId: id, ts: desk.now });
    desk.book.moved(id, { price, trigger, quantity: 4 });
    desk.apply({ type: 'modify-rejected', orderId: id, ts: desk.now, code: 'NO', sentence: '' });
    desk.fill(id, 10);
    desk.settle();
    expect(desk.named('stop')?.quantity).toBe(10);
  });

  it('granted in part only', () => {
    const desk = new FakeDesk();
    desk.position = 100;
    desk.grants = 5;
    const entry = intent({ side: 'buy', quantity: 10, type: 'limit', price: 10_000, idempotencyKey: 'entry' });
    const exits = bracketExits(
      { name: 'entry', intent: entry },
      { stopLoss: 9_000, stopSource: null, takeProfit: null, trailing: null },
      ETH,
      desk.abilities,
      { stop: 'stop', target: 'target' },
    );
    const placed = desk.book.place([linkedOrder({ name: 'entry', intent: entry }), ...exits]);
    if (!placed.ok) throw new Error(placed.error.sentence);
    desk.grants = null;
    desk.fill(placed.value.id, 5);
    desk.settle();
    expect(desk.named('stop')?.quantity).toBe(5);
  });
});
