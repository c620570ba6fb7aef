import { fork } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Decimal } from '../../../src/domain/decimal.ts';
import { FRIDAY, openBench, temporaryFolder } from './support.ts';

interface Life {
  readonly commits: number;
  readonly done: boolean;
}

function live(dataDir: string, killAt: number, when: 'before' | 'after'): Promise<Life> {
  return new Promise((resolve, reject) => {
    let commits = 0;
    let done = false;
    let failure = '';
    const script = join(import.meta.dirname, 'mortal-parents.ts');
    const child = fork(script, [dataDir, String(killAt), when, String(FRIDAY)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (text: Buffer) => {
      failure += text.toString();
    });
    child.on('message', (message: { commits?: number; done?: boolean }) => {
      if (message.commits !== undefined) commits = message.commits;
      if (message.done === true) done = true;
    });
    child.on('error', reject);
    let end: { code: number | null; signal: NodeJS.Signals | null } | null = null;
    let isDrained = false;
    const finish = (): void => {
      if (end === null || !isDrained) return;
      if (end.signal === null && end.code !== 0) reject(new Error(failure));
      else resolve({ commits, done });
    };
    child.on('disconnect', () => {
      isDrained = true;
      finish();
    });
    child.on('close', (code, signal) => {
      end = { code, signal };
      finish();
    });
  });
}

/** Every order of the two parents, as the journal and the running engine tell. */
async function checkAfter(dataDir: string): Promise<'nothing begun' | 'went on'> {
  const bench = await openBench({ dataDir, start: FRIDAY + 12_000 });
  await bench.pass(20_000);
  const parents = bench.desk.algorithms.list('all', 10);
  const orders = [
    ...(await bench.desk.orders.list({ scope: 'history', limit: 500 })).items,
    ...(await bench.desk.orders.list({ scope: 'working', limit: 500 })).items,
  ];
  const children = orders.filter(({ parent }) => parent !== null);
  expect(new Set(children.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(children.length);
  for (const parent of parents) {
    const own = children.filter((order) => order.parent === parent.id);
    const filled = own.reduce((sum, order) => sum.plus(order.filled), new Decimal(0));
    expect(filled.toFixed(5)).toBe(parent.filled);
    expect(filled.lte(parent.quantity)).toBe(true);
    if (parent.type === 'twap') expect([parent.status, parent.filled]).toEqual(['filled', '0.30000']);
    const open = own.filter(({ remaining }) => remaining !== '0.00000');
    expect(open.length).toBeLessThanOrEqual(1);
  }
  // No child without its parent, and what was bought is what the parents say.
  for (const child of children) expect(parents.map(({ id }) => id)).toContain(child.parent);
  const bought = parents.reduce((sum, parent) => sum.plus(parent.filled), new Decimal(0));
  const held = bench.desk.portfolio.read().positions.find(({ instrument }) => instrument === 'BTCUSDT.SIM');
  expect(new Decimal(held?.quantity ?? 0).toFixed()).toBe(bought.toFixed());
  expect((await bench.desk.journal.verify()).problems).toEqual([]);
  await bench.desk.close();
  return parents.length === 0 ? 'nothing begun' : 'went on';
}

const POINTS = 14;

test(
  'kill -9 at any write: parents go on after the restart without a child twice, and end with exactly their quantity',
  { timeout: 300_000 },
  async () => {
    const whole = await live(temporaryFolder(), 0, 'before');
    expect(whole.done).toBe(true);
    expect(whole.commits).toBeGreaterThan(POINTS * 2);
    const deaths = Array.from({ length: POINTS }, (_, index) => {
      const commit = 4 + Math.round((index * (whole.commits - 5)) / (POINTS - 1));
      return [commit, index % 2 === 0 ? 'before' : 'after'] as const;
    });
    const outcomes: string[] = [];
    for (const [commit, when] of deaths) {
      const dataDir = temporaryFolder();
      await live(dataDir, commit, when);
      try {
        outcomes.push(await checkAfter(dataDir));
      } catch (error) {
        throw new Error(`killed ${when} commit ${commit} of ${whole.commits}`, { cause: error });
      }
    }
    expect(outcomes.filter((outcome) => outcome === 'went on').length).toBeGreaterThan(POINTS / 2);
  },
);
