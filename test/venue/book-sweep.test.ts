import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { defineInstrument, priceDecimal, quantityDecimal } from '../../src/domain/instrument.ts';
import { Bench, ETH, type Pairs } from './harness.ts';

/** A published table of dry-run fills: order size against a ten-level book, with exact sweep averages. */
const ASKS: Pairs = [
  [25.566, 14.27],
  [25.567, 48.484],
  [25.568, 92.349],
  [25.572, 31.48],
  [25.573, 23],
  [25.574, 20],
  [25.575, 89.606],
  [25.576, 262.016],
  [25.577, 178.557],
  [25.578, 78.614],
];
const BIDS: Pairs = [
  [25.563, 49.269],
  [25.562, 83],
  [25.56, 106],
  [25.559, 15.381],
  [25.558, 29.299],
  [25.557, 34.624],
  [25.556, 10],
  [25.555, 14.684],
  [25.554, 45.91],
  [25.553, 50],
];
const made = defineInstrument({
  symbol: 'LTCUSDT',
  venue: 'test',
  kind: 'crypto-spot',
  quote: 'USDT',
  tick: '0.001',
  step: '0.001',
});
const LTC = made.ok ? made.value : ETH;

function averageOf(bench: Bench, id: string): Decimal {
  const fills = bench.fills(id);
  const sum = fills.reduce(
    (total, fill) => total.plus(priceDecimal(LTC, fill.price).times(quantityDecimal(LTC, fill.quantity))),
    new Decimal(0),
  );
  return sum.div(
    quantityDecimal(
      LTC,
      fills.reduce((total, fill) => total + fill.quantity, 0),
    ),
  );
}

describe('market orders against a ten-level book', () => {
  it.each([
    ['buy', '1', '25.566'],
    ['buy', '100', '25.56722976'],
    ['sell', '1', '25.563'],
    ['sell', '100', '25.56249269'],
  ] as const)('%s %s at an average of %s', (side, qty, average) => {
    const bench = new Bench({}, { instrument: LTC }).book(BIDS, ASKS);
    const id = bench.submit({ side, qty }, 1);
    expect(bench.status(id)).toBe('FILLED');
    expect(averageOf(bench, id).toString()).toBe(average);
  });

  it('what the book cannot fill is cancelled with a reason, not invented', () => {
    const bench = new Bench({}, { instrument: LTC }).book(BIDS, ASKS);
    const id = bench.submit({ side: 'buy', qty: '1000' }, 1);
    expect(bench.status(id)).toBe('CANCELED');
    expect(bench.reason(id)).toBe('BOOK_EXHAUSTED');
    expect(bench.orders.get(id)?.filled).toBe(838_376);
  });

  it.each([
    ['buy', 25.563, 'ACCEPTED'],
    ['buy', 25.566, 'FILLED'],
    ['sell', 25.566, 'ACCEPTED'],
    ['sell', 25.563, 'FILLED'],
    ['buy', 29.563, 'FILLED'],
    ['sell', 21.563, 'FILLED'],
  ] as const)('limit %s at %s is %s', (side, price, status) => {
    const bench = new Bench({}, { instrument: LTC }).book(BIDS, ASKS);
    const id = bench.submit({ side, qty: '1', price }, 1);
    expect(bench.status(id)).toBe(status);
  });
});

const ONE: Pairs = [[1000, 0.5]];
const TWO: Pairs = [[1010, 0.5]];

describe('level 1', () => {
  it('pays one tick more beyond the touch', () => {
    const bench = new Bench({ depth: 'L1' }).quote(1000, 0.5, 1010, 0.5, 0);
    const buy = bench.submit({ side: 'buy', qty: 1.5 }, 1);
    expect(bench.prints(buy)).toEqual([
      ['1010.00', '0.500'],
      ['1010.01', '1.000'],
    ]);
    const sell = bench.submit({ side: 'sell', qty: 1.5 }, 1);
    expect(bench.prints(sell)).toEqual([
      ['1000.00', '0.500'],
      ['999.99', '1.000'],
    ]);
    expect(bench.fills(buy).map((fill) => fill.modelled.impact)).toEqual([0, 1]);
  });

  it('uses no more than the best level of a book', () => {
    const bench = new Bench({ depth: 'L1' }).book(ONE, [...TWO, [1020, 5]]);
    expect(bench.prints(bench.submit({ qty: 1.5 }, 1))).toEqual([
      ['1010.00', '0.500'],
      ['1010.01', '1.000'],
    ]);
  });

  it('rests the remainder of a limit', () => {
    const bench = new Bench({ depth: 'L1' }).quote(1000, 0.5, 1010, 0.5, 0);
    const id = bench.submit({ qty: 1.5, price: 1015 }, 1);
    expect(bench.prints(id)).toEqual([['1010.00', '0.500']]);
    expect(bench.status(id)).toBe('PARTIALLY_FILLED');
    bench.quote(1000, 0.5, 1010, 0.6, 2);
    expect(bench.prints(id).at(-1)).toEqual(['1015.00', '0.600']);
  });
});

describe('immediate orders', () => {
  const book = (): Bench =>
    new Bench().book(
      [[1499, 1]],
      [
        [1500, 1],
        [1501, 1],
      ],
    );

  it.each([
    [{ qty: 2, tif: 'FOK' }, 'FILLED', 2],
    [{ qty: 2.001, tif: 'FOK' }, 'CANCELED', 0],
    [{ qty: 2, price: 1500, tif: 'FOK' }, 'CANCELED', 0],
    [{ qty: 2, price: 1501, tif: 'FOK' }, 'FILLED', 2],
    [{ qty: 2, price: 1500, tif: 'IOC' }, 'CANCELED', 1],
    [{ qty: 3, tif: 'IOC' }, 'CANCELED', 2],
    [{ qty: 1, price: 1499.99, tif: 'IOC' }, 'CANCELED', 0],
  ] as const)('%j ends %s with %s filled', (terms, status, filled) => {
    const bench = book();
    const id = bench.submit(terms, 1);
    expect(bench.status(id)).toBe(status);
    expect(bench.orders.get(id)?.filled).toBe(filled * 1000);
    expect(bench.venue.working()).toEqual([]);
  });

  it('a fill-or-kill order beyond the displayed size of a level-1 market is killed', () => {
    const bench = new Bench({ depth: 'L1' }).quote(1000, 0.5, 1010, 0.5, 0);
    expect(bench.status(bench.submit({ qty: 0.6, tif: 'FOK' }, 1))).toBe('CANCELED');
    expect(bench.status(bench.submit({ qty: 0.5, tif: 'FOK' }, 1))).toBe('FILLED');
  });
});

describe('liquidity that was taken', () => {
  const bench = (): Bench => new Bench().book([[900, 100]], [[1000, 100]]);

  it('is not there again until the level displays another size', () => {
    const b = bench();
    b.submit({ qty: 100 }, 1);
    expect(b.reason(b.submit({ qty: 50 }, 2))).toBe('NO_LIQUIDITY');
    b.delta([], [[1000, 100]], 3);
    expect(b.reason(b.submit({ qty: 50 }, 3))).toBe('NO_LIQUIDITY');
    b.delta([], [[1000, 60]], 4);
    expect(b.prints(b.submit({ qty: 50 }, 4))).toEqual([['1000.00', '50.000']]);
    expect(b.prints(b.submit({ qty: 50 }, 5))).toEqual([['1000.00', '10.000']]);
    b.delta([], [[1000, 0]], 6).delta([], [[1000, 60]], 7);
    expect(b.prints(b.submit({ qty: 60 }, 7))).toEqual([['1000.00', '60.000']]);
  });

  it('is there again at once when the model says so', () => {
    const b = new Bench({ consumeLiquidity: false }).book([[900, 100]], [[1000, 100]]);
    b.submit({ qty: 100 }, 1);
    expect(b.status(b.submit({ qty: 100 }, 1))).toBe('FILLED');
  });

  it('a new snapshot of the same size proves nothing, one of another size does', () => {
    const b = bench();
    b.submit({ qty: 100 }, 1);
    b.book([[900, 100]], [[1000, 100]], 2);
    expect(b.reason(b.submit({ qty: 1 }, 2))).toBe('NO_LIQUIDITY');
    b.book([[900, 100]], [[1000, 99]], 3);
    expect(b.status(b.submit({ qty: 99 }, 3))).toBe('FILLED');
  });
});

describe('a quote beside the book', () => {
  const deep = (): Bench =>
    new Bench().book(
      [
        [99, 1],
        [98, 5],
      ],
      [
        [101, 1],
        [102, 1],
        [103, 9],
      ],
    );

  it('replaces the best levels until the book moves', () => {
    const bench = deep().quote(100, 2, 102, 3, 5);
    expect(bench.prints(bench.submit({ qty: 4 }, 6))).toEqual([
      ['102.00', '3.000'],
      ['103.00', '1.000'],
    ]);
    expect(bench.prints(bench.submit({ side: 'sell', qty: 3 }, 6))).toEqual([
      ['100.00', '2.000'],
      ['99.00', '1.000'],
    ]);
    bench.delta([], [[101, 2]], 7);
    expect(bench.prints(bench.submit({ qty: 1 }, 7))).toEqual([['101.00', '1.000']]);
  });

  it('stays when the book update is older', () => {
    const bench = deep()
      .quote(100, 2, 102, 3, 5)
      .delta([], [[101, 2]], 4);
    expect(bench.prints(bench.submit({ qty: 1 }, 6))).toEqual([['102.00', '1.000']]);
  });

  it('is written into the book before a level is set by hand', () => {
    const bench = deep().quote(100, 2, 102, 3, 5);
    bench.venue.setLevel(ETH.id, 'bid', bench.price(97), bench.quantity(1), 6);
    expect(bench.prints(bench.submit({ qty: 4 }, 6))).toEqual([
      ['102.00', '3.000'],
      ['103.00', '1.000'],
    ]);
    bench.venue.setLevel(ETH.id, 'bid', bench.price(102.5), bench.quantity(1), 7);
    expect(bench.prints(bench.submit({ qty: 1 }, 7))).toEqual([['103.00', '1.000']]);
  });

  it('stands in for a book that lost its sequence', () => {
    const bench = deep();
    bench.venue.onMarket({
      kind: 'delta',
      instrument: ETH.id,
      ts: 3,
      at: 3,
      firstSequence: 50,
      lastSequence: 51,
      bids: [],
      asks: [],
    });
    expect(bench.reason(bench.submit({ qty: 1 }, 4))).toBe('NO_LIQUIDITY');
    bench.quote(100, 1, 101, 1, 5);
    expect(bench.prints(bench.submit({ qty: 1 }, 6))).toEqual([['101.00', '1.000']]);
  });
});

describe('costs and the record of a fill', () => {
  it.each([
    [{ kind: 'ticks', ticks: 3 }, 'buy', '1500.03'],
    [{ kind: 'ticks', ticks: 3 }, 'sell', '1498.97'],
    [{ kind: 'fraction', fraction: '0.0001' }, 'buy', '1500.15'],
    // 1499 x 0.0001 = 0.1499, rounded up to the tick against the order.
    [{ kind: 'fraction', fraction: '0.0001' }, 'sell', '1498.85'],
    [{ kind: 'none' }, 'buy', '1500.00'],
  ] as const)('slippage %j on a %s fills at %s', (slippage, side, price) => {
    const bench = new Bench({ slippage }).book([[1499, 1]], [[1500, 1]]);
    const id = bench.submit({ side, qty: 1 }, 1);
    expect(bench.prints(id)).toEqual([[price, '1.000']]);
    const fill = bench.fills(id)[0];
    expect(fill?.modelled).toMatchObject({ model: 'l2-book', seed: 1, latencyMs: 0, impact: 0 });
    expect(fill?.modelled.reference).toBe(side === 'buy' ? 150_000 : 149_900);
    const sign = side === 'buy' ? 1 : -1;
    expect((fill?.modelled.reference ?? 0) + sign * (fill?.modelled.slippage ?? 0)).toBe(fill?.price);
  });

  it('slippage never passes a limit', () => {
    const bench = new Bench({ slippage: { kind: 'ticks', ticks: 30 } }).book([[1499, 1]], [[1500, 1]]);
    expect(bench.prints(bench.submit({ qty: 1, price: 1500.1 }, 1))).toEqual([['1500.10', '1.000']]);
  });

  it('impact is the distance of a level to the best one', () => {
    const bench = new Bench({ slippage: { kind: 'ticks', ticks: 1 } }).book(
      [],
      [
        [1500, 1],
        [1510, 1],
      ],
    );
    const id = bench.submit({ qty: 2 }, 1);
    expect(bench.fills(id).map(({ price, modelled }) => [price, modelled.impact, modelled.slippage])).toEqual([
      [150_001, 0, 1],
      [151_001, 1000, 1],
    ]);
  });

  it('charges maker, taker and the fixed fee of the first fill exactly', () => {
    const fees = { maker: '-0.0001', taker: '0.00035', fixed: '1.5' };
    const bench = new Bench({ fees, restingFill: 'display' }).book([[1499, 1]], [[1500, 0.3]]);
    const id = bench.submit({ qty: 1, price: 1500 }, 1);
    bench.delta([], [[1500, 0.7]], 2);
    expect(bench.fills(id).map((fill) => [fill.liquidity, fill.fee.toString()])).toEqual([
      ['taker', '1.6575'],
      ['maker', '-0.105'],
    ]);
  });

  it('trade ids are unique and the same in every run', () => {
    const run = (): string[] => {
      const bench = new Bench().book(
        [],
        [
          [1500, 1],
          [1510, 1],
        ],
      );
      return bench.fills(bench.submit({ qty: 2 }, 1)).map((fill) => fill.tradeId);
    };
    expect(run()).toEqual(run());
    expect(new Set(run()).size).toBe(2);
  });
});

describe('nothing to trade against', () => {
  it.each([
    ['an empty side', (bench: Bench) => bench.book([], [[1500, 1]]), 'sell', 'NO_LIQUIDITY'],
    ['no data at all', (bench: Bench) => bench, 'buy', 'NO_MARKET_DATA'],
    ['a crossed book', (bench: Bench) => bench.book([[1501, 1]], [[1500, 1]]), 'buy', 'NO_LIQUIDITY'],
  ] as const)('a market order against %s is rejected', (_, prepare, side, code) => {
    const bench = prepare(new Bench());
    const id = bench.submit({ side, qty: 1 }, 1);
    expect([bench.status(id), bench.reason(id)]).toEqual(['REJECTED', code]);
  });
});
