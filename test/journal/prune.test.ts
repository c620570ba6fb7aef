import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/journal.ts';
import type { SqliteJournal } from '../../src/journal/sqlite-journal.ts';
import { lifeOfOrder, opening, otherRecords, session, T0 } from './records.ts';
import { commitAll, scratch, scratchJournal, smallSession } from './scratch.ts';

const DAY = 86_400_000;
const NOW = T0 + 400 * DAY;

/** A session that ran for a day, `ago` days before now, replaying the market of T0. */
function ran(id: string, ago: number, commits: JournalRecord[][] = smallSession(id).slice(1)): JournalRecord[][] {
  const times = { startedAt: NOW - (ago + 1) * DAY };
  const end = session(id, { ...times, status: 'stopped', endedAt: NOW - ago * DAY });
  return [opening(id, times), ...commits, [{ kind: 'session', session: end }]];
}

function prune(journal: SqliteJournal, days = 90): ReturnType<SqliteJournal['prune']> {
  return journal.prune({ olderThanMs: days * DAY, now: NOW });
}

function ids(journal: SqliteJournal): string[] {
  return journal.read
    .sessions()
    .map(({ id }) => id)
    .toSorted();
}

describe('pruning', () => {
  it('removes old ended sessions whole, keeps the rest, and the chain still verifies', () => {
    const dir = scratch();
    const journal = scratchJournal(dir);
    for (const [id, ago] of [
      ['a', 300],
      ['b', 200],
      ['c', 89],
      ['d', 10],
    ] as const)
      commitAll(journal, ran(id, ago));
    const kept = journal.read.fills({ sessionId: 'c' });
    const report = prune(journal);
    expect(report).toMatchObject({ sessions: 2 });
    expect(ids(journal)).toEqual(['c', 'd']);
    expect(journal.read.orders({ sessionId: 'a' })).toEqual([]);
    expect(journal.read.fills({ sessionId: 'c' })).toEqual(kept);
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
    expect(journal.stats()).toMatchObject({ prunedCommits: report.commits, sessions: 2, orders: 4 });
    expect(journal.read.lastAudit('journal.prune')).toMatchObject({ at: NOW, actor: 'user' });
    journal.close();

    const again = scratchJournal(dir);
    commitAll(again, [...opening('e').map((record) => [record]), ...lifeOfOrder('o9')]);
    expect(again.verify()).toMatchObject({ ok: true, problems: [] });
    again.compact();
    expect(again.verify()).toMatchObject({ ok: true, problems: [] });
  });

  it('goes by when a session was run, not by the market it replayed', () => {
    const journal = scratchJournal(scratch());
    commitAll(journal, ran('replay of last year', 1));
    commitAll(journal, ran('latest', 0));
    expect(prune(journal).rows).toBe(0);
  });

  it('writes nothing when there is nothing to remove', () => {
    const journal = scratchJournal(scratch());
    commitAll(journal, ran('a', 10));
    const head = journal.head;
    expect(prune(journal)).toEqual({ sessions: 0, commits: 0, rows: 0 });
    expect(journal.head).toEqual(head);
    commitAll(journal, [opening('b')]);
    expect(journal.verify().ok).toBe(true);
  });

  it('never touches a running session, the newest session or an open order', () => {
    const journal = scratchJournal(scratch());
    const [intent = [], accepted = []] = lifeOfOrder('open');
    commitAll(journal, ran('with an open order', 300, [...lifeOfOrder('closed'), intent, accepted, otherRecords()]));
    commitAll(journal, [opening('running', { startedAt: NOW - 250 * DAY }), ...lifeOfOrder('r')]);
    commitAll(journal, ran('newest', 200));
    const history = journal.read.orderHistory('with an open order', 'open');
    prune(journal);
    expect(ids(journal)).toEqual(['newest', 'running', 'with an open order']);
    expect(journal.read.orders({ sessionId: 'with an open order' })).toMatchObject([
      { order: { id: 'open', status: 'ACCEPTED' } },
    ]);
    expect(journal.read.orderHistory('with an open order', 'open')).toEqual(history);
    expect(journal.read.orders({ sessionId: 'running' })).toHaveLength(1);
    expect(journal.read.fills({ sessionId: 'newest' })).toHaveLength(4);
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  });

  it('keeps the latest position and balance of every account', () => {
    const journal = scratchJournal(scratch());
    const other: JournalRecord[] = [
      { kind: 'balance', balance: { accountId: 'paper-1', currency: 'INR', cash: '5000.50', at: T0 } },
    ];
    commitAll(journal, ran('a', 300, [...lifeOfOrder('o'), ...lifeOfOrder('p'), other]));
    commitAll(journal, ran('b', 1, []));
    const state = { positions: journal.read.positions(), balances: journal.read.balances() };
    expect(prune(journal).rows).toBeGreaterThan(0);
    expect({ positions: journal.read.positions(), balances: journal.read.balances() }).toEqual(state);
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  });

  it('leaves a journal that verifies, whatever was in it and however often it is pruned', () => {
    const life = fc.record({ ago: fc.nat(399), orders: fc.nat(3), open: fc.boolean(), ended: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(life, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(399), { maxLength: 4 }),
        (lives, prunes) => {
          const journal = scratchJournal(scratch());
          lives.forEach(({ ago, orders, open, ended }, n) => {
            const commits = Array.from({ length: orders }, (_, m) => lifeOfOrder(`o${m}`)).flat();
            if (open) commits.push(...lifeOfOrder('left open').slice(0, 3));
            const all = ran(`s${n}`, ago, commits);
            commitAll(journal, ended ? all : all.slice(0, -1));
          });
          for (const days of prunes) {
            const before = { open: journal.read.orders({ openOnly: true }), balances: journal.read.balances() };
            prune(journal, days);
            expect({ open: journal.read.orders({ openOnly: true }), balances: journal.read.balances() }).toEqual(
              before,
            );
            expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
          }
          journal.close();
        },
      ),
      { numRuns: 25 },
    );
  });
});
