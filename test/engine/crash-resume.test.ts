import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PaperSessionOutcome } from '../../src/engine/paper-session.ts';
import { runRecordedSession } from '../../src/engine/recorded-session.ts';
import { openJournalFile } from '../../src/journal/journal-file.ts';
import { crashConfig } from './crash-config.ts';

const signal = new AbortController().signal;
const speed = Number.POSITIVE_INFINITY;
let root = '';
let whole: ReturnType<typeof stateOf>;
let commits = 0;

function stateOf(outcome: PaperSessionOutcome) {
  const { core } = outcome;
  return {
    fingerprint: outcome.fingerprint,
    cash: core.portfolio.cash('paper-usdt')?.toFixed(),
    positions: core.portfolio
      .positions('paper-usdt')
      .map(({ instrument, quantity, cost, realised }) => [instrument, quantity, cost.toFixed(), realised.toFixed()]),
    orders: core.orders.orders().map(({ id, status, filled }) => [id, status, filled]),
    trades: outcome.fills.map((fill) => fill.tradeId),
  };
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tradewright-crash-'));
  const { outcome } = await runRecordedSession({
    dataDir: join(root, 'whole'),
    start: { config: crashConfig },
    speed,
    signal,
    onCommit: (n) => (commits = n),
  });
  whole = stateOf(outcome);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Resolves once the child has killed itself; rejects when it ran to its end. */
function crash(dataDir: string, commit: number, phase: string): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(
      process.execPath,
      [resolve(import.meta.dirname, 'crash-child.ts'), dataDir, String(commit), phase],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let error = '';
    child.stderr.on('data', (chunk) => (error += String(chunk)));
    child.on('exit', (_code, by) =>
      by === 'SIGKILL' ? done() : fail(new Error(`the child was not killed: ${error}`)),
    );
  });
}

it('the session is worth crashing: orders, partial fills, an exit and an open position', () => {
  expect(commits).toBeGreaterThan(20);
  expect(whole.trades.length).toBeGreaterThan(whole.orders.length);
  expect(new Set(whole.trades).size).toBe(whole.trades.length);
});

it(
  'killed at every journal write, before and after it is durable, it ends as if never killed',
  { timeout: 600_000 },
  async () => {
    const points = Array.from({ length: commits }, (_, index) => index + 1).flatMap((commit) => [
      [commit, 'before'] as const,
      [commit, 'after'] as const,
    ]);
    const differences: string[] = [];
    for (const [commit, phase] of points) {
      const dataDir = join(root, `${commit}-${phase}`);
      await crash(dataDir, commit, phase);
      const file = openJournalFile(dataDir);
      const found = file.read.sessions()[0];
      const damage = file.verify().problems;
      file.close();
      if (damage.length > 0) differences.push(`${commit} ${phase}: ${JSON.stringify(damage)}`);
      // The last write of all closes the session; nothing is left to resume after it.
      if (found?.status === 'stopped') continue;
      const start = found === undefined ? { config: crashConfig } : { resume: found.id };
      const { outcome } = await runRecordedSession({ dataDir, start, speed, signal });
      try {
        expect(stateOf(outcome)).toEqual(whole);
      } catch (error) {
        differences.push(`${commit} ${phase}: ${String(error)}`);
      }
      const after = openJournalFile(dataDir);
      if (!after.verify().ok) differences.push(`${commit} ${phase}: the journal does not verify`);
      if (after.read.fills().length !== whole.trades.length)
        differences.push(`${commit} ${phase}: fills lost or doubled`);
      after.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
    expect(differences).toEqual([]);
  },
);

it('a session whose inputs changed is refused, not continued', async () => {
  const dataDir = join(root, 'changed');
  await crash(dataDir, Math.floor(commits / 2), 'after');
  const file = openJournalFile(dataDir);
  const id = file.read.sessions()[0]?.id ?? '';
  file.close();
  const { openJournal } = await import('../../src/journal/sqlite-journal.ts');
  const journal = openJournal(dataDir);
  const session = journal.read.session(id);
  if (session === null) throw new Error('no session');
  journal.commit([{ kind: 'session', session: { ...session, config: JSON.stringify({ ...crashConfig, seed: 12 }) } }]);
  journal.close();
  await expect(runRecordedSession({ dataDir, start: { resume: id }, speed, signal })).rejects.toThrow(
    /does not come out again/,
  );
});
