import { describe, expect, it } from 'vitest';
import { bench, intentOf, settle } from './support.ts';

describe('a broker that throws while a lost order is stopped', () => {
  it('is a fault, and the inquiry goes on', async () => {
    const { manager, broker, faults, clock } = bench();
    manager.submit(intentOf());
    broker.accept('o1');
    broker.canceled('o1', 2);
    const closed = manager.find('o1');
    if (closed === null) throw new Error('no order');
    broker.onCancel = () => {
      throw new Error('socket closed');
    };
    broker.onInquire = () => Promise.resolve({ known: true, order: { ...closed, status: 'ACCEPTED' }, events: [] });
    manager.inquire('o1');
    await settle();
    expect(faults.map(({ code }) => code)).toEqual(['ORDER_STILL_WORKING', 'BROKER_THREW']);
    broker.onCancel = () => {};
    manager.inquire('o1');
    clock.advanceTo(60_000);
    await settle();
    expect(broker.sent.filter((line) => line === 'cancel o1').length).toBeGreaterThan(1);
  });
});
