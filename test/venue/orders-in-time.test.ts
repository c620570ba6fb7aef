import { describe, expect, it } from 'vitest';
import { Bench, type OrderTerms } from './harness.ts';

const calm = (bench: Bench): Bench => bench.book([[100, 10]], [[101, 10]]);

describe('latency', () => {
  it.each([
    ['submit', 3],
    ['modify', 4],
    ['cancel', 5],
  ] as const)('base 1 plus its own: a %s takes effect after %s ms', (kind, delay) => {
    const bench = calm(new Bench({ latencyMs: 1, commandLatencyMs: { submit: 2, modify: 3, cancel: 4 } }));
    const id = bench.submit({ price: 99 }, 0);
    bench.venue.advanceTo(100);
    const before = bench.events.length;
    const sent = kind === 'submit' ? 100 : 200;
    if (kind === 'submit') bench.submit({ price: 98 }, sent);
    else if (kind === 'modify') bench.modify(id, { price: 98 }, sent);
    else bench.cancel(id, sent);
    bench.venue.advanceTo(sent + delay - 0.001);
    expect(bench.events.length).toBe(before);
    bench.venue.advanceTo(sent + delay);
    expect(bench.events.at(-1)?.ts).toBe(sent + delay);
    expect(bench.events.length).toBe(before + 1);
  });

  it('the order meets the market it arrives at, and the fill says how long it took', () => {
    const bench = calm(new Bench({ latencyMs: 50 }));
    const id = bench.submit({}, 0);
    bench.book([[104, 10]], [[105, 10]], 49).book([[106, 10]], [[107, 10]], 60);
    expect(bench.fills(id)[0]).toMatchObject({ price: 10_500, ts: 50, modelled: { latencyMs: 50 } });
  });

  it('a cancel may lose the race against a fill', () => {
    const bench = calm(new Bench({ latencyMs: 10, queue: false }));
    const id = bench.submit({ price: 100.5 }, 0);
    bench.venue.advanceTo(20);
    bench.cancel(id, 20);
    bench.trade(100, 5, 'sell', 25);
    bench.venue.advanceTo(40);
    expect(bench.status(id)).toBe('FILLED');
    expect(bench.codes().at(-1)).toBe('cancel-rejected:ORDER_NOT_WORKING');
  });

  it('data of the instant comes before a command that is due at it', () => {
    const bench = calm(new Bench({ latencyMs: 10 }));
    const id = bench.submit({}, 0);
    bench.book([[104, 10]], [[105, 10]], 10);
    expect(bench.prints(id)).toEqual([['105.00', '1.000']]);
  });

  it('jitter is drawn from the seed, stays in its range and never reorders', () => {
    const run = (seed: number): number[] => {
      const bench = calm(new Bench({ latencyMs: 5, jitterMs: 20 }, { seed }));
      for (let sent = 0; sent < 50; sent += 1) bench.submit({ id: `n${sent}`, price: 99 }, sent);
      bench.venue.advanceTo(1000);
      const accepted = bench.events.filter((event) => event.type === 'accepted');
      expect(accepted.map((event) => event.orderId)).toEqual(accepted.map((_, index) => `n${index}`));
      return accepted.map((event) => event.ts);
    };
    const times = run(7);
    expect(run(7)).toEqual(times);
    expect(run(8)).not.toEqual(times);
    times.forEach((ts, sent) => {
      expect(ts).toBeGreaterThanOrEqual(sent + 5);
      expect(ts).toBeLessThan(50 + 25);
    });
    expect(new Set(times).size).toBeGreaterThan(5);
  });

  it('the cancel of an order still on its way arrives after it', () => {
    const bench = calm(new Bench({ latencyMs: 10, jitterMs: 30 }));
    const id = bench.submit({ price: 99 }, 0);
    bench.cancel(id, 1);
    bench.venue.advanceTo(200);
    expect(bench.events.map((event) => event.type)).toEqual(['accepted', 'canceled']);
  });
});

describe('calls from inside an event', () => {
  it('run before the outermost call returns, also those of a clock that is ahead of the data', () => {
    const bench = calm(new Bench());
    const first = bench.submit({ price: 99 }, 1);
    bench.onEvent = (event) => {
      if (event.type === 'filled' && event.orderId === 'm') {
        // The engine's clock may run ahead of the exchange's time stamps.
        bench.cancel(first, 500);
        expect(bench.status(first)).toBe('PENDING_CANCEL');
      }
    };
    bench.submit({ id: 'm' }, 2);
    expect(bench.status(first)).toBe('CANCELED');
    expect(bench.events.at(-1)?.ts).toBe(500);
  });

  it('may go on for ever so long, one after the other', () => {
    const bench = calm(new Bench());
    let left = 5000;
    bench.onEvent = (event) => {
      if (event.type !== 'accepted' || left === 0) return;
      left -= 1;
      bench.submit({ price: 99 }, 3);
    };
    bench.submit({ price: 99 }, 3);
    expect(bench.venue.working()).toHaveLength(5001);
  });

  it('may not feed data, and a receiver that fails leaves the venue usable', () => {
    const bench = calm(new Bench());
    bench.onEvent = () => {
      bench.trade(100, 1, 'sell', 5);
    };
    expect(() => bench.submit({ price: 99 }, 1)).toThrow('from inside');
    bench.onEvent = null;
    const id = bench.submit({ price: 98 }, 2);
    expect(bench.status(id)).toBe('ACCEPTED');
  });
});

describe('end of life', () => {
  it('GTD ends at its instant, before the data of that instant', () => {
    const bench = calm(new Bench({ queue: false }));
    const id = bench.submit({ price: 100, tif: 'GTD', expireAt: 50 }, 1);
    bench.trade(99, 5, 'sell', 50);
    expect(bench.status(id)).toBe('EXPIRED');
    expect(bench.events.at(-1)).toMatchObject({ type: 'expired', ts: 50, code: 'TIME_IN_FORCE' });
  });

  it('GTD lives until then', () => {
    const bench = calm(new Bench({ queue: false }));
    const id = bench.submit({ price: 100, tif: 'GTD', expireAt: 50 }, 1);
    bench.trade(99, 5, 'sell', 49.9);
    expect(bench.status(id)).toBe('FILLED');
  });

  it('DAY ends with the trading day it was accepted in', () => {
    const bench = calm(new Bench({}, { dayEnd: (_, now) => (now < 1000 ? 1000 : 2000) }));
    const first = bench.submit({ price: 99, tif: 'DAY' }, 10);
    bench.venue.advanceTo(999);
    expect(bench.status(first)).toBe('ACCEPTED');
    bench.venue.advanceTo(1500);
    expect(bench.events.at(-1)).toMatchObject({ type: 'expired', ts: 1000 });
    const second = bench.submit({ price: 99, tif: 'DAY' }, 1500);
    bench.venue.advanceTo(1999);
    expect(bench.status(second)).toBe('ACCEPTED');
    bench.venue.advanceTo(2000);
    expect(bench.status(second)).toBe('EXPIRED');
  });

  it('of a bar the order sees what lies wholly within its life', () => {
    const dayEnd = (): number => 60_000;
    const bench = new Bench({}, { dayEnd }).bar([100, 100, 100, 100], -60_000, 0);
    const id = bench.submit({ price: 95, tif: 'DAY' }, 0);
    bench.bar([100, 101, 94, 100], 0, 60_000);
    expect(bench.status(id)).toBe('FILLED');
    const early = new Bench().bar([100, 100, 100, 100], -60_000, 0);
    const gtd = early.submit({ price: 95, tif: 'GTD', expireAt: 30_000 }, 0);
    early.bar([100, 101, 94, 100], 0, 60_000);
    expect(early.status(gtd)).toBe('EXPIRED');
    const open = new Bench().bar([100, 100, 100, 100], -60_000, 0);
    const market = open.submit({ tif: 'GTD', expireAt: 30_000 }, 0);
    open.bar([100, 101, 94, 100], 0, 60_000);
    expect(open.status(market)).toBe('FILLED');
  });

  it('an end of life comes before a command of the same instant', () => {
    const bench = calm(new Bench({ latencyMs: 10 }));
    const id = bench.submit({ price: 99, tif: 'GTD', expireAt: 50 }, 0);
    bench.venue.advanceTo(20);
    bench.cancel(id, 40);
    bench.venue.advanceTo(100);
    expect(bench.codes().slice(1)).toEqual(['expired:TIME_IN_FORCE', 'cancel-rejected:ORDER_NOT_WORKING']);
  });

  it('expiries and commands take effect in the order of their instants', () => {
    const bench = calm(new Bench({ latencyMs: 10 }));
    bench.submit({ id: 'a', price: 99, tif: 'GTD', expireAt: 25 }, 0);
    bench.submit({ id: 'b', price: 98, tif: 'GTD', expireAt: 35 }, 20);
    bench.venue.advanceTo(100);
    expect(bench.events.map((event) => [event.orderId, event.type, event.ts])).toEqual([
      ['a', 'accepted', 10],
      ['a', 'expired', 25],
      ['b', 'accepted', 30],
      ['b', 'expired', 35],
    ]);
  });
});

describe('reduce-only', () => {
  it('fills no more than the position and ends with it', () => {
    const bench = new Bench().book(
      [],
      [
        [1000, 1],
        [1001, 1],
        [1002, 1],
      ],
    );
    bench.positions.set('a', -2382);
    const id = bench.submit({ qty: 7.142, reduceOnly: true }, 1);
    expect(bench.prints(id).map(([, quantity]) => quantity)).toEqual(['1.000', '1.000', '0.382']);
    expect([bench.status(id), bench.reason(id)]).toEqual(['CANCELED', 'REDUCE_ONLY_FLAT']);
    expect(bench.positions.get('a')).toBe(0);
  });

  it.each([
    ['buy', 1000],
    ['sell', -1000],
    ['sell', 0],
  ] as const)('a %s with a position of %s is refused', (side, position) => {
    const bench = calm(new Bench());
    bench.positions.set('a', position);
    expect(bench.reason(bench.submit({ side, reduceOnly: true }, 1))).toBe('REDUCE_ONLY_NOTHING_TO_REDUCE');
  });

  it('the second of two is cancelled when the first has closed the position', () => {
    const bench = calm(new Bench({ queue: false }));
    bench.positions.set('a', 1000);
    const near = bench.submit({ side: 'sell', price: 102, reduceOnly: true }, 1);
    const far = bench.submit({ side: 'sell', price: 103, reduceOnly: true }, 1);
    const stop = bench.submit({ side: 'sell', trigger: 90, reduceOnly: true }, 1);
    const other = bench.submit({ side: 'sell', price: 102, reduceOnly: false }, 1);
    bench.trade(104, 9, 'buy', 2);
    expect([near, far, stop, other].map((id) => bench.status(id))).toEqual([
      'FILLED',
      'CANCELED',
      'CANCELED',
      'FILLED',
    ]);
  });

  it('shrinks with the position at the moment of the fill', () => {
    const bench = calm(new Bench({ queue: false }));
    bench.positions.set('a', 1000);
    const id = bench.submit({ side: 'sell', price: 102, reduceOnly: true }, 1);
    bench.positions.set('a', 300);
    bench.trade(103, 9, 'buy', 2);
    expect(bench.prints(id)).toEqual([['102.00', '0.300']]);
    expect(bench.status(id)).toBe('CANCELED');
  });

  it('fill-or-kill is judged by what it may fill', () => {
    const bench = new Bench().book([], [[1000, 0.5]]);
    bench.positions.set('a', -400);
    expect(bench.prints(bench.submit({ qty: 1, tif: 'FOK', reduceOnly: true }, 1))).toEqual([['1000.00', '0.400']]);
  });
});

describe('stops', () => {
  it.each<[string, OrderTerms, string | null]>([
    ['buy below the ask', { trigger: 101 }, 'STOP_ALREADY_TRIGGERED'],
    ['buy above the ask', { trigger: 101.01 }, null],
    ['sell above the bid', { side: 'sell', trigger: 100 }, 'STOP_ALREADY_TRIGGERED'],
    ['sell below the bid', { side: 'sell', trigger: 99.99 }, null],
    ['stop-limit', { trigger: 100.5, price: 105 }, 'STOP_ALREADY_TRIGGERED'],
  ])('%s', (_, terms, reason) => {
    const bench = calm(new Bench());
    expect(bench.reason(bench.submit(terms, 1))).toBe(reason);
    const eager = calm(new Bench({ passedStop: 'trigger' }));
    expect(eager.status(eager.submit(terms, 1))).toBe(reason === null ? 'ACCEPTED' : 'FILLED');
  });

  it('a stop fires on the display and takes what is there', () => {
    const bench = calm(new Bench());
    const id = bench.submit({ trigger: 105, qty: 2 }, 1);
    bench.book(
      [[104, 1]],
      [
        [105, 1],
        [106, 5],
      ],
      2,
    );
    expect(bench.prints(id)).toEqual([
      ['105.00', '1.000'],
      ['106.00', '1.000'],
    ]);
    expect(bench.events.map((event) => event.type)).toEqual(['accepted', 'triggered', 'filled', 'filled']);
  });

  it('a stop-limit becomes a limit: takes up to it, rests there', () => {
    const bench = calm(new Bench());
    const id = bench.submit({ trigger: 105, price: 105.5, qty: 2 }, 1);
    bench.book(
      [[104, 1]],
      [
        [105, 1],
        [106, 5],
      ],
      2,
    );
    expect(bench.prints(id)).toEqual([['105.00', '1.000']]);
    expect(bench.status(id)).toBe('PARTIALLY_FILLED');
    bench.trade(105, 3, 'sell', 3);
    expect(bench.prints(id).at(-1)).toEqual(['105.50', '1.000']);
  });

  it('a fired post-only stop-limit that would take is cancelled', () => {
    const bench = calm(new Bench());
    const id = bench.submit({ trigger: 105, price: 106, postOnly: true }, 1);
    bench.book([[104, 1]], [[105, 1]], 2);
    expect([bench.status(id), bench.reason(id)]).toEqual(['CANCELED', 'POST_ONLY_WOULD_TAKE']);
  });
});

describe('cancel and modify', () => {
  it('of a finished or unknown order are refused', () => {
    const bench = calm(new Bench());
    const id = bench.submit({}, 1);
    bench.cancel(id, 2);
    bench.modify(id, { qty: 5 }, 2);
    bench.cancel('nobody', 2);
    expect(bench.codes().slice(-3)).toEqual([
      'cancel-rejected:ORDER_NOT_WORKING',
      'modify-rejected:ORDER_NOT_WORKING',
      'cancel-rejected:ORDER_NOT_WORKING',
    ]);
  });

  it('a modified price that crosses takes, unless the order is post-only', () => {
    const bench = calm(new Bench());
    const plain = bench.submit({ price: 99 }, 1);
    bench.modify(plain, { price: 102 }, 2);
    expect(bench.prints(plain)).toEqual([['101.00', '1.000']]);
    const post = bench.submit({ price: 99, postOnly: true }, 3);
    bench.modify(post, { price: 102 }, 4);
    expect(bench.codes().at(-1)).toBe('modify-rejected:POST_ONLY_WOULD_TAKE');
    expect(bench.orders.get(post)?.price).toBe(9900);
    expect(bench.venue.working()[0]?.price).toBe(9900);
  });

  it.each([
    ['finer than the grid', { price: 99.005 }, 'PRICE_NOT_POSITIVE'],
    ['no quantity', { qty: 0 }, 'QUANTITY_BELOW_FILLED'],
    ['below what is filled', { qty: 0.4 }, 'QUANTITY_BELOW_FILLED'],
  ])('%s is refused', (_, change, code) => {
    const bench = calm(new Bench({ queue: false }));
    const id = bench.submit({ price: 100 }, 1);
    bench.trade(99, 0.5, 'sell', 2);
    bench.modify(id, change, 3);
    expect(bench.codes().at(-1)).toBe(`modify-rejected:${code}`);
  });

  it('down to what is filled finishes the order', () => {
    const bench = calm(new Bench({ queue: false }));
    const id = bench.submit({ price: 100 }, 1);
    bench.trade(99, 0.5, 'sell', 2);
    bench.modify(id, { qty: 0.5 }, 3);
    expect(bench.status(id)).toBe('FILLED');
    expect(bench.venue.working()).toEqual([]);
  });

  it('a trigger may move but not past the market', () => {
    const bench = calm(new Bench());
    const id = bench.submit({ trigger: 105 }, 1);
    bench.modify(id, { trigger: 100.5 }, 2);
    expect(bench.codes().at(-1)).toBe('modify-rejected:STOP_ALREADY_TRIGGERED');
    bench.modify(id, { trigger: 103 }, 3);
    bench.book([[102, 1]], [[103, 1]], 4);
    expect(bench.prints(id)).toEqual([['103.00', '1.000']]);
  });
});

describe('after a restart', () => {
  it('restored orders work on without an event, from the back of the queue', () => {
    const before = calm(new Bench({ queue: false }));
    before.submit({ id: 'l', price: 100, qty: 2 }, 1);
    before.submit({ id: 's', trigger: 105 }, 1);
    before.trade(99, 0.5, 'sell', 2);
    const orders = before.venue.working();
    expect(orders.map((order) => [order.status, order.filled, order.filledNotional.toString()])).toEqual([
      ['PARTIALLY_FILLED', 500, '50'],
      ['ACCEPTED', 0, '0'],
    ]);
    const bench = new Bench({ tapeLagMs: 0 });
    for (const order of orders) {
      bench.orders.set(order.id, order);
      bench.venue.restore(order);
    }
    expect(bench.events).toEqual([]);
    bench.book([[100, 4]], [[101, 5]], 10).trade(100, 5, 'sell', 11);
    expect(bench.prints('l')).toEqual([['100.00', '1.000']]);
    expect(bench.fills('l')[0]?.tradeId).not.toBe(before.fills('l')[0]?.tradeId);
    bench.book([[104, 4]], [[105, 5]], 12);
    expect(bench.status('s')).toBe('FILLED');
  });

  it('an order whose day has ended meanwhile expires with the first sign of time', () => {
    const bench = new Bench();
    const order = bench.order({ id: 'd', price: 99, tif: 'DAY' }, 10);
    bench.orders.set('d', { ...order, status: 'ACCEPTED' });
    bench.venue.restore({ ...order, status: 'ACCEPTED' });
    bench.venue.advanceTo(3 * 86_400_000);
    expect(bench.status('d')).toBe('EXPIRED');
  });
});
