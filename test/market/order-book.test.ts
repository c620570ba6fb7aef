import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookDelta, BookSnapshot } from '../../src/domain/market-data.ts';
import { OrderBook } from '../../src/market/order-book.ts';
import { testInstrument } from './support.ts';

const instrument = testInstrument();

function snapshot(sequence: number, bids: number[], asks: number[]): BookSnapshot {
  return { kind: 'book', instrument: instrument.id, ts: 1, at: 1, sequence, bids, asks };
}
function delta(firstSequence: number, lastSequence: number, bids: number[], asks: number[]): BookDelta {
  return { kind: 'delta', instrument: instrument.id, ts: 2, at: 2, firstSequence, lastSequence, bids, asks };
}

describe('order book', () => {
  it('reads levels best first and removes a level at quantity 0', () => {
    const book = new OrderBook(instrument);
    book.applySnapshot(snapshot(10, [100, 5, 99, 6], [101, 7, 103, 8]));
    expect(book.applyDelta(delta(11, 12, [100, 0, 98, 4], [102, 9]))).toBe('applied');
    expect(book.depth(5)).toEqual({ bids: [99, 6, 98, 4], asks: [101, 7, 102, 9, 103, 8] });
    expect([book.bidAt(0), book.bidAt(1), book.bidAt(2), book.bidAt(-1)]).toEqual([99, 98, 0, 0]);
    expect([...book.asks]).toEqual([
      [101, 7],
      [102, 9],
      [103, 8],
    ]);
    expect([
      book.asks.quantityOf(102),
      book.asks.quantityOf(104),
      book.asks.indexOf(103),
      book.bids.indexOf(97),
    ]).toEqual([9, 0, 2, 2]);
    expect(book.mid()).toBe(100);
  });

  it('drops a delta it already knows, applies one that overlaps', () => {
    const book = new OrderBook(instrument);
    book.applySnapshot(snapshot(10, [100, 5], [101, 7]));
    expect(book.applyDelta(delta(5, 10, [100, 1], []))).toBe('stale');
    expect(book.applyDelta(delta(8, 12, [100, 2], []))).toBe('applied');
    expect(book.bestBidQuantity()).toBe(2);
    expect(book.sequence).toBe(12);
  });

  it('marks itself broken at a gap, says why, and revives with the next snapshot', () => {
    const book = new OrderBook(instrument);
    book.applySnapshot(snapshot(10, [100, 5], [101, 7]));
    expect(book.applyDelta(delta(12, 13, [100, 1], []))).toBe('gap');
    expect(book.state).toBe('broken');
    expect(book.fault?.code).toBe('BOOK_SEQUENCE_GAP');
    expect(book.fault?.sentence).toContain('11 to 11');
    expect(book.applyDelta(delta(14, 14, [100, 3], []))).toBe('waiting');
    book.applySnapshot(snapshot(13, [100, 1], [101, 7]));
    expect(book.state).toBe('live');
    expect(book.fault).toBeNull();
    expect(book.bestBidQuantity()).toBe(3);
  });

  it('keeps deltas that arrive before the snapshot and carry on from it', () => {
    const book = new OrderBook(instrument);
    expect(book.applyDelta(delta(1, 4, [90, 1], []))).toBe('waiting');
    expect(book.applyDelta(delta(5, 8, [100, 9], []))).toBe('waiting');
    book.applySnapshot(snapshot(6, [100, 5], [101, 7]));
    expect(book.sequence).toBe(8);
    expect(book.bestBidQuantity()).toBe(9);
    expect(book.bids.quantityOf(90)).toBe(0);
    expect(book.applyDelta(delta(9, 9, [], [101, 0]))).toBe('applied');
  });

  it('stays broken when the snapshot is older than the deltas that wait', () => {
    const book = new OrderBook(instrument);
    book.applyDelta(delta(8, 9, [100, 9], []));
    book.applySnapshot(snapshot(5, [100, 5], [101, 7]));
    expect(book.state).toBe('broken');
    book.applySnapshot(snapshot(8, [100, 5], [101, 7]));
    expect([book.state, book.sequence, book.bestBidQuantity()]).toEqual(['live', 9, 9]);
  });

  it.each([
    ['NaN quantity', [100, Number.NaN]],
    ['negative quantity', [100, -1]],
    ['zero price', [0, 1]],
    ['fraction of a unit', [100.5, 1]],
    ['odd number of figures', [100]],
  ])('breaks on an impossible level: %s', (_name, levels) => {
    const book = new OrderBook(instrument);
    book.applySnapshot(snapshot(10, [99, 5], [101, 7]));
    expect(book.applyDelta(delta(11, 11, levels, []))).toBe('invalid');
    expect(book.fault?.code).toBe('BOOK_LEVEL_INVALID');
    book.applySnapshot(snapshot(11, levels, [101, 7]));
    expect(book.state).toBe('broken');
  });

  it('sees a crossed and a locked book', () => {
    const book = new OrderBook(instrument);
    book.applySnapshot(snapshot(1, [100, 5], [101, 7]));
    expect(book.isUsable()).toBe(true);
    book.applyDelta(delta(2, 2, [101, 1], []));
    expect([book.isCrossed(), book.isUsable()]).toEqual([true, false]);
    book.applyDelta(delta(3, 3, [], [101, 0]));
    expect(book.isCrossed()).toBe(false);
  });

  it('sweeps level by level, exactly, without touching the book', () => {
    const book = new OrderBook(instrument);
    book.applySnapshot(snapshot(1, [9999, 100, 9998, 300], [10001, 200, 10003, 300]));
    const before = book.updates;
    const buy = book.sweep('buy', 400);
    expect([buy.filled, buy.worst, buy.levels]).toEqual([400, 10003, 2]);
    expect(buy.notional.toString()).toBe('40.008');
    expect(buy.average?.toString()).toBe('100.02');
    const sell = book.sweep('sell', 1000);
    expect([sell.filled, sell.worst, sell.levels]).toEqual([400, 9998, 2]);
    expect(book.sweep('buy', 400, 10002).filled).toBe(200);
    expect(book.sweep('buy', 400, 10000)).toMatchObject({ filled: 0, worst: null, average: null, levels: 0 });
    expect(book.sweep('buy', Number.NaN).filled).toBe(0);
    expect(book.updates).toBe(before);
  });

  it('sums notionals beyond 2^53 exactly', () => {
    const book = new OrderBook(instrument);
    const price = 9_007_199_254_739;
    book.applySnapshot(snapshot(1, [], [price, 999_999_999_999, price + 1, 3]));
    const exact = BigInt(price) * 999_999_999_999n + BigInt(price + 1) * 3n;
    expect(book.sweep('buy', 1_000_000_000_002).notional.times(100_000).toFixed(0)).toBe(exact.toString());
  });

  it('counts depth within basis points with the bound included', () => {
    const book = new OrderBook(instrument);
    book.applySnapshot(snapshot(1, [9999, 1, 9990, 2, 9989, 4], [10001, 8, 10010, 16, 10011, 32]));
    expect(book.depthWithinBp(10)).toEqual({ bid: 3, ask: 24 });
    expect(new OrderBook(instrument).depthWithinBp(10)).toEqual({ bid: 0, ask: 0 });
  });

  it('agrees with a plain map under random updates', () => {
    const level = fc.tuple(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(level, { maxLength: 1500 }), fc.array(level, { maxLength: 600 }), (bids, asks) => {
        const book = new OrderBook(instrument);
        const bidMap = new Map<number, number>();
        const askMap = new Map<number, number>();
        book.applySnapshot(snapshot(0, [], []));
        book.applyDelta(delta(1, 1, bids.flat(), asks.flat()));
        const put = (map: Map<number, number>, [price, quantity]: [number, number]): void => {
          if (quantity === 0) map.delete(price);
          else map.set(price, quantity);
        };
        for (const one of bids) put(bidMap, one);
        for (const one of asks) put(askMap, one);
        expect([...book.bids]).toEqual([...bidMap].toSorted((a, b) => b[0] - a[0]));
        expect([...book.asks]).toEqual([...askMap].toSorted((a, b) => a[0] - b[0]));
        for (let price = 1; price < 700; price += 53) {
          expect(book.bids.quantityOf(price)).toBe(bidMap.get(price) ?? 0);
          expect(book.bids.indexOf(price)).toBe([...bidMap.keys()].filter((other) => other > price).length);
          expect(book.asks.indexOf(price)).toBe([...askMap.keys()].filter((other) => other < price).length);
        }
      }),
      { numRuns: 60 },
    );
  });
});
