import { expect, test, vi } from 'vitest';
import type { BrokerListener } from '../../../src/brokers/broker.ts';
import type * as PaperBrokers from '../../../src/brokers/paper-broker.ts';
import { BTC, buy, openBench, orderNow } from './support.ts';

const venue = vi.hoisted(() => ({ refusals: 0, asked: [] as string[] }));

// A venue that refuses the first cancels of an order, as one does that has not booked it yet.
vi.mock('../../../src/brokers/paper-broker.ts', async (original) => {
  const real = await original<typeof PaperBrokers>();
  return {
    ...real,
    createPaperBroker: (options: Parameters<typeof real.createPaperBroker>[0]) => {
      const broker = real.createPaperBroker(options);
      let listener: BrokerListener | null = null;
      const { clock } = options;
      const listen = broker.listen.bind(broker);
      const cancel = broker.cancel.bind(broker);
      return Object.assign(broker, {
        listen: (given: BrokerListener) => {
          listener = given;
          listen(given);
        },
        cancel: (orderId: string) => {
          venue.asked.push(orderId);
          if (venue.refusals === 0) return cancel(orderId);
          venue.refusals -= 1;
          clock.setTimer(clock.now() + 20, (ts) =>
            listener?.onEvent({ type: 'cancel-rejected', orderId, ts, code: 'TOO_EARLY', sentence: 'Not booked yet.' }),
          );
        },
      });
    },
  };
});

test.each([
  [1, 'CANCELED', 2],
  [3, 'CANCELED', 4],
  // A venue that never does it is not asked for ever.
  [50, 'ACCEPTED', 4],
] as const)('a halt whose cancel is refused %d times: the order is %s', async (refusals, status, asked) => {
  const bench = await openBench();
  await bench.pass(2_000);
  const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
  const { id } = await buy(bench, { type: 'limit', price: (bid - 500).toFixed(2) });
  await bench.pass(500);
  venue.refusals = refusals;
  venue.asked = [];
  bench.desk.risk.halt('now');
  await bench.pass(2_000);
  expect((await orderNow(bench, id)).status).toBe(status);
  expect(venue.asked).toHaveLength(asked);
  const warned = bench.desk.alerts.recent().some(({ code }) => code === 'CANCEL_REFUSED');
  expect(warned).toBe(status === 'ACCEPTED');
});
