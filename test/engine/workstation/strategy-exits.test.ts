import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openJournal } from '../../../src/journal/sqlite-journal.ts';
import { BTC, type Bench, buy, openBench, placing, position, refusalOf, temporaryFolder } from './support.ts';

/** Coarser than `pass`: minutes of a strategy's bars. */
async function minutes(bench: Bench, count: number, until: () => boolean): Promise<void> {
  for (let step = 0; step < count * 120 && !until(); step += 1) {
    bench.clock.advanceTo(bench.clock.now() + 500);
    await turn();
  }
}
async function exits(bench: Bench) {
  const { items } = await bench.desk.orders.list({ scope: 'working', limit: 100 });
  return items.filter(({ source }) => source === 'exit');
}
const alerts = (bench: Bench): string[] => bench.desk.alerts.recent().map(({ code }) => code);

/** A strategy that has opened a position with a stop and a target of its own. */
async function traded(dataDir: string): Promise<Bench> {
  const bench = await openBench({ dataDir });
  await bench.pass(2_000);
  bench.desk.strategies.start({
    strategy: 'breakout',
    instrument: BTC,
    account: 'paper-usdt',
    parameters: { entry: 2, exit: 1, stopAtr: 8, targetAtr: 20, atrPeriod: 2 },
  });
  await minutes(bench, 60, () => position(bench) !== undefined);
  await bench.pass(1_000);
  expect(position(bench)).toBeDefined();
  return bench;
}

test('the stop and target of a strategy are linked again after a restart: none lost, none twice, both follow the position', async () => {
  const dataDir = temporaryFolder();
  const bench = await traded(dataDir);
  const before = await exits(bench);
  expect(before.map(({ type }) => type).sort()).toEqual(['limit', 'stop']);
  await bench.desk.close();
  const again = await openBench({ dataDir, start: bench.clock.now() + 60_000 });
  await again.pass(3_000);
  expect((await exits(again)).map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
  // Linked: half of the position closed by hand shrinks both.
  await again.desk.positions.close({
    account: 'paper-usdt',
    instrument: BTC,
    fraction: 0.5,
    idempotencyKey: 'half-of-it',
  });
  await again.pass(1_000);
  const held = Number(position(again)?.quantity);
  expect((await exits(again)).map(({ remaining }) => Number(remaining))).toEqual([held, held]);
  await again.desk.positions.close({
    account: 'paper-usdt',
    instrument: BTC,
    fraction: 1,
    idempotencyKey: 'all-of-it',
  });
  await again.pass(1_000);
  expect(await exits(again)).toEqual([]);
  await again.pass(12_000);
  expect(alerts(again)).not.toContain('UNPROTECTED_AFTER_RESTART');
});

test.each(['EXIT_PLANS', 'PROTECTION', 'CONTINGENT_BOOK'])(
  'a damaged record %s is reported and nothing new is opened',
  async (action) => {
    const dataDir = temporaryFolder();
    const bench = await openBench({ dataDir });
    await bench.pass(2_000);
    await buy(bench);
    await bench.pass(500);
    await bench.desk.close();
    const journal = openJournal(dataDir);
    const session = journal.read.sessions()[0];
    if (session === undefined) throw new Error('no session');
    journal.commit([
      { kind: 'session', session: { ...session, status: 'running' } },
      {
        kind: 'audit',
        audit: { at: bench.clock.now(), actor: 'engine', action, reason: 'damage', detail: '{"half":' },
      },
    ]);
    journal.close();
    const again = await openBench({ dataDir, start: bench.clock.now() + 60_000 });
    await again.pass(2_000);
    expect(alerts(again).some((code) => code.endsWith('_DAMAGED'))).toBe(true);
    const told = again.desk.alerts.recent().find(({ code }) => code.endsWith('_DAMAGED'));
    expect(told?.sentence).toContain(BTC);
    expect(refusalOf(await Promise.resolve(again.desk.orders.place(placing()))).code).toMatch(/STATE|REDUCING/);
  },
);

test('stop and target that a user attached are there once after a restart', async () => {
  const dataDir = temporaryFolder();
  const bench = await openBench({ dataDir });
  await bench.pass(2_000);
  const bid = Number(bench.desk.market.quotes.read(BTC)?.bid);
  await buy(bench, { stopLoss: (bid * 0.9).toFixed(2), takeProfit: (bid * 1.1).toFixed(2) });
  await bench.pass(1_000);
  const before = await exits(bench);
  expect(before).toHaveLength(2);
  await bench.desk.close();
  const again = await openBench({ dataDir, start: bench.clock.now() + 60_000 });
  await again.pass(3_000);
  expect((await exits(again)).map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
});

test('exits that were cancelled while the engine was down are sent again; where they cannot be, the position is named', async () => {
  const dataDir = temporaryFolder();
  const bench = await traded(dataDir);
  await bench.desk.close();
  const journal = openJournal(dataDir);
  const session = journal.read.sessions()[0];
  if (session === undefined) throw new Error('no session');
  journal.commit([{ kind: 'session', session: { ...session, status: 'running', endedAt: null } }]);
  for (const { order } of journal.read.orders({ sessionId: session.id, openOnly: true })) {
    const ts = bench.clock.now();
    const sentence = 'Cancelled elsewhere.';
    journal.commit([
      {
        kind: 'order',
        order: { ...order, status: 'CANCELED' },
        event: { type: 'canceled', orderId: order.id, ts, code: 'ELSEWHERE', sentence },
      },
    ]);
  }
  journal.close();
  const again = await openBench({ dataDir, start: bench.clock.now() + 60_000 });
  await again.pass(3_000);
  const sent = await exits(again);
  expect(sent.map(({ type }) => type).sort()).toEqual(['limit', 'stop']);
  // The user takes them away within the ten seconds: then they are missing.
  for (const { id } of sent) await Promise.resolve(again.desk.orders.cancel(id));
  const isNamed = (): boolean =>
    again.desk.alerts.recent().some(({ code, instrument }) => code.startsWith('UNPROTECTED') && instrument === BTC);
  await again.pass(9_000);
  expect(isNamed() || (await exits(again)).some(({ type }) => type === 'stop')).toBe(true);
});
