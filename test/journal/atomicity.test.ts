import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { ACCOUNT, fill, lifeOfOrder, opening, order, position, RELIANCE, session, T0 } from './records.ts';
import { commitAll, failureOf, scratch, scratchJournal, smallSession } from './scratch.ts';

describe('a commit', () => {
  it('is all or nothing when a record in the middle is refused, and the journal goes on', () => {
    const journal = scratchJournal(scratch());
    journal.commit(opening('s'));
    const before = { head: journal.head, fingerprint: journal.fingerprint() };
    const made = order('o');
    const failure = failureOf(() =>
      journal.commit([
        { kind: 'order', order: made, event: null },
        { kind: 'execution', execution: { fill: fill('t', made), ackLatencyMs: null, fillLatencyMs: null } },
        { kind: 'position', position: position({ instrument: 'UNKNOWN.X' }) },
      ]),
    );
    expect(failure.code).toBe('INVALID_RECORD');
    expect(failure.sentence).toContain('UNKNOWN.X');
    expect({ head: journal.head, fingerprint: journal.fingerprint() }).toEqual(before);
    expect(journal.read.orders()).toEqual([]);
    commitAll(journal, lifeOfOrder('o'));
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  });

  it('is rolled back when something fails just before it becomes durable', () => {
    let broken = false;
    const journal = scratchJournal(scratch(), {
      onCommit: (_, phase) => {
        if (broken && phase === 'before') throw new Error('injected');
      },
    });
    journal.commit(opening('s'));
    const fingerprint = journal.fingerprint();
    broken = true;
    for (const records of lifeOfOrder('o')) expect(() => journal.commit(records)).toThrow('injected');
    broken = false;
    expect(journal.fingerprint()).toBe(fingerprint);
    commitAll(journal, lifeOfOrder('o'));
    expect(journal.head.commitNo).toBe(5);
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  });

  it('reports both phases with the number of the commit, and nothing for an empty one', () => {
    const phases: string[] = [];
    const journal = scratchJournal(scratch(), { onCommit: (n, phase) => phases.push(`${n} ${phase}`) });
    journal.commit(opening('s'));
    journal.commit([]);
    journal.commit([{ kind: 'order', order: order('o'), event: null }]);
    expect(phases).toEqual(['1 before', '1 after', '2 before', '2 after']);
  });

  it('brings an order up to date that changed several times in it', () => {
    const journal = scratchJournal(scratch());
    journal.commit([...opening('s'), ...lifeOfOrder('o').flat()]);
    expect(journal.read.orders()).toMatchObject([{ order: { status: 'FILLED', filled: 50_000 } }]);
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  });
});

describe('records that contradict the journal', () => {
  const made = order('o');
  const execution = (tradeId: string): JournalRecord => ({
    kind: 'execution',
    execution: { fill: fill(tradeId, made), ackLatencyMs: null, fillLatencyMs: null },
  });
  const start: JournalRecord[] = [...opening('s'), { kind: 'order', order: made, event: null }, execution('t')];

  it.each<[string, JournalRecord[], string]>([
    ['a fill that is already there', [execution('t')], 'UNIQUE'],
    [
      'a fill of an order that is not there',
      [{ kind: 'execution', execution: { fill: fill('u', order('x')), ackLatencyMs: 0, fillLatencyMs: 0 } }],
      'FOREIGN KEY',
    ],
    [
      'an account that is not there',
      [{ kind: 'position', position: position({ accountId: 'nobody' }) }],
      'FOREIGN KEY',
    ],
    [
      'an order on another instrument than before',
      [{ kind: 'order', order: { ...made, instrument: RELIANCE.id }, event: null }],
      'instrument',
    ],
    ['an order that changed sides', [{ kind: 'order', order: { ...made, side: 'sell' }, event: null }], 'side'],
    [
      'an event of another order',
      [{ kind: 'order', order: made, event: { type: 'submitted', orderId: 'p', ts: T0 } }],
      'order p',
    ],
    [
      'an order after the session ended',
      [
        { kind: 'session', session: session('s', { status: 'stopped' }) },
        { kind: 'order', order: made, event: null },
      ],
      'outside a running session',
    ],
  ])('refuses %s', (_, records, named) => {
    const journal = scratchJournal(scratch());
    journal.commit(start);
    const head = journal.head;
    const failure = failureOf(() => journal.commit(records));
    expect(failure.code).toBe('INVALID_RECORD');
    expect(failure.sentence).toContain(named);
    expect(journal.head).toEqual(head);
  });

  it('remembers who an order is after a restart', () => {
    const dir = scratch();
    const first = scratchJournal(dir);
    first.commit(start);
    first.close();
    const second = scratchJournal(dir);
    second.commit([{ kind: 'session', session: session('s') }]);
    expect(
      failureOf(() => second.commit([{ kind: 'order', order: { ...made, side: 'sell' }, event: null }])).code,
    ).toBe('INVALID_RECORD');
  });
});

describe('sessions', () => {
  it('keep their orders, fills and balances apart though ids repeat', () => {
    const journal = scratchJournal(scratch());
    commitAll(journal, smallSession('s1'));
    journal.commit([{ kind: 'session', session: session('s1', { status: 'stopped', endedAt: T0 + 50 }) }]);
    commitAll(journal, smallSession('s2').slice(0, 3));
    expect(journal.read.orders({ sessionId: 's1' }).map(({ order: o }) => [o.id, o.status])).toEqual([
      ['o1', 'FILLED'],
      ['o2', 'FILLED'],
    ]);
    expect(journal.read.orders({ sessionId: 's2' }).map(({ order: o }) => [o.id, o.status])).toEqual([
      ['o1', 'ACCEPTED'],
    ]);
    expect(journal.read.orders({ openOnly: true })).toMatchObject([{ sessionId: 's2', order: { id: 'o1' } }]);
    expect(journal.read.orders({ statuses: ['FILLED', 'ACCEPTED'] })).toHaveLength(3);
    expect(journal.read.fills({ sessionId: 's1', orderId: 'o2' })).toHaveLength(2);
    expect(journal.read.positions('s2')).toEqual([]);
    expect(journal.read.positions('s1')).toHaveLength(1);
    expect(journal.read.accounts('s2')).toEqual([ACCOUNT]);
    expect(journal.read.sessions().map(({ id, status }) => [id, status])).toEqual([
      ['s2', 'running'],
      ['s1', 'stopped'],
    ]);
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  });

  it('take over an order that another session left open', () => {
    const journal = scratchJournal(scratch());
    const [intent = [], accepted = [], partly = [], filled = []] = lifeOfOrder('o');
    commitAll(journal, [opening('s1'), intent, accepted, partly]);
    journal.commit([{ kind: 'session', session: session('s1', { status: 'interrupted' }) }, ...opening('s2')]);
    journal.commit(filled);
    expect(journal.read.orders({ sessionId: 's2' })).toMatchObject([{ order: { status: 'FILLED' } }]);
    expect(journal.verify()).toMatchObject({ ok: true, problems: [] });
  });

  it('leave a latch that the next start reads', () => {
    const dir = scratch();
    const journal = scratchJournal(dir);
    const latch = {
      at: T0,
      actor: 'user',
      action: 'risk.state',
      reason: 'kill switch',
      detail: '{"state":"HALTED"}',
    } as const;
    journal.commit([{ kind: 'audit', audit: { ...latch, reason: 'earlier' } }]);
    journal.commit([{ kind: 'audit', audit: latch }]);
    journal.close();
    expect(scratchJournal(dir).read.lastAudit('risk.state')).toEqual(latch);
  });
});

describe('history for the window', () => {
  it('comes newest first, page by page, without gap or repetition', () => {
    const journal = scratchJournal(scratch());
    journal.commit(opening('s'));
    const ids = Array.from({ length: 23 }, (_, n) => `o${n}`);
    for (const id of ids) commitAll(journal, lifeOfOrder(id));
    const orders: string[] = [];
    const fills: string[] = [];
    let before: number | null = null;
    do {
      const page = journal.read.ordersPage({ limit: 5, ...(before === null ? {} : { before }) }, { sessionId: 's' });
      orders.push(...page.rows.map(({ order: o }) => o.id));
      before = page.next;
    } while (before !== null);
    do {
      const page = journal.read.fillsPage({ limit: 46, ...(before === null ? {} : { before }) });
      fills.push(...page.rows.map(({ execution }) => execution.fill.tradeId));
      before = page.next;
    } while (before !== null);
    expect(orders).toEqual(ids.toReversed());
    expect(fills).toEqual(ids.flatMap((id) => [`${id}-1`, `${id}-2`]).toReversed());
  });
});
