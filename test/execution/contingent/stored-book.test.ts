import { describe, expect, it } from 'vitest';
import { bracketExits } from '../../../src/execution/contingent/bracket.ts';
import { linkedOrder } from '../../../src/execution/contingent/linked-order.ts';
import { readBook } from '../../../src/execution/contingent/stored-book.ts';
import { ETH, FakeDesk, intent } from './fake-desk.ts';

function bracketed(): FakeDesk {
  const desk = new FakeDesk();
  const entry = intent({ side: 'buy', quantity: 10, type: 'limit', price: 10_000, idempotencyKey: 'entry' });
  const exits = bracketExits(
    { name: 'entry', intent: entry },
    { stopLoss: 9_000, stopSource: null, takeProfit: 12_000, trailing: null },
    ETH,
    desk.abilities,
    { stop: 'entry#SL', target: 'entry#TP' },
  );
  const placed = desk.book.place([linkedOrder({ name: 'entry', intent: entry }), ...exits]);
  if (!placed.ok) throw new Error(placed.error.sentence);
  return desk;
}

describe('what is written down', () => {
  it.each([
    ['half a record', (text: string) => text.slice(0, text.length / 2)],
    ['another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['no list', () => '{"version":1,"orders":{}}'],
    ['a quantity that is a text', (text: string) => text.replace('"quantity":10', '"quantity":"10"')],
    ['an unknown role', (text: string) => text.replace('"role":"order"', '"role":"boss"')],
    ['a name twice', (text: string) => text.replace('"name":"entry#TP"', '"name":"entry#SL"')],
    ['a parent that is missing', (text: string) => text.replace('"name":"entry"', '"name":"other"')],
    [
      'an unknown trigger source',
      (text: string) =>
        text.replace(
          '"condition":null',
          '"condition":{"instrument":"X","source":"rumour","when":"at-or-above","price":1}',
        ),
    ],
  ])('%s is refused, never taken for nothing', (_, damage) => {
    const { written } = bracketed();
    expect(readBook(written).ok).toBe(true);
    expect(readBook(damage(written))).toMatchObject({ ok: false, error: { code: 'CONTINGENT_DAMAGED' } });
  });

  it('is durable before an order is sent: a journal that fails sends nothing new', () => {
    const desk = bracketed();
    desk.writable = false;
    const refused = desk.book.place([
      linkedOrder({ name: 'second', intent: intent({ side: 'buy', quantity: 1, idempotencyKey: 'second' }) }),
    ]);
    expect(refused).toMatchObject({ ok: false, error: { code: 'JOURNAL_FAILED' } });
    expect(desk.orders.size).toBe(1);
    // The journal works again: the exits of what fills are sent, of the size of the fill.
    desk.writable = true;
    desk.fill('o1', 3);
    expect([desk.named('entry#SL')?.quantity, desk.named('entry#TP')?.quantity]).toEqual([3, 3]);
  });

  it('an order that was asked for and never written down is not sent after a restart; its exits neither', () => {
    const desk = bracketed();
    desk.orders.clear();
    desk.venue.clear();
    desk.restart();
    desk.settle();
    expect(desk.orders.size).toBe(0);
  });
});

describe('late fills', () => {
  it('a fill after the cancel of the entry is protected all the same', () => {
    const desk = bracketed();
    desk.venue.delete('o1');
    desk.apply({ type: 'canceled', orderId: 'o1', ts: desk.now, code: 'X', sentence: '' });
    desk.settle();
    expect(desk.named('entry#SL')).toBeNull();
    desk.venue.set('o1', { ...desk.get('o1') });
    desk.fill('o1', 4);
    desk.settle();
    expect([desk.named('entry#SL')?.quantity, desk.named('entry#TP')?.quantity]).toEqual([4, 4]);
  });

  it('stop and target that fill in the same instant close no more than there is', () => {
    const desk = bracketed();
    desk.fill('o1', 10);
    const [stop, target] = [desk.named('entry#SL')?.id ?? '', desk.named('entry#TP')?.id ?? ''];
    desk.instant = false;
    expect(desk.fill(target, 6)).toBe(6);
    // The stop still stands for ten at the venue: the change is on its way.
    expect(desk.fill(stop, 10)).toBe(4);
    desk.settle();
    expect(desk.position).toBe(0);
    expect([desk.get(stop), desk.get(target)].map(({ filled }) => filled)).toEqual([4, 6]);
    expect(desk.venue.size).toBe(0);
  });
});
