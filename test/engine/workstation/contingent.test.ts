import { expect, test } from 'vitest';
import {
  BTC,
  buy,
  type Bench,
  ETH,
  granted,
  openBench,
  orderNow,
  placing,
  position,
  refusalOf,
  temporaryFolder,
} from './support.ts';

async function ready(dataDir = temporaryFolder(), start?: number): Promise<Bench> {
  const bench = await openBench({ dataDir, ...(start === undefined ? {} : { start }) });
  await bench.pass(3_000);
  return bench;
}

function priceOf(bench: Bench, instrument = BTC): { bid: number; ask: number } {
  const quote = bench.desk.market.quotes.read(instrument);
  return { bid: Number(quote?.bid), ask: Number(quote?.ask) };
}
const away = (price: number, share: number): string => (Math.round(price * (1 + share) * 100) / 100).toFixed(2);

async function working(bench: Bench) {
  return (await bench.desk.orders.list({ scope: 'working', limit: 100 })).items;
}

test('a trailing stop is held here, follows the market, and is there again after a restart', async () => {
  const dataDir = temporaryFolder();
  const bench = await ready(dataDir);
  await buy(bench);
  await bench.pass(500);
  const placed = granted(
    await bench.desk.orders.place(
      placing({
        side: 'sell',
        type: 'trailing-stop',
        reduceOnly: true,
        trailingStop: { offset: '2', offsetType: 'percent', triggerSource: 'bid-ask', activation: null },
        idempotencyKey: 'trail-1',
      }),
    ),
  );
  expect(placed).toMatchObject({
    status: 'EMULATED',
    source: 'exit',
    links: { trailing: { offset: '2', offsetType: 'percent' } },
  });
  const first = Number(placed.trigger);
  expect(first).toBeLessThan(priceOf(bench).bid);
  await bench.pass(60_000);
  const later = Number((await orderNow(bench, placed.id)).trigger);
  expect(later).toBeGreaterThanOrEqual(first);
  // The same key is the same order, wherever its trigger has gone.
  expect(
    granted(
      await bench.desk.orders.place(
        placing({
          side: 'sell',
          type: 'trailing-stop',
          reduceOnly: true,
          trailingStop: { offset: '2', offsetType: 'percent', triggerSource: 'bid-ask', activation: null },
          idempotencyKey: 'trail-1',
        }),
      ),
    ).id,
  ).toBe(placed.id);
  const before = await orderNow(bench, placed.id);
  await bench.desk.close();
  const again = await ready(dataDir, bench.clock.now() + 60_000);
  const after = await orderNow(again, placed.id);
  expect(after.status).toBe('EMULATED');
  expect(Number(after.trigger)).toBeGreaterThanOrEqual(Number(before.trigger));
  // Closing the position ends it.
  granted(
    await again.desk.positions.close({
      account: 'paper-usdt',
      instrument: BTC,
      fraction: 1,
      idempotencyKey: 'close-it',
    }),
  );
  await again.pass(500);
  expect((await orderNow(again, placed.id)).status).toBe('CANCELED');
  expect(position(again)).toBeUndefined();
});

test('a trailing stop that is reached sells the position', async () => {
  const bench = await ready();
  await buy(bench);
  await bench.pass(500);
  const { bid } = priceOf(bench);
  const placed = granted(
    await bench.desk.orders.place(
      placing({
        side: 'sell',
        type: 'trailing-stop',
        reduceOnly: true,
        // The first tick down.
        trigger: (bid - 0.01).toFixed(2),
        trailingStop: { offset: '0.01', offsetType: 'price', triggerSource: 'bid-ask', activation: null },
      }),
    ),
  );
  await bench.pass(60_000);
  expect(await orderNow(bench, placed.id)).toMatchObject({ status: 'FILLED', type: 'trailing-stop' });
  expect(position(bench)).toBeUndefined();
  expect((await working(bench)).map(({ id }) => id)).toEqual([]);
});

test('a bracket: exits of the size of the fill, shown with their links, restored and linked after a restart', async () => {
  const dataDir = temporaryFolder();
  const bench = await ready(dataDir);
  const { bid } = priceOf(bench);
  const bracket = { stopLoss: away(bid, -0.05), takeProfit: away(bid, 0.05), trailing: null };
  const entry = await buy(bench, { bracket, idempotencyKey: 'bracket-1' });
  await bench.pass(500);
  const exits = (await working(bench)).filter(({ source }) => source === 'exit');
  expect(exits.map(({ type, quantity }) => `${type} ${quantity}`).sort()).toEqual([
    `limit ${entry.quantity}`,
    `stop ${entry.quantity}`,
  ]);
  expect((await orderNow(bench, entry.id)).links?.exits.map(({ kind }) => kind)).toEqual(['stop-loss', 'take-profit']);
  for (const exit of exits) expect(exit.links).toMatchObject({ parent: entry.id });
  await bench.desk.close();
  const again = await ready(dataDir, bench.clock.now() + 60_000);
  const back = (await working(again)).filter(({ source }) => source === 'exit');
  expect(back.map(({ id }) => id).sort()).toEqual(exits.map(({ id }) => id).sort());
  for (const exit of back) expect(exit.links?.siblings).toHaveLength(1);
  // Linked still: half of the position closed by hand shrinks both.
  granted(
    await again.desk.positions.close({ account: 'paper-usdt', instrument: BTC, fraction: 0.5, idempotencyKey: 'half' }),
  );
  await again.pass(500);
  const half = (await working(again)).filter(({ source }) => source === 'exit');
  expect(half.map(({ remaining }) => Number(remaining))).toEqual([0.05, 0.05]);
  // The user takes the target away; the stop stays.
  const target = half.find(({ type }) => type === 'limit');
  granted(await Promise.resolve(again.desk.orders.cancel(target?.id ?? '')));
  await again.pass(2_000);
  expect((await working(again)).filter(({ source }) => source === 'exit').map(({ type }) => type)).toEqual(['stop']);
});

test('one cancels the other, one triggers the other, a condition on another symbol', async () => {
  const bench = await ready();
  const { bid } = priceOf(bench);
  const low = granted(
    await bench.desk.orders.place(
      placing({ type: 'limit', price: away(bid, -0.02), quantity: '0.01', acknowledged: ['PRICE_COLLAR'] }),
    ),
  );
  const other = granted(
    await bench.desk.orders.place(
      placing({
        type: 'limit',
        price: away(bid, -0.03),
        quantity: '0.01',
        oco: [low.id],
        acknowledged: ['PRICE_COLLAR', 'DUPLICATE_ORDER'],
      }),
    ),
  );
  expect(other.links?.siblings).toEqual([low.id]);
  const child = granted(
    await bench.desk.orders.place(
      placing({
        type: 'limit',
        side: 'sell',
        price: away(bid, 0.03),
        quantity: '0.01',
        parent: low.id,
        acknowledged: ['PRICE_COLLAR', 'DUPLICATE_ORDER'],
      }),
    ),
  );
  expect(child).toMatchObject({ status: 'EMULATED', links: { parent: low.id } });
  granted(await Promise.resolve(bench.desk.orders.cancel(low.id)));
  await bench.pass(500);
  expect((await orderNow(bench, child.id)).status).toBe('CANCELED');
  expect((await orderNow(bench, other.id)).status).toBe('ACCEPTED');
  const eth = priceOf(bench, ETH);
  const waiting = granted(
    await bench.desk.orders.place(
      placing({
        quantity: '0.01',
        condition: { instrument: ETH, source: 'mid', when: 'at-or-above', price: away(eth.ask, 0.5) },
      }),
    ),
  );
  expect(waiting).toMatchObject({ status: 'EMULATED', links: { condition: { instrument: ETH, met: false } } });
  const met = granted(
    await bench.desk.orders.place(
      placing({
        quantity: '0.02',
        condition: { instrument: ETH, source: 'mid', when: 'at-or-above', price: away(eth.bid, -0.3) },
        acknowledged: ['DUPLICATE_ORDER'],
      }),
    ),
  );
  await bench.pass(5_000);
  expect((await orderNow(bench, met.id)).status).toBe('FILLED');
  expect((await orderNow(bench, waiting.id)).status).toBe('EMULATED');
});

test('terms that do not go together are refused', async () => {
  const bench = await ready();
  const { bid } = priceOf(bench);
  const asks = async (change: Parameters<typeof placing>[0]): Promise<string> =>
    refusalOf(await Promise.resolve(bench.desk.orders.place(placing(change)))).code;
  expect(await asks({ type: 'trailing-stop' })).toBe('ORDER_TERMS');
  expect(await asks({ bracket: { stopLoss: away(bid, 0.1), takeProfit: null, trailing: null } })).toBe(
    'PROTECTION_SIDE',
  );
  expect(await asks({ oco: ['nowhere'] })).toBe('ORDER_UNKNOWN');
  expect(
    await asks({
      side: 'sell',
      type: 'trailing-stop',
      reduceOnly: true,
      trailingStop: { offset: '5', offsetType: 'price', triggerSource: 'bid-ask', activation: null },
    }),
  ).toBe('NOTHING_TO_REDUCE');
});

test('HALT keeps a trailing exit; FLATTEN ends it and the position', async () => {
  const bench = await ready();
  await buy(bench);
  await bench.pass(500);
  const exit = granted(
    await bench.desk.orders.place(
      placing({
        side: 'sell',
        type: 'trailing-stop',
        reduceOnly: true,
        trailingStop: { offset: '3', offsetType: 'percent', triggerSource: 'bid-ask', activation: null },
      }),
    ),
  );
  bench.desk.risk.halt('a drill of the test');
  await bench.pass(500);
  expect((await orderNow(bench, exit.id)).status).toBe('EMULATED');
  const steps: string[] = [];
  bench.desk.risk.flatten({ reason: 'a drill of the test', queue: false }, ({ step }) => steps.push(step));
  await bench.pass(10_000);
  expect(steps.at(-1)).toBe('result');
  expect((await orderNow(bench, exit.id)).status).toBe('CANCELED');
  expect(position(bench)).toBeUndefined();
});
