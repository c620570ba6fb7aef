import { expect, test } from 'vitest';
import { readBacktestRequest } from '../../src/cli/backtest-options.ts';
import { type BacktestOutcome, runBacktest } from '../../src/engine/backtest.ts';
import type { Bar } from '../../src/domain/market-data.ts';
import type { Feed } from '../../src/market/feed.ts';
import { SimulatedFeed } from '../../src/market/feeds/simulated.ts';

const simulated = new SimulatedFeed({ market: 'crypto', seed: 4, start: Date.parse('2025-06-01T00:00:00Z') });
const bars = simulated.history('BTCUSDT.SIM', 2_000).filter((event): event is Bar => event.kind === 'bar');

function run(cash: string, history: readonly Bar[] = bars, seed = '1'): Promise<BacktestOutcome> {
  const feed: Feed = {
    id: 'bars',
    instruments: simulated.instruments.filter(({ id }) => id === 'BTCUSDT.SIM'),
    // oxlint-disable-next-line typescript/require-await -- a feed is asynchronous by contract
    async *batches() {
      yield history;
    },
    report: () => ({ source: 'bars', read: history.length, kept: history.length, dropped: {}, problems: [] }),
  };
  const options = `--data x --strategy sma-cross --cash ${cash} --units fractional --direction both --reverse --seed ${seed}`;
  const request = readBacktestRequest(options.split(' '));
  if (request === null) throw new Error('no request');
  return runBacktest(feed, request.options);
}

test('two runs of one input have one fingerprint, which is of what they did', async () => {
  const [one, two] = [await run('10000'), await run('10000')];
  expect(one.trades.length).toBeGreaterThan(10);
  expect(one.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(two.fingerprint).toBe(one.fingerprint);
  expect(one.fingerprint).toBe(one.fingerprint);
});

test('other money, another seed or one bar less make another fingerprint', async () => {
  const { fingerprint } = await run('10000');
  expect((await run('10001')).fingerprint).not.toBe(fingerprint);
  expect((await run('10000', bars, '2')).fingerprint).not.toBe(fingerprint);
  expect((await run('10000', bars.slice(0, -1))).fingerprint).not.toBe(fingerprint);
});
