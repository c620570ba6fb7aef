import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { defineInstrument, type Instrument, type InstrumentId } from '../../../src/domain/instrument.ts';
import type { MarketEvent } from '../../../src/domain/market-data.ts';
import type { MarketSource } from '../../../src/engine/create-workstation.ts';
import type { Feed } from '../../../src/market/feed.ts';
import {
  BTC,
  buy,
  FRIDAY,
  granted,
  openBench,
  orderNow,
  placing,
  position,
  refusalOf,
  SATURDAY,
  TCS,
} from './support.ts';

function coin(): Instrument {
  const made = defineInstrument({
    symbol: 'AAAUSDT',
    venue: 'test',
    kind: 'crypto-spot',
    base: 'AAA',
    quote: 'USDT',
    tick: '0.01',
    step: '0.001',
  });
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}

const quote = (at: number, bid: number): MarketEvent => ({
  kind: 'quote',
  instrument: 'AAAUSDT.TEST',
  ts: at,
  at,
  bid,
  bidQuantity: 100_000,
  ask: bid + 1,
  askQuantity: 100_000,
});

interface ScriptedMarket extends MarketSource {
  readonly opened: { start: number; prices: ReadonlyMap<InstrumentId, number> }[];
}

/** `feed(opening, start)` makes the batches of each opening. */
function scripted(
  feed: (opening: number, start: number) => AsyncGenerator<readonly MarketEvent[], void>,
): ScriptedMarket {
  const instruments = [coin()];
  const opened: ScriptedMarket['opened'] = [];
  return {
    id: 'test:feed',
    instruments,
    opened,
    startPrice: () => 10_000,
    cadenceMs: () => 1_000,
    open(start, prices): Feed {
      opened.push({ start, prices });
      const batches = feed(opened.length, start);
      return {
        id: 'test:feed',
        instruments,
        batches: () => batches,
        report: () => ({ source: 'test:feed', read: 1, kept: 1, dropped: {}, problems: [] }),
      };
    },
  };
}

const ORDER = { instrument: 'AAAUSDT.TEST', quantity: '1' } as const;

describe('supervision of feeds', () => {
  test('a feed that throws is shown, opened again from the last price, and the rest goes on', async () => {
    const market = scripted(async function* (opening, start) {
      await turn();
      yield [quote(start + 100, 10_000), quote(start + 200, 10_010)];
      if (opening === 1) throw new Error('the wire broke');
      for (let at = start + 300; ; at += 500) yield [quote(at, 10_020)];
    });
    const bench = await openBench({ markets: [market] });
    await bench.pass(600);
    const [feed] = bench.desk.status.read().feeds;
    expect(feed).toMatchObject({ id: 'test:feed', state: 'failed' });
    expect(feed?.sentence).toContain('the wire broke');
    expect(bench.desk.market.quotes.read('AAAUSDT.TEST')).toMatchObject({ state: 'disconnected', bid: '100.10' });
    expect(bench.desk.alerts.recent().map(({ code }) => code)).toContain('FEED_FAILED');
    await bench.pass(1_500);
    expect(market.opened).toHaveLength(2);
    expect(bench.desk.status.read().feeds[0]).toMatchObject({ state: 'live', sentence: null });
    expect(bench.desk.market.quotes.read('AAAUSDT.TEST')).toMatchObject({ state: 'live', bid: '100.20' });
    expect(bench.desk.journal.audit({ limit: 20 }).items.map(({ action }) => action)).toContain('FEED_FAILED');
  });

  test('a feed that keeps failing is tried again with growing pauses', async () => {
    // oxlint-disable-next-line require-yield
    const market = scripted(async function* () {
      await turn();
      throw new Error('no exchange');
    });
    const bench = await openBench({ markets: [market] });
    await bench.pass(20_000);
    // 0, 1, 3, 7, 15 seconds.
    expect(market.opened).toHaveLength(5);
  });

  test('a stale price blocks a market order and holds up openings; fresh prices end that', async () => {
    const market = scripted(async function* (_opening, start) {
      await turn();
      for (let at = start + 100; at < start + 5_000; at += 500) yield [quote(at, 10_000)];
      for (let at = start + 30_000; ; at += 500) yield [quote(at, 10_000)];
    });
    const bench = await openBench({ markets: [market] });
    await bench.pass(3_000);
    await buy(bench, ORDER);
    await bench.pass(300);
    expect(position(bench, 'AAAUSDT.TEST')?.quantity).toBe('1.000');
    await bench.pass(17_000);
    expect(bench.desk.market.quotes.read('AAAUSDT.TEST')?.state).toBe('stale');
    expect(position(bench, 'AAAUSDT.TEST')?.stale).toBe(true);
    expect(bench.desk.portfolio.read().accounts[0]?.stale).toBe(true);
    expect(bench.desk.status.read().feeds[0]?.state).toBe('stale');
    expect(bench.desk.risk.status.read()).toMatchObject({ state: 'REDUCING', causes: [{ code: 'STALE_FEED' }] });
    const refused = refusalOf(await bench.desk.orders.place(placing(ORDER)));
    expect(refused.checks?.filter(({ severity }) => severity === 'block').map(({ code }) => code)).toContain(
      'STALE_PRICE',
    );
    await bench.pass(18_000);
    expect(bench.desk.risk.status.read().state).toBe('ACTIVE');
    expect((await bench.desk.orders.place(placing({ ...ORDER, quantity: '2' }))).ok).toBe(true);
  });

  test('ticks that cannot be are dropped and counted', async () => {
    const market = scripted(async function* (_opening, start) {
      await turn();
      yield [quote(start + 100, 10_000), { ...quote(start + 150, 10_000), bid: 10_005, ask: 10_001 } as MarketEvent];
      yield [quote(start + 200, Number.NaN), quote(start + 300, 10_002)];
      for (let at = start + 400; ; at += 500) yield [quote(at, 10_002)];
    });
    const bench = await openBench({ markets: [market] });
    await bench.pass(450);
    expect(bench.desk.status.read().feeds[0]?.dropped).toBe(2);
    expect(bench.desk.market.quotes.read('AAAUSDT.TEST')?.bid).toBe('100.02');
  });

  test('a reader that throws holds up nothing, and is named with a reference', async () => {
    const bench = await openBench();
    let told = 0;
    bench.desk.market.quotes.subscribe(() => {
      throw new Error('the reader is broken');
    });
    bench.desk.market.quotes.subscribe(() => {
      told += 1;
    });
    await bench.pass(3_000);
    expect(told).toBeGreaterThan(5);
    expect(bench.desk.status.read().feeds[0]?.state).toBe('live');
    const faults = bench.desk.alerts.recent().filter(({ code }) => code === 'ENGINE_FAULT');
    expect(faults).toHaveLength(1);
    expect(faults[0]?.sentence).toMatch(
      /A reader of market data failed \(reference [0-9a-f]{8}\): the reader is broken/,
    );
  });

  test('after a sleep of the machine the market goes on from now instead of catching up', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    bench.clock.advanceTo(bench.clock.now() + 3_600_000);
    await bench.pass(2_000);
    const { feeds, now } = bench.desk.status.read();
    const quoted = bench.desk.market.quotes.read(BTC);
    expect(feeds[0]?.state).toBe('live');
    expect(now - (quoted?.ts ?? 0)).toBeLessThan(5_000);
  });
});

describe('what the window sees of the markets', () => {
  test('quotes, book, tape and bars agree with each other', async () => {
    const bench = await openBench();
    await bench.pass(20_000);
    const { market } = bench.desk;
    const seen = market.quotes.read(BTC);
    const book = market.book(BTC, 5);
    expect(book?.bids[0]?.price).toBe(seen?.bid);
    expect(book?.asks[0]?.price).toBe(seen?.ask);
    expect(book?.bids).toHaveLength(5);
    const tape = market.recentTrades(BTC, 500);
    expect(tape.at(-1)?.price).toBe(seen?.last);
    const bars = granted(await market.history({ instrument: BTC, timeframe: '1s', limit: 100 }));
    expect(bars.at(-1)?.close).toBe(seen?.last);
    const total = bars.reduce((sum, bar) => sum + Number(bar.volume), 0);
    expect(total).toBeCloseTo(
      tape.reduce((sum, trade) => sum + Number(trade.size), 0),
      5,
    );
    const minute = granted(await market.history({ instrument: BTC, timeframe: '1m', limit: 1 }))[0];
    expect(minute).toMatchObject({ start: FRIDAY, closed: false, close: seen?.last });
    expect(refusalOf(await market.history({ instrument: 'XYZ.SIM', timeframe: '1m', limit: 5 })).code).toBe(
      'INSTRUMENT_UNKNOWN',
    );
  });

  test.each(['1m', '3m', '5m', '15m', '30m', '1h', '4h', '1d'] as const)(
    '%s bars are in order, whole, and end with the present one',
    async (timeframe) => {
      const bench = await openBench();
      await bench.pass(65_000);
      for (const instrument of [BTC, TCS]) {
        const bars = granted(await bench.desk.market.history({ instrument, timeframe, limit: 200 }));
        expect(bars.length).toBeGreaterThan(2);
        for (const [index, bar] of bars.entries()) {
          expect(bar.start).toBeGreaterThan(bars[index - 1]?.start ?? 0);
          expect(Number(bar.high)).toBeGreaterThanOrEqual(Math.max(Number(bar.open), Number(bar.close)));
          expect(Number(bar.low)).toBeLessThanOrEqual(Math.min(Number(bar.open), Number(bar.close)));
          expect(bar.closed).toBe(index < bars.length - 1);
        }
        const older = granted(
          await bench.desk.market.history({ instrument, timeframe, limit: 50, before: bars[2]?.start ?? 0 }),
        );
        expect(older.at(-1)?.start).toBe(bars[1]?.start);
      }
    },
  );

  test('a bar that forms is told as it changes and once more when it closes', async () => {
    const bench = await openBench();
    await bench.pass(30_000);
    const told: { start: number; closed: boolean; volume: string }[] = [];
    const stop = bench.desk.market.subscribeBars(BTC, '1m', (bar) => told.push(bar));
    await bench.pass(40_000);
    const closed = told.filter(({ start }) => start === FRIDAY);
    expect(closed.at(-1)?.closed).toBe(true);
    expect(closed.filter((bar) => bar.closed)).toHaveLength(1);
    const stored = granted(await bench.desk.market.history({ instrument: BTC, timeframe: '1m', limit: 2 }))[0];
    expect(closed.at(-1)).toEqual(stored);
    stop();
    const before = told.length;
    await bench.pass(5_000);
    expect(told.length).toBe(before);
  });

  test('a chart shows the same past after a restart, and what was recorded since', async () => {
    const bench = await openBench();
    await bench.pass(125_000);
    const before = granted(await bench.desk.market.history({ instrument: BTC, timeframe: '1m', limit: 300 }));
    await bench.desk.close();
    const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 10_000 });
    await again.pass(1_000);
    const after = granted(await again.desk.market.history({ instrument: BTC, timeframe: '1m', limit: 300 }));
    const closed = before.filter((bar) => bar.closed);
    expect(after.slice(0, closed.length)).toEqual(closed);
    expect(after[closed.length]).toMatchObject({ start: before.at(-1)?.start, open: before.at(-1)?.open });
    const last = Number(before.at(-1)?.close);
    expect(Math.abs(Number(again.desk.market.quotes.read(BTC)?.last) / last - 1)).toBeLessThan(0.01);
  });

  test('a closed market shows the last close, and the figures of its last day', async () => {
    const bench = await openBench({ start: SATURDAY });
    await bench.pass(30_000);
    const seen = bench.desk.market.quotes.read(TCS);
    expect(seen).toMatchObject({ state: 'closed', last: '3412.0', bid: null });
    expect(Number(seen?.dayHigh)).toBeGreaterThan(Number(seen?.dayLow));
    expect(seen?.changePct).not.toBeNull();
    expect(bench.desk.status.read().markets).toMatchObject([
      { venue: 'crypto', state: 'open' },
      { venue: 'nse', state: 'closed' },
    ]);
  });

  test('an order in flight is not served before its latency has passed', async () => {
    const bench = await openBench();
    await bench.pass(2_000);
    const placed = await buy(bench);
    await bench.pass(30);
    expect((await orderNow(bench, placed.id)).status).toBe('SUBMITTED');
    await bench.pass(100);
    expect((await orderNow(bench, placed.id)).status).toBe('FILLED');
  });
});
