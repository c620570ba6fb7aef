import { expect, test } from 'vitest';
import { simulatedMarket } from '../../../src/engine/workstation/markets.ts';
import type { MarketSource } from '../../../src/engine/create-workstation.ts';
import { BTC, buy, openBench } from './support.ts';

/** Crypto whose ticks of one instrument stop while the switch is on. */
function silenceable(instrument: string): { source: MarketSource; silent: { on: boolean } } {
  const whole = simulatedMarket('crypto', { seed: 7 });
  const silent = { on: false };
  const source: MarketSource = {
    ...whole,
    open: (now, prices) => {
      const feed = whole.open(now, prices);
      return {
        ...feed,
        id: feed.id,
        instruments: feed.instruments,
        report: () => feed.report(),
        async *batches(signal) {
          for await (const batch of feed.batches(signal))
            yield silent.on ? batch.filter((event) => event.instrument !== instrument) : batch;
        },
      };
    },
  };
  return { source, silent };
}

test('a stale price reduces the account only while something is at risk in it', async () => {
  const { source, silent } = silenceable(BTC);
  const bench = await openBench({ markets: [source] });
  await bench.pass(2_000);
  const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
  const { id } = await buy(bench, { type: 'limit', price: (bid - 900).toFixed(2) });
  await bench.pass(500);
  silent.on = true;
  await bench.pass(15_000);
  expect(bench.desk.risk.status.read()).toMatchObject({ state: 'REDUCING', causes: [{ code: 'STALE_FEED' }] });
  bench.desk.orders.cancel(id);
  await bench.pass(10_000);
  expect(bench.desk.risk.status.read()).toMatchObject({ state: 'ACTIVE', causes: [] });
});
