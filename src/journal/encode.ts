import type { Account } from '../domain/account.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Position } from '../domain/position.ts';
import { invalidRecord } from './failure.ts';
import type { ExecutionRecord, JournalRecord, SessionRecord } from './journal.ts';
import { ACCOUNT, AUDIT, BALANCE, COMMAND, EXECUTION, INSTRUMENT, POSITION, SIGNAL, SNAPSHOT } from './tables.ts';
import type { Table } from './tables.ts';
import { moneyText, nullableUnitsText, unitsText, type Value } from './units-text.ts';

/** The instruments journalled so far: their digits turn units into decimals. */
export class InstrumentBook {
  readonly #byId = new Map<InstrumentId, Instrument>();
  readonly #find: (id: InstrumentId) => Instrument | undefined;

  /** `find` is asked about instruments that another process may have added meanwhile. */
  constructor(find: (id: InstrumentId) => Instrument | undefined = () => undefined) {
    this.#find = find;
  }

  set(instrument: Instrument): void {
    this.#byId.set(instrument.id, instrument);
  }

  clear(): void {
    this.#byId.clear();
  }

  get(id: InstrumentId): Instrument {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const found = this.#find(id);
    if (found !== undefined) {
      this.#byId.set(id, found);
      return found;
    }
    throw invalidRecord(`The journal does not know the instrument ${id}; its instrument record must come first.`);
  }
}

/** Column values of a record other than an order or a session, in the order of its table. */
export interface PlainRow {
  readonly table: Table;
  readonly values: readonly Value[];
}

export type PlainRecord = Exclude<JournalRecord, { kind: 'order' } | { kind: 'session' }>;

export function encodePlain(record: PlainRecord, book: InstrumentBook): PlainRow {
  switch (record.kind) {
    case 'execution':
      return { table: EXECUTION, values: encodeExecution(record.execution, book) };
    case 'position':
      return { table: POSITION, values: encodePosition(record.position, book) };
    case 'balance': {
      const { accountId, currency, cash, at } = record.balance;
      return { table: BALANCE, values: [accountId, currency, cash, at] };
    }
    case 'snapshot': {
      const s = record.snapshot;
      return {
        table: SNAPSHOT,
        values: [s.accountId, s.at, s.equity, s.cash, s.realised, s.unrealised, s.fees, s.exposure],
      };
    }
    case 'signal': {
      const s = record.signal;
      return { table: SIGNAL, values: [s.at, s.strategyId, s.instrument, s.direction, s.detail] };
    }
    case 'audit': {
      const a = record.audit;
      return { table: AUDIT, values: [a.at, a.actor, a.action, a.reason, a.detail] };
    }
    case 'command': {
      const c = record.command;
      return { table: COMMAND, values: [c.sequence, c.at, c.name, c.input] };
    }
    case 'account':
      return { table: ACCOUNT, values: encodeAccount(record.account) };
    case 'instrument':
      return { table: INSTRUMENT, values: encodeInstrument(record.instrument) };
  }
}

export function encodeSession(s: SessionRecord): Value[] {
  return [s.mode, s.seed, s.status, s.startedAt, s.endedAt, s.config, s.fingerprint];
}

function encodeAccount(a: Account): Value[] {
  return [a.id, a.name, a.kind, a.broker, a.currency, a.type, a.leverage, a.startingCash];
}

function encodeInstrument(i: Instrument): Value[] {
  return [
    i.id,
    i.symbol,
    i.venue,
    i.kind,
    i.base,
    i.quote,
    i.priceDigits,
    i.quantityDigits,
    unitsText(i.tick, i.priceDigits),
    unitsText(i.step, i.quantityDigits),
    unitsText(i.minQuantity, i.quantityDigits),
    nullableUnitsText(i.maxQuantity, i.quantityDigits),
    i.minNotional,
    i.calendar,
    i.shortable ? 1 : 0,
    i.assumedGrid ? 1 : 0,
  ];
}

function encodeExecution(execution: ExecutionRecord, book: InstrumentBook): Value[] {
  const { fill, ackLatencyMs, fillLatencyMs } = execution;
  const { priceDigits, quantityDigits } = book.get(fill.instrument);
  const { modelled } = fill;
  return [
    fill.tradeId,
    fill.orderId,
    fill.accountId,
    fill.instrument,
    fill.side,
    unitsText(fill.price, priceDigits),
    unitsText(fill.quantity, quantityDigits),
    fill.liquidity,
    moneyText(fill.fee),
    fill.ts,
    modelled.model,
    modelled.seed,
    modelled.latencyMs,
    unitsText(modelled.reference, priceDigits),
    unitsText(modelled.slippage, priceDigits),
    unitsText(modelled.impact, priceDigits),
    execution.mlConfidence ?? null,
    ackLatencyMs,
    fillLatencyMs,
  ];
}

function encodePosition(p: Position, book: InstrumentBook): Value[] {
  const { priceDigits, quantityDigits } = book.get(p.instrument);
  return [
    p.accountId,
    p.instrument,
    unitsText(p.quantity, quantityDigits),
    moneyText(p.cost),
    moneyText(p.realised),
    moneyText(p.fees),
    p.openedAt,
    nullableUnitsText(p.lowest, priceDigits),
    nullableUnitsText(p.highest, priceDigits),
  ];
}

export function encodeOrderIdentity(o: Order): Value[] {
  return [
    o.accountId,
    o.accountKind,
    o.instrument,
    o.side,
    o.source,
    o.strategyId,
    o.note,
    o.idempotencyKey,
    o.createdAt,
  ];
}

export function encodeOrderState(o: Order, instrument: Instrument): Value[] {
  const { priceDigits, quantityDigits } = instrument;
  return [
    o.status,
    o.previousStatus,
    o.type,
    o.timeInForce,
    o.expireAt,
    o.postOnly ? 1 : 0,
    o.reduceOnly ? 1 : 0,
    unitsText(o.quantity, quantityDigits),
    nullableUnitsText(o.price, priceDigits),
    nullableUnitsText(o.trigger, priceDigits),
    unitsText(o.filled, quantityDigits),
    moneyText(o.filledNotional),
    moneyText(o.fees),
    o.venueOrderId,
    o.updatedAt,
    o.reasonCode,
    o.reason,
  ];
}

/** The fill of a "filled" event is its execution row; here stand its price, quantity and trade id. */
export function encodeOrderEvent(event: OrderEvent | null, instrument: Instrument): Value[] {
  if (event === null) return ['intent', null, null, null, null, null, null, null, null];
  const { priceDigits, quantityDigits } = instrument;
  const code = 'code' in event ? event.code : null;
  const sentence = 'sentence' in event ? event.sentence : null;
  switch (event.type) {
    case 'accepted':
      return [event.type, event.ts, null, null, event.venueOrderId, null, null, null, null];
    case 'updated': {
      const price = nullableUnitsText(event.price, priceDigits);
      const trigger = nullableUnitsText(event.trigger, priceDigits);
      return [event.type, event.ts, null, null, null, price, trigger, unitsText(event.quantity, quantityDigits), null];
    }
    case 'filled': {
      const { fill } = event;
      const price = unitsText(fill.price, priceDigits);
      const quantity = unitsText(fill.quantity, quantityDigits);
      return [event.type, event.ts, null, null, null, price, null, quantity, fill.tradeId];
    }
    default:
      return [event.type, event.ts, code, sentence, null, null, null, null, null];
  }
}

/** The time a record speaks of; null for what has none. */
export function timeOf(record: JournalRecord): number | null {
  switch (record.kind) {
    case 'order':
      return record.event === null ? record.order.updatedAt : record.event.ts;
    case 'execution':
      return record.execution.fill.ts;
    case 'session':
      return record.session.endedAt ?? record.session.startedAt;
    case 'command':
      return record.command.at;
    case 'balance':
      return record.balance.at;
    case 'snapshot':
      return record.snapshot.at;
    case 'signal':
      return record.signal.at;
    case 'audit':
      return record.audit.at;
    default:
      return null;
  }
}
