import { describe, expect, it } from 'vitest';
import { Bench } from './harness.ts';

const seeds = Array.from({ length: 400 }, (_, index) => index);

describe('place in the queue', () => {
  const behindTen = (model = {}): Bench => new Bench({ tapeLagMs: 0, ...model }).book([[100, 10]], [[101, 10]]);

  it('only what trades beyond the size ahead fills', () => {
    const bench = behindTen();
    const id = bench.submit({ qty: 2, price: 100 }, 1);
    const filled = [3, 4, 2, 3].map((size, index) => {
      bench.trade(100, size, 'sell', 2 + index);
      return bench.fills(id).length;
    });
    expect(filled).toEqual([0, 0, 0, 1]);
    expect(bench.prints(id)).toEqual([['100.00', '2.000']]);
    expect(bench.fills(id)[0]).toMatchObject({ liquidity: 'maker', ts: 5, modelled: { model: 'queue' } });
  });

  it('counts no trade of the wrong side and fills no more than the excess', () => {
    const bench = behindTen();
    const id = bench.submit({ qty: 5, price: 100 }, 1);
    bench.trade(100, 50, 'buy', 2);
    expect(bench.fills(id)).toEqual([]);
    bench.trade(100, 11, 'sell', 3);
    expect(bench.prints(id)).toEqual([['100.00', '1.000']]);
    bench.trade(100, 1, 'sell', 4);
    expect(bench.prints(id)).toHaveLength(2);
  });

  it('a trade through the price clears the queue and fills', () => {
    const bench = behindTen();
    const id = bench.submit({ qty: 2, price: 100 }, 1);
    bench.trade(99.99, 0.5, 'sell', 2);
    expect(bench.prints(id)).toEqual([['100.00', '0.500']]);
    bench.trade(100, 1, 'sell', 3);
    expect(bench.prints(id)).toHaveLength(2);
  });

  it('a level that disappears leaves nobody ahead', () => {
    const bench = behindTen();
    const id = bench.submit({ qty: 2, price: 100 }, 1);
    bench.delta([[100, 0]], [], 2).trade(100, 1, 'sell', 3);
    expect(bench.prints(id)).toEqual([['100.00', '1.000']]);
  });

  it('a display below the size ahead proves that it shrank', () => {
    const bench = behindTen();
    const id = bench.submit({ qty: 2, price: 100 }, 1);
    bench.delta([[100, 2]], [], 2).trade(100, 3, 'sell', 3);
    expect(bench.prints(id)).toEqual([['100.00', '1.000']]);
  });

  it('a trade that the display already showed does not count twice', () => {
    const bench = behindTen({ tapeLagMs: 5 });
    const id = bench.submit({ qty: 2, price: 100 }, 1);
    // The quote comes first and the trade that emptied part of the level follows with a slightly later stamp.
    bench.quote(100, 4, 101, 10, 10).trade(100, 6, 'sell', 12);
    expect(bench.fills(id)).toEqual([]);
    bench.trade(100, 4, 'sell', 30);
    expect(bench.fills(id)).toEqual([]);
    bench.trade(100, 1, 'sell', 31);
    expect(bench.prints(id)).toEqual([['100.00', '1.000']]);
  });

  it('a modification loses the place, a smaller quantity keeps it', () => {
    const kept = behindTen();
    const a = kept.submit({ qty: 2, price: 100 }, 1);
    kept.trade(100, 10, 'sell', 2);
    kept.delta([[100, 8]], [], 3);
    kept.modify(a, {}, 4);
    kept.trade(100, 1, 'sell', 5);
    expect(kept.prints(a)).toEqual([['100.00', '1.000']]);

    const lost = behindTen();
    const b = lost.submit({ qty: 2, price: 100 }, 1);
    lost.trade(100, 10, 'sell', 2);
    lost.delta([[100, 8]], [], 3);
    lost.modify(b, { qty: 3 }, 4);
    lost.trade(100, 8, 'sell', 5);
    expect(lost.fills(b)).toEqual([]);
    lost.trade(100, 1, 'sell', 6);
    expect(lost.prints(b)).toEqual([['100.00', '1.000']]);
  });

  it('two orders of ours at one price share the trade in their order', () => {
    const bench = behindTen();
    const first = bench.submit({ qty: 2, price: 100 }, 1);
    const second = bench.submit({ qty: 2, price: 100 }, 1);
    bench.trade(100, 13, 'sell', 2);
    expect(bench.prints(first)).toEqual([['100.00', '2.000']]);
    expect(bench.prints(second)).toEqual([['100.00', '1.000']]);
  });

  it('pro-rata cancels shorten it by our share of what left without trading', () => {
    const run = (queueCancels: 'none' | 'pro-rata'): string[][] => {
      const bench = behindTen({ queueCancels });
      const id = bench.submit({ qty: 9, price: 100 }, 1);
      // Ten more join behind us, then half of the twenty cancel.
      bench
        .delta([[100, 20]], [], 2)
        .delta([[100, 10]], [], 3)
        .trade(100, 7, 'sell', 4);
      return bench.prints(id);
    };
    expect(run('none')).toEqual([]);
    expect(run('pro-rata')).toEqual([['100.00', '2.000']]);
  });

  it('on level 1 an order behind the best price takes its place when the price comes to it', () => {
    const bench = new Bench({ depth: 'L1', tapeLagMs: 0 }).quote(100, 10, 101, 10, 0);
    const id = bench.submit({ qty: 2, price: 99 }, 1);
    bench.quote(99, 6, 101, 10, 2);
    bench.trade(99, 6, 'sell', 3);
    expect(bench.fills(id)).toEqual([]);
    bench.trade(99, 1, 'sell', 4);
    expect(bench.prints(id)).toEqual([['99.00', '1.000']]);
  });
});

describe('without a queue', () => {
  it.each([
    [0, 0],
    [1, 1],
  ])('a touch fills with probability %s', (touchFillProbability, fills) => {
    const bench = new Bench({ queue: false, touchFillProbability }).book([[100, 10]], [[101, 10]]);
    const id = bench.submit({ qty: 1, price: 100 }, 1);
    bench.trade(100, 5, 'sell', 2);
    expect(bench.fills(id)).toHaveLength(fills);
  });

  it('a probability between is met over many seeds, and each seed always decides alike', () => {
    const run = (seed: number): number => {
      const bench = new Bench({ queue: false, touchFillProbability: 0.3 }, { seed }).book([[100, 10]], [[101, 10]]);
      const id = bench.submit({ qty: 1, price: 100 }, 1);
      bench.trade(100, 5, 'sell', 2);
      return bench.fills(id).length;
    };
    const first = seeds.map(run);
    expect(seeds.map(run)).toEqual(first);
    const share = first.reduce((sum, value) => sum + value, 0) / seeds.length;
    // Four standard deviations around 0.3 with 400 draws.
    expect(share).toBeGreaterThan(0.21);
    expect(share).toBeLessThan(0.39);
  });

  it('inside the spread only chance or a trade through fills, with and without a queue model', () => {
    for (const queue of [true, false]) {
      const bench = new Bench({ queue }).book([[1000, 100]], [[1010, 100]]);
      const id = bench.submit({ qty: 1, price: 1005 }, 1);
      bench.trade(1005, 10, 'sell', 2);
      expect(bench.fills(id)).toEqual([]);
      bench.trade(1004.99, 10, 'sell', 3);
      expect(bench.prints(id)).toEqual([['1005.00', '1.000']]);
    }
  });
});

describe('what a trade reaches', () => {
  it.each([
    ['a sell trade below', 99, 'sell', 1],
    ['a sell trade above', 100.5, 'sell', 0],
    ['a buy trade below: somebody was offered less than our price', 99, 'buy', 1],
    ['a trade of unknown side below', 99, null, 1],
  ] as const)('%s', (_, price, aggressor, fills) => {
    const bench = new Bench({ queue: false }).book([[99.5, 1]], [[101, 1]]);
    const id = bench.submit({ qty: 1, price: 100 }, 1);
    bench.trade(price, 5, aggressor, 2);
    expect(bench.fills(id)).toHaveLength(fills);
  });

  it('no more than its own size, shared by price', () => {
    const bench = new Bench({ queue: false }).book([[90, 1]], [[101, 1]]);
    const low = bench.submit({ qty: 2, price: 99 }, 1);
    const high = bench.submit({ qty: 2, price: 100 }, 1);
    bench.trade(98, 3, 'sell', 2);
    expect([bench.prints(high), bench.prints(low)]).toEqual([[['100.00', '2.000']], [['99.00', '1.000']]]);
  });

  it('never an order that is younger', () => {
    const bench = new Bench({ queue: false }).book([[99, 1]], [[101, 1]]);
    const id = bench.submit({ qty: 1, price: 100 }, 10);
    bench.trade(98, 3, 'sell', 9);
    expect(bench.fills(id)).toEqual([]);
    bench.trade(98, 3, 'sell', 10);
    expect(bench.fills(id)).toHaveLength(1);
  });

  it('never an order sent because of it', () => {
    const bench = new Bench({ queue: false }).book([[99, 1]], [[101, 1]]);
    const first = bench.submit({ qty: 1, price: 100 }, 1);
    bench.onEvent = (event) => {
      if (event.type === 'filled' && event.orderId === first) bench.submit({ id: 'second', qty: 1, price: 100 }, 2);
    };
    bench.trade(98, 3, 'sell', 2);
    expect(bench.status('second')).toBe('ACCEPTED');
    bench.trade(98, 3, 'sell', 3);
    expect(bench.status('second')).toBe('FILLED');
  });

  it('the book before our stop sees it: what traded is not there to take', () => {
    const bench = new Bench().book(
      [],
      [
        [1000, 10],
        [1001, 10],
      ],
    );
    const id = bench.submit({ qty: 5, trigger: 1001 }, 1);
    bench.trade(1001, 8, 'buy', 2);
    expect(bench.prints(id)).toEqual([
      ['1000.00', '2.000'],
      ['1001.00', '3.000'],
    ]);
  });
});

describe('a trade that the quote already shows', () => {
  it.each([
    [5, '1000.00'],
    [0, '1001.00'],
  ])('is not taken from the quote again within %s ms', (tapeLagMs, price) => {
    const bench = new Bench({ tapeLagMs }).book(
      [[999, 10]],
      [
        [1000, 10],
        [1001, 10],
      ],
    );
    bench.quote(999, 10, 1000, 4, 10).trade(1000, 6, 'buy', 12);
    expect(bench.prints(bench.submit({ qty: 4 }, 13))).toEqual([[price, '4.000']]);
  });
});

describe('a display that crosses a resting order', () => {
  it.each([
    ['display', 1],
    ['tape', 0],
  ] as const)('fills it under %s once trades are reported: %s', (restingFill, fills) => {
    const bench = new Bench({ restingFill, tapeLagMs: 0 }).book([[100, 10]], [[102, 10]]);
    bench.trade(102, 1, 'buy', 1);
    const id = bench.submit({ qty: 2, price: 100 }, 1);
    bench.quote(98, 1, 99, 0.4, 2);
    expect(bench.prints(id)).toEqual(fills === 1 ? [['100.00', '0.400']] : []);
    // In any case nobody is ahead any more.
    bench.trade(100, 1, 'sell', 3);
    expect(bench.prints(id)).toHaveLength(fills + 1);
  });

  it('fills it when no trades are reported at all', () => {
    const bench = new Bench().book([[100, 10]], [[102, 10]]);
    const id = bench.submit({ qty: 2, price: 100 }, 1);
    bench.delta(
      [[100, 0]],
      [
        [99, 0.5],
        [100, 0.7],
      ],
      2,
    );
    expect(bench.prints(id)).toEqual([['100.00', '1.200']]);
  });
});

describe('trades alone', () => {
  it('the last trade is the market, one tick more beyond its size', () => {
    const bench = new Bench().trade(100, 1, null, 0);
    expect(bench.prints(bench.submit({ qty: 1.5 }, 1))).toEqual([
      ['100.00', '1.000'],
      ['100.01', '0.500'],
    ]);
    const limit = bench.submit({ side: 'sell', qty: 1, price: 101 }, 1);
    bench.trade(101, 1, null, 2);
    expect(bench.fills(limit)).toEqual([]);
    bench.trade(101.01, 1, null, 3);
    expect(bench.prints(limit)).toEqual([['101.00', '1.000']]);
  });

  it('fires stops', () => {
    const bench = new Bench().trade(100, 1, null, 0);
    const id = bench.submit({ side: 'sell', qty: 1, trigger: 95 }, 1);
    bench.trade(96, 5, null, 2);
    expect(bench.fills(id)).toEqual([]);
    bench.trade(94, 5, null, 3);
    expect(bench.prints(id)).toEqual([['94.00', '1.000']]);
  });
});
