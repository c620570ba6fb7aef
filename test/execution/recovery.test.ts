import { describe, expect, it } from 'vitest';
import { createPaperBroker, type PaperBroker } from '../../src/brokers/paper-broker.ts';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import { notional } from '../../src/domain/instrument.ts';
import type { Order } from '../../src/domain/order.ts';
import { TERMINAL } from '../../src/domain/order-state.ts';
import { sequentialIds } from '../../src/execution/order-ids.ts';
import { createOrderManager, type OrderManager } from '../../src/execution/order-manager.ts';
import { recover, type RecoveryReport } from '../../src/execution/recovery.ts';
import { JournalFailure, type Journal, type JournalRecord } from '../../src/journal/journal.ts';
import { createVenue } from '../../src/venue/create-venue.ts';
import { DEFAULT_VENUE_MODEL } from '../../src/venue/model.ts';
import {
  ALLOW_ALL,
  bench,
  ETH,
  FakeBroker,
  FakeJournal,
  fillOf,
  INSTRUMENTS,
  intentOf,
  Ledger,
  settle,
  sourceOf,
  START_CASH,
} from './support.ts';

class Killed extends Error {}

/** Ends the process at one commit: just before it is durable, or just after. Later commits do not exist. */
class MortalJournal implements Journal {
  readonly records: JournalRecord[];
  #left: number;
  readonly #durable: boolean;

  constructor(records: readonly JournalRecord[], left: number, durable: boolean) {
    this.records = [...records];
    this.#left = left;
    this.#durable = durable;
  }

  commit(records: readonly JournalRecord[]): void {
    this.#left -= 1;
    if (this.#left < 0) throw new JournalFailure('IO', 'The process is dead.');
    if (this.#left > 0 || this.#durable) this.records.push(...records);
    if (this.#left === 0) throw new Killed();
  }

  get isDead(): boolean {
    return this.#left <= 0;
  }

  fingerprint(): string {
    return '';
  }
  close(): void {}
}

interface Run {
  readonly clock: SimulatedClock;
  readonly broker: PaperBroker;
  readonly manager: OrderManager;
  readonly ledger: Ledger;
  readonly report: RecoveryReport;
}

/** The engine's start: memory from the journal, then recovery. */
function start(journal: Journal, records: readonly JournalRecord[], at: number): Run {
  const source = sourceOf(records);
  const clock = new SimulatedClock(at);
  const ledger = new Ledger(source);
  const broker = createPaperBroker({
    id: 'paper',
    clock,
    createVenue,
    instruments: INSTRUMENTS,
    model: {
      ...DEFAULT_VENUE_MODEL,
      fees: { maker: '0.0002', taker: '0.0005', fixed: '0' },
      queue: false,
      touchFillProbability: 1,
    },
    seed: 1,
    position: () => ledger.quantity,
    dayEnd: () => 86_400_000,
  });
  const manager = createOrderManager({
    clock,
    journal,
    brokers: new Map([['A', broker]]),
    gate: ALLOW_ALL,
    applyFill: ledger.apply,
    idSource: sequentialIds('o', source.orders().length + 1),
    instruments: INSTRUMENTS,
  });
  const report = recover({
    source,
    manager,
    brokers: new Map([['A', broker]]),
    instruments: INSTRUMENTS,
    clock,
    journal,
  });
  return { clock, broker, manager, ledger, report };
}

/** A lively minute: every order type, partial fills, a change, a cancel, a rejection, a late trigger. */
const STEPS: readonly ((run: Run) => void)[] = [
  (run) => quote(run, 150_000, 150_010),
  (run) => submit(run, { idempotencyKey: 'first', price: 149_900, quantity: 8_000 }),
  (run) => submit(run, { idempotencyKey: 'market', type: 'market', price: null, quantity: 3_000 }),
  (run) => submit(run, { type: 'stop-limit', side: 'sell', trigger: 149_800, price: 149_700, quantity: 4_000 }),
  (run) => quote(run, 149_850, 149_860),
  (run) => trade(run, 149_900, 5_000),
  (run) => {
    const order = find(run, (open) => open.idempotencyKey === 'first');
    if (order !== undefined) run.manager.modify(order.id, { price: 149_880, trigger: null, quantity: 9_000 });
  },
  (run) => quote(run, 149_750, 149_760),
  (run) => submit(run, { price: 149_000, quantity: 2_000, note: 'to cancel' }),
  (run) => {
    const order = find(run, (open) => open.note === 'to cancel');
    if (order !== undefined) run.manager.cancel(order.id, 'Not wanted.');
  },
  (run) => submit(run, { price: 149_001, quantity: 1 }),
  (run) => trade(run, 149_870, 9_000),
  (run) => quote(run, 149_700, 149_720),
  (run) => submit(run, { type: 'market', price: null, side: 'sell', quantity: 2_500 }),
];

function quote(run: Run, bid: number, ask: number): void {
  const ts = run.clock.now();
  run.broker.onMarket({
    kind: 'quote',
    instrument: ETH.id,
    ts,
    at: ts,
    bid,
    bidQuantity: 2_000,
    ask,
    askQuantity: 2_000,
  });
}

function trade(run: Run, price: number, quantity: number): void {
  const ts = run.clock.now();
  run.broker.onMarket({
    kind: 'trade',
    instrument: ETH.id,
    ts,
    at: ts,
    price,
    quantity,
    aggressor: 'sell',
    tradeId: null,
  });
}

function submit(run: Run, changes: Parameters<typeof intentOf>[0]): void {
  run.manager.submit(intentOf({ accountKind: 'paper', ...changes }));
}

function find(run: Run, wanted: (order: Order) => boolean): Order | undefined {
  return run.manager.openOrders('A').find(wanted);
}

function play(run: Run, journal: MortalJournal, from: number): number {
  for (let step = from; step < STEPS.length; step += 1) {
    run.clock.advanceTo((step + 1) * 1_000);
    STEPS[step]?.(run);
    if (journal.isDead) return step;
  }
  return STEPS.length;
}

function consistent(records: readonly JournalRecord[]): void {
  const source = sourceOf(records);
  const fills = source.fills();
  expect(new Set(fills.map((fill) => fill.tradeId)).size).toBe(fills.length);
  let cash = START_CASH;
  let quantity = 0;
  for (const fill of fills) {
    const signed = fill.side === 'buy' ? fill.quantity : -fill.quantity;
    quantity += signed;
    cash = cash.minus(notional(ETH, fill.price, signed)).minus(fill.fee);
  }
  expect(new Decimal(source.balances()[0]?.cash ?? START_CASH).eq(cash)).toBe(true);
  expect(source.positions()[0]?.quantity ?? 0).toBe(quantity);
  for (const order of source.orders()) {
    const mine = fills.filter((fill) => fill.orderId === order.id);
    expect(order.filled).toBe(mine.reduce((sum, fill) => sum + fill.quantity, 0));
    const value = mine.reduce((sum, fill) => sum.plus(notional(ETH, fill.price, fill.quantity)), ZERO);
    expect(order.filledNotional.eq(value)).toBe(true);
  }
}

function restart(records: readonly JournalRecord[], at: number): { run: Run; journal: MortalJournal } {
  const journal = new MortalJournal(records, Number.POSITIVE_INFINITY, true);
  const run = start(journal, records, at);
  consistent(journal.records);
  const open = run.manager.openOrders('A');
  // Books, manager and venue agree; nothing is in doubt at our own venue.
  expect(open.map(({ id, filled, quantity, price }) => ({ id, filled, quantity, price }))).toEqual(
    run.broker.working().map(({ id, filled, quantity, price }) => ({ id, filled, quantity, price })),
  );
  expect(
    sourceOf(journal.records)
      .openOrders()
      .map((order) => order.id),
  ).toEqual(open.map((order) => order.id));
  for (const order of open) expect(['ACCEPTED', 'TRIGGERED', 'PARTIALLY_FILLED']).toContain(order.status);
  expect(run.report.differences).toEqual([]);
  return { run, journal };
}

function committed(): number {
  let commits = 0;
  const counting = new MortalJournal([], Number.POSITIVE_INFINITY, true);
  const commit = counting.commit.bind(counting);
  counting.commit = (records) => {
    commits += 1;
    commit(records);
  };
  play(start(counting, [], 0), counting, 0);
  const passed = counting.records.map((record) => (record.kind === 'order' ? record.order.status : record.kind));
  expect(passed).toEqual(
    expect.arrayContaining(['PARTIALLY_FILLED', 'FILLED', 'CANCELED', 'TRIGGERED', 'PENDING_UPDATE', 'PENDING_CANCEL']),
  );
  expect(sourceOf(counting.records).fills().length).toBeGreaterThan(4);
  consistent(counting.records);
  return commits;
}

describe('killed at every commit', () => {
  const commits = committed();
  it('has a lively session to be killed in', () => expect(commits).toBeGreaterThan(20));

  for (const durable of [false, true]) {
    for (let commit = 1; commit <= commits; commit += 1) {
      it(`#${commit}, ${durable ? 'just after' : 'just before'} it is durable: nothing lost, nothing doubled`, () => {
        const journal = new MortalJournal([], commit, durable);
        const step = play(start(journal, [], 0), journal, 0);
        const time = (step + 1) * 1_000;
        const first = restart(journal.records, time);
        // Killed again before anything happens: the same once more, and nothing new to do.
        const again = restart(first.journal.records, time);
        expect(again.run.manager.openOrders('A')).toEqual(first.run.manager.openOrders('A'));
        expect(again.run.report.orders.every(({ found, now }) => found === now)).toBe(true);
        // And the session goes on from there.
        play(again.run, again.journal, step);
        consistent(again.journal.records);
        for (const order of sourceOf(again.journal.records).orders()) {
          if (TERMINAL.has(order.status)) continue;
          expect(again.run.broker.working().map((working) => working.id)).toContain(order.id);
        }
      });
    }
  }
});

describe('after a restart', () => {
  function interrupted(changes: Partial<Order>): Order {
    const at = bench({ kind: 'paper' });
    const made = at.manager.submit(intentOf({ accountKind: 'paper' }));
    if (!made.ok) throw new Error(made.error.sentence);
    return { ...made.value, ...changes };
  }

  function recovered(order: Order, kind: 'paper' | 'live', changes: Partial<Parameters<typeof recover>[0]> = {}) {
    const at = bench({ kind });
    const restored: Order[] = [];
    const broker = Object.assign(at.broker, { restore: (back: Order) => void restored.push(back) });
    const records: JournalRecord[] = [{ kind: 'order', order, event: null }];
    const report = recover({
      source: sourceOf(records),
      manager: at.manager,
      brokers: new Map([['A', broker]]),
      instruments: INSTRUMENTS,
      clock: at.clock,
      journal: at.journal,
      ...changes,
    });
    return { ...at, report, restored, order: at.manager.find(order.id) };
  }

  it.each([
    ['SUBMITTED', 'INITIALIZED', 'REJECTED', 'rejected'],
    ['PENDING_CANCEL', 'SUBMITTED', 'REJECTED', 'rejected'],
    ['UNKNOWN', 'SUBMITTED', 'REJECTED', 'rejected'],
    ['INITIALIZED', 'INITIALIZED', 'DENIED', 'denied'],
    ['RELEASED', 'INITIALIZED', 'DENIED', 'denied'],
    ['ACCEPTED', 'SUBMITTED', 'ACCEPTED', 'working-again'],
    ['TRIGGERED', 'ACCEPTED', 'TRIGGERED', 'working-again'],
    ['PENDING_CANCEL', 'ACCEPTED', 'CANCELED', 'cancelled'],
    ['PENDING_UPDATE', 'ACCEPTED', 'ACCEPTED', 'working-again'],
    ['UNKNOWN', 'TRIGGERED', 'TRIGGERED', 'working-again'],
  ] as const)('a paper order found %s (before: %s) is %s', (status, previousStatus, now, action) => {
    const { report, restored, order, broker } = recovered(interrupted({ status, previousStatus }), 'paper');
    expect(order?.status).toBe(now);
    expect(report.orders).toMatchObject([{ found: status, now, action }]);
    expect(restored.map((back) => back.status)).toEqual(action === 'working-again' ? [now] : []);
    expect(broker.sent).toEqual([]);
  });

  it.each([
    ['SUBMITTED', 'UNKNOWN'],
    ['PENDING_UPDATE', 'UNKNOWN'],
    ['PENDING_CANCEL', 'UNKNOWN'],
    ['UNKNOWN', 'UNKNOWN'],
    ['ACCEPTED', 'ACCEPTED'],
    ['PARTIALLY_FILLED', 'PARTIALLY_FILLED'],
  ] as const)('a live order found %s is asked for as %s, never sent', (status, now) => {
    const found = interrupted({ status, previousStatus: 'ACCEPTED', accountKind: 'live' });
    const { report, order, broker } = recovered(found, 'live');
    expect(broker.sent).toEqual(['inquire o1']);
    expect(report.orders).toMatchObject([{ action: 'asked' }]);
    expect(order?.status).toBe(now);
  });

  it('learns of live fills that happened meanwhile, once', async () => {
    const found = interrupted({ status: 'ACCEPTED', previousStatus: 'SUBMITTED', accountKind: 'live', filled: 0 });
    const at = bench();
    at.broker.onInquire = () =>
      Promise.resolve({
        known: true,
        order: { ...found, status: 'FILLED', filled: 10_000 },
        events: [
          { type: 'filled', orderId: 'o1', ts: 5, fill: fillOf('o1', 4_000, { tradeId: 'a' }) },
          { type: 'filled', orderId: 'o1', ts: 6, fill: fillOf('o1', 6_000, { tradeId: 'b' }) },
        ],
      });
    recover({
      source: sourceOf([{ kind: 'order', order: found, event: null }]),
      manager: at.manager,
      brokers: new Map([['A', at.broker]]),
      instruments: INSTRUMENTS,
      clock: at.clock,
      journal: at.journal,
    });
    await settle();
    at.broker.fill('o1', 4_000, { tradeId: 'a' });
    expect(at.manager.find('o1')).toMatchObject({ status: 'FILLED', filled: 10_000 });
    expect(at.ledger.quantity).toBe(10_000);
  });

  it('does not book a recorded fill again, and corrects an order that disagrees with its fills', () => {
    const found = interrupted({ status: 'PARTIALLY_FILLED', previousStatus: 'ACCEPTED', filled: 9_999 });
    const fill = fillOf('o1', 4_000, { tradeId: 'a' });
    const execution = { fill, ackLatencyMs: null, fillLatencyMs: null };
    const source = sourceOf([
      { kind: 'order', order: found, event: null },
      { kind: 'execution', execution },
      { kind: 'execution', execution },
    ]);
    const { report, order, manager, broker, ledger } = recovered(found, 'paper', { source });
    expect(report.fills).toBe(1);
    expect(report.differences.map((difference) => difference.code)).toEqual(['REPEATED_FILL', 'FILLED_SUM']);
    expect(order).toMatchObject({ filled: 4_000, status: 'PARTIALLY_FILLED' });
    expect(order?.filledNotional.toFixed()).toBe('6000');
    broker.fill('o1', 4_000, { tradeId: 'a' });
    expect(ledger.quantity).toBe(0);
    expect(manager.counters.repeated).toBe(1);
  });

  it('reports positions that do not follow from the fills, and orders that this run cannot serve', () => {
    const found = interrupted({ status: 'ACCEPTED', previousStatus: 'SUBMITTED' });
    const ledger = new Ledger();
    const records: JournalRecord[] = [{ kind: 'order', order: found, event: null }, ...ledger.apply(fillOf('o1', 5))];
    const { report, order } = recovered(found, 'paper', { source: sourceOf(records), brokers: new Map() });
    expect(report.differences.map((difference) => difference.code)).toEqual(['NO_BROKER', 'POSITION_SUM']);
    expect(report.orders).toMatchObject([{ action: 'kept', now: 'ACCEPTED' }]);
    expect(order?.status).toBe('ACCEPTED');
  });

  it('writes its report into the audit log, and nothing when there was nothing to do', () => {
    const journal = new FakeJournal();
    recovered(interrupted({ status: 'SUBMITTED' }), 'paper', { journal });
    expect(journal.kinds()).toEqual(['RECOVERED']);
    const empty = new FakeJournal();
    recovered(interrupted({ status: 'FILLED' }), 'paper', { journal: empty });
    expect(empty.kinds()).toEqual([]);
  });

  it('has no way to put orders back at a broker without one, and says so', () => {
    const broker = new FakeBroker('paper');
    const at = bench({ kind: 'paper' });
    const order = interrupted({ status: 'ACCEPTED' });
    const report = recover({
      source: sourceOf([{ kind: 'order', order, event: null }]),
      manager: at.manager,
      brokers: new Map([['A', broker]]),
      instruments: INSTRUMENTS,
      clock: at.clock,
      journal: at.journal,
    });
    expect(report.orders).toMatchObject([{ action: 'kept' }]);
  });
});
