import type { Account } from '../../src/domain/account.ts';
import { Decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { defineInstrument, type Instrument } from '../../src/domain/instrument.ts';
import type { Order } from '../../src/domain/order.ts';
import type { OrderEvent } from '../../src/domain/order-event.ts';
import type { Position } from '../../src/domain/position.ts';
import type { JournalRecord, SessionRecord } from '../../src/journal/journal.ts';

/** 2024-08-08T00:00:00Z */
export const T0 = 1_723_075_200_000;

function defined(result: ReturnType<typeof defineInstrument>): Instrument {
  if (!result.ok) throw new Error(result.error.sentence);
  return result.value;
}

export const BTC: Instrument = defined(
  defineInstrument({
    symbol: 'BTCUSDT',
    venue: 'binance',
    kind: 'crypto-spot',
    base: 'BTC',
    quote: 'USDT',
    tick: '0.01',
    step: '0.00001',
    minNotional: '5',
  }),
);

export const RELIANCE: Instrument = defined(
  defineInstrument({
    symbol: 'RELIANCE',
    venue: 'nse',
    kind: 'equity',
    quote: 'INR',
    tick: '0.05',
    step: '1',
    maxQuantity: '100000',
    calendar: 'nse',
    assumedGrid: true,
  }),
);

export const ACCOUNT: Account = {
  id: 'paper-1',
  name: 'Paper',
  kind: 'paper',
  broker: 'paper',
  currency: 'USDT',
  type: 'margin',
  leverage: '2',
  startingCash: '100000',
};

export function session(id: string, changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id,
    mode: 'paper',
    status: 'running',
    startedAt: T0,
    endedAt: null,
    seed: 42,
    config: '{"strategies":[]}',
    fingerprint: null,
    ...changes,
  };
}

export function order(id: string, changes: Partial<Order> = {}): Order {
  return {
    id,
    accountId: ACCOUNT.id,
    accountKind: 'paper',
    instrument: BTC.id,
    side: 'buy',
    type: 'limit',
    quantity: 50_000,
    price: 6_182_601,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'strategy',
    strategyId: 'sma-cross',
    note: 'fast above slow',
    idempotencyKey: null,
    status: 'INITIALIZED',
    previousStatus: 'INITIALIZED',
    filled: 0,
    filledNotional: new Decimal(0),
    fees: new Decimal(0),
    venueOrderId: null,
    createdAt: T0 + 1,
    updatedAt: T0 + 1,
    reasonCode: null,
    reason: null,
    ...changes,
  };
}

export function fill(tradeId: string, of: Order, changes: Partial<Fill> = {}): Fill {
  return {
    tradeId,
    orderId: of.id,
    accountId: of.accountId,
    instrument: of.instrument,
    side: of.side,
    price: 6_182_600,
    quantity: 50_000,
    liquidity: 'taker',
    fee: new Decimal('30.913'),
    ts: T0 + 5,
    modelled: { model: 'L2', seed: 7, latencyMs: 1.5, reference: 6_182_590, slippage: 8, impact: 2 },
    ...changes,
  };
}

export function position(changes: Partial<Position> = {}): Position {
  return {
    accountId: ACCOUNT.id,
    instrument: BTC.id,
    quantity: 50_000,
    cost: new Decimal('30913.00'),
    realised: new Decimal('-12.5'),
    fees: new Decimal('30.913'),
    openedAt: T0 + 5,
    lowest: 6_182_600,
    highest: 6_182_600.5,
    ...changes,
  };
}

export function opening(id: string, changes: Partial<SessionRecord> = {}): JournalRecord[] {
  return [
    { kind: 'session', session: session(id, changes) },
    { kind: 'account', account: ACCOUNT },
    { kind: 'instrument', instrument: BTC },
    { kind: 'instrument', instrument: RELIANCE },
  ];
}

/** The commits of one order from intent to a full fill in two parts, with what follows from it. */
export function lifeOfOrder(id: string, at = T0): JournalRecord[][] {
  const intent = order(id, { createdAt: at, updatedAt: at });
  const submitted: Order = { ...intent, status: 'SUBMITTED', updatedAt: at + 1 };
  const accepted: Order = { ...submitted, status: 'ACCEPTED', venueOrderId: `v-${id}`, updatedAt: at + 2 };
  const first = fill(`${id}-1`, intent, { quantity: 20_000, fee: new Decimal('12.3652'), ts: at + 3 });
  const second = fill(`${id}-2`, intent, { quantity: 30_000, fee: new Decimal('18.5478'), ts: at + 4 });
  const partly: Order = {
    ...accepted,
    status: 'PARTIALLY_FILLED',
    filled: 20_000,
    filledNotional: new Decimal('12365.2'),
    fees: first.fee,
    updatedAt: at + 3,
  };
  const filled: Order = {
    ...partly,
    status: 'FILLED',
    filled: 50_000,
    filledNotional: new Decimal('30913'),
    fees: new Decimal('30.913'),
    updatedAt: at + 4,
  };
  const on = (after: Order, event: OrderEvent | null): JournalRecord => ({ kind: 'order', order: after, event });
  return [
    [on(intent, null), on(submitted, { type: 'submitted', orderId: id, ts: at + 1 })],
    [on(accepted, { type: 'accepted', orderId: id, ts: at + 2, venueOrderId: `v-${id}` })],
    [
      on(partly, { type: 'filled', orderId: id, ts: at + 3, fill: first }),
      { kind: 'execution', execution: { fill: first, ackLatencyMs: 1, fillLatencyMs: 2.25, mlConfidence: 0.625 } },
      { kind: 'position', position: position({ quantity: 20_000, cost: new Decimal('12365.2'), fees: first.fee }) },
      { kind: 'balance', balance: { accountId: ACCOUNT.id, currency: 'USDT', cash: '87622.4348', at: at + 3 } },
    ],
    [
      on(filled, { type: 'filled', orderId: id, ts: at + 4, fill: second }),
      { kind: 'execution', execution: { fill: second, ackLatencyMs: 1, fillLatencyMs: null, mlConfidence: null } },
      { kind: 'position', position: position() },
      { kind: 'balance', balance: { accountId: ACCOUNT.id, currency: 'USDT', cash: '69056.087', at: at + 4 } },
    ],
  ];
}

/** One record of each kind that is not an order's. */
export function otherRecords(at = T0): JournalRecord[] {
  return [
    { kind: 'command', command: { sequence: 1, at, name: 'order.place', input: '{"qty":"0.5"}' } },
    {
      kind: 'snapshot',
      snapshot: {
        accountId: ACCOUNT.id,
        at,
        equity: '100012.10',
        cash: '69056.087',
        realised: '-12.5',
        unrealised: '43.013',
        fees: '30.913',
        exposure: '30956.013',
      },
    },
    { kind: 'signal', signal: { at, strategyId: 'sma-cross', instrument: BTC.id, direction: 'long', detail: '{}' } },
    {
      kind: 'audit',
      audit: { at, actor: 'risk', action: 'state', reason: 'daily loss', detail: '{"state":"HALTED"}' },
    },
  ];
}
