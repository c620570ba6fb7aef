import type { Account } from '../domain/account.ts';
import { Decimal } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Position } from '../domain/position.ts';
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
import { textUnits, type Value } from './units-text.ts';

/** Reads the columns of a row one after another, in the order of its table (tables.ts). */
class Columns {
  readonly #values: readonly Value[];
  #next: number;

  constructor(values: readonly Value[], from: number) {
    this.#values = values;
    this.#next = from;
  }

  take(): Value {
    const value = this.#values[this.#next];
    this.#next += 1;
    return value ?? null;
  }
  /** The schema and the encoder vouch for the words of a column that holds a union. */
  text<T extends string = string>(): T {
    return String(this.take()) as T;
  }
  textOrNull(): string | null {
    const value = this.take();
    return value === null ? null : String(value);
  }
  number(): number {
    return Number(this.take());
  }
  numberOrNull(): number | null {
    const value = this.take();
    return value === null ? null : Number(value);
  }
  flag(): boolean {
    return this.take() === 1;
  }
  money(): Decimal {
    return new Decimal(this.text());
  }
  units(digits: number): number {
    return textUnits(this.text(), digits);
  }
  unitsOrNull(digits: number): number | null {
    const text = this.textOrNull();
    return text === null ? null : textUnits(text, digits);
  }
}

/** Each decoder takes a row of selectRows: seq, session_id, then the columns of its table. */
export type Row = readonly Value[];
const FIRST = 2;

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

export function decodeOrder(row: Row, book: InstrumentBook): Order {
  const c = new Columns(row, FIRST);
  const id = c.text();
  const accountId = c.text();
  const accountKind = c.text<Order['accountKind']>();
  const instrument = c.text();
  const { priceDigits, quantityDigits } = book.get(instrument);
  return {
    id,
    accountId,
    accountKind,
    instrument,
    side: c.text<Order['side']>(),
    source: c.text<Order['source']>(),
    strategyId: c.textOrNull(),
    note: c.textOrNull(),
    idempotencyKey: c.textOrNull(),
    createdAt: c.number(),
    status: c.text<Order['status']>(),
    previousStatus: c.text<Order['status']>(),
    type: c.text<Order['type']>(),
    timeInForce: c.text<Order['timeInForce']>(),
    expireAt: c.numberOrNull(),
    postOnly: c.flag(),
    reduceOnly: c.flag(),
    quantity: c.units(quantityDigits),
    price: c.unitsOrNull(priceDigits),
    trigger: c.unitsOrNull(priceDigits),
    filled: c.units(quantityDigits),
    filledNotional: c.money(),
    fees: c.money(),
    venueOrderId: c.textOrNull(),
    updatedAt: c.number(),
    reasonCode: c.textOrNull(),
    reason: c.textOrNull(),
  };
}

/** `from` is the place of the column `event` in the row; `fillOf` finds the execution of a trade of this order. */
export function decodeOrderEvent(
  row: Row,
  from: number,
  order: Order,
  book: InstrumentBook,
  fillOf: (tradeId: string) => Fill,
): OrderEvent | null {
  const c = new Columns(row, from);
  const type = c.text<OrderEvent['type'] | 'intent'>();
  if (type === 'intent') return null;
  const { priceDigits, quantityDigits } = book.get(order.instrument);
  const orderId = order.id;
  const ts = c.number();
  const code = c.textOrNull() ?? '';
  const sentence = c.textOrNull() ?? '';
  const venueOrderId = c.textOrNull() ?? '';
  switch (type) {
    case 'accepted':
      return { type, orderId, ts, venueOrderId };
    case 'updated': {
      const price = c.unitsOrNull(priceDigits);
      const trigger = c.unitsOrNull(priceDigits);
      return { type, orderId, ts, price, trigger, quantity: c.units(quantityDigits) };
    }
    case 'filled': {
      c.take();
      c.take();
      c.take();
      return { type, orderId, ts, fill: fillOf(c.text()) };
    }
    case 'emulated':
    case 'released':
    case 'submitted':
    case 'triggered':
    case 'pending-update':
    case 'pending-cancel':
      return { type, orderId, ts };
    default:
      return { type, orderId, ts, code, sentence };
  }
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
