import { fork } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Decimal } from '../../../src/domain/decimal.ts';
import { priceDecimal, quantityDecimal } from '../../../src/domain/instrument.ts';
import { openJournalFile } from '../../../src/journal/journal-file.ts';
import { BTC, FRIDAY, openBench, temporaryFolder, type Bench } from './support.ts';

interface Life {
  readonly commits: number;
  readonly done: boolean;
  /** Answers the user got: key to order id. */
  readonly answers: ReadonlyMap<string, string>;
  readonly signal: NodeJS.Signals | null;
}

function live(dataDir: string, killAt: number): Promise<Life> {
  return new Promise((resolve, reject) => {
    const answers = new Map<string, string>();
    let commits = 0;
    let done = false;
    const script = join(import.meta.dirname, 'mortal-engine.ts');
    const child = fork(script, [dataDir, String(killAt), String(FRIDAY)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let failure = '';
    child.stderr?.on('data', (text: Buffer) => {
      failure += text.toString();
    });
    child.on('message', (message: { commits?: number; key?: string; id?: string; done?: boolean }) => {
      if (message.commits !== undefined) commits = message.commits;
      if (message.key !== undefined && message.id !== undefined) answers.set(message.key, message.id);
      if (message.done === true) done = true;
    });
    child.on('error', reject);
    // Messages may still arrive after the process has ended: the channel closes after the last of them.
    let ended: { code: number | null; signal: NodeJS.Signals | null } | null = null;
    let isDrained = false;
    const finish = (): void => {
      if (ended === null || !isDrained) return;
      if (ended.signal === null && ended.code !== 0) reject(new Error(failure));
      else resolve({ commits, done, answers, signal: ended.signal });
    };
    child.on('disconnect', () => {
      isDrained = true;
      finish();
    });
    child.on('close', (code, signal) => {
      ended = { code, signal };
      finish();
    });
  });
}

/** Cash and holdings as the fills in the journal add up, independently of the portfolio. */
function fromFills(dataDir: string): { cash: string; held: Record<string, string> } {
  const journal = openJournalFile(dataDir);
  try {
    const instruments = new Map(journal.read.instruments().map((one) => [one.id, one]));
    let cash = new Decimal(100_000);
    const held: Record<string, Decimal> = {};
    for (const { execution } of journal.read.fills({ accountId: 'paper-usdt' })) {
      const { fill } = execution;
      const instrument = instruments.get(fill.instrument);
      if (instrument === undefined) throw new Error(fill.instrument);
      const quantity = quantityDecimal(instrument, fill.side === 'buy' ? fill.quantity : -fill.quantity);
      cash = cash.minus(priceDecimal(instrument, fill.price).times(quantity)).minus(fill.fee);
      held[fill.instrument] = (held[fill.instrument] ?? new Decimal(0)).plus(quantity);
    }
    return {
      cash: cash.toFixed(),
      held: Object.fromEntries(
        Object.entries(held).flatMap(([id, quantity]) => (quantity.isZero() ? [] : [[id, quantity.toFixed()]])),
      ),
    };
  } finally {
    journal.close();
  }
}

function heldBy(bench: Bench): Record<string, string> {
  const { positions } = bench.desk.portfolio.read();
  return Object.fromEntries(positions.map(({ instrument, quantity }) => [instrument, new Decimal(quantity).toFixed()]));
}

function cashOf(bench: Bench): string {
  return bench.desk.portfolio.read().accounts.find(({ account }) => account === 'paper-usdt')?.cash ?? '';
}

async function checkAfter(dataDir: string, life: Life): Promise<void> {
  const bench = await openBench({ dataDir, start: FRIDAY + 60_000 });
  const verified = await bench.desk.journal.verify();
  expect(verified.problems).toEqual([]);
  expect({ cash: new Decimal(cashOf(bench)).toFixed(), held: heldBy(bench) }).toEqual(fromFills(dataDir));
  // What the user was told exists, once, under its key.
  const history = (await bench.desk.orders.list({ scope: 'history', limit: 100 })).items;
  const working = (await bench.desk.orders.list({ scope: 'working', limit: 100 })).items;
  const all = [...history, ...working];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const [key, id] of life.answers)
    expect(all.filter((order) => order.idempotencyKey === key).map((order) => order.id)).toEqual([id]);
  await bench.pass(1_500);
  // Nothing hangs between two states.
  const settled = (await bench.desk.orders.list({ scope: 'working', limit: 100 })).items;
  for (const { status } of settled) expect(['ACCEPTED', 'PARTIALLY_FILLED', 'TRIGGERED']).toContain(status);
  const held = bench.desk.portfolio.read().positions.find(({ instrument }) => instrument === BTC);
  const exits = (await bench.desk.orders.list({ scope: 'working', limit: 100 })).items.filter(
    ({ source }) => source === 'exit',
  );
  if (held === undefined) expect(exits).toEqual([]);
  else {
    expect(held.stopLoss).not.toBeNull();
    expect(exits.map(({ type, trigger, quantity }) => ({ type, trigger, quantity }))).toEqual([
      { type: 'stop', trigger: held.stopLoss, quantity: held.quantity },
    ]);
  }
  const figures = { cash: cashOf(bench), held: heldBy(bench) };
  await bench.desk.close();
  const third = await openBench({ dataDir, start: FRIDAY + 120_000 });
  expect({ cash: cashOf(third), held: heldBy(third) }).toEqual(figures);
  expect((await third.desk.journal.verify()).ok).toBe(true);
  await third.desk.close();
}

describe('kill -9', () => {
  test(
    'inside any journal write: after the restart cash, positions and orders are those of the journal, none lost, none twice',
    { timeout: 300_000 },
    async () => {
      const whole = await live(temporaryFolder(), 0);
      expect(whole.done).toBe(true);
      expect(whole.commits).toBeGreaterThan(25);
      const deaths = Array.from({ length: whole.commits - 1 }, (_, index) => index + 2);
      const one = async (): Promise<void> => {
        for (let killAt = deaths.shift(); killAt !== undefined; killAt = deaths.shift()) {
          const dataDir = temporaryFolder();
          const life = await live(dataDir, killAt);
          if (!life.done) expect(life.signal).toBe('SIGKILL');
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
});
