import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Bar, MarketEvent, Quote, Trade } from '../../src/domain/market-data.ts';
import { marketCounts } from '../../src/journal/market-reader.ts';
import { type MarketStore, type MarketStoreOptions, openMarketStore } from '../../src/journal/market-store.ts';
import { BTC, RELIANCE, T0 } from './records.ts';
import { scratch } from './scratch.ts';

function scratchStore(dir: string, options: MarketStoreOptions = {}): MarketStore {
  const store = openMarketStore(dir, options);
  onTestFinished(() => store.close());
  return store;
}

const quote = (n: number, changes: Partial<Quote> = {}): Quote => ({
  kind: 'quote',
  instrument: BTC.id,
  ts: T0 + n,
  at: T0 + n + 0.25,
  bid: 6_182_600 + n,
  bidQuantity: 12_345,
  ask: 6_182_601 + n,
  askQuantity: 0,
  ...changes,
});
const trade = (n: number, changes: Partial<Trade> = {}): Trade => ({
  kind: 'trade',
  instrument: BTC.id,
  ts: T0 + n,
  at: T0 + n,
  price: 6_182_600,
  quantity: 150,
  aggressor: 'sell',
  tradeId: `t${n}`,
  ...changes,
});
const bar = (start: number, spanMs: number, changes: Partial<Bar> = {}): Bar => ({
  kind: 'bar',
  instrument: BTC.id,
  ts: start + spanMs,
  at: start + spanMs,
  start,
  open: 100,
  high: 120,
  low: 90,
  close: 110,
  volume: 9_999_999_999_999.5,
  ...changes,
});
const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER };

describe('recorded market data', () => {
  it('is read back as it came, per instrument and range, oldest first', () => {
    const store = scratchStore(scratch());
    store.define(BTC);
    store.define(RELIANCE);
    const quotes = [quote(0), quote(1, { bid: 0, bidQuantity: 0 }), quote(3)];
    const trades = [trade(0), trade(1, { aggressor: null, tradeId: null }), trade(1)];
    const minutes = [bar(T0, 60_000), bar(T0 + 60_000, 60_000)];
    const five = bar(T0, 300_000);
    const foreign = quote(2, { instrument: RELIANCE.id });
    for (const event of [...quotes.toReversed(), foreign, ...trades, ...minutes, five]) store.record(event);
    expect(store.flush()).toBeNull();
    expect(store.read.quotes(BTC, ALL)).toEqual(quotes);
    expect(store.read.quotes(BTC, { from: T0 + 1, to: T0 + 3 })).toEqual(quotes.slice(1, 2));
    expect(store.read.quotes(RELIANCE, ALL)).toEqual([foreign]);
    expect(store.read.trades(BTC, ALL)).toEqual(trades);
    expect(store.read.bars(BTC, 60_000, ALL)).toEqual(minutes);
    expect(store.read.bars(BTC, 300_000, ALL)).toEqual([five]);
    expect(store.counts()).toEqual({ quotes: 4, trades: 3, bars: 3 });
  });

  it('is written in batches and at the end', () => {
    const dir = scratch();
    const store = scratchStore(dir, { batch: 10 });
    store.define(BTC);
    for (let n = 0; n < 25; n += 1) store.record(quote(n));
    expect(marketCounts(dir).quotes).toBe(20);
    store.close();
    expect(marketCounts(dir).quotes).toBe(25);
  });

  it('holds a bar once that came twice, in its last form', () => {
    const store = scratchStore(scratch());
    store.define(BTC);
    store.record(bar(T0, 60_000));
    store.record(bar(T0, 60_000, { close: 111 }));
    store.flush();
    expect(store.read.bars(BTC, 60_000, ALL)).toEqual([bar(T0, 60_000, { close: 111 })]);
  });

  it('leaves out books, and counts what came before its instrument', () => {
    const store = scratchStore(scratch());
    const book: MarketEvent = { kind: 'book', instrument: BTC.id, ts: T0, at: T0, sequence: 1, bids: [], asks: [] };
    store.record(quote(0));
    store.define(BTC);
    store.record(book);
    store.flush();
    expect(store.dropped).toBe(1);
    expect(store.counts()).toEqual({ quotes: 0, trades: 0, bars: 0 });
  });

  it('keeps its prices when the instrument gets more digits', () => {
    const store = scratchStore(scratch());
    const finer = { ...BTC, priceDigits: 4, tick: 1 };
    store.define(BTC);
    store.record(trade(0, { price: 6_182_601 }));
    store.define(finer);
    store.record(trade(1, { price: 618_260_150 }));
    store.flush();
    expect(store.read.trades(finer, ALL).map(({ price }) => price)).toEqual([618_260_100, 618_260_150]);
  });

  it('prints exact decimals for a person with a SQLite tool', () => {
    const dir = scratch();
    const store = scratchStore(dir);
    store.define(BTC);
    store.record(trade(0, { price: 6_182_601, quantity: 1 }));
    store.close();
    const db = new Database(join(dir, 'market.sqlite'), { readonly: true });
    expect(db.prepare('SELECT * FROM readable_trade').get()).toEqual({
      instrument: 'BTCUSDT.BINANCE',
      time: '2024-08-08T00:00:00.000Z',
      price: '61826.01',
      quantity: '0.00001',
      aggressor: 'sell',
      trade_id: 't0',
    });
    db.close();
  });

  it('goes when it is older than it is kept', () => {
    const store = scratchStore(scratch());
    store.define(BTC);
    for (let n = 0; n < 10; n += 1) {
      store.record(quote(n));
      store.record(trade(n));
      store.record(bar(T0 + n, 1));
    }
    store.flush();
    expect(store.prune(T0 + 5)).toBe(14);
    expect(store.counts()).toEqual({ quotes: 5, trades: 5, bars: 6 });
  });

  it('never throws on a full disk: it waits, drops the oldest in the end, and says so', () => {
    const store = scratchStore(scratch(), { batch: 100, maxWaiting: 500, maxPages: 20 });
    store.define(BTC);
    for (let n = 0; n < 5_000; n += 1) store.record(quote(n));
    expect(store.failure).toMatchObject({ code: 'DISK_FULL' });
    expect(store.dropped).toBeGreaterThan(0);
    expect(store.counts().quotes + store.dropped).toBeLessThanOrEqual(5_000);
    expect(store.prune(T0 + 5_000)).toBeGreaterThan(0);
    expect(store.flush()).toBeNull();
  });
});
