import type { Broker, BrokerListener, OrderChange, OrderInquiry } from '../../src/brokers/broker.ts';
import { SimulatedClock } from '../../src/clock/simulated.ts';
import { Decimal, ZERO } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { defineInstrument, notional, type Instrument, type InstrumentTerms } from '../../src/domain/instrument.ts';
import type { Order, OrderId, OrderIntent } from '../../src/domain/order.ts';
import type { VenueEvent } from '../../src/domain/order-event.ts';
import { TERMINAL } from '../../src/domain/order-state.ts';
import type { Position } from '../../src/domain/position.ts';
import { JournalFailure, type BalanceRecord, type Journal, type JournalRecord } from '../../src/journal/journal.ts';
import { sequentialIds } from '../../src/execution/order-ids.ts';
import { createOrderManager, type OrderManager, type OrderManagerOptions } from '../../src/execution/order-manager.ts';
import type { OrderFault } from '../../src/execution/order-refusal.ts';
import type { RecoverySource } from '../../src/execution/recovery.ts';
import type { RiskGate, RiskVerdict } from '../../src/risk/gate.ts';

export function instrumentOf(terms: Partial<InstrumentTerms> = {}): Instrument {
  const defined = defineInstrument({
    symbol: 'ETHUSDT',
    venue: 'BINANCE',
    kind: 'crypto-perpetual',
    quote: 'USDT',
    tick: '0.01',
    step: '0.001',
    ...terms,
  });
  if (!defined.ok) throw new Error(defined.error.sentence);
  return defined.value;
}

export const ETH = instrumentOf();
export const INSTRUMENTS = new Map([[ETH.id, ETH]]);
export const START_CASH = new Decimal(100_000);

export function intentOf(changes: Partial<OrderIntent> = {}): OrderIntent {
  return {
    accountId: 'A',
    accountKind: 'live',
    instrument: ETH.id,
    side: 'buy',
    type: 'limit',
    quantity: 10_000,
    price: 150_000,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: null,
    idempotencyKey: null,
    ...changes,
  };
}

export function allow(quantity: number): RiskVerdict {
  return { verdict: 'allow', checks: [], quantity };
}

export const ALLOW_ALL: RiskGate = { check: (intent) => allow(intent.quantity) };

/** A journal in memory that can be told to fail at a commit, before or after the records became durable. */
export class FakeJournal implements Journal {
  readonly records: JournalRecord[] = [];
  commits = 0;
  /** Commits counted from 1 that fail. */
  failing: (commit: number) => boolean = () => false;
  durableThoughFailing = false;
  code: JournalFailure['code'] = 'DISK_FULL';

  commit(records: readonly JournalRecord[]): void {
    this.commits += 1;
    const fails = this.failing(this.commits);
    if (!fails || this.durableThoughFailing) this.records.push(...records);
    if (fails) throw new JournalFailure(this.code, 'No space left on the device.');
  }

  fingerprint(): string {
    return JSON.stringify(this.records);
  }

  close(): void {}

  kinds(): string[] {
    return this.records.map((record) =>
      record.kind === 'order'
        ? `order ${record.order.status}`
        : record.kind === 'audit'
          ? record.audit.action
          : record.kind,
    );
  }
}

/** What a restarted engine would read back. */
export function sourceOf(records: readonly JournalRecord[]): RecoverySource & {
  orders(): Order[];
  fills(): Fill[];
} {
  const orders = new Map<OrderId, Order>();
  const fills: Fill[] = [];
  const positions = new Map<string, Position>();
  const balances = new Map<string, BalanceRecord>();
  for (const record of records) {
    if (record.kind === 'order') orders.set(record.order.id, record.order);
    if (record.kind === 'execution') fills.push(record.execution.fill);
    if (record.kind === 'position') {
      positions.set(`${record.position.accountId} ${record.position.instrument}`, record.position);
    }
    if (record.kind === 'balance') balances.set(record.balance.accountId, record.balance);
  }
  return {
    orders: () => [...orders.values()],
    fills: () => fills,
    openOrders: () => [...orders.values()].filter((order) => !TERMINAL.has(order.status)),
    fillsOf: (orderId) => fills.filter((fill) => fill.orderId === orderId),
    positions: () => [...positions.values()],
    balances: () => [...balances.values()],
    netFilled: (accountId, instrument) =>
      fills
        .filter((fill) => fill.accountId === accountId && fill.instrument === instrument)
        .reduce((sum, fill) => sum + (fill.side === 'buy' ? fill.quantity : -fill.quantity), 0),
  };
}

/** Cash and net position, enough to see whether a fill was booked once. */
export class Ledger {
  cash: Decimal;
  quantity: number;

  constructor(source?: RecoverySource) {
    this.cash = new Decimal(source?.balances()[0]?.cash ?? START_CASH);
    this.quantity = source?.positions()[0]?.quantity ?? 0;
  }

  readonly apply = (fill: Fill): readonly JournalRecord[] => {
    const signed = fill.side === 'buy' ? fill.quantity : -fill.quantity;
    this.quantity += signed;
    this.cash = this.cash.minus(notional(ETH, fill.price, signed)).minus(fill.fee);
    const { accountId, instrument, ts } = fill;
    const position: Position = {
      accountId,
      instrument,
      quantity: this.quantity,
      cost: ZERO,
      realised: ZERO,
      fees: ZERO,
      openedAt: null,
      lowest: null,
      highest: null,
    };
    return [
      { kind: 'position', position },
      { kind: 'balance', balance: { accountId, currency: 'USDT', cash: this.cash.toFixed(), at: ts } },
    ];
  };
}

export function fillOf(orderId: OrderId, quantity: number, changes: Partial<Fill> = {}): Fill {
  return {
    tradeId: 't1',
    orderId,
    accountId: 'A',
    instrument: ETH.id,
    side: 'buy',
    price: 150_000,
    quantity,
    liquidity: 'maker',
    fee: new Decimal('0.5'),
    ts: 1,
    modelled: { model: 'venue', seed: null, latencyMs: 0, reference: 150_000, slippage: 0, impact: 0 },
    ...changes,
  };
}

/** A broker whose every answer the test gives. */
export class FakeBroker implements Broker {
  readonly id = 'fake';
  readonly kind: 'paper' | 'live';
  readonly sent: string[] = [];
  listener: BrokerListener | null = null;
  onSubmit: (order: Order) => void = () => {};
  onCancel: (orderId: OrderId) => void = () => {};
  onModify: (orderId: OrderId, change: OrderChange) => void = () => {};
  onInquire: (orderId: OrderId) => Promise<OrderInquiry> = () => Promise.resolve({ known: false });

  constructor(kind: 'paper' | 'live' = 'live') {
    this.kind = kind;
  }

  submit(order: Order): void {
    this.sent.push(`submit ${order.id}`);
    this.onSubmit(order);
  }
  cancel(orderId: OrderId): void {
    this.sent.push(`cancel ${orderId}`);
    this.onCancel(orderId);
  }
  modify(orderId: OrderId, change: OrderChange): void {
    this.sent.push(`modify ${orderId}`);
    this.onModify(orderId, change);
  }
  inquire(orderId: OrderId): Promise<OrderInquiry> {
    this.sent.push(`inquire ${orderId}`);
    return this.onInquire(orderId);
  }
  listen(listener: BrokerListener): void {
    this.listener = listener;
  }
  emit(event: VenueEvent): void {
    this.listener?.onEvent(event);
  }
  accept(orderId: OrderId, ts = 1): void {
    this.emit({ type: 'accepted', orderId, ts, venueOrderId: `v-${orderId}` });
  }
  fill(orderId: OrderId, quantity: number, changes: Partial<Fill> = {}): void {
    this.emit({ type: 'filled', orderId, ts: changes.ts ?? 1, fill: fillOf(orderId, quantity, changes) });
  }
  canceled(orderId: OrderId, ts = 1): void {
    this.emit({ type: 'canceled', orderId, ts, code: 'VENUE_CANCELED', sentence: 'Cancelled.' });
  }
}

export interface Bench {
  readonly clock: SimulatedClock;
  readonly journal: FakeJournal;
  readonly broker: FakeBroker;
  readonly ledger: Ledger;
  readonly faults: OrderFault[];
  readonly manager: OrderManager;
}

export function bench(options: Partial<OrderManagerOptions> & { kind?: 'paper' | 'live' } = {}): Bench {
  const { kind, ...changes } = options;
  const clock = new SimulatedClock(0);
  const journal = new FakeJournal();
  const broker = new FakeBroker(kind);
  const ledger = new Ledger();
  const faults: OrderFault[] = [];
  const manager = createOrderManager({
    clock,
    journal,
    brokers: new Map([['A', broker]]),
    gate: ALLOW_ALL,
    applyFill: ledger.apply,
    idSource: sequentialIds('o'),
    instruments: INSTRUMENTS,
    onFault: (fault) => faults.push(fault),
    ...changes,
  });
  return { clock, journal, broker, ledger, faults, manager };
}

/** Lets answered inquiries be applied. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
