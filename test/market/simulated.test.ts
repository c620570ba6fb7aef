import { beforeAll, describe, expect, it } from 'vitest';
import { nseCalendar } from '../../src/clock/nse-calendar.ts';
import type { MarketEvent, Trade } from '../../src/domain/market-data.ts';
import { SimulatedFeed } from '../../src/market/feeds/simulated.ts';
import { simulatedUniverse } from '../../src/market/feeds/sim-universe.ts';

async function collect(feed: SimulatedFeed): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const batch of feed.batches()) events.push(...batch);
  return events;
}

function minuteReturns(trades: readonly Trade[]): number[] {
  const closes = new Map<number, number>();
  for (const trade of trades) closes.set(Math.floor(trade.ts / 60_000), trade.price);
  const prices = [...closes.values()];
  return prices.slice(1).map((price, index) => Math.log(price / (prices[index] ?? price)));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
function autocorrelation(values: readonly number[], lag: number): number {
  const average = mean(values);
  const centred = values.map((value) => value - average);
  const products = centred.slice(lag).map((value, index) => value * (centred[index] ?? 0));
  return products.reduce((sum, value) => sum + value, 0) / centred.reduce((sum, value) => sum + value * value, 0);
}

describe('simulated crypto over a day', () => {
  const start = Date.parse('2025-06-02T00:00:00Z');
  const { symbols } = simulatedUniverse('crypto', { only: ['BTCUSDT', 'ETHUSDT'] });
  let events: MarketEvent[] = [];
  beforeAll(async () => {
    events = await collect(
      new SimulatedFeed({ market: 'crypto', seed: 7, start, end: start + 86_400_000, symbols, depth: 5 }),
    );
  });

  it('is ordered, on the tick grid, uncrossed, and trades at the touch', () => {
    let last = 0;
    const touch = new Map<string, [number, number]>();
    const wrong: MarketEvent[] = [];
    for (const event of events) {
      if (event.at < last) wrong.push(event);
      last = event.at;
      if (event.kind === 'book') {
        const bid = event.bids[0] ?? 0;
        const ask = event.asks[0] ?? 0;
        if (!(bid > 0 && bid < ask && Number.isSafeInteger(bid) && Number.isSafeInteger(ask))) wrong.push(event);
        touch.set(event.instrument, [bid, ask]);
      }
      if (event.kind === 'trade' && touch.get(event.instrument)?.includes(event.price) !== true) wrong.push(event);
    }
    expect(events.length).toBeGreaterThan(100_000);
    expect(wrong).toEqual([]);
  });

  it('has fat tails and clustered volatility, and its returns do not predict themselves', () => {
    const trades = events.filter(
      (event): event is Trade => event.kind === 'trade' && event.instrument === 'BTCUSDT.SIM',
    );
    const returns = minuteReturns(trades);
    expect(returns.length).toBeGreaterThan(1_300);
    const average = mean(returns);
    const variance = mean(returns.map((value) => (value - average) ** 2));
    const kurtosis = mean(returns.map((value) => (value - average) ** 4)) / variance ** 2 - 3;
    expect(kurtosis).toBeGreaterThan(1);
    expect(autocorrelation(returns.map(Math.abs), 1)).toBeGreaterThan(0.08);
    expect(autocorrelation(returns.map(Math.abs), 10)).toBeGreaterThan(0.04);
    expect(Math.abs(autocorrelation(returns, 1))).toBeLessThan(0.12);
    const annual = Math.sqrt(variance * 525_600);
    expect(annual).toBeGreaterThan(0.2);
    expect(annual).toBeLessThan(1.6);
  });

  it('moves its symbols together', () => {
    const closes = (id: string): Map<number, number> => {
      const map = new Map<number, number>();
      for (const event of events)
        if (event.kind === 'trade' && event.instrument === id)
          map.set(Math.floor(event.ts / 300_000), Math.log(event.price));
      return map;
    };
    const [a, b] = [closes('BTCUSDT.SIM'), closes('ETHUSDT.SIM')];
    const pairs = [...a.keys()].filter((key) => a.has(key - 1) && b.has(key) && b.has(key - 1));
    const x = pairs.map((key) => (a.get(key) ?? 0) - (a.get(key - 1) ?? 0));
    const y = pairs.map((key) => (b.get(key) ?? 0) - (b.get(key - 1) ?? 0));
    const [mx, my] = [mean(x), mean(y)];
    const covariance = mean(x.map((value, index) => (value - mx) * ((y[index] ?? 0) - my)));
    expect(
      covariance / Math.sqrt(mean(x.map((v) => (v - mx) ** 2)) * mean(y.map((v) => (v - my) ** 2))),
    ).toBeGreaterThan(0.3);
  });

  it('gives the same events for the same seed and others for another', async () => {
    const short = { market: 'crypto', start, end: start + 600_000, symbols, depth: 5 } as const;
    const [first, again, other] = await Promise.all(
      [7, 7, 8].map((seed) => collect(new SimulatedFeed({ ...short, seed }))),
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

describe('simulated NSE over three days with a weekend', () => {
  const start = Date.parse('2025-06-06T00:00:00+05:30');
  let trades: Trade[] = [];
  beforeAll(async () => {
    const feed = new SimulatedFeed({ market: 'nse', seed: 3, start, end: start + 4 * 86_400_000, depth: 0 });
    trades = (await collect(feed)).filter((event): event is Trade => event.kind === 'trade');
  });

  it('trades only while the exchange is open', () => {
    const calendar = nseCalendar('cash');
    expect(trades.length).toBeGreaterThan(10_000);
    expect(trades.filter((trade) => !calendar.isOpen(trade.ts))).toEqual([]);
    expect(new Set(trades.map((trade) => new Date(trade.ts + 19_800_000).toISOString().slice(0, 10)))).toEqual(
      new Set(['2025-06-06', '2025-06-09']),
    );
  });

  it('is busiest after the open and before the close', () => {
    const volume = (from: string, to: string): number =>
      trades.filter((trade) => {
        const clock = new Date(trade.ts + 19_800_000).toISOString().slice(11, 16);
        return clock >= from && clock < to;
      }).length;
    expect(volume('09:15', '09:45')).toBeGreaterThan(1.5 * volume('12:15', '12:45'));
    expect(volume('15:00', '15:30')).toBeGreaterThan(1.2 * volume('12:15', '12:45'));
  });
});

it('history ends at the start price, in trading minutes only, with sane bars', () => {
  const start = Date.parse('2025-06-09T09:20:00+05:30');
  const feed = new SimulatedFeed({ market: 'nse', seed: 5, start });
  const bars = feed.history('RELIANCE.NSE', 500);
  expect(bars).toHaveLength(500);
  expect(bars.at(-1)?.close).toBe(14_080);
  expect(bars.at(-1)?.start).toBe(Date.parse('2025-06-09T09:19:00+05:30'));
  const calendar = nseCalendar('cash');
  for (const bar of bars) {
    expect(bar.low <= Math.min(bar.open, bar.close) && bar.high >= Math.max(bar.open, bar.close) && bar.low > 0).toBe(
      true,
    );
    expect(calendar.isOpen(bar.start)).toBe(true);
  }
});
