import { SimulatedClock } from '../../src/clock/simulated.ts';
import type { Bar, MarketEvent } from '../../src/domain/market-data.ts';
import { readBacktestRequest } from '../../src/cli/backtest-options.ts';
import { runBacktest } from '../../src/engine/backtest.ts';
import { paperAccounts, paperVenues, PAPER_CRYPTO_MODEL, PAPER_NSE_MODEL } from '../../src/engine/session-config.ts';
import { TradingCore } from '../../src/engine/trading-core.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import type { Feed } from '../../src/market/feed.ts';
import { openRecordedFeed } from '../../src/market/feeds/recorded.ts';
import { SimulatedFeed } from '../../src/market/feeds/simulated.ts';
import { parseTimeframe } from '../../src/market/timeframe.ts';
import { DEFAULT_LIMITS } from '../../src/risk/limits.ts';
import { findStrategy } from '../../src/strategies/registry.ts';
import { sharedFile } from './shared-file.ts';
import { type Figure, median, percentile } from './figure.ts';

const ROUNDS = 9;
/** Runs before those that count: until then the compiler works beside the engine. The first one is reported on its own. */
const WARM_UP = 12;
const BARS = 50_000;

async function bars(): Promise<{ feed: Feed; batches: (readonly MarketEvent[])[] }> {
  const path = sharedFile('crypto/binance_BTCUSDT_1m_2021.csv.gz');
  if (path !== null) {
    const opened = await openRecordedFeed([{ path }]);
    if (!opened.ok) throw new Error(opened.error.sentence);
    const batches: (readonly MarketEvent[])[] = [];
    for await (const batch of opened.value.batches()) batches.push(batch);
    return { feed: opened.value, batches };
  }
  const feed = new SimulatedFeed({ market: 'crypto', seed: 1, start: Date.parse('2025-06-01T00:00:00Z') });
  return { feed, batches: [feed.history('BTCUSDT.SIM', BARS)] };
}

/** The least a bar event backtest can do: walk the bars, keep two running sums, count crosses. */
function bareLoop(all: readonly Bar[]): number {
  let fast = 0;
  let slow = 0;
  let crosses = 0;
  let above = false;
  for (let index = 0; index < all.length; index += 1) {
    fast += (all[index]?.close ?? 0) - (all[index - 10]?.close ?? 0);
    slow += (all[index]?.close ?? 0) - (all[index - 30]?.close ?? 0);
    const now = fast * 30 > slow * 10;
    if (now !== above) crosses += 1;
    above = now;
  }
  return crosses;
}

export async function benchBacktest(): Promise<Figure[]> {
  const { feed, batches } = await bars();
  const all = batches.flat().filter((event): event is Bar => event.kind === 'bar');
  const replay: Feed = {
    id: feed.id,
    instruments: feed.instruments,
    // oxlint-disable-next-line typescript/require-await -- a feed is asynchronous by contract
    async *batches() {
      for (const batch of batches) yield batch;
    },
    report: () => feed.report(),
  };
  const request = readBacktestRequest([
    '--data',
    'bench',
    '--strategy',
    'sma-cross',
    '--units',
    'fractional',
    '--cash',
    '100000',
    '--direction',
    'both',
    '--reverse',
    '--commission',
    '0.0004',
  ]);
  if (request === null) throw new Error('no request');
  const speeds: number[] = [];
  const floors: number[] = [];
  let trades = 0;
  let cold = 0;
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const floorStart = performance.now();
    bareLoop(all);
    const floor = (all.length / (performance.now() - floorStart)) * 1000;
    const start = performance.now();
    const outcome = await runBacktest(replay, request.options);
    const speed = (all.length / (performance.now() - start)) * 1000;
    trades = outcome.trades.length;
    if (round === 0) cold = speed;
    if (round < WARM_UP) continue;
    floors.push(floor);
    speeds.push(speed);
  }
  return [
    {
      name: `backtest, SMA cross 10/30, ${all.length} one-minute bars, full engine, ${trades} round trips`,
      value: median(speeds),
      unit: 'bars/s',
      floor: median(floors),
      floorName: 'bare loop over the same bars without orders',
      aim: '1,000,000/s; at least 750,000/s (5 x a 150,000/s Python peer)',
    },
    { name: 'the same, first run of a process', value: cold, unit: 'bars/s' },
  ];
}

/** From the call with a tick to the end of everything it caused, journal in memory. */
export async function benchLatency(): Promise<Figure[]> {
  const start = Date.parse('2025-06-02T00:00:00Z');
  const feed = new SimulatedFeed({ market: 'crypto', seed: 3, start, end: start + 2 * 3_600_000 });
  const events: MarketEvent[] = [];
  for await (const batch of feed.batches()) events.push(...batch);
  const accounts = paperAccounts(feed.instruments, '100000');
  const timeframe = parseTimeframe('5s');
  const definition = findStrategy('sma-cross');
  if (!timeframe.ok || !definition.ok) throw new Error('bench set-up');
  const every: Float64Array[] = [];
  const deciding: Float64Array[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const decided: number[] = [];
    const core = new TradingCore({
      clock: new SimulatedClock(start),
      journal: new MemoryJournal(),
      accounts,
      instruments: feed.instruments,
      venues: paperVenues({ crypto: PAPER_CRYPTO_MODEL, nse: PAPER_NSE_MODEL }),
      seed: 1,
      limits: () => DEFAULT_LIMITS,
      sessions: true,
      staleAfterMs: 5_000,
      orderPrefix: 'b',
      barFill: 'next-open',
    });
    for (const instrument of feed.instruments) {
      core.addStrategy(
        {
          definition: definition.value,
          parameters: {},
          instrument,
          accountId: accounts[0]?.id ?? '',
          timeframe: timeframe.value,
          plan: {
            direction: 'long',
            reverse: false,
            sizing: { kind: 'fraction', fraction: '0.1' },
            units: { kind: 'fractional' },
            stopLoss: null,
            takeProfit: null,
            trailing: null,
          },
        },
        `sma@${instrument.symbol}`,
      );
    }
    const times = new Float64Array(events.length);
    let orders = 0;
    for (let index = 0; index < events.length; index += 1) {
      const event = events[index];
      if (event === undefined) continue;
      const from = performance.now();
      core.onEvent(event);
      times[index] = (performance.now() - from) * 1000;
      const { submitted } = core.orders.counters;
      if (submitted !== orders) decided.push(times[index] ?? 0);
      orders = submitted;
    }
    if (round < WARM_UP) continue;
    every.push(times.sort());
    deciding.push(Float64Array.from(decided).sort());
  }
  const of = (rounds: readonly Float64Array[], share: number): number =>
    median(rounds.map((times) => percentile(times, share)));
  return [
    { name: `tick to decision, ${events.length} ticks of 6 symbols, p50`, value: of(every, 0.5), unit: 'us' },
    { name: 'tick to decision, p99', value: of(every, 0.99), unit: 'us', aim: 'under 100 us' },
    { name: `ticks that caused an order (${deciding[0]?.length ?? 0}), p50`, value: of(deciding, 0.5), unit: 'us' },
    {
      name: 'ticks that caused an order, p99',
      value: of(deciding, 0.99),
      unit: 'us',
      aim: 'under 100 us without the commit',
    },
  ];
}
