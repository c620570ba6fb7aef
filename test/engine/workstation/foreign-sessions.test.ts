import { expect, test } from 'vitest';
import { ZERO } from '../../../src/domain/decimal.ts';
import type { JournalRecord } from '../../../src/journal/journal.ts';
import { openJournal } from '../../../src/journal/sqlite-journal.ts';
import { account, BTC, buy, granted, openBench, position } from './support.ts';

/** What "tradewright paper" leaves in the same journal: a session of its own with accounts of the same names. */
function commandLineSession(dataDir: string, at: number, records: readonly JournalRecord[]): void {
  const journal = openJournal(dataDir);
  const session = {
    id: '20261120T060000-00a1b2',
    mode: 'paper',
    startedAt: at,
    endedAt: null,
    seed: 1,
    config: '{}',
    fingerprint: null,
  } as const;
  journal.commit([{ kind: 'session', session: { ...session, status: 'running' } }, ...records]);
  journal.commit([{ kind: 'session', session: { ...session, status: 'stopped', endedAt: at } }]);
  journal.close();
}

test('a halt of the desk outlives a command line session in the same folder', async () => {
  const bench = await openBench();
  await bench.pass(1_000);
  const at = bench.clock.now();
  await bench.desk.close();
  const cause = { code: 'REJECT_STORM', scope: 'paper-usdt', level: 'HALTED', latched: true, at, sentence: 'Rejects.' };
  const journal = openJournal(bench.dataDir);
  const desk = journal.read.sessions()[0];
  if (desk === undefined) throw new Error('no session');
  const audit = (causes: unknown): JournalRecord => ({
    kind: 'audit',
    audit: { at, actor: 'risk', action: 'STATE_RAISED_X', reason: 'x', detail: JSON.stringify({ causes }) },
  });
  journal.commit([{ kind: 'session', session: { ...desk, status: 'running', endedAt: null } }, audit([cause])]);
  journal.close();
  commandLineSession(bench.dataDir, at + 1, [audit([])]);

  const again = await openBench({ dataDir: bench.dataDir, start: at + 5_000 });
  expect(again.desk.risk.status.read()).toMatchObject({ state: 'HALTED', causes: [{ code: 'REJECT_STORM' }] });
  expect(granted(again.desk.risk.resume('looked at them')).state).toBe('ACTIVE');
});

test('the equity of a command line session is not the equity of the desk', async () => {
  const bench = await openBench();
  await bench.pass(1_000);
  const at = bench.clock.now();
  await bench.desk.close();
  const snapshot = {
    accountId: 'paper-usdt',
    at: at + 500,
    equity: '5000000',
    cash: '5000000',
    realised: '0',
    unrealised: '0',
    fees: '0',
    exposure: '0',
  };
  commandLineSession(bench.dataDir, at + 1, [{ kind: 'snapshot', snapshot }]);
  const again = await openBench({ dataDir: bench.dataDir, start: at + 5_000 });
  await again.pass(2_000);
  expect(again.desk.risk.status.read()).toMatchObject({ state: 'ACTIVE', causes: [] });
});

test('pruning old sessions keeps the cash and positions of the desk, also when a command line session came later', async () => {
  const bench = await openBench();
  await bench.pass(2_000);
  await buy(bench);
  await bench.pass(500);
  const cash = account(bench).cash;
  const at = bench.clock.now();
  await bench.desk.close();
  commandLineSession(bench.dataDir, at + 1, [
    { kind: 'balance', balance: { accountId: 'paper-usdt', currency: 'USDT', cash: '7', at } },
    {
      kind: 'position',
      position: {
        accountId: 'paper-usdt',
        instrument: BTC,
        quantity: 0,
        cost: ZERO,
        realised: ZERO,
        fees: ZERO,
        openedAt: null,
        lowest: null,
        highest: null,
      },
    },
  ]);
  const journal = openJournal(bench.dataDir);
  const later = at + 40 * 86_400_000;
  journal.prune({ olderThanMs: 86_400_000, now: later });
  journal.close();
  const again = await openBench({ dataDir: bench.dataDir, start: later });
  expect(account(again).cash).toBe(cash);
  expect(position(again)?.quantity).toBe('0.10000');
});
