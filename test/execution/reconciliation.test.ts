import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderInquiry } from '../../src/brokers/broker.ts';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import { notional } from '../../src/domain/instrument.ts';
import type { Order, OrderId } from '../../src/domain/order.ts';
import type { VenueEvent } from '../../src/domain/order-event.ts';
import { applyOrderEvent } from '../../src/domain/order-state.ts';
import { bench, ETH, fillOf, intentOf, settle, START_CASH, type Bench } from './support.ts';

/** What really happens to one order at the venue, and what becomes of the news on its way to us. */
interface Fate {
  readonly side: 'buy' | 'sell';
  readonly received: boolean;
  readonly fills: readonly number[];
  readonly ending: 'open' | 'canceled' | 'expired' | 'none';
  /** Per event: lost, twice, or held back by so many steps. */
  readonly travel: readonly { readonly lost: boolean; readonly copies: number; readonly delay: number }[];
}

const fates = fc.array(
  fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    received: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
    fills: fc.array(fc.integer({ min: 1, max: 4_000 }), { maxLength: 4 }),
    ending: fc.constantFrom('open' as const, 'canceled' as const, 'expired' as const, 'none' as const),
    travel: fc.array(
      fc.record({
        lost: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
        copies: fc.integer({ min: 1, max: 3 }),
        delay: fc.integer({ min: 0, max: 12_000 }),
      }),
      { minLength: 8, maxLength: 8 },
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

function truthOf(order: Order, fate: Fate): VenueEvent[] {
  const events: VenueEvent[] = [{ type: 'accepted', orderId: order.id, ts: 1, venueOrderId: `v-${order.id}` }];
  let left = order.quantity;
  for (const [index, wanted] of fate.fills.entries()) {
    const quantity = Math.min(wanted, left);
    if (quantity === 0) break;
    left -= quantity;
    const ts = 2 + index;
    const fill = fillOf(order.id, quantity, {
      tradeId: `${order.id}-${index}`,
      side: order.side,
      price: 150_000 + index,
      ts,
    });
    events.push({ type: 'filled', orderId: order.id, ts, fill });
  }
  const close = { orderId: order.id, ts: 20, code: 'VENUE', sentence: 'Closed by the venue.' };
  if (left > 0 && fate.ending === 'canceled') events.push({ type: 'canceled', ...close });
  if (left > 0 && fate.ending === 'expired') events.push({ type: 'expired', ...close });
  return events;
}

function venueOrder(order: Order, events: readonly VenueEvent[]): Order {
  return events.reduce((now, event) => {
    const next = applyOrderEvent(now, event, ETH);
    if (!next.ok) throw new Error(next.error.sentence);
    return next.value;
  }, order);
}

async function live(at: Bench, plan: readonly Fate[]): Promise<Map<OrderId, Order>> {
  const truth = new Map<OrderId, { order: Order; events: VenueEvent[] }>();
  at.broker.onInquire = (id): Promise<OrderInquiry> => {
    const known = truth.get(id);
    return Promise.resolve(
      known === undefined ? { known: false } : { known: true, order: known.order, events: known.events },
    );
  };
  for (const fate of plan) {
    at.broker.onSubmit = (order) => {
      if (!fate.received) return;
      const events = truthOf(order, fate);
      truth.set(order.id, { order: venueOrder(order, events), events });
      for (const [index, event] of events.entries()) {
        const { lost, copies, delay } = fate.travel[index] ?? { lost: false, copies: 1, delay: 0 };
        for (let copy = 0; !lost && copy < copies; copy += 1) {
          at.clock.setTimer(at.clock.now() + delay + copy * 700, () => at.broker.emit(event));
        }
      }
    };
    at.manager.submit(intentOf({ side: fate.side, quantity: 10_000 }));
  }
  for (let now = 0; now <= 60_000; now += 250) {
    at.clock.advanceTo(now);
    await settle();
  }
  at.manager.reconcile('all');
  for (let now = 60_000; now <= 200_000; now += 1_000) {
    at.clock.advanceTo(now);
    await settle();
  }
  return new Map(Array.from(truth, ([id, { order }]) => [id, order]));
}

describe('whatever happens to the news on its way', () => {
  it('orders, money and position end as they are at the venue, each fill booked once', async () => {
    await fc.assert(
      fc.asyncProperty(fates, async (plan) => {
        const at = bench();
        const truth = await live(at, plan);
        let cash = START_CASH;
        let quantity = 0;
        for (const order of at.manager.orders()) {
          const venue = truth.get(order.id);
          if (venue === undefined) {
            expect(order).toMatchObject({ status: 'CANCELED', filled: 0, reasonCode: 'NOT_AT_VENUE' });
            continue;
          }
          expect(order.filled).toBe(venue.filled);
          expect(order.filledNotional.eq(venue.filledNotional)).toBe(true);
          expect(order.fees.eq(venue.fees)).toBe(true);
          expect(order.status).toBe(venue.status);
          const sign = order.side === 'buy' ? 1 : -1;
          quantity += sign * venue.filled;
          cash = cash.minus(venue.filledNotional.times(sign)).minus(venue.fees);
        }
        expect(at.ledger.quantity).toBe(quantity);
        expect(at.ledger.cash.eq(cash)).toBe(true);
        expect(at.broker.sent.filter((line) => line.startsWith('submit'))).toHaveLength(plan.length);
        // The journal tells the same story as memory.
        const recorded = at.journal.records.filter((record) => record.kind === 'execution');
        const ids = recorded.map((record) => record.execution.fill.tradeId);
        expect(new Set(ids).size).toBe(ids.length);
        const bought = recorded.reduce((sum, { execution: { fill } }) => {
          const signed = fill.side === 'buy' ? fill.quantity : -fill.quantity;
          return sum.plus(notional(ETH, fill.price, signed));
        }, ZERO);
        const fees = recorded.reduce((sum, { execution }) => sum.plus(execution.fill.fee), new Decimal(0));
        expect(START_CASH.minus(bought).minus(fees).eq(at.ledger.cash)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
