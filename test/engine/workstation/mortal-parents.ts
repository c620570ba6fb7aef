// A process of its own: works two parent orders on a simulated clock and is killed by SIGKILL inside journal commit number
// KILL_AT, before or after it is durable.
import { setImmediate as turn } from 'node:timers/promises';
import { SimulatedClock } from '../../../src/clock/simulated.ts';
import { parentTicket } from '../../../src/contract/algorithms.ts';
import { createWorkstation } from '../../../src/engine/create-workstation.ts';

const [dataDir = '', killAt = '0', when = 'before', start = '0'] = process.argv.slice(2);
const deadline = Number(killAt);
const clock = new SimulatedClock(Number(start));
const desk = await createWorkstation({
  dataDir,
  clock,
  seed: 7,
  journal: {
    onCommit: (number, phase) => {
      if (number === deadline && phase === when) process.kill(process.pid, 'SIGKILL');
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

await pass(2_000);
const bid = Number(desk.market.quotes.read('BTCUSDT.SIM')?.bid);
const base = { account: 'paper-usdt', instrument: 'BTCUSDT.SIM', side: 'buy' };
const begin = (ticket: object, idempotencyKey: string): string => {
  const begun = desk.algorithms.start({ ...parentTicket.parse({ ...base, ...ticket }), idempotencyKey });
  if (!begun.ok) throw new Error(begun.error.sentence);
  return begun.value.id;
};
begin(
  {
    quantity: '0.3',
    algorithm: { type: 'twap', horizonMs: 6_000, intervalMs: 1_000, urgency: 'high', timeoutMs: 60_000 },
  },
  'mortal-twap',
);
const iceberg = begin(
  { quantity: '0.2', price: (bid + 100).toFixed(2), algorithm: { type: 'iceberg', display: '0.02' } },
  'mortal-iceberg',
);
await pass(4_000);
desk.algorithms.cancel(iceberg);
await pass(4_000);
process.send?.({ done: true });
await desk.close();
