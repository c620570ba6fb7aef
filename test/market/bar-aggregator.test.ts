import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bar, Quote, Trade } from '../../src/domain/market-data.ts';
import { BarAggregator, type BarAggregatorOptions, checkAggregable } from '../../src/market/bar-aggregator.ts';
import { parseTimeframe, type Timeframe } from '../../src/market/timeframe.ts';
import { testInstrument } from './support.ts';

const spot = testInstrument();
const share = testInstrument({ symbol: 'SBIN', venue: 'nse', kind: 'equity', quote: 'INR', calendar: 'nse' });

function timeframe(name: string): Timeframe {
  const parsed = parseTimeframe(name);
  if (!parsed.ok) throw new Error(parsed.error.sentence);
  return parsed.value;
}
function aggregator(name: string, options: Partial<BarAggregatorOptions> = {}): { bars: Bar[]; it: BarAggregator } {
  const bars: Bar[] = [];
  const emit = (bar: Bar): void => void bars.push(bar);
  return { bars, it: new BarAggregator({ instrument: spot, timeframe: timeframe(name), emit, ...options }) };
}
function trade(ts: number, price: number, quantity = 1): Trade {
  return { kind: 'trade', instrument: spot.id, ts, at: ts, price, quantity, aggressor: null, tradeId: null };
}
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
const ohlcv = (bar: Bar | undefined): number[] =>
  bar === undefined ? [] : [bar.start, bar.open, bar.high, bar.low, bar.close, bar.volume];

describe('timeframe', () => {
  it.each([
    ['1s', 1000],
    ['5s', 5000],
    ['1m', 60_000],
    ['3m', 180_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['4h', 14_400_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
  ])('%s is %d ms', (text, ms) => {
    expect(timeframe(text)).toEqual({ name: text, ms });
  });

  it.each(['', 'm', '0m', '7m', '1M', '2d', '5', '1.5h', '-1m', '1 m', '1y', '25h'])('refuses "%s"', (text) => {
    expect(parseTimeframe(text)).toMatchObject({ ok: false, error: { code: 'TIMEFRAME_INVALID' } });
  });
});

describe('bars from trades', () => {
  it('puts a trade at the boundary into the next bar and leaves empty intervals out', () => {
    const { bars, it: made } = aggregator('1m');
    for (const [ts, price] of [
      [0, 5],
      [59_999, 7],
      [60_000, 6],
      [240_000, 4],
    ] as const)
      made.onTrade(trade(ts, price, 2));
    made.flush();
    expect(bars.map(ohlcv)).toEqual([
      [0, 5, 7, 5, 7, 4],
      [60_000, 6, 6, 6, 6, 2],
      [240_000, 4, 4, 4, 4, 2],
    ]);
    expect(bars.map((bar) => bar.at)).toEqual([60_000, 120_000, 300_000]);
  });

  it('carries the last close over a gap when asked', () => {
    const { bars, it: made } = aggregator('1m', { gaps: 'carry' });
    made.onTrade(trade(0, 5));
    made.onTrade(trade(190_000, 9));
    made.advanceTo(310_000);
    expect(bars.map(ohlcv)).toEqual([
      [0, 5, 5, 5, 5, 1],
      [60_000, 5, 5, 5, 5, 0],
      [120_000, 5, 5, 5, 5, 0],
      [180_000, 9, 9, 9, 9, 1],
      [240_000, 9, 9, 9, 9, 0],
    ]);
  });

  it('does not carry across the NSE night', () => {
    const { bars, it: made } = aggregator('15m', { gaps: 'carry', instrument: share });
    made.onTrade(trade(Date.UTC(2024, 0, 2, 9, 40), 5));
    made.onTrade(trade(Date.UTC(2024, 0, 3, 3, 46), 6));
    made.flush();
    expect(bars.map((bar) => iso(bar.start))).toEqual(['2024-01-02T09:30', '2024-01-02T09:45', '2024-01-03T03:45']);
  });

  it('closes a bar by time alone, with its grace', () => {
    const { bars, it: made } = aggregator('1m', { graceMs: 500 });
    made.onTrade(trade(10, 5));
    made.advanceTo(60_400);
    expect(bars).toHaveLength(0);
    made.onTrade(trade(59_990, 6));
    made.advanceTo(60_500);
    expect(bars.map(ohlcv)).toEqual([[0, 5, 6, 5, 6, 2]]);
  });

  it('counts a trade as late whose bar is out, and uses one that is out of order within the bar', () => {
    const { bars, it: made } = aggregator('1m');
    made.onTrade(trade(30_000, 5));
    made.onTrade(trade(20_000, 9));
    made.onTrade(trade(61_000, 6));
    made.onTrade(trade(59_000, 1));
    made.flush();
    expect(bars.map(ohlcv)).toEqual([
      [0, 9, 9, 5, 5, 2],
      [60_000, 6, 6, 6, 6, 1],
    ]);
    expect(made.late).toBe(1);
  });

  it('cuts NSE hours and days from the session open, crypto in UTC', () => {
    const at = Date.UTC(2024, 0, 2, 5, 10);
    for (const [instrument, name, start, end] of [
      [share, '1h', '2024-01-02T04:45', '2024-01-02T05:45'],
      [share, '1d', '2024-01-02T03:45', '2024-01-02T10:00'],
      [share, '1w', '2024-01-01T03:45', '2024-01-07T10:00'],
      [spot, '1h', '2024-01-02T05:00', '2024-01-02T06:00'],
      [spot, '1d', '2024-01-02T00:00', '2024-01-03T00:00'],
      [spot, '1w', '2024-01-01T00:00', '2024-01-08T00:00'],
    ] as const) {
      const { bars, it: made } = aggregator(name, { instrument });
      made.onTrade(trade(at, 5));
      made.flush();
      expect(bars.map((bar) => [iso(bar.start), iso(bar.at)])).toEqual([[start, end]]);
    }
  });

  it('makes the same bars in one step as over finer bars, and loses no volume', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 9 })),
    );
    fc.assert(
      fc.property(steps, (list) => {
        const direct = aggregator('15m');
        const fine = aggregator('1m');
        let ts = 0;
        for (const [gap, price, quantity] of list) {
          ts += gap;
          direct.it.onTrade(trade(ts, price, quantity));
          fine.it.onTrade(trade(ts, price, quantity));
        }
        direct.it.flush();
        fine.it.flush();
        const coarse = aggregator('15m');
        for (const bar of fine.bars) coarse.it.onBar(bar);
        coarse.it.flush();
        expect(coarse.bars).toEqual(direct.bars);
        const volume = direct.bars.reduce((sum, bar) => sum + bar.volume, 0);
        expect(volume).toBe(list.reduce((sum, [, , quantity]) => sum + quantity, 0));
      }),
    );
  });
});

describe('bars from bars and quotes', () => {
  const minute = (i: number): Bar => ({
    kind: 'bar',
    instrument: spot.id,
    start: i * 60_000,
    ts: (i + 1) * 60_000,
    at: (i + 1) * 60_000,
    open: 10 + i,
    high: 20 + i,
    low: 5 - i,
    close: 11 + i,
    volume: 3,
  });

  it('finishes with the last finer bar, not with the first of the next', () => {
    const { bars, it: made } = aggregator('5m');
    for (let i = 0; i < 4; i += 1) made.onBar(minute(i));
    expect(bars).toHaveLength(0);
    made.onBar(minute(4));
    expect(bars.map(ohlcv)).toEqual([[0, 10, 24, 1, 15, 15]]);
  });

  it('refuses to cut longer bars into shorter ones', () => {
    expect(checkAggregable(minute(0), timeframe('1m')).ok).toBe(true);
    expect(checkAggregable(minute(0), timeframe('5s'))).toMatchObject({
      ok: false,
      error: { code: 'TIMEFRAME_FINER' },
    });
  });

  it('uses the price of a quote that is asked for', () => {
    const quote = (ts: number, bid: number, ask: number): Quote => {
      return { kind: 'quote', instrument: spot.id, ts, at: ts, bid, ask, bidQuantity: 1, askQuantity: 1 };
    };
    for (const [quotePrice, closes] of [
      ['mid', [10]],
      ['bid', [12]],
      ['ask', [11]],
    ] as const) {
      const { bars, it: made } = aggregator('1m', { quotePrice });
      made.onQuote(quote(0, 9, 11));
      made.onQuote(quote(1, 12, 0));
      made.flush();
      expect(bars.map((bar) => bar.close)).toEqual(closes);
    }
  });
});
