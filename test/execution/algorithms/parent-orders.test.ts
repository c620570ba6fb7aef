import { describe, expect, it } from 'vitest';
import { ZERO } from '../../../src/domain/decimal.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { ParentTicket } from '../../../src/execution/algorithms/algorithm-terms.ts';
import { newParent } from '../../../src/execution/algorithms/parent-machine.ts';
import { ParentOrders } from '../../../src/execution/algorithms/parent-orders.ts';
import { filledOf, type ParentState } from '../../../src/execution/algorithms/parent-state.ts';
import { GRID, sightOf, STALE, termsOf, ticketOf, TWAP } from './support.ts';

function orderOf(parent: ParentState, key: string, quantity: number, change: Partial<Order> = {}): Order {
  return {
    id: `O-${key}`,
    accountId: parent.accountId,
    accountKind: 'paper',
    instrument: parent.instrument,
    side: parent.side,
    type: 'market',
    quantity,
    price: null,
    trigger: null,
    timeInForce: 'IOC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: key,
    status: 'FILLED',
    previousStatus: 'ACCEPTED',
    filled: quantity,
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

/** A journal that can refuse, and a venue that fills each child while it is being sent. */
class Room {
  now = 0;
  isWritable = true;
  readonly did: string[] = [];
  written: ParentState | null = null;
  readonly orders = new Map<string, Order>();
  readonly parents: ParentOrders;

  constructor(fills = true) {
    this.parents = new ParentOrders({
      now: () => this.now,
      sight: () => sightOf(),
      persist: (parent) => {
        if (!this.isWritable) return false;
        this.written = JSON.parse(JSON.stringify(parent)) as ParentState;
        return true;
      },
      send: (parent, child) => {
        this.did.push(`send ${child.key} ${child.quantity}`);
        // Written down before it is sent.
        expect(this.written?.children.some(({ n }) => n === child.n)).toBe(true);
        const order = fills
          ? orderOf(parent, child.key, child.quantity)
          : orderOf(parent, child.key, child.quantity, { status: 'ACCEPTED', filled: 0, type: 'limit', price: 9_900 });
        this.orders.set(child.key, order);
        this.parents.onOrder(order);
      },
      cancel: (_parent, key) => this.did.push(`cancel ${key}`),
    });
  }

  begin(ticket: ParentTicket): void {
    this.parents.start(newParent(ticket, GRID, this.now, sightOf()));
  }

  at(now: number): void {
    this.now = now;
    this.parents.onTime(now);
  }
}

const ticket = (change: Partial<ParentTicket> = {}): ParentTicket =>
  ticketOf(termsOf(TWAP), { id: 'TWAP/1', ...change });

describe('a journal that refuses', () => {
  it('holds children back and sends each once when it works again', () => {
    const room = new Room();
    room.begin(ticket());
    room.isWritable = false;
    room.at(20_000);
    room.at(21_500);
    expect(room.did).toEqual(['send TWAP/1-1 400']);
    room.isWritable = true;
    room.at(23_000);
    room.at(24_000);
    expect(room.did).toEqual(['send TWAP/1-1 400', 'send TWAP/1-2 400']);
    room.at(40_000);
    expect(room.parents.get('TWAP/1')).toMatchObject({ status: 'filled' });
  });

  it('begins nothing', () => {
    const room = new Room();
    room.isWritable = false;
    room.begin(ticket());
    expect(room.did).toEqual([]);
    expect(room.parents.all()).toEqual([]);
  });

  it('does not hold a cancel back', () => {
    const room = new Room(false);
    room.begin(ticket({ limit: 9_900, terms: termsOf({ type: 'iceberg', display: 400, postOnly: false }) }));
    room.isWritable = false;
    room.parents.command('TWAP/1', { type: 'cancel', reason: 'Enough.' });
    expect(room.did).toEqual(['send TWAP/1-1 400', 'cancel TWAP/1-1']);
  });
});

describe('taking over after a restart', () => {
  it('a child that is written down and has no order was never sent: its quantity goes out under the next number', () => {
    const first = new Room();
    first.begin(ticket());
    const written = first.written;
    if (written === null) throw new Error('nothing was written');
    const lost = {
      ...written,
      children: written.children.map((child) => ({ ...child, status: 'new' as const, filled: 0 })),
    };
    const second = new Room();
    second.now = 2_000;
    second.parents.restore(lost, () => null);
    second.at(3_100);
    expect(second.did).toEqual(['send TWAP/1-2 400']);
  });

  it('a child that filled meanwhile counts', () => {
    const first = new Room(false);
    first.begin(ticket());
    const written = first.written;
    if (written === null) throw new Error('nothing was written');
    const second = new Room();
    second.now = 20_000;
    second.parents.restore(written, (key) => orderOf(written, key, 400));
    expect(second.did).toEqual(['send TWAP/1-2 400']);
    const parent = second.parents.get('TWAP/1');
    expect(parent === null ? 0 : filledOf(parent)).toBe(800);
  });

  it('a late fill of an ended parent is counted and moves nothing', () => {
    const room = new Room(false);
    room.begin(ticket({ limit: 9_900, terms: termsOf({ type: 'iceberg', display: 400, postOnly: false }) }));
    room.parents.command('TWAP/1', { type: 'cancel', reason: 'Enough.' });
    const child = room.orders.get('TWAP/1-1');
    if (child === undefined) throw new Error('no child');
    room.parents.onOrder({ ...child, status: 'CANCELED' });
    const ended = room.parents.get('TWAP/1');
    if (ended === null) throw new Error('no parent');
    const later = new Room();
    later.parents.restore(ended, () => ({ ...child, status: 'CANCELED', filled: 150 }));
    const parent = later.parents.get('TWAP/1');
    expect(parent?.status).toBe('cancelled');
    expect(parent === null ? 0 : filledOf(parent)).toBe(150);
    expect(later.did).toEqual([]);
  });
});

it('news of orders that are no children change nothing', () => {
  const room = new Room();
  room.begin(ticket());
  const parent = room.parents.get('TWAP/1');
  if (parent === null) throw new Error('no parent');
  for (const key of ['TWAP/1', 'TWAP/1-', 'TWAP/1-x', 'TWAP/2-1', 'my-key-7'])
    room.parents.onOrder(orderOf(parent, key, 999));
  room.parents.onOrder(orderOf(parent, 'TWAP/1-1', 999, { instrument: 'ETHUSDT.BINANCE' }));
  expect(room.parents.get('TWAP/1')).toBe(parent);
});

describe('a session of months', () => {
  it('forgets parents that ended long ago, never one that works', () => {
    const room = new Room(false);
    const begin = (id: string): boolean =>
      room.parents.start(newParent(ticketOf(termsOf(TWAP), { id }), GRID, room.now, sightOf({ hold: STALE })));
    begin('TWAP/FIRST');
    for (let count = 0; count < 1_005; count += 1) {
      begin(`TWAP/${count}`);
      room.parents.command(`TWAP/${count}`, { type: 'cancel', reason: 'enough' });
      for (const child of room.parents.get(`TWAP/${count}`)?.children ?? []) {
        const key = `TWAP/${count}-${child.n}`;
        room.parents.onOrder(orderOf(newParent(ticketOf(termsOf(TWAP)), GRID, 0, sightOf()), key, child.quantity));
      }
      room.now += 60_000;
      room.parents.onTime(room.now);
    }
    expect(room.parents.get('TWAP/0')).toBeNull();
    expect(room.parents.get('TWAP/1004')).not.toBeNull();
    expect(room.parents.all().length).toBeLessThanOrEqual(1_001);
  });
});
