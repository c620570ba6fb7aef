import { expect, test } from 'vitest';
import { BTC, buy, granted, openBench } from './support.ts';

test('a share of a position is taken exactly, not as a binary fraction', async () => {
  const bench = await openBench();
  await bench.pass(2_000);
  await buy(bench, { quantity: '0.00100' });
  await bench.pass(500);
  // 100 x 0.29 is 28.999999999999996 in doubles.
  const close = { account: 'paper-usdt', instrument: BTC, fraction: 0.29, idempotencyKey: 'close-29-percent' };
  const sent = granted(await bench.desk.positions.close(close));
  expect(sent.quantity).toBe('0.00029');
});
