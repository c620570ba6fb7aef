import { fork } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Bench, BTC, ETH, FRIDAY, openBench, position, temporaryFolder } from './support.ts';

interface Life {
  readonly commits: number;
  readonly done: boolean;
  readonly answers: ReadonlyMap<string, string>;
}

function live(dataDir: string, killAt: number): Promise<Life> {
  return new Promise((resolve, reject) => {
    const answers = new Map<string, string>();
    let commits = 0;
    let done = false;
    let failure = '';
    let ended: number | NodeJS.Signals | null = null;
    let isDrained = false;
    const script = join(import.meta.dirname, 'mortal-contingent.ts');
    const child = fork(script, [dataDir, String(killAt), String(FRIDAY)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (text: Buffer) => (failure += text.toString()));
    child.on('message', (message: { commits?: number; key?: string; id?: string; done?: boolean }) => {
      if (message.commits !== undefined) commits = message.commits;
      if (message.key !== undefined && message.id !== undefined) answers.set(message.key, message.id);
      if (message.done === true) done = true;
    });
    const finish = (): void => {
      if (ended === null || !isDrained) return;
      if (ended !== 'SIGKILL' && ended !== 0) reject(new Error(failure));
      else resolve({ commits, done, answers });
    };
    child.on('error', reject);
    child.on('disconnect', () => {
      isDrained = true;
      finish();
    });
    child.on('close', (code, signal) => {
      ended = signal ?? code ?? 0;
      finish();
    });
  });
}

async function working(bench: Bench, instrument: string) {
  const { items } = await bench.desk.orders.list({ scope: 'working', limit: 100 });
  return items.filter((order) => order.instrument === instrument && order.source === 'exit');
}

async function checkAfter(dataDir: string, life: Life): Promise<void> {
  const bench = await openBench({ dataDir, start: FRIDAY + 60_000 });
  await bench.pass(2_000);
  expect((await bench.desk.journal.verify()).problems).toEqual([]);
  const btc = Number(position(bench, BTC)?.quantity ?? 0);
  const exits = await working(bench, BTC);
  // One stop and one target of the size of what is open, or nothing at all.
  expect(exits.map(({ type }) => type).toSorted()).toEqual(btc === 0 ? [] : ['limit', 'stop']);
  for (const exit of exits) expect(Number(exit.remaining)).toBe(btc);
  const eth = Number(position(bench, ETH)?.quantity ?? 0);
  const trail = await working(bench, ETH);
  expect(trail.length).toBeLessThanOrEqual(1);
  for (const exit of trail)
    expect([exit.status, Number(exit.quantity), exit.trigger !== null]).toEqual(['EMULATED', eth, true]);
  // What the user was told works, works.
  if (life.answers.has('script-eth-trail')) {
    expect(trail.map(({ id }) => id)).toEqual([life.answers.get('script-eth-trail')]);
  }
  const history = (await bench.desk.orders.list({ scope: 'history', limit: 200 })).items;
  const filledTwice = [...history, ...exits, ...trail].filter(
    ({ idempotencyKey }) => idempotencyKey === 'script-bracket',
  );
  expect(filledTwice.length).toBeLessThanOrEqual(1);
  // Both are linked still: closing everything ends them.
  for (const [instrument, key] of [
    [BTC, 'end-btc'],
    [ETH, 'end-eth'],
  ] as const) {
    if (position(bench, instrument) === undefined) continue;
    const closed = await bench.desk.positions.close({
      account: 'paper-usdt',
      instrument,
      fraction: 1,
      idempotencyKey: `${key}-1`,
    });
    if (!closed.ok) throw new Error(closed.error.sentence);
  }
  await bench.pass(1_000);
  expect([...(await working(bench, BTC)), ...(await working(bench, ETH))]).toEqual([]);
  expect([position(bench, BTC), position(bench, ETH)]).toEqual([undefined, undefined]);
  await bench.desk.close();
}

test(
  'kill -9 inside any journal write: brackets and trailing stops come back whole, linked and once',
  { timeout: 600_000 },
  async () => {
    const whole = await live(temporaryFolder(), 0);
    expect(whole.done).toBe(true);
    expect(whole.commits).toBeGreaterThan(25);
    const deaths = Array.from({ length: whole.commits - 1 }, (_, index) => index + 2);
    const one = async (): Promise<void> => {
      for (let killAt = deaths.shift(); killAt !== undefined; killAt = deaths.shift()) {
        const dataDir = temporaryFolder();
        const life = await live(dataDir, killAt);
        try {
          await checkAfter(dataDir, life);
        } catch (error) {
          throw new Error(`killed in commit ${killAt} of ${whole.commits}`, { cause: error });
        }
      }
    };
    await Promise.all([one(), one()]);
  },
);
