import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import { notional, quantityDecimal, type Instrument } from '../../src/domain/instrument.ts';
import type { MarketEvent } from '../../src/domain/market-data.ts';
import type { TimeBase } from '../../src/market/feeds/event-time.ts';
import { openRecordedFeed } from '../../src/market/feeds/recorded.ts';
import { describeWithData, sharedData } from '../support/shared-data.ts';
import { Bench } from './harness.ts';

const ORACLE = 'oracles/l2_replay_btcusdt.json';
const FILES = [
  'crypto/binance_spot_BTCUSDT_2024-08-08_feed.jsonl.gz',
  'crypto/binance_spot_BTCUSDT_2024-08-09_feed.jsonl.gz',
];
const ETH_FILES = [
  'more/crypto/binance_spot_ETHUSDT_2024-08-08_feed.jsonl.gz',
  'more/crypto/binance_spot_ETHUSDT_2024-08-09_feed.jsonl.gz',
];

interface Oracle {
  checkpoints: {
    after_local_ns: number;
    u: number;
    sweeps: {
      side: 'buy' | 'sell';
      qty: string;
      filled: string;
      avg_price: number;
      worst_price: number;
      levels: number;
    }[];
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

async function load(files: readonly string[], timeBase: TimeBase): Promise<[Instrument, MarketEvent[]]> {
  const specs = files.map((file) => ({ path: sharedData(file) ?? '' }));
  const feed = await openRecordedFeed(specs, { timeBase });
  if (!feed.ok) throw new Error(feed.error.sentence);
  const events: MarketEvent[] = [];
  for await (const batch of feed.value.batches()) events.push(...batch);
  const instrument = feed.value.instruments[0];
  if (instrument === undefined) throw new Error('the feed has no instrument');
  return [instrument, events];
}

interface Placed {
  id: string;
  side: 'buy' | 'sell';
  price: number;
  at: number;
}

/** First fill time of each order, all of them sent to one venue that replays the recording. */
function replay(
  instrument: Instrument,
  events: readonly MarketEvent[],
  orders: readonly Placed[],
  queue: boolean,
): Bench {
  // Each order is judged by itself: what one takes is still there for the next.
  const bench = new Bench({ queue, consumeLiquidity: false }, { instrument });
  const todo = [...orders].sort((a, b) => a.at - b.at);
  let next = 0;
  for (const event of events) {
    for (let order = todo[next]; order !== undefined && order.at < event.at; order = todo[next]) {
      next += 1;
      const terms = { id: order.id, side: order.side, qty: '0.01', price: order.price / 100 };
      bench.orders.set(order.id, bench.order(terms, order.at));
      bench.submit(terms, order.at);
    }
    bench.venue.onMarket(event);
  }
  return bench;
}

describeWithData('the recorded BTCUSDT book', [ORACLE, ...FILES], () => {
  let oracle: Oracle = { checkpoints: [], passive_limit_fill_bounds: { cases: [] } };
  let instrument: Instrument;
  let events: MarketEvent[] = [];

  beforeAll(async () => {
    oracle = JSON.parse(readFileSync(sharedData(ORACLE) ?? '', 'utf8')) as Oracle;
    [instrument, events] = await load(FILES, 'event');
  }, 60_000);

  it.each([true, false])('passive limits fill within the published bounds (queue %s)', (queue) => {
    const { cases } = oracle.passive_limit_fill_bounds;
    expect(cases.length).toBeGreaterThan(10);
    const orders = cases.map((one, index) => ({
      id: `c${index}`,
      side: one.side,
      price: Math.round(Number(one.price) * 100),
      at: one.placed_ms,
    }));
    const bench = replay(instrument, events, orders, queue);
    cases.forEach((one, index) => {
      const first = bench.fills(`c${index}`)[0];
      if (one.earliest_fill_ms === null || one.latest_fill_ms === null) expect(first).toBeUndefined();
      else {
        expect(first?.ts).toBeGreaterThanOrEqual(one.earliest_fill_ms);
        expect(first?.ts).toBeLessThanOrEqual(one.latest_fill_ms);
        expect(first?.price).toBe(orders[index]?.price);
        expect(first?.liquidity).toBe('maker');
      }
    });
  });

  it('market orders get what the published sweeps got', () => {
    const bench = new Bench({ consumeLiquidity: false }, { instrument });
    const wanted = new Map(oracle.checkpoints.map((checkpoint) => [checkpoint.u, checkpoint]));
    let checked = 0;
    for (const event of events) {
      bench.venue.onMarket(event);
      if (event.kind !== 'delta') continue;
      const checkpoint = wanted.get(event.lastSequence);
      if (checkpoint === undefined) continue;
      for (const sweep of checkpoint.sweeps) {
        const id = bench.submit({ side: sweep.side, qty: sweep.qty }, event.ts);
        const fills = bench.fills(id);
        const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0);
        const value = fills.reduce(
          (sum, fill) => sum.plus(notional(instrument, fill.price, fill.quantity)),
          new Decimal(0),
        );
        expect(quantityDecimal(instrument, filled).eq(sweep.filled)).toBe(true);
        const average = value.div(quantityDecimal(instrument, filled)).toNumber();
        expect(Math.abs(average / sweep.avg_price - 1)).toBeLessThan(1e-12);
        expect((fills.at(-1)?.price ?? 0) / 100).toBeCloseTo(sweep.worst_price, 8);
        expect(fills).toHaveLength(sweep.levels);
        checked += 1;
      }
    }
    expect(checked).toBe(oracle.checkpoints.reduce((sum, checkpoint) => sum + checkpoint.sweeps.length, 0));
  });
});

/** Orders around the market every two seconds, judged by the tape alone: at or through is the earliest, through the latest. */
function checkAgainstTape(files: readonly string[]): void {
  let instrument: Instrument;
  let events: MarketEvent[] = [];
  beforeAll(async () => {
    [instrument, events] = await load(files, 'event');
  }, 60_000);

  it.each([true, false])('no passive limit fills before or after the tape allows (queue %s)', (queue) => {
    const orders: Placed[] = [];
    let bid = 0;
    let ask = 0;
    // The venue must have seen that there is a tape at all.
    let at = events.find((event) => event.kind === 'trade')?.at ?? Number.POSITIVE_INFINITY;
    for (const event of events) {
      if (event.kind !== 'quote') continue;
      if (bid > 0 && event.at > at + 2000) {
        at = event.at;
        for (const away of [0, 1, 50, 200, 1000]) {
          orders.push({ id: `b${orders.length}`, side: 'buy', price: bid - away, at });
          orders.push({ id: `s${orders.length}`, side: 'sell', price: ask + away, at });
        }
      }
      ({ bid, ask } = event);
    }
    const bench = replay(instrument, events, orders, queue);
    const first = new Map<string, number>();
    const taken = new Set<string>();
    for (const fill of bench.fills()) {
      if (!first.has(fill.orderId)) first.set(fill.orderId, fill.ts);
      if (fill.liquidity === 'taker') taken.add(fill.orderId);
    }
    let judged = 0;
    const trades = events.filter((event) => event.kind === 'trade');
    for (const order of orders) {
      // The market may have come to the price in the millisecond of placing it.
      if (taken.has(order.id) || !bench.orders.has(order.id)) continue;
      const sign = order.side === 'buy' ? 1 : -1;
      let earliest = Number.POSITIVE_INFINITY;
      let latest = Number.POSITIVE_INFINITY;
      for (const trade of trades) {
        if (trade.at <= order.at) continue;
        const beyond = sign * (order.price - trade.price);
        if (beyond >= 0 && earliest === Number.POSITIVE_INFINITY) earliest = trade.ts;
        if (beyond > 0) {
          latest = trade.ts;
          break;
        }
      }
      expect(bench.status(order.id)).not.toBe('REJECTED');
      const filled = first.get(order.id) ?? Number.POSITIVE_INFINITY;
      if (filled < earliest || filled > latest) {
        throw new Error(
          `${order.side} ${order.price} at ${order.at}: filled ${filled}, allowed ${earliest}..${latest}`,
        );
      }
      judged += 1;
    }
    expect(judged).toBeGreaterThan(1000);
  });
}

describeWithData('the BTCUSDT tape', FILES, () => {
  checkAgainstTape(FILES);
});

describeWithData('the ETHUSDT tape', ETH_FILES, () => {
  checkAgainstTape(ETH_FILES);
});
