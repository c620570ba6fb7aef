import type { Account } from '../domain/account.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Position } from '../domain/position.ts';
import { Columns, FIRST, type Row } from './columns.ts';
import type { InstrumentBook } from './encode.ts';
import type {
  AuditRecord,
  BalanceRecord,
  CommandRecord,
  ExecutionRecord,
  SessionRecord,
  SignalRecord,
  SnapshotRecord,
} from './journal.ts';

export function decodeSession(row: Row): SessionRecord {
  const c = new Columns(row, FIRST);
  const mode = c.text<SessionRecord['mode']>();
  const seed = c.number();
  const status = c.text<SessionRecord['status']>();
  return {
    id: String(row[1]),
    mode,
    status,
    startedAt: c.number(),
    endedAt: c.numberOrNull(),
    seed,
    config: c.text(),
    fingerprint: c.textOrNull(),
  };
}

export function decodeAccount(row: Row): Account {
  const c = new Columns(row, FIRST);
  return {
    id: c.text(),
    name: c.text(),
    kind: c.text<Account['kind']>(),
    broker: c.text(),
    currency: c.text(),
    type: c.text<Account['type']>(),
    leverage: c.text(),
    startingCash: c.text(),
  };
}

export function decodeInstrument(row: Row): Instrument {
  const c = new Columns(row, FIRST);
  const id = c.text();
  const symbol = c.text();
  const venue = c.text();
  const kind = c.text<Instrument['kind']>();
  const base = c.text();
  const quote = c.text();
  const priceDigits = c.number();
  const quantityDigits = c.number();
  return {
    id,
    symbol,
    venue,
    kind,
    base,
    quote,
    priceDigits,
    quantityDigits,
    tick: c.units(priceDigits),
    step: c.units(quantityDigits),
    minQuantity: c.units(quantityDigits),
    maxQuantity: c.unitsOrNull(quantityDigits),
    minNotional: c.text(),
    calendar: c.text<Instrument['calendar']>(),
    shortable: c.flag(),
    assumedGrid: c.flag(),
  };
}

export function decodeExecution(row: Row, book: InstrumentBook): ExecutionRecord {
  const c = new Columns(row, FIRST);
  const tradeId = c.text();
  const orderId = c.text();
  const accountId = c.text();
  const instrument = c.text();
  const { priceDigits, quantityDigits } = book.get(instrument);
  const fill: Fill = {
    tradeId,
    orderId,
    accountId,
    instrument,
    side: c.text<Fill['side']>(),
    price: c.units(priceDigits),
    quantity: c.units(quantityDigits),
    liquidity: c.text<Fill['liquidity']>(),
    fee: c.money(),
    ts: c.number(),
    modelled: {
      model: c.text(),
      seed: c.numberOrNull(),
      latencyMs: c.number(),
      reference: c.units(priceDigits),
      slippage: c.units(priceDigits),
      impact: c.units(priceDigits),
    },
  };
  const mlConfidence = c.numberOrNull();
  return { fill, ackLatencyMs: c.numberOrNull(), fillLatencyMs: c.numberOrNull(), mlConfidence };
}

export function decodePosition(row: Row, book: InstrumentBook): Position {
  const c = new Columns(row, FIRST);
  const accountId = c.text();
  const instrument = c.text();
  const { priceDigits, quantityDigits } = book.get(instrument);
  return {
    accountId,
    instrument,
    quantity: c.units(quantityDigits),
    cost: c.money(),
    realised: c.money(),
    fees: c.money(),
    openedAt: c.numberOrNull(),
    lowest: c.unitsOrNull(priceDigits),
    highest: c.unitsOrNull(priceDigits),
  };
}

export function decodeBalance(row: Row): BalanceRecord {
  const c = new Columns(row, FIRST);
  return { accountId: c.text(), currency: c.text(), cash: c.text(), at: c.number() };
}

export function decodeSnapshot(row: Row): SnapshotRecord {
  const c = new Columns(row, FIRST);
  return {
    accountId: c.text(),
    at: c.number(),
    equity: c.text(),
    cash: c.text(),
    realised: c.text(),
    unrealised: c.text(),
    fees: c.text(),
    exposure: c.text(),
  };
}

export function decodeSignal(row: Row): SignalRecord {
  const c = new Columns(row, FIRST);
  return {
    at: c.number(),
    strategyId: c.text(),
    instrument: c.text(),
    direction: c.text(),
    detail: c.text(),
  };
}

export function decodeAudit(row: Row): AuditRecord {
  const c = new Columns(row, FIRST);
  return {
    at: c.number(),
    actor: c.text<AuditRecord['actor']>(),
    action: c.text(),
    reason: c.text(),
    detail: c.text(),
  };
}

export function decodeCommand(row: Row): CommandRecord {
  const c = new Columns(row, FIRST);
  return { sequence: c.number(), at: c.number(), name: c.text(), input: c.text() };
}
