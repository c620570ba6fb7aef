import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { formatUnits } from '../../src/domain/units.ts';
import { priceText, quantityText, type Instrument } from '../../src/domain/instrument.ts';
import type { Bar, MarketEvent, Trade } from '../../src/domain/market-data.ts';
import { BarAggregator } from '../../src/market/bar-aggregator.ts';
import { openRecordedFeed } from '../../src/market/feeds/recorded.ts';
import { IntervalBenchmark } from '../../src/market/interval-benchmark.ts';
import { OrderBook } from '../../src/market/order-book.ts';
import { parseTimeframe } from '../../src/market/timeframe.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';

const ORACLE = 'oracles/l2_replay_btcusdt.json';
const FEEDS = ['08', '09'].map((day) => `crypto/binance_spot_BTCUSDT_2024-08-${day}_feed.jsonl.gz`);

interface SweepCase {
  side: 'buy' | 'sell';
  qty: string;
  filled: string;
  avg_price: number;
  worst_price: number;
  levels: number;
}
interface Checkpoint {
  after_local_ns: number;
  u: number;
  bids5: [string, string][];
  asks5: [string, string][];
  n_bid_levels: number;
  n_ask_levels: number;
  bid_depth_10bp: string;
  ask_depth_10bp: string;
  sweeps: SweepCase[];
}
interface Oracle {
  verified: { depth_events_applied: number; sequence_gaps: number };
  checkpoints: Checkpoint[];
  trade_bars: Record<string, [number, string, string, string, string, string, number, string, number][]>;
  benchmarks: {
    from_ms: number;
    to_ms: number;
    n: number;
    volume: string;
    vwap: number;
    twap_1s_last: number;
    first: string;
    last: string;
    high: string;
    low: string;
    taker_buy_volume: string;
  }[];
  passive_limit_fill_bounds: {
    cases: {
      side: 'buy' | 'sell';
      price: string;
      placed_ms: number;
      earliest_fill_ms: number | null;
      latest_fill_ms: number | null;
    }[];
  };
}

describeWithData('replay of the raw BTCUSDT recording', [ORACLE, ...FEEDS], () => {
  let oracle: Oracle;
  let events: MarketEvent[];
  let instrument: Instrument;

  beforeAll(async () => {
    oracle = JSON.parse(readFileSync(sharedData(ORACLE) ?? '', 'utf8')) as Oracle;
    // Checkpoints are named by the recorder's clock.
    const feed = await openRecordedFeed(
      FEEDS.map((path) => ({ path: sharedData(path) ?? '' })),
      { timeBase: 'local', strict: true },
    );
    if (!feed.ok) throw new Error(feed.error.sentence);
    events = [];
    for await (const batch of feed.value.batches()) for (const event of batch) events.push(event);
    const report = feed.value.report();
    expect([report.read, report.kept, report.dropped]).toEqual([41249 + 58325, 41249 + 58325, {}]);
    const [first] = feed.value.instruments;
    if (first === undefined) throw new Error('no instrument');
    instrument = first;
  });

  it('gives the book states, depths and sweeps of the independent replay', () => {
    const book = new OrderBook(instrument);
    let next = 0;
    let quotes = 0;
    for (const event of events) {
      if (event.kind === 'book') book.applySnapshot(event);
      if (event.kind !== 'delta') {
        if (event.kind === 'quote') quotes += 1;
        continue;
      }
      book.applyDelta(event);
      const checkpoint = oracle.checkpoints[next];
      if (checkpoint === undefined || book.sequence !== checkpoint.u) continue;
      next += 1;
      expect(Math.abs(event.at - checkpoint.after_local_ns / 1e6)).toBeLessThan(0.001);
      expectBook(book, checkpoint);
    }
    expect(next).toBe(oracle.checkpoints.length);
    expect(book.gaps).toBe(oracle.verified.sequence_gaps);
    // Two events came before the snapshot and ended before it; a third was carried over from the waiting line.
    expect(book.appliedDeltas).toBe(oracle.verified.depth_events_applied);
    expect(quotes).toBe(73_174);
  });

  function expectBook(book: OrderBook, checkpoint: Checkpoint): void {
    const depth = book.depth(5);
    const units = (pairs: [string, string][]): string[] => pairs.flat().map(Number).map(String);
    const text = (levels: number[]): string[] =>
      levels.map((value, index) =>
        String(Number(index % 2 === 0 ? priceText(instrument, value) : quantityText(instrument, value))),
      );
    expect(text(depth.bids)).toEqual(units(checkpoint.bids5));
    expect(text(depth.asks)).toEqual(units(checkpoint.asks5));
    expect([book.bids.count, book.asks.count]).toEqual([checkpoint.n_bid_levels, checkpoint.n_ask_levels]);
    const within = book.depthWithinBp(10);
    expect(Number(quantityText(instrument, within.bid))).toBe(Number(checkpoint.bid_depth_10bp));
    expect(Number(quantityText(instrument, within.ask))).toBe(Number(checkpoint.ask_depth_10bp));
    for (const wanted of checkpoint.sweeps) {
      const quantity = Math.round(Number(wanted.qty) * 10 ** instrument.quantityDigits);
      const sweep = book.sweep(wanted.side, quantity);
      expect(Number(quantityText(instrument, sweep.filled))).toBe(Number(wanted.filled));
      expect(Math.abs((sweep.average?.toNumber() ?? 0) / wanted.avg_price - 1)).toBeLessThan(1e-12);
      expect(Number(priceText(instrument, sweep.worst ?? 0))).toBe(wanted.worst_price);
      expect(sweep.levels).toBe(wanted.levels);
    }
  }

  it('agrees with the book ticker at every depth event whose update id a ticker names', () => {
    const book = new OrderBook(instrument);
    // A ticker carries the same update id sequence: the last ticker with u <= the book's u describes the same moment.
    let agreed = 0;
    let compared = 0;
    const tickers = readTickers();
    let ticker = -1;
    for (const event of events) {
      if (event.kind === 'book') book.applySnapshot(event);
      if (event.kind !== 'delta' || book.applyDelta(event) !== 'applied') continue;
      while ((tickers[ticker + 1]?.u ?? Number.POSITIVE_INFINITY) <= book.sequence) ticker += 1;
      const match = tickers[ticker];
      if (match === undefined) continue;
      compared += 1;
      const { bid, ask, bidQuantity, askQuantity } = match;
      const same =
        bid === Number(priceText(instrument, book.bestBid())) &&
        ask === Number(priceText(instrument, book.bestAsk())) &&
        bidQuantity === Number(quantityText(instrument, book.bestBidQuantity())) &&
        askQuantity === Number(quantityText(instrument, book.bestAskQuantity()));
      if (same) agreed += 1;
    }
    expect([agreed, compared]).toEqual([6490, 6492]);
  });

  function readTickers(): { u: number; bid: number; bidQuantity: number; ask: number; askQuantity: number }[] {
    const rows = gunzipText('crypto/binance_spot_BTCUSDT_2024-08-08T2354_0005_bookticker.csv.gz').trim().split('\n');
    return rows.slice(1).map((row) => {
      const [, , , u, bid, bidQuantity, ask, askQuantity] = row.split(',').map(Number);
      return { u: u ?? 0, bid: bid ?? 0, bidQuantity: bidQuantity ?? 0, ask: ask ?? 0, askQuantity: askQuantity ?? 0 };
    });
  }

  it.each(['10s', '60s'])('aggregates the trades into the %s bars of the independent replay', (name) => {
    const timeframe = parseTimeframe(name === '60s' ? '1m' : name);
    if (!timeframe.ok) throw new Error(timeframe.error.sentence);
    const bars: Bar[] = [];
    const aggregator = new BarAggregator({ instrument, timeframe: timeframe.value, emit: (bar) => bars.push(bar) });
    for (const event of events) if (event.kind === 'trade') aggregator.onTrade(event);
    aggregator.flush();
    const got = bars.map((bar) => [
      bar.start,
      ...[bar.open, bar.high, bar.low, bar.close].map((price) => Number(priceText(instrument, price))),
      Number(quantityText(instrument, bar.volume)),
    ]);
    expect(got).toEqual(oracle.trade_bars[name]?.map((row) => row.slice(0, 6).map(Number)));
    expect(aggregator.late).toBe(0);
  });

  it('gives the VWAP and TWAP benchmarks', () => {
    for (const wanted of oracle.benchmarks) {
      const benchmark = new IntervalBenchmark(instrument, wanted.from_ms, wanted.to_ms);
      for (const event of events) if (event.kind === 'trade') benchmark.onTrade(event);
      const got = benchmark.figures();
      expect(got.trades).toBe(wanted.n);
      expect(got.volume.toNumber()).toBe(Number(wanted.volume));
      expect(got.takerBuyVolume.toNumber()).toBe(Number(wanted.taker_buy_volume));
      expect(Math.abs((got.vwap?.toNumber() ?? 0) / wanted.vwap - 1)).toBeLessThan(1e-12);
      expect(Math.abs((got.twap?.toNumber() ?? 0) / wanted.twap_1s_last - 1)).toBeLessThan(1e-12);
      const prices = [got.first, got.last, got.high, got.low].map((price) =>
        formatUnits(price ?? 0, instrument.priceDigits),
      );
      expect(prices.map(Number)).toEqual([wanted.first, wanted.last, wanted.high, wanted.low].map(Number));
    }
  });

  it('stamps trades with the trade time, which the passive fill windows are in', () => {
    const trades = events.filter((event): event is Trade => event.kind === 'trade');
    for (const { side, price, placed_ms, earliest_fill_ms, latest_fill_ms } of oracle.passive_limit_fill_bounds.cases) {
      const limit = Math.round(Number(price) * 100);
      const after = trades.filter((trade) => trade.ts >= placed_ms);
      const at = after.find((trade) => (side === 'buy' ? trade.price <= limit : trade.price >= limit));
      const through = after.find((trade) => (side === 'buy' ? trade.price < limit : trade.price > limit));
      expect(at?.ts ?? null).toBe(earliest_fill_ms);
      expect(through?.ts ?? null).toBe(latest_fill_ms);
    }
  });
});

function gunzipText(path: string): string {
  return gunzipSync(readFileSync(sharedData(path) ?? '')).toString('utf8');
}
