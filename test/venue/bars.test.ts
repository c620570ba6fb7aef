import { describe, expect, it } from 'vitest';
import { Bench, type OrderTerms } from './harness.ts';

const MIN = 60_000;
type Ohlc = readonly [number, number, number, number];

/** A bench that has seen one bar ending at 0. */
function after(bar: Ohlc, model = {}, volume: number | string = 0): Bench {
  return new Bench(model).bar(bar, -MIN, 0, volume);
}

describe('stops and limits on a bar', () => {
  // Prices, expected fill. Gap tables as in a well-known equity fill model: stop 290.50 / 291.50, limit 101.5.
  it.each<[string, Ohlc, OrderTerms, Ohlc, string | null]>([
    [
      'buy stop gapped over fills at the open',
      [289, 290, 288, 289],
      { trigger: 290.5 },
      [291.5, 292.5, 291.5, 291.5],
      '291.50',
    ],
    [
      'sell stop gapped over fills at the open',
      [293, 294, 292, 293],
      { side: 'sell', trigger: 291.5 },
      [290.5, 290.5, 289.5, 290.5],
      '290.50',
    ],
    [
      'buy stop inside the bar fills at its trigger',
      [100, 100, 100, 100],
      { trigger: 101 },
      [100, 103, 99, 102],
      '101.00',
    ],
    [
      'sell stop inside the bar fills at its trigger',
      [100, 100, 100, 100],
      { side: 'sell', trigger: 98 },
      [100, 103, 97, 102],
      '98.00',
    ],
    [
      'a stop touched exactly by the extreme fires',
      [100, 100, 100, 100],
      { trigger: 103 },
      [100, 103, 97, 102],
      '103.00',
    ],
    ['a stop not reached rests', [100, 100, 100, 100], { trigger: 103.01 }, [100, 103, 97, 102], null],
    [
      'buy limit inside the bar fills at its price',
      [102, 102, 102, 102],
      { price: 101.5 },
      [102, 103, 101, 102.3],
      '101.50',
    ],
    [
      'sell limit inside the bar fills at its price',
      [101, 101, 101, 101],
      { side: 'sell', price: 101.5 },
      [101, 103, 101, 102.3],
      '101.50',
    ],
    [
      'a limit gapped over fills at the better open',
      [102, 102, 102, 102],
      { price: 101.5 },
      [100, 103, 99, 102],
      '100.00',
    ],
    [
      'a sell limit gapped over fills at the better open',
      [100, 100, 100, 100],
      { side: 'sell', price: 101.5 },
      [103, 103, 99, 102],
      '103.00',
    ],
    [
      'a limit touched exactly does not fill by default',
      [102, 102, 102, 102],
      { price: 101 },
      [102, 103, 101, 102],
      null,
    ],
    [
      'a stop-limit fires at its trigger',
      [100, 100, 100, 100],
      { trigger: 101, price: 102 },
      [100, 103, 99, 102],
      '101.00',
    ],
    [
      'a stop-limit gapped beyond its limit waits for the way back',
      [100, 100, 100, 100],
      { trigger: 101, price: 102 },
      [104, 105, 101.5, 104],
      '102.00',
    ],
    [
      'a stop-limit gapped beyond its limit may rest',
      [100, 100, 100, 100],
      { trigger: 101, price: 102 },
      [104, 105, 103, 104],
      null,
    ],
    [
      'a sell stop-limit fires at its trigger',
      [100, 100, 100, 100],
      { side: 'sell', trigger: 99, price: 98 },
      [100, 103, 97, 102],
      '99.00',
    ],
  ])('%s', (_, before, terms, bar, price) => {
    const bench = after(before);
    const id = bench.submit(terms, 0);
    bench.bar(bar, 0, MIN);
    expect(bench.prints(id)).toEqual(price === null ? [] : [[price, '1.000']]);
  });

  it('a touched limit fills where the model says so', () => {
    const bench = after([102, 102, 102, 102], { touchFillProbability: 1 });
    const id = bench.submit({ price: 101 }, 0);
    bench.bar([102, 103, 101, 102], 0, MIN);
    expect(bench.prints(id)).toEqual([['101.00', '1.000']]);
  });

  it('a limit at exactly the open price was only touched', () => {
    const fills = (touchFillProbability: number): [string, string][] => {
      const bench = after([102, 102, 102, 102], { touchFillProbability });
      const id = bench.submit({ price: 101 }, 0);
      return bench.bar([101, 103, 101, 102], 0, MIN).prints(id);
    };
    expect([fills(0), fills(1)]).toEqual([[], [['101.00', '1.000']]]);
  });

  it('slippage comes on top of a stop, not of a limit', () => {
    const bench = after([100, 100, 100, 100], { slippage: { kind: 'ticks', ticks: 5 } });
    const stop = bench.submit({ trigger: 101 }, 0);
    const limit = bench.submit({ price: 99.5 }, 0);
    bench.bar([100, 103, 99, 102], 0, MIN);
    expect([bench.prints(stop), bench.prints(limit)]).toEqual([[['101.05', '1.000']], [['99.50', '1.000']]]);
  });
});

describe('market orders with bars only', () => {
  it('one sent after the close fills at the next open', () => {
    const bench = after([100, 101, 99, 100.5]);
    const id = bench.submit({}, 0);
    expect(bench.status(id)).toBe('ACCEPTED');
    bench.bar([102, 103, 101, 102], 0, MIN);
    expect(bench.fills(id)[0]).toMatchObject({ price: 10_200, ts: 0, liquidity: 'taker' });
  });

  it('one sent at the open just shown fills at it', () => {
    const bench = after([100, 101, 99, 100.5]);
    bench.venue.openBar(bench.instrument.id, bench.price(102), 0);
    const id = bench.submit({}, 0);
    expect(bench.prints(id)).toEqual([['102.00', '1.000']]);
  });

  it('one sent within the bar waits for the next open, whatever the bar did', () => {
    const bench = after([100, 101, 99, 100.5]);
    bench.venue.openBar(bench.instrument.id, bench.price(102), 0);
    const id = bench.submit({}, 5);
    bench.bar([102, 103, 101, 102], 0, MIN);
    expect(bench.fills(id)).toEqual([]);
    bench.bar([110, 111, 109, 110], MIN, 2 * MIN);
    expect(bench.fills(id)[0]).toMatchObject({ price: 11_000, ts: MIN });
  });

  it('latency moves it to the open after its arrival', () => {
    const bench = after([100, 101, 99, 100.5], { latencyMs: 10 });
    const id = bench.submit({}, 0);
    bench.bar([102, 103, 101, 102], 0, MIN);
    expect(bench.fills(id)).toEqual([]);
    bench.bar([110, 111, 109, 110], MIN, 2 * MIN);
    expect(bench.fills(id)[0]).toMatchObject({ price: 11_000, ts: MIN });
  });

  it('the close it was decided on, where the model says so', () => {
    const bench = after([100, 101, 99, 100.5], { barMarketFill: 'close' });
    const id = bench.submit({}, 0);
    expect(bench.fills(id)[0]).toMatchObject({ price: 10_050, ts: 0 });
  });

  it('before the first bar it is rejected, or waits when bars are all that will come', () => {
    const unknown = new Bench();
    expect(unknown.reason(unknown.submit({}, 0))).toBe('NO_MARKET_DATA');
    const known = new Bench({}, { barsOnly: true });
    const id = known.submit({}, 0);
    known.bar([102, 103, 101, 102], 0, MIN);
    expect(known.prints(id)).toEqual([['102.00', '1.000']]);
  });

  it.each<[OrderTerms, string, string]>([
    [{ tif: 'IOC', price: 101 }, 'CANCELED', 'IOC_REMAINDER'],
    [{ tif: 'FOK', price: 101 }, 'CANCELED', 'FOK_NOT_FILLABLE'],
  ])('%j meets the next open and nothing later', (terms, status, reason) => {
    const bench = after([100, 101, 99, 100.5]);
    const id = bench.submit(terms, 0);
    bench.bar([102, 103, 90, 102], 0, MIN);
    expect([bench.status(id), bench.reason(id)]).toEqual([status, reason]);
  });

  it('a limit that was marketable at the close takes the open, no better and no worse', () => {
    const bench = after([100, 101, 99, 100.5]);
    const id = bench.submit({ price: 103 }, 0);
    expect(bench.fills(id)).toEqual([]);
    bench.bar([102, 103, 101, 102], 0, MIN);
    expect(bench.fills(id)[0]).toMatchObject({ price: 10_200, liquidity: 'taker' });
  });
});

describe('the way through a bar', () => {
  const bracket = (model: object, bar: Ohlc, position: number): string[] => {
    const bench = after([100, 100, 100, 100], model);
    bench.positions.set('a', position);
    const side = position > 0 ? 'sell' : 'buy';
    const stop = bench.submit({ id: 'stop', side, trigger: position > 0 ? 95 : 105, reduceOnly: true }, 0);
    const target = bench.submit({ id: 'target', side, price: position > 0 ? 105 : 95, reduceOnly: true }, 0);
    bench.bar(bar, 0, MIN);
    return [stop, target].filter((id) => bench.fills(id).length > 0);
  };
  const both: Ohlc = [100, 110, 91, 100];

  it.each([
    ['ohlc', both, 'target'],
    ['olhc', both, 'stop'],
    ['pessimistic', both, 'stop'],
    // The low is nearer to the open.
    ['adaptive', both, 'stop'],
    ['adaptive', [100, 107, 91, 100], 'target'],
    // Equally near: low first.
    ['adaptive', [100, 110, 90, 100], 'stop'],
  ] as const)('%s of %j reaches the %s of a long first', (barPath, bar, first) => {
    expect(bracket({ barPath }, bar, 1000)).toEqual([first]);
  });

  it('pessimistic takes the stop of a short first too', () => {
    expect(bracket({ barPath: 'pessimistic' }, both, -1000)).toEqual(['stop']);
  });

  it('pessimistic fills a buy entry on the way to the low', () => {
    const bench = after([100, 100, 100, 100], { barPath: 'pessimistic' });
    const entry = bench.submit({ price: 97 }, 0);
    bench.onEvent = (event) => {
      if (event.type === 'filled' && event.orderId === entry) {
        bench.submit({ id: 'stop', side: 'sell', trigger: 95, reduceOnly: true }, MIN);
      }
    };
    bench.bar([100, 110, 91, 100], 0, MIN);
    expect(bench.prints('stop')).toEqual([['95.00', '1.000']]);
  });

  it.each([
    ['buy', { price: 97 }, 105],
    ['sell', { price: 103 }, 95],
    ['buy', { trigger: 103 }, 108],
  ] as const)(
    'pessimistic grants a flat %s entry %j no target that only the other order of extremes reaches',
    (side, entry, target) => {
      const run = (barPath: 'pessimistic' | 'ohlc' | 'olhc'): string[] => {
        const bench = after([100, 100, 100, 100], { barPath });
        bench.submit({ id: 'entry', side, ...entry }, 0);
        bench.onEvent = (event) => {
          if (event.type !== 'filled' || event.orderId !== 'entry') return;
          bench.submit({ id: 'target', side: side === 'buy' ? 'sell' : 'buy', price: target }, MIN);
        };
        bench.bar([100, 106, 94, 100], 0, MIN);
        return bench.fills().map((fill) => fill.orderId);
      };
      expect(run('pessimistic')).toEqual(['entry']);
      if (!('trigger' in entry)) expect(run(side === 'buy' ? 'olhc' : 'ohlc')).toEqual(['entry', 'target']);
    },
  );

  it('visits the low first on the published adaptive bar', () => {
    const bench = after([1498, 1498, 1498, 1498]);
    bench.submit({ id: 'low', price: 1481 }, 0);
    bench.submit({ id: 'high', side: 'sell', price: 1519 }, 0);
    bench.bar([1498, 1520, 1480, 1500], 0, MIN);
    expect(bench.fills().map((fill) => fill.orderId)).toEqual(['low', 'high']);
  });

  it.each([
    ['down', [100, 100, 94, 94], ['buy 98', 'sell stop 97', 'buy 96', 'sell stop 95']],
    ['up', [100, 106, 100, 106], ['sell 102', 'buy stop 103', 'sell 104', 'buy stop 105']],
  ] as const)('meets orders in the order in which the way %s reaches them', (_, bar, names) => {
    const bench = after([100, 100, 100, 100]);
    for (const name of names.toReversed()) {
      const price = Number(name.split(' ').at(-1));
      const side = name.startsWith('buy') ? 'buy' : 'sell';
      bench.submit({ id: name, side, ...(name.includes('stop') ? { trigger: price } : { price }) }, 0);
    }
    bench.bar(bar, 0, MIN);
    expect(bench.fills().map((fill) => fill.orderId)).toEqual(names);
  });

  it('an order sent on a fill meets the rest of the way only', () => {
    const bench = after([100, 100, 100, 100], { barPath: 'ohlc' });
    const entry = bench.submit({ trigger: 105 }, 0);
    bench.onEvent = (event) => {
      if (event.type !== 'filled' || event.orderId !== entry) return;
      // 99 was below the way so far; 108 is above, the way still goes there; 95 comes on the way down.
      bench.submit({ id: 'target', side: 'sell', price: 108, qty: 0.5 }, MIN);
      bench.submit({ id: 'stop', side: 'sell', trigger: 95, qty: 0.5 }, MIN);
      bench.submit({ id: 'passed', side: 'sell', price: 104, qty: 0.5 }, MIN);
    };
    bench.bar([100, 110, 91, 100], 0, MIN);
    expect(bench.fills().map((fill) => [fill.orderId, fill.price])).toEqual([
      [entry, 10_500],
      // Marketable where the market stands, so it takes that price.
      ['passed', 10_500],
      ['target', 10_800],
      ['stop', 9500],
    ]);
  });

  it('a sibling cancelled on a fill is gone before the way goes on', () => {
    const bench = after([100, 100, 100, 100], { barPath: 'ohlc' });
    bench.submit({ id: 'target', side: 'sell', price: 105 }, 0);
    bench.submit({ id: 'stop', side: 'sell', trigger: 95 }, 0);
    bench.onEvent = (event) => {
      if (event.type === 'filled') bench.cancel(event.orderId === 'target' ? 'stop' : 'target', MIN);
    };
    bench.bar([100, 110, 91, 100], 0, MIN);
    expect([bench.status('target'), bench.status('stop')]).toEqual(['FILLED', 'CANCELED']);
  });

  it('an order that came during the bar sees nothing but its close', () => {
    const bench = after([100, 100, 100, 100]);
    bench.venue.openBar(bench.instrument.id, bench.price(100), 0);
    const below = bench.submit({ price: 95 }, 5);
    const atClose = bench.submit({ price: 99 }, 5);
    bench.bar([100, 110, 91, 98], 0, MIN);
    expect(bench.fills(below)).toEqual([]);
    expect(bench.fills(atClose)[0]).toMatchObject({ price: 9900, ts: MIN });
  });

  it('a bar over time that finer data already covered fills nothing', () => {
    const bench = new Bench().trade(100, 1, 'sell', 0);
    const id = bench.submit({ price: 95 }, 0);
    bench.trade(100, 1, 'sell', 30_000).bar([100, 110, 91, 98], 0, MIN);
    expect(bench.fills(id)).toEqual([]);
  });
});

describe('volume of a bar', () => {
  it('fills no more than the bar traded; a market order goes on with the next bar', () => {
    const bench = after([100, 100, 100, 100], { barVolumeShare: 1 }, 10);
    const id = bench.submit({ qty: 6 }, 0);
    bench.bar([101, 102, 100, 101], 0, MIN, 3);
    expect(bench.prints(id)).toEqual([['101.00', '3.000']]);
    bench.bar([103, 104, 102, 103], MIN, 2 * MIN, 10);
    expect(bench.prints(id).at(-1)).toEqual(['103.00', '3.000']);
  });

  it('is shared by all orders of the bar and rounded down to the step', () => {
    const bench = after([100, 100, 100, 100], { barVolumeShare: 0.1 }, 10);
    const first = bench.submit({ qty: 0.3 }, 0);
    const second = bench.submit({ qty: 1, price: 99 }, 0);
    bench.bar([100, 101, 98, 100], 0, MIN, '10.005');
    expect([bench.prints(first), bench.prints(second)]).toEqual([[['100.00', '0.300']], [['99.00', '0.700']]]);
  });

  it('openBar with the volume fills at the open, without it waits for the bar', () => {
    const bench = after([100, 100, 100, 100], { barVolumeShare: 1 }, 10);
    const first = bench.submit({ qty: 6 }, 0);
    bench.venue.openBar(bench.instrument.id, bench.price(101), 0, 4000);
    expect(bench.prints(first)).toEqual([['101.00', '4.000']]);
    bench.bar([101, 102, 100, 101], 0, MIN, 4);
    expect(bench.prints(first)).toHaveLength(1);
    bench.venue.openBar(bench.instrument.id, bench.price(104), MIN);
    expect(bench.prints(first)).toHaveLength(1);
    bench.bar([104, 104, 104, 104], MIN, 2 * MIN, 9);
    expect(bench.prints(first).at(-1)).toEqual(['104.00', '2.000']);
  });

  it('an unknown volume is no cap', () => {
    const bench = after([100, 100, 100, 100], { barVolumeShare: 1 }, 10);
    const id = bench.submit({ qty: 6 }, 0);
    bench.bar([101, 102, 100, 101], 0, MIN, 0);
    expect(bench.status(id)).toBe('FILLED');
  });

  it.each<[OrderTerms, string]>([
    [{ qty: 6, tif: 'IOC' }, '3.000'],
    [{ qty: 6, tif: 'FOK' }, '0'],
  ])('%j fills %s of three', (terms, filled) => {
    const bench = after([100, 100, 100, 100], { barVolumeShare: 1 }, 10);
    const id = bench.submit(terms, 0);
    bench.bar([101, 102, 100, 101], 0, MIN, 3);
    expect(bench.status(id)).toBe('CANCELED');
    expect(bench.orders.get(id)?.filled).toBe(Number(filled) * 1000);
  });
});
