// A process of its own: places a bracket, a trailing stop and an OCO pair by a fixed script on a simulated clock and is killed
// by SIGKILL inside journal commit number KILL_AT, before it is durable.
import { setImmediate as turn } from 'node:timers/promises';
import { SimulatedClock } from '../../../src/clock/simulated.ts';
import { createWorkstation } from '../../../src/engine/create-workstation.ts';

const [dataDir = '', killAt = '0', start = '0'] = process.argv.slice(2);
const deadline = Number(killAt);
const clock = new SimulatedClock(Number(start));
const desk = await createWorkstation({
  dataDir,
  clock,
  seed: 7,
  journal: {
    onCommit: (number, phase) => {
      if (number === deadline && phase === 'before') process.kill(process.pid, 'SIGKILL');
      if (phase === 'after') process.send?.({ commits: number });
    },
  },
});

async function pass(ms: number): Promise<void> {
  const end = clock.now() + ms;
  while (clock.now() < end) {
    clock.advanceTo(Math.min(end, clock.now() + 50));
    await turn();
  }
}

type PlaceOrder = Parameters<typeof desk.orders.place>[0];
const blank: Omit<PlaceOrder, 'quantity' | 'idempotencyKey'> = {
  account: 'paper-usdt',
  instrument: 'BTCUSDT.SIM',
  side: 'buy',
  type: 'market',
  price: null,
  trigger: null,
  timeInForce: 'GTC',
  expireAt: null,
  postOnly: false,
  reduceOnly: false,
  stopLoss: null,
  takeProfit: null,
  trailing: null,
  note: null,
  acknowledged: ['DUPLICATE_ORDER', 'STALE_PRICE', 'PRICE_COLLAR', 'LOSS_AT_STOP'],
};

async function place(order: Partial<PlaceOrder> & Pick<PlaceOrder, 'quantity' | 'idempotencyKey'>): Promise<string> {
  const outcome = await desk.orders.place({ ...blank, ...order });
  if (!outcome.ok) throw new Error(outcome.error.sentence);
  process.send?.({ key: order.idempotencyKey, id: outcome.value.id });
  return outcome.value.id;
}

await pass(2_000);
const bid = Number(desk.market.quotes.read('BTCUSDT.SIM')?.bid);
const at = (share: number): string => (Math.round(bid * share * 100) / 100).toFixed(2);
await place({
  quantity: '0.2',
  bracket: { stopLoss: at(0.9), takeProfit: at(1.1), trailing: null },
  idempotencyKey: 'script-bracket',
});
await pass(500);
await desk.positions.close({
  account: 'paper-usdt',
  instrument: 'BTCUSDT.SIM',
  fraction: 0.5,
  idempotencyKey: 'script-close-half',
});
await pass(500);
await place({ instrument: 'ETHUSDT.SIM', quantity: '1', idempotencyKey: 'script-eth-entry' });
await pass(500);
await place({
  instrument: 'ETHUSDT.SIM',
  side: 'sell',
  quantity: '1',
  type: 'trailing-stop',
  reduceOnly: true,
  trailingStop: { offset: '5', offsetType: 'percent', triggerSource: 'bid-ask', activation: null },
  idempotencyKey: 'script-eth-trail',
});
await pass(5_000);
process.send?.({ done: true });
await desk.close();
