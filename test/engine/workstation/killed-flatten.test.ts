import { fork } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KillLatch } from '../../../src/risk/kill-latch.ts';
import { FRIDAY, openBench, temporaryFolder } from './support.ts';

/** Positions before the press, and how the process ended. */
function dieFlattening(dataDir: string, killAt: number): Promise<{ positions: number; signal: string | null }> {
  return new Promise((resolve, reject) => {
    let positions = -1;
    let failure = '';
    const child = fork(join(import.meta.dirname, 'mortal-flatten.ts'), [dataDir, String(killAt), String(FRIDAY)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (text: Buffer) => {
      failure += text.toString();
    });
    child.on('message', (message: { positions?: number }) => {
      if (message.positions !== undefined) ({ positions } = message as { positions: number });
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === null && code !== 0) reject(new Error(failure));
      else resolve({ positions, signal });
    });
  });
}

test.each([[1], [2], [3], [5], [8], [11]])(
  'kill -9 in commit %d of a flatten: the next engine is halted, goes on with it and ends flat, not short',
  { timeout: 120_000 },
  async (killAt) => {
    const dataDir = temporaryFolder();
    const { positions, signal } = await dieFlattening(dataDir, killAt);
    expect(positions).toBe(2);
    expect(signal).toBe('SIGKILL');
    expect(new KillLatch(dataDir).read()).toMatchObject({ halted: true, reason: 'out of here' });
    const bench = await openBench({ dataDir, start: FRIDAY + 60_000 });
    expect(bench.desk.risk.status.read().state).toBe('HALTED');
    await bench.pass(10_000);
    expect(bench.desk.portfolio.read().positions).toEqual([]);
    expect((await bench.desk.orders.list({ scope: 'working', limit: 50 })).items).toEqual([]);
    expect(bench.desk.alerts.recent().map(({ code }) => code)).toEqual(
      expect.arrayContaining(['FLATTEN_RESUMED', 'FLAT']),
    );
    expect((await bench.desk.journal.verify()).problems).toEqual([]);
  },
);
