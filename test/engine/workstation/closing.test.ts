import { expect, test } from 'vitest';
import { KillLatch } from '../../../src/risk/kill-latch.ts';
import { BTC, buy, openBench } from './support.ts';

test('closing while a session is being stopped leaves no halt behind', async () => {
  const bench = await openBench();
  await bench.pass(2_000);
  const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
  await buy(bench, { type: 'limit', price: (bid - 900).toFixed(2) });
  await bench.pass(500);
  const stopping = bench.desk.session.stop();
  await bench.desk.close();
  await bench.pass(5_000);
  await stopping;
  expect(new KillLatch(bench.dataDir).read().halted).toBe(false);
  const again = await openBench({ dataDir: bench.dataDir, start: bench.clock.now() + 1_000 });
  expect(again.desk.risk.status.read()).toMatchObject({ state: 'ACTIVE', causes: [] });
});
