import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BookView, InstrumentView } from '../../../src/contract/types.ts';
import { ownOrders, restingPrice } from '../../../renderer/depth/own-orders.ts';
import { fittingMultiple, groupBook, PriceRows } from '../../../renderer/depth/price-rows.ts';
import { instrumentView, orderView } from '../../fakes/workstation-values.ts';

const btc: InstrumentView = { ...instrumentView('BTCUSDT.BINANCE'), tick: '0.01', step: '0.00001' };
const share: InstrumentView = { ...btc, tick: '0.05', step: '1', priceDigits: 2, quantityDigits: 0 };

const book = (bids: [string, string][], asks: [string, string][]): BookView => ({
  instrument: btc.id,
  ts: 0,
  ageMs: 0,
  state: 'live',
  bids: bids.map(([price, size]) => ({ price, size })),
  asks: asks.map(([price, size]) => ({ price, size })),
});

describe('rows of the ladder', () => {
  test.each([
    [btc, 1, '61826.01', '61826.01'],
    [btc, 10, '61826.07', '61826.00'],
    [share, 1, '2942.35', '2942.35'],
    [share, 5, '2942.35', '2942.25'],
  ])('the row of a bid stands at or below it (%#)', (instrument, multiple, price, row) => {
    const rows = new PriceRows(instrument, multiple);
    expect(rows.priceOf(rows.bidRow(price))).toBe(row);
  });

  test('no row promises a better price than the book has, and every row price is on the tick grid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000 }), fc.constantFrom(1, 2, 5, 10, 50), (ticks, multiple) => {
        const rows = new PriceRows(btc, multiple);
        const price = (ticks / 100).toFixed(2);
        const bid = rows.ticksOf(rows.priceOf(rows.bidRow(price)));
        const ask = rows.ticksOf(rows.priceOf(rows.askRow(price)));
        expect(bid).toBeLessThanOrEqual(ticks);
        expect(ticks - bid).toBeLessThan(multiple);
        expect(ask).toBeGreaterThanOrEqual(ticks);
        expect(ask - ticks).toBeLessThan(multiple);
      }),
      { numRuns: 200 },
    );
  });

  test('sizes of one row add up without binary fractions', () => {
    const grouped = groupBook(
      book(
        [
          ['100.09', '0.1'],
          ['100.05', '0.2'],
          ['99.99', '0.3'],
        ],
        [['100.11', '0.4']],
      ),
      new PriceRows(btc, 10),
    );
    const rows = new PriceRows(btc, 10);
    expect([...grouped.bids].map(([row, steps]) => [rows.priceOf(row), rows.quantityOf(steps)])).toEqual([
      ['100.00', '0.30000'],
      ['99.90', '0.30000'],
    ]);
    expect(grouped.bestBid).toBe(rows.bidRow('100.09'));
    expect(rows.priceOf(grouped.bestAsk ?? 0)).toBe('100.20');
  });

  test('the automatic grouping brings ten levels of both sides into the rows there are', () => {
    const levels = (from: number, step: number): [string, string][] =>
      Array.from({ length: 20 }, (_, index) => [(from + index * step).toFixed(2), '1']);
    expect(fittingMultiple(book(levels(100, -0.01), levels(100.01, 0.01)), btc, 24)).toBe(1);
    expect(fittingMultiple(book(levels(100, -0.5), levels(100.5, 0.5)), btc, 24)).toBe(50);
    expect(fittingMultiple(book([], []), btc, 24)).toBe(1);
  });
});

describe('own orders of the ladder', () => {
  const order = { ...orderView('O-1'), instrument: btc.id, side: 'buy' as const, remaining: '0.25' };

  test('stand at the row of their limit, or of their stop until it is triggered', () => {
    expect(restingPrice({ ...order, price: '61826.01', trigger: null })).toEqual({ field: 'price', price: '61826.01' });
    const stop = { ...order, type: 'stop-limit' as const, price: '61900.00', trigger: '61850.00' };
    expect(restingPrice(stop)).toEqual({ field: 'trigger', price: '61850.00' });
    expect(restingPrice({ ...stop, status: 'TRIGGERED' })).toEqual({ field: 'price', price: '61900.00' });
    expect(restingPrice({ ...order, type: 'market', price: null, trigger: null })).toBeNull();
  });

  test('of other accounts and symbols are left out; several at one price add up', () => {
    const rows = new PriceRows(btc, 1);
    const mine = { ...order, price: '61826.01', trigger: null };
    const own = ownOrders(
      [
        mine,
        { ...mine, id: 'O-2' },
        { ...mine, id: 'O-3', account: 'other' },
        { ...mine, id: 'O-4', instrument: 'X.Y' },
      ],
      mine.account,
      btc.id,
      rows,
    );
    expect([...own.values()].map(({ orders, steps }) => [orders.length, rows.quantityOf(steps)])).toEqual([
      [2, '0.50000'],
    ]);
  });
});
