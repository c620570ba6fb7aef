import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../src/domain/decimal.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { Order, OrderStatus } from '../../src/domain/order.ts';
import type { OrderEvent, OrderEventType } from '../../src/domain/order-event.ts';
import type { Position } from '../../src/domain/position.ts';
import type { BalanceRecord, JournalRecord } from '../../src/journal/journal.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import type { JournalReader } from '../../src/journal/journal-reader.ts';
import { ACCOUNT, BTC, fill, order, RELIANCE, session, T0 } from './records.ts';
import { scratch, scratchJournal } from './scratch.ts';

const money = fc
  .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.nat(18))
  .map(([units, digits]) => new Decimal(units.toString()).times(new Decimal(10).pow(-digits)));
const moneyString = money.map((amount) => amount.toFixed());
const units = fc.maxSafeNat();
const signedUnits = fc.maxSafeInteger();
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const instant = fc.oneof(
  fc.integer({ min: 0, max: 4_102_444_800_000 }),
  fc.integer({ min: 0, max: 10 ** 9 }).map((n) => T0 + n / 1_000),
);
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const instrument = fc.constantFrom<Instrument>(BTC, RELIANCE);
const fraction = fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);

const STATUSES: readonly OrderStatus[] = [
  'INITIALIZED',
  'SUBMITTED',
  'ACCEPTED',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELED',
  'UNKNOWN',
];

const orderState = fc.record({
  instrument,
  status: fc.constantFrom(...STATUSES),
  previousStatus: fc.constantFrom(...STATUSES),
  type: fc.constantFrom<Order['type']>('market', 'limit', 'stop', 'stop-limit'),
  timeInForce: fc.constantFrom<Order['timeInForce']>('GTC', 'IOC', 'FOK', 'DAY', 'GTD'),
  expireAt: orNull(instant),
  postOnly: fc.boolean(),
  reduceOnly: fc.boolean(),
  quantity: units,
  price: orNull(units),
  trigger: orNull(units),
  filled: units,
  filledNotional: money,
  fees: money,
  venueOrderId: orNull(text),
  updatedAt: instant,
  reasonCode: orNull(text),
  reason: orNull(text),
  side: fc.constantFrom<Order['side']>('buy', 'sell'),
  source: fc.constantFrom<Order['source']>('manual', 'strategy', 'exit', 'flatten'),
  strategyId: orNull(text),
  note: orNull(text),
  idempotencyKey: orNull(text),
  createdAt: instant,
});

const eventType = fc.constantFrom<OrderEventType | 'intent'>(
  'intent',
  'denied',
  'emulated',
  'released',
  'submitted',
  'accepted',
  'rejected',
  'canceled',
  'expired',
  'triggered',
  'pending-update',
  'pending-cancel',
  'updated',
  'modify-rejected',
  'cancel-rejected',
  'filled',
  'unknown',
);

const details = fc.record({
  eventType,
  ts: instant,
  code: text,
  sentence: text,
  price: units,
  quantity: units,
  fee: money,
  liquidity: fc.constantFrom<'maker' | 'taker'>('maker', 'taker'),
  modelled: fc.record({
    model: text,
    seed: orNull(fc.nat()),
    latencyMs: fraction,
    reference: units,
    slippage: signedUnits,
    impact: signedUnits,
  }),
  latency: orNull(fraction),
  confidence: orNull(fraction),
});

type State = typeof orderState extends fc.Arbitrary<infer T> ? T : never;
type Details = typeof details extends fc.Arbitrary<infer T> ? T : never;

function eventOf(on: Order, d: Details, tradeId: string): { event: OrderEvent | null; more: JournalRecord[] } {
  const stamp = { orderId: on.id, ts: d.ts };
  switch (d.eventType) {
    case 'intent':
      return { event: null, more: [] };
    case 'accepted':
      return { event: { type: 'accepted', ...stamp, venueOrderId: d.code }, more: [] };
    case 'updated': {
      const event: OrderEvent = { type: 'updated', ...stamp, price: d.price, trigger: null, quantity: d.quantity };
      return { event, more: [] };
    }
    case 'filled': {
      const { price, quantity, fee, liquidity, modelled, ts } = d;
      const made = fill(tradeId, on, { price, quantity, fee, liquidity, modelled, ts });
      const execution = { fill: made, ackLatencyMs: d.latency, fillLatencyMs: null, mlConfidence: d.confidence };
      return { event: { type: 'filled', ...stamp, fill: made }, more: [{ kind: 'execution', execution }] };
    }
    case 'emulated':
    case 'released':
    case 'submitted':
    case 'triggered':
    case 'pending-update':
    case 'pending-cancel':
      return { event: { type: d.eventType, ...stamp }, more: [] };
    default:
      return { event: { type: d.eventType, ...stamp, code: d.code, sentence: d.sentence }, more: [] };
  }
}

function orderRecords(state: State, happened: readonly Details[], n: number): JournalRecord[] {
  const { instrument: on, ...rest } = state;
  const made = order(`o-${n}`, { ...rest, instrument: on.id });
  return happened.flatMap((d, index) => {
    const { event, more } = eventOf(made, d, `t-${n}-${index}`);
    return [{ kind: 'order', order: made, event } satisfies JournalRecord, ...more];
  });
}

const other: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc
    .record({ sequence: fc.nat(), at: instant, name: text, input: text })
    .map((command): JournalRecord => ({ kind: 'command', command })),
  fc
    .record({
      instrument,
      quantity: signedUnits,
      cost: money,
      realised: money,
      fees: money,
      openedAt: orNull(instant),
      lowest: orNull(units),
      highest: orNull(fc.nat().map((n) => n + 0.5)),
    })
    .map((p): JournalRecord => ({
      kind: 'position',
      position: { ...p, accountId: ACCOUNT.id, instrument: p.instrument.id },
    })),
  fc
    .record({ currency: text, cash: moneyString, at: instant })
    .map((b): JournalRecord => ({ kind: 'balance', balance: { ...b, accountId: ACCOUNT.id } })),
  fc
    .record({
      at: instant,
      equity: moneyString,
      cash: moneyString,
      realised: moneyString,
      unrealised: moneyString,
      fees: moneyString,
      exposure: moneyString,
    })
    .map((s): JournalRecord => ({ kind: 'snapshot', snapshot: { ...s, accountId: ACCOUNT.id } })),
  fc
    .record({ at: instant, strategyId: text, instrument: text, direction: text, detail: text })
    .map((signal): JournalRecord => ({ kind: 'signal', signal })),
  fc
    .record({
      at: instant,
      actor: fc.constantFrom<'user' | 'engine' | 'risk' | 'strategy' | 'broker'>(
        'user',
        'engine',
        'risk',
        'strategy',
        'broker',
      ),
      action: text,
      reason: text,
      detail: text,
    })
    .map((audit): JournalRecord => ({ kind: 'audit', audit })),
);

const START: readonly JournalRecord[] = [
  { kind: 'session', session: session('s') },
  { kind: 'account', account: ACCOUNT },
  { kind: 'instrument', instrument: BTC },
  { kind: 'instrument', instrument: RELIANCE },
];

const history = fc
  .tuple(
    fc.array(fc.tuple(orderState, fc.array(details, { minLength: 1, maxLength: 4 })), { maxLength: 5 }),
    fc.array(other, { maxLength: 12 }),
  )
  .map(([orders, others]) => [
    ...START,
    ...orders.flatMap(([state, happened], n) => orderRecords(state, happened, n)),
    ...others,
  ]);

/** Cuts the records into commits of the given sizes. */
function cut(records: readonly JournalRecord[], sizes: readonly number[]): JournalRecord[][] {
  const commits: JournalRecord[][] = [];
  for (let from = 0, n = 0; from < records.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    commits.push(records.slice(from, from + size));
    from += size;
  }
  return commits;
}

/** What the journal says was written, by kind. */
function readBack(read: JournalReader): Record<string, unknown> {
  const ids = read.orders().map(({ order: made }) => made.id);
  return {
    account: read.accounts(),
    instrument: read.instruments(),
    command: read.commands('s'),
    order: ids.flatMap((id) => read.orderHistory('s', id)),
    execution: read.fills().map(({ execution }) => execution),
    snapshot: read.snapshots(),
    signal: read.signals(),
    audit: read.audit(),
  };
}

function written(records: readonly JournalRecord[]): Record<string, unknown> {
  const of = <K extends JournalRecord['kind']>(kind: K): Extract<JournalRecord, { kind: K }>[] =>
    records.filter((record): record is Extract<JournalRecord, { kind: K }> => record.kind === kind);
  return {
    account: of('account').map(({ account }) => account),
    instrument: of('instrument').map((record) => record.instrument),
    command: of('command').map(({ command }) => command),
    order: of('order').map(({ order: made, event }) => ({ order: made, event })),
    execution: of('execution').map(({ execution }) => execution),
    snapshot: of('snapshot').map(({ snapshot }) => snapshot),
    signal: of('signal').map(({ signal }) => signal),
    audit: of('audit').map(({ audit }) => audit),
  };
}

function latest<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

describe('what is committed', () => {
  it('is read back as it was, whatever its values and however it was grouped', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
        (records, sizes) => {
          const journal = scratchJournal(scratch());
          for (const commit of cut(records, sizes)) journal.commit(commit);
          expect(readBack(journal.read)).toEqual(written(records));
          const positions = records.flatMap((record) => (record.kind === 'position' ? [record.position] : []));
          const balances = records.flatMap((record) => (record.kind === 'balance' ? [record.balance] : []));
          const byInstrument = (p: Position): string => p.instrument;
          expect(sorted(journal.read.positions(), byInstrument)).toEqual(
            sorted(latest(positions, byInstrument), byInstrument),
          );
          const byCurrency = (b: BalanceRecord): string => b.currency;
          expect(sorted(journal.read.balances(), byCurrency)).toEqual(sorted(latest(balances, byCurrency), byCurrency));
          journal.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has one fingerprint: on disk, in memory, regrouped, and after the journal was reopened half way', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        (records, sizes, where) => {
          const memory = new MemoryJournal();
          memory.commit(records);
          const dir = scratch();
          const commits = cut(records, sizes);
          const half = where % commits.length;
          let journal = scratchJournal(dir);
          for (const commit of commits.slice(0, half)) journal.commit(commit);
          journal.close();
          journal = scratchJournal(dir);
          // The resumed session announces itself; that is not part of what it did.
          if (half > 0) journal.commit([{ kind: 'session', session: session('s', { startedAt: T0 + 99 }) }]);
          for (const commit of commits.slice(half)) journal.commit(commit);
          expect(journal.fingerprint()).toBe(memory.fingerprint());
          journal.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the fingerprint', () => {
  const base: readonly JournalRecord[] = [...START, { kind: 'order', order: order('o'), event: null }];
  const of = (records: readonly JournalRecord[]): string => {
    const memory = new MemoryJournal();
    memory.commit(records);
    return memory.fingerprint();
  };
  const withSession = (changes: Parameters<typeof session>[1], id = 's'): readonly JournalRecord[] => [
    { kind: 'session', session: session(id, changes) },
    ...base.slice(1),
  ];

  it.each<[string, readonly JournalRecord[]]>([
    ['session id', withSession({}, 'another')],
    ['start', withSession({ startedAt: T0 + 1 })],
    ['configuration', withSession({ config: '{"feed":"/elsewhere"}' })],
    [
      'end',
      [...base, { kind: 'session', session: session('s', { status: 'stopped', endedAt: T0 + 9, fingerprint: 'x' }) }],
    ],
  ])('does not see the %s', (_, records) => {
    expect(of(records)).toBe(of(base));
  });

  it.each<[string, readonly JournalRecord[]]>([
    ['seed', withSession({ seed: 43 })],
    ['mode', withSession({ mode: 'backtest' })],
    ['order', [...START, { kind: 'order', order: order('o', { price: 6_182_602 }), event: null }]],
    ['order of records', [START[0], START[1], START[3], START[2], base[4]].flatMap((record) => record ?? [])],
    ['number of records', [...base, ...base.slice(4)]],
  ])('sees the %s', (_, records) => {
    expect(of(records)).not.toBe(of(base));
  });

  it('does not see latencies that a wall clock measured', () => {
    const made = order('o');
    const at = (ack: number): JournalRecord[] => [
      ...base,
      { kind: 'execution', execution: { fill: fill('t', made), ackLatencyMs: ack, fillLatencyMs: ack } },
    ];
    expect(of(at(1))).toBe(of(at(250)));
    expect(of(at(1))).not.toBe(of(base));
  });

  it('belongs to the last session only', () => {
    const second = [...START.slice(1), base[4]].flatMap((record) => record ?? []);
    const both: JournalRecord[] = [
      ...base,
      { kind: 'session', session: session('s', { status: 'stopped' }) },
      { kind: 'audit', audit: { at: T0, actor: 'user', action: 'between', reason: '', detail: '' } },
      { kind: 'session', session: session('t') },
      ...second,
    ];
    expect(of(both)).toBe(of(base));
    const journal = scratchJournal(scratch());
    for (const record of both) journal.commit([record]);
    expect(journal.fingerprint()).toBe(of(base));
  });
});

describe('decimals on disk', () => {
  it('are plain text at the digits of the instrument, for anybody to read', () => {
    const journal = scratchJournal(scratch());
    const made = order('o', { price: 6_182_601, quantity: 50_000, filledNotional: new Decimal('0.00000001') });
    journal.commit([...START, { kind: 'order', order: made, event: null }]);
    journal.commit([{ kind: 'order', order: order('n', { instrument: RELIANCE.id, price: 284_015 }), event: null }]);
    let exported = '';
    journal.exportJson((piece) => {
      exported += piece;
    });
    expect(JSON.parse(exported)).toMatchObject({
      orders: [
        { id: 'o', price: '61826.01', quantity: '0.50000', filled_notional: '0.00000001', fees: '0' },
        { id: 'n', price: '2840.15', quantity: '50000' },
      ],
      instrument: [
        { tick: '0.01', step: '0.00001', min_notional: '5' },
        { tick: '0.05', step: '1', max_quantity: '100000' },
      ],
    });
  });
});
