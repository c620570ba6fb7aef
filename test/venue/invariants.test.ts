import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import { notional } from '../../src/domain/instrument.ts';
import { TERMINAL } from '../../src/domain/order-state.ts';
import { ALMGREN_2005 } from '../../src/venue/impact/almgren.ts';
import type { BehindTouchTerms, ImpactTerms, PriceProtectionTerms, VenueModel } from '../../src/venue/model.ts';
import { Bench, ETH, type OrderTerms, type Pairs } from './harness.ts';

type Action =
  | { do: 'book'; mid: number; bids: number[]; asks: number[] }
  | { do: 'level'; side: 'bid' | 'ask'; offset: number; size: number }
  | { do: 'quote'; mid: number; half: number; bid: number; ask: number }
  | { do: 'trade'; price: number; size: number; aggressor: 'buy' | 'sell' | null }
  | { do: 'bar'; open: number; up: number; down: number; at: number; volume: number; opened: boolean }
  | { do: 'submit'; terms: OrderTerms }
  | { do: 'cancel'; which: number }
  | { do: 'modify'; which: number; price: number; size: number };

const size = fc.integer({ min: 1, max: 30 });
const near = fc.integer({ min: 90, max: 110 });
const sizes = fc.array(size, { minLength: 0, maxLength: 5 });

const submit: fc.Arbitrary<Action> = fc
  .record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    type: fc.constantFrom(
      'market' as const,
      'limit' as const,
      'limit' as const,
      'stop' as const,
      'stop-limit' as const,
    ),
    qty: size,
    price: near,
    trigger: near,
    tif: fc.constantFrom('GTC' as const, 'GTC' as const, 'IOC' as const, 'FOK' as const, 'DAY' as const),
    postOnly: fc.boolean(),
    reduceOnly: fc.boolean(),
  })
  .map(({ side, type, qty, price, trigger, tif, postOnly, reduceOnly }) => ({
    do: 'submit' as const,
    terms: {
      side,
      type,
      qty,
      tif,
      reduceOnly,
      ...(type === 'limit' || type === 'stop-limit' ? { price } : {}),
      ...(type === 'stop' || type === 'stop-limit' ? { trigger } : {}),
      ...(type === 'limit' ? { postOnly } : {}),
    },
  }));

const bar: fc.Arbitrary<Action> = fc.record({
  do: fc.constant('bar' as const),
  open: near,
  up: fc.integer({ min: 0, max: 8 }),
  down: fc.integer({ min: 0, max: 8 }),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  volume: fc.integer({ min: 0, max: 60 }),
  opened: fc.boolean(),
});

const ticks: fc.Arbitrary<Action>[] = [
  fc.record({ do: fc.constant('book' as const), mid: near, bids: sizes, asks: sizes }),
  fc.record({
    do: fc.constant('level' as const),
    side: fc.constantFrom('bid' as const, 'ask' as const),
    offset: near,
    size: fc.integer({ min: 0, max: 30 }),
  }),
  fc.record({
    do: fc.constant('quote' as const),
    mid: near,
    half: fc.integer({ min: 1, max: 3 }),
    bid: size,
    ask: size,
  }),
  fc.record({
    do: fc.constant('trade' as const),
    price: near,
    size,
    aggressor: fc.constantFrom('buy' as const, 'sell' as const, null),
  }),
];
const changes: fc.Arbitrary<Action>[] = [
  submit,
  submit,
  submit,
  fc.record({ do: fc.constant('cancel' as const), which: fc.nat(40) }),
  fc.record({ do: fc.constant('modify' as const), which: fc.nat(40), price: near, size }),
];

const scale = { dailyVolatility: 0.05, dailyVolume: 5000, cap: 0.02, horizonMs: 60_000 };
const impacts: readonly ImpactTerms[] = [
  { kind: 'none' },
  { kind: 'square-root', coefficient: 1, ...scale },
  { kind: 'almgren', ...ALMGREN_2005, sharesOutstanding: 1e6, ...scale, dailyVolume: null },
];

const model: fc.Arbitrary<Partial<VenueModel>> = fc.record({
  depth: fc.constantFrom('L1' as const, 'L2' as const),
  queue: fc.boolean(),
  consumeLiquidity: fc.boolean(),
  touchFillProbability: fc.constantFrom(0, 0.5, 1),
  latencyMs: fc.constantFrom(0, 0, 3),
  jitterMs: fc.constantFrom(0, 7),
  slippage: fc.constantFrom(
    { kind: 'none' as const },
    { kind: 'ticks' as const, ticks: 2 },
    { kind: 'fraction' as const, fraction: '0.0007' },
    { kind: 'spread' as const, fraction: '0.5' },
    { kind: 'volume-share' as const, limit: '0.3', impact: '0.1' },
    { kind: 'probability' as const, probability: 0.5, ticks: 3 },
  ),
  impact: fc.constantFrom(...impacts),
  behindTouch: fc.constantFrom<BehindTouchTerms>(
    { kind: 'one-tick' },
    { kind: 'ladder', decay: 0.6, spacingTicks: 2, levels: 6, barTouchShare: 0.2 },
  ),
  priceProtection: fc.constantFrom<PriceProtectionTerms>({ kind: 'none' }, { kind: 'points', points: 40 }),
  jitterShape: fc.constantFrom('uniform' as const, 'exponential' as const, 'log-normal' as const),
  withoutQueue: fc.constantFrom('chance' as const, 'first' as const),
  queuePriority: fc.constantFrom('price-time' as const, 'pro-rata' as const),
  fees: fc.constant({ maker: '-0.0001', taker: '0.0007', fixed: '0.3' }),
  barPath: fc.constantFrom('ohlc' as const, 'olhc' as const, 'adaptive' as const, 'pessimistic' as const),
  barVolumeShare: fc.constantFrom(0, 0.5, 1),
  barMarketFill: fc.constantFrom('next-open' as const, 'close' as const),
  passedStop: fc.constantFrom('reject' as const, 'trigger' as const),
  queueCancels: fc.constantFrom('none' as const, 'pro-rata' as const),
  restingFill: fc.constantFrom('tape' as const, 'display' as const),
  tapeLagMs: fc.constantFrom(0, 10),
});

/** What has been seen of the market, to judge fills by. */
class Witness {
  lowest = Number.POSITIVE_INFINITY;
  highest = Number.NEGATIVE_INFINITY;

  sell(price: number): void {
    this.lowest = Math.min(this.lowest, price * 100);
  }

  buy(price: number): void {
    this.highest = Math.max(this.highest, price * 100);
  }

  both(price: number): void {
    this.sell(price);
    this.buy(price);
  }
}

function run(actions: readonly Action[], chosen: Partial<VenueModel>, reactive: boolean): Bench {
  const bench = new Bench(chosen, { seed: 11 });
  const witness = new Witness();
  const ids: string[] = [];
  let now = 0;
  let barFilled = 0;
  let lastTs = Number.NEGATIVE_INFINITY;
  let react = reactive;
  bench.onEvent = (event) => {
    expect(event.ts).toBeGreaterThanOrEqual(lastTs);
    lastTs = event.ts;
    expect(event.ts).toBeLessThanOrEqual(now);
    if (event.type !== 'filled') return;
    const { fill } = event;
    const order = bench.orders.get(fill.orderId);
    if (order === undefined) throw new Error('fill of an unknown order');
    // 1: never better than the market was; 2: never worse than the limit; 3: never more than asked for.
    if (fill.side === 'buy') expect(fill.price).toBeGreaterThanOrEqual(witness.lowest);
    else expect(fill.price).toBeLessThanOrEqual(witness.highest);
    if (order.price !== null) {
      if (fill.side === 'buy') expect(fill.price).toBeLessThanOrEqual(order.price);
      else expect(fill.price).toBeGreaterThanOrEqual(order.price);
    }
    expect(order.filled).toBeLessThanOrEqual(order.quantity);
    expect(fill.price % ETH.tick).toBe(0);
    // 4: not before the order, its delay included.
    expect(fill.ts).toBeGreaterThanOrEqual(order.createdAt + (chosen.latencyMs ?? 0));
    if (fill.modelled.model.startsWith('bar')) barFilled += fill.quantity;
    const position = bench.positions.get('a') ?? 0;
    const change = fill.side === 'buy' ? fill.quantity : -fill.quantity;
    if (order.reduceOnly) {
      const before = position - change;
      expect(Math.sign(before)).toBe(-Math.sign(change));
      expect(Math.abs(position)).toBeLessThan(Math.abs(before));
      expect(position * before).toBeGreaterThanOrEqual(0);
    }
    if (react) {
      react = false;
      ids.push(bench.submit({ side: fill.side === 'buy' ? 'sell' : 'buy', qty: 1, price: fill.price / 100 }, now));
    }
  };
  for (const action of actions) {
    now += 5;
    switch (action.do) {
      case 'book': {
        const { mid } = action;
        action.asks.forEach((_, index) => {
          witness.sell(mid + 1 + index);
        });
        action.bids.forEach((_, index) => {
          witness.buy(mid - 1 - index);
        });
        const side = (list: number[], sign: number): Pairs => list.map((q, index) => [mid + sign * (1 + index), q]);
        bench.book(side(action.bids, -1), side(action.asks, 1), now);
        break;
      }
      case 'level':
        if (action.size > 0) {
          if (action.side === 'ask') witness.sell(action.offset);
          else witness.buy(action.offset);
        }
        bench.venue.setLevel(ETH.id, action.side, action.offset * 100, action.size * 1000, now);
        break;
      case 'quote':
        witness.sell(action.mid + action.half);
        witness.buy(action.mid - action.half);
        bench.quote(action.mid - action.half, action.bid, action.mid + action.half, action.ask, now);
        break;
      case 'trade':
        witness.both(action.price);
        bench.trade(action.price, action.size, action.aggressor, now);
        break;
      case 'bar': {
        const high = action.open + action.up;
        const low = action.open - action.down;
        const close = low + Math.round((high - low) * action.at);
        const start = now;
        // What still fills at the close before belongs to the bar before.
        bench.venue.advanceTo(now);
        barFilled = 0;
        witness.both(action.open);
        if (action.opened) bench.venue.openBar(ETH.id, action.open * 100, start, action.volume * 1000);
        now += 3;
        witness.both(high);
        witness.both(low);
        bench.bar([action.open, high, low, close], start, now, action.volume);
        const share = chosen.barVolumeShare ?? 0;
        if (share > 0 && action.volume > 0) expect(barFilled).toBeLessThanOrEqual(share * action.volume * 1000);
        break;
      }
      case 'submit':
        ids.push(bench.submit({ ...action.terms }, now));
        break;
      case 'cancel':
      case 'modify': {
        const id = ids[action.which];
        if (id === undefined) break;
        const finished = TERMINAL.has(bench.orders.get(id)?.status ?? 'FILLED');
        const seen = bench.events.length;
        if (action.do === 'cancel') bench.cancel(id, now);
        else bench.modify(id, { price: action.price, trigger: action.price, qty: action.size }, now);
        // 7: a finished order can be neither cancelled nor changed.
        bench.venue.advanceTo((now += 200));
        if (finished) {
          const answers = bench.events.slice(seen).filter((event) => event.orderId === id);
          expect(answers.map((event) => event.type)).toEqual([`${action.do}-rejected`]);
        }
        break;
      }
    }
  }
  return bench;
}

/** 5: the books balance. Money moves by fills and fees alone, and equity at the reference price falls by fees and costs alone. */
function checkConservation(bench: Bench): void {
  let cash = ZERO;
  let position = 0;
  let fees = ZERO;
  for (const fill of bench.fills()) {
    const sign = fill.side === 'buy' ? 1 : -1;
    const { reference, slippage, impact } = fill.modelled;
    const before = cash.plus(notional(ETH, reference, position));
    cash = cash.minus(notional(ETH, fill.price, fill.quantity).times(sign)).minus(fill.fee);
    position += sign * fill.quantity;
    fees = fees.plus(fill.fee);
    const after = cash.plus(notional(ETH, reference, position));
    const cost = notional(ETH, slippage + impact, fill.quantity);
    expect(after.toString()).toBe(before.minus(fill.fee).minus(cost).toString());
    expect(slippage).toBeGreaterThanOrEqual(0);
    expect(impact).toBeGreaterThanOrEqual(0);
  }
  let spent = ZERO;
  let charged = ZERO;
  for (const order of bench.orders.values()) {
    spent = spent.plus(order.filledNotional.times(order.side === 'buy' ? 1 : -1));
    charged = charged.plus(order.fees);
  }
  expect(cash.toString()).toBe(spent.plus(charged).negated().toString());
  expect(fees.toString()).toBe(charged.toString());
  expect(position).toBe(bench.positions.get('a') ?? 0);
  const ids = bench.fills().map((fill) => fill.tradeId);
  expect(new Set(ids).size).toBe(ids.length);
}

function checkWorking(bench: Bench): void {
  const open = [...bench.orders.values()].filter(
    (order) => !TERMINAL.has(order.status) && order.status !== 'SUBMITTED' && order.venueOrderId !== null,
  );
  const working = bench.venue.working();
  expect(new Set(working.map((order) => order.id))).toEqual(new Set(open.map((order) => order.id)));
  for (const order of working) {
    const known = bench.orders.get(order.id);
    expect(order.filled).toBe(known?.filled);
    expect(new Decimal(order.filledNotional).toString()).toBe(known?.filledNotional.toString());
    expect(order.price).toBe(known?.price);
  }
}

function property(name: string, data: fc.Arbitrary<Action>[]): void {
  it(name, () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(...data, ...changes), { minLength: 5, maxLength: 60 }),
        model,
        fc.boolean(),
        (actions, chosen, reactive) => {
          const bench = run(actions, chosen, reactive);
          checkConservation(bench);
          checkWorking(bench);
          const again = run(actions, chosen, reactive);
          expect(JSON.stringify(again.events)).toBe(JSON.stringify(bench.events));
        },
      ),
      { numRuns: 600 },
    );
  });
}

describe('whatever happens', () => {
  property('the invariants hold on books, quotes and trades', ticks);
  property('the invariants hold on bars', [bar]);
  property('the invariants hold on all of them together', [...ticks, bar]);
  property('the invariants hold on trades alone', ticks.slice(3));

  it('no level gives more than it displays', () => {
    fc.assert(
      fc.property(sizes, fc.array(submit, { minLength: 1, maxLength: 20 }), (levels, orders) => {
        const bench = new Bench({ depth: 'L2' }).book(
          [],
          levels.map((q, index) => [100 + index, q]),
        );
        for (const order of orders) {
          if (order.do !== 'submit') continue;
          bench.submit({ ...order.terms, side: 'buy', reduceOnly: false, postOnly: false }, 1);
        }
        const taken = new Map<number, number>();
        for (const fill of bench.fills()) taken.set(fill.price, (taken.get(fill.price) ?? 0) + fill.quantity);
        for (const [price, quantity] of taken) {
          expect(quantity).toBeLessThanOrEqual((levels[price / 100 - 100] ?? 0) * 1000);
        }
      }),
      { numRuns: 300 },
    );
  });
});
