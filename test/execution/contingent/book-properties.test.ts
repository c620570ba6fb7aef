import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TERMINAL } from '../../../src/domain/order-state.ts';
import { bracketExits } from '../../../src/execution/contingent/bracket.ts';
import { filledOf, linkedOrder, type VenueAbilities } from '../../../src/execution/contingent/linked-order.ts';
import { ETH, FakeDesk, intent } from './fake-desk.ts';

type Act =
  | { readonly do: 'price'; readonly by: number }
  | { readonly do: 'fill'; readonly which: number; readonly quantity: number }
  | { readonly do: 'deliver' | 'restart' | 'time' | 'settle' }
  | { readonly do: 'outsider'; readonly quantity: number }
  | { readonly do: 'drop'; readonly which: number };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('price' as const), by: fc.integer({ min: -900, max: 900 }) }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('fill' as const),
        which: fc.nat(5),
        quantity: fc.integer({ min: 1, max: 6 }),
      }),
    },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('deliver' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('time' as const, 'settle' as const) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('outsider' as const), quantity: fc.integer({ min: 1, max: 5 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), which: fc.nat(3) }) },
  ),
  { maxLength: 60 },
);
const scene = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  trailing: fc.boolean(),
  reduceOnly: fc.boolean(),
  acts,
});

const WHOLE = 10;

function play({
  side,
  trailing,
  reduceOnly,
  acts: what,
}: typeof scene extends fc.Arbitrary<infer T> ? T : never): FakeDesk {
  const desk = new FakeDesk();
  const abilities: VenueAbilities = { stops: reduceOnly, reduceOnly };
  desk.abilities = abilities;
  desk.instant = false;
  const long = side === 'buy';
  const entry = intent({ side, quantity: WHOLE, type: 'limit', price: 10_000, idempotencyKey: 'entry' });
  const exits = bracketExits(
    { name: 'entry', intent: entry },
    {
      stopLoss: long ? 9_000 : 11_000,
      stopSource: null,
      takeProfit: long ? 12_000 : 8_000,
      trailing: trailing ? { offset: { kind: 'units', units: 500 }, source: 'bid-ask', activation: null } : null,
    },
    ETH,
    abilities,
    { stop: 'entry#SL', target: 'entry#TP' },
  );
  const placed = desk.book.place([linkedOrder({ name: 'entry', intent: entry }), ...exits]);
  if (!placed.ok) throw new Error(placed.error.sentence);
  const sign = long ? 1 : -1;
  for (const act of what) {
    desk.now += 10;
    switch (act.do) {
      case 'price':
        desk.quote(Math.max(100, desk.price.bid + act.by));
        break;
      case 'deliver':
      case 'settle':
      case 'restart':
        desk[act.do]();
        break;
      case 'time':
        desk.now += 300;
        desk.book.onTime(desk.now);
        break;
      case 'fill': {
        const working = [...desk.venue.keys()];
        const id = working[act.which % Math.max(1, working.length)];
        if (id !== undefined) desk.fill(id, act.quantity);
        break;
      }
      case 'outsider': {
        // Somebody closes by hand. Without reduce-only nothing can keep that from crossing with an exit on its way.
        if (!reduceOnly) break;
        const quantity = Math.min(act.quantity, Math.abs(desk.position));
        if (quantity === 0) break;
        const id = `x${desk.orders.size}`;
        const made = { ...intent({ side: long ? 'sell' : 'buy', quantity }), id };
        desk.orders.set(id, { ...desk.get('o1'), ...made, status: 'ACCEPTED', filled: 0 });
        desk.venue.set(id, desk.get(id));
        desk.fill(id, quantity);
        break;
      }
      case 'drop': {
        const one = desk.book.state.orders[act.which % desk.book.state.orders.length];
        if (one?.role === 'take-profit' && one.orderId !== null) desk.book.drop(one.orderId);
        break;
      }
    }
    // Never the other side, at no moment.
    expect(desk.position * sign).toBeGreaterThanOrEqual(0);
  }
  return desk;
}

describe('a bracket under random prices, partial fills, lost commands, outsiders and restarts', () => {
  it('never closes more than there is, and protects exactly what is open once the dust settles', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const desk = play(one);
        desk.rest();
        const sign = one.side === 'buy' ? 1 : -1;
        const open = desk.position * sign || 0;
        expect(open).toBeGreaterThanOrEqual(0);
        const entered = desk.fills
          .filter(({ side }) => side === one.side)
          .reduce((sum, fill) => sum + fill.quantity, 0);
        const closed = desk.fills.filter(({ side }) => side !== one.side).reduce((sum, fill) => sum + fill.quantity, 0);
        expect(entered - closed).toBe(open);
        expect(entered).toBeLessThanOrEqual(WHOLE);
        const live = [...desk.orders.values()].filter(
          (order) => !TERMINAL.has(order.status) && order.source === 'exit' && order.side !== one.side,
        );
        const stops = live.filter((order) => order.type !== 'limit');
        if (open === 0) expect(live).toEqual([]);
        else {
          // One stop, of the size of the position.
          expect(stops.map((order) => order.quantity - order.filled)).toEqual([open]);
          for (const order of live) expect(order.quantity - order.filled).toBe(open);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('after a restart at rest the book is what it was', () => {
    fc.assert(
      fc.property(scene, (one) => {
        const desk = play(one);
        desk.rest();
        const before = desk.book.state.orders.map(essence);
        desk.restart();
        expect(desk.book.state.orders.map(essence)).toEqual(before);
        expect(desk.waiting).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

/** Retries and the reasons of ends are not part of what has to come back. */
function essence(order: FakeDesk['book']['state']['orders'][number]): object {
  const { failures: _f, retryAt: _r, endedAt: _e, withdrawn: _w, asked: _a, ...rest } = order;
  return { ...rest, filledAltogether: filledOf(order) };
}
