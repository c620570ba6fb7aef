// A process of its own: opens two positions and a resting order, presses FLATTEN, and is killed by SIGKILL inside the journal
// commit that is number KILL_AT after the press, before it is durable.
import { setImmediate as turn } from 'node:timers/promises';
import { SimulatedClock } from '../../../src/clock/simulated.ts';
import { createWorkstation } from '../../../src/engine/create-workstation.ts';

const [dataDir = '', killAt = '0', start = '0'] = process.argv.slice(2);
const clock = new SimulatedClock(Number(start));
let pressedAt: number | null = null;
let commits = 0;
const desk = await createWorkstation({
  dataDir,
  clock,
  seed: 7,
  journal: {
    onCommit: (number, phase) => {
      if (phase === 'before' && pressedAt !== null && number - pressedAt >= Number(killAt)) {
        process.kill(process.pid, 'SIGKILL');
      }
      if (phase === 'after') commits = number;
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

async function place(change: Readonly<Record<string, unknown>>): Promise<void> {
  const outcome = await desk.orders.place({
    account: 'paper-usdt',
    instrument: 'BTCUSDT.SIM',
    side: 'buy',
    type: 'market',
    quantity: '0.1',
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
    idempotencyKey: 'mortal-entry',
    acknowledged: ['DUPLICATE_ORDER', 'STALE_PRICE', 'PRICE_COLLAR'],
    ...change,
  });
  if (!outcome.ok) throw new Error(outcome.error.sentence);
}

await pass(2_000);
const bid = Number(desk.market.quotes.read('BTCUSDT.SIM')?.bid);
await place({ stopLoss: (bid - 3_000).toFixed(2) });
await place({ instrument: 'ETHUSDT.SIM', quantity: '1', idempotencyKey: 'mortal-eth' });
await pass(500);
await place({ type: 'limit', price: (bid - 900).toFixed(2), idempotencyKey: 'mortal-resting' });
await pass(500);
process.send?.({ positions: desk.portfolio.read().positions.length });
pressedAt = commits;
desk.risk.flatten({ reason: 'out of here' }, () => {});
await pass(20_000);
process.send?.({ done: true });
await desk.close();
