import { describe, expect, it } from 'vitest';
import { ZERO } from '../../src/domain/decimal.ts';
import type { Order } from '../../src/domain/order.ts';
import { bench, intentOf } from './support.ts';

function working(accountKind: 'paper' | 'live'): Order {
  return {
    ...intentOf({ accountId: 'B', accountKind }),
    id: 'o1',
    status: 'ACCEPTED',
    previousStatus: 'SUBMITTED',
    filled: 0,
    filledNotional: ZERO,
    fees: ZERO,
    venueOrderId: 'v1',
    createdAt: 0,
    updatedAt: 0,
    reasonCode: null,
    reason: null,
  };
}

describe('cancelling an order of an earlier run whose broker is not connected', () => {
  it('is refused for a live account: the order works on at a venue that nobody told', () => {
    const { manager, journal } = bench();
    manager.restore(working('live'), []);
    expect(manager.cancel('o1', 'the user asked')).toMatchObject({ ok: false, error: { code: 'NO_BROKER' } });
    expect(manager.find('o1')?.status).toBe('ACCEPTED');
    expect(manager.openOrders('B')).toHaveLength(1);
    expect(journal.records).toEqual([]);
  });

  it('is done for a paper account, whose exchange died with the earlier run', () => {
    const { manager } = bench();
    manager.restore(working('paper'), []);
    expect(manager.cancel('o1', 'the user asked').ok).toBe(true);
    expect(manager.find('o1')).toMatchObject({ status: 'CANCELED', reasonCode: 'CANCEL_REQUESTED' });
  });
});
