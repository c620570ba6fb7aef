import { asSent } from './contingent/sent-terms.ts';
import type { OrderManager } from './order-manager.ts';
import { NOT_RECEIVED } from './order-refusal.ts';
import type { Broker } from '../brokers/broker.ts';
import type { PaperBroker } from '../brokers/paper-broker.ts';
import type { Clock } from '../clock/clock.ts';
import { ZERO } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { notional, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import type { Order, OrderId, OrderStatus } from '../domain/order.ts';
import { IN_FLIGHT, LOCAL } from '../domain/order-state.ts';
import type { Position } from '../domain/position.ts';
import type { EpochMs, QuantityUnits } from '../domain/units.ts';
import type { BalanceRecord, Journal } from '../journal/journal.ts';

/** What the journal must be able to tell after a restart. */
export interface RecoverySource {
  /** The last recorded state of every order that is not closed, oldest first. */
  openOrders(): readonly Order[];
  /** Every recorded fill of one order, oldest first. */
  fillsOf(orderId: OrderId): readonly Fill[];
  positions(): readonly Position[];
  balances(): readonly BalanceRecord[];
  /** What the position must be by its recorded fills; undefined where that cannot be told. */
  netFilled?(accountId: string, instrument: InstrumentId): QuantityUnits | undefined;
}

export interface RecoveryOptions {
  readonly source: RecoverySource;
  /** Fresh, with the brokers of this run; it ends up holding every order that is not closed. */
  readonly manager: OrderManager;
  readonly brokers: ReadonlyMap<string, Broker | PaperBroker>;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly clock: Clock;
  readonly journal: Journal;
}

interface RecoveredOrder {
  readonly orderId: OrderId;
  readonly accountId: string;
  readonly found: OrderStatus;
  readonly now: OrderStatus;
  readonly action: 'working-again' | 'rejected' | 'cancelled' | 'denied' | 'asked' | 'kept';
  readonly sentence: string;
}

interface RecoveryDifference {
  readonly code: 'REPEATED_FILL' | 'FILLED_SUM' | 'POSITION_SUM' | 'NO_BROKER' | 'INSTRUMENT_UNKNOWN';
  readonly subject: string;
  readonly sentence: string;
}

export interface RecoveryReport {
  readonly at: EpochMs;
  readonly orders: readonly RecoveredOrder[];
  readonly positions: readonly Position[];
  readonly balances: readonly BalanceRecord[];
  /** Distinct fills of the open orders. */
  readonly fills: number;
  readonly differences: readonly RecoveryDifference[];
}

/**
 * Brings the orders of an earlier run back after a restart at any instant. Nothing is ever sent again: an order that was
 * written down and not acknowledged never reached the paper venue, which died with the process, and is asked of a live
 * one. Running it twice changes nothing more, so a crash during recovery is a restart like any other.
 */
export function recover(options: RecoveryOptions): RecoveryReport {
  const { source, clock } = options;
  const differences: RecoveryDifference[] = [];
  let fills = 0;
  const orders = source.openOrders().map((found) => {
    const distinct = withoutRepeats(found, source.fillsOf(found.id), differences);
    fills += distinct.length;
    return recoverOrder(options, found, distinct, differences);
  });
  const positions = source.positions();
  for (const position of positions) {
    const sum = source.netFilled?.(position.accountId, position.instrument);
    if (sum === undefined || sum === position.quantity) continue;
    differences.push({
      code: 'POSITION_SUM',
      subject: `${position.accountId} ${position.instrument}`,
      sentence: `The position of ${position.instrument} is recorded as ${position.quantity} quantity units and its fills add up to ${sum}; check it before trading.`,
    });
  }
  const report = { at: clock.now(), orders, positions, balances: source.balances(), fills, differences };
  if (orders.length > 0 || differences.length > 0) journalReport(options.journal, report);
  return report;
}

function recoverOrder(
  options: RecoveryOptions,
  found: Order,
  fills: readonly Fill[],
  differences: RecoveryDifference[],
): RecoveredOrder {
  const { manager, brokers, instruments } = options;
  const broker = brokers.get(found.accountId);
  const instrument = instruments.get(found.instrument);
  const order = instrument === undefined ? found : agreed(found, fills, instrument, differences);
  manager.restore(order, fills);
  const outcome = (action: RecoveredOrder['action'], sentence: string): RecoveredOrder => ({
    orderId: found.id,
    accountId: found.accountId,
    found: found.status,
    now: manager.find(found.id)?.status ?? found.status,
    action,
    sentence,
  });
  if (order.status === 'EMULATED') return outcome('kept', 'It waits in the engine for its trigger.');
  if (order.status === 'FILLED') return outcome('kept', 'Its recorded fills complete it.');
  if (broker === undefined || instrument === undefined) {
    const code = broker === undefined ? 'NO_BROKER' : 'INSTRUMENT_UNKNOWN';
    const missing = broker === undefined ? `broker of account "${found.accountId}"` : `instrument ${found.instrument}`;
    const sentence = `Order ${found.id} is kept as ${found.status}: the ${missing} is not part of this run.`;
    differences.push({ code, subject: found.id, sentence });
    return outcome('kept', sentence);
  }
  const ts = options.clock.now();
  const event = { orderId: found.id, ts };
  if (LOCAL.has(order.status)) {
    const sentence = 'It was written down and never sent.';
    manager.resolve({ ...event, type: 'denied', code: 'NOT_SENT', sentence });
    return outcome('denied', sentence);
  }
  if (broker.kind === 'live') {
    if (IN_FLIGHT.has(order.status)) {
      const sentence = 'The program ended before the venue answered; the venue is being asked.';
      manager.resolve({ ...event, type: 'unknown', code: 'RESTARTED', sentence });
    }
    manager.inquire(found.id);
    return outcome('asked', 'The venue is asked for what happened meanwhile.');
  }
  return recoverPaper(manager, broker, order, ts, outcome);
}

/** A paper order lives on exactly if the venue had acknowledged it and nobody had asked to cancel it. */
function recoverPaper(
  manager: OrderManager,
  broker: Broker | PaperBroker,
  order: Order,
  ts: EpochMs,
  outcome: (action: RecoveredOrder['action'], sentence: string) => RecoveredOrder,
): RecoveredOrder {
  const event = { orderId: order.id, ts };
  if (!wasAcknowledged(order)) {
    const sentence =
      'The program ended before the venue received it; nothing was traded. Send it again if it is wanted.';
    manager.resolve({ ...event, type: 'rejected', code: NOT_RECEIVED, sentence });
    return outcome('rejected', sentence);
  }
  if (order.status === 'PENDING_CANCEL') {
    const sentence = 'Its cancellation was under way when the program ended, and was carried out.';
    manager.resolve({ ...event, type: 'canceled', code: 'CANCEL_REQUESTED', sentence });
    return outcome('cancelled', sentence);
  }
  if (order.status === 'PENDING_UPDATE' || order.status === 'UNKNOWN') {
    const sentence = 'The program ended before the change was confirmed; the order keeps its terms.';
    manager.resolve({ ...event, type: 'modify-rejected', code: 'NOT_RECEIVED', sentence });
  }
  const now = manager.find(order.id) ?? order;
  if (!('restore' in broker)) return outcome('kept', 'Its broker cannot take orders back.');
  broker.restore(asSent(now));
  return outcome('working-again', 'It works at the venue again, at the back of the queue at its price.');
}

function wasAcknowledged(order: Order): boolean {
  if (order.filled > 0 || order.venueOrderId !== null) return true;
  const status = IN_FLIGHT.has(order.status) || order.status === 'UNKNOWN' ? order.previousStatus : order.status;
  return status === 'ACCEPTED' || status === 'TRIGGERED' || status === 'PARTIALLY_FILLED';
}

function withoutRepeats(order: Order, fills: readonly Fill[], differences: RecoveryDifference[]): readonly Fill[] {
  const seen = new Set<string>();
  return fills.filter((fill) => {
    if (!seen.has(fill.tradeId)) {
      seen.add(fill.tradeId);
      return true;
    }
    differences.push({
      code: 'REPEATED_FILL',
      subject: order.id,
      sentence: `Fill ${fill.tradeId} of order ${order.id} is recorded twice; it counts once.`,
    });
    return false;
  });
}

/** Order and fills are written together, so they differ only in a damaged journal; then the fills are the evidence. */
function agreed(
  order: Order,
  fills: readonly Fill[],
  instrument: Instrument,
  differences: RecoveryDifference[],
): Order {
  let filled = 0;
  let value = ZERO;
  let fees = ZERO;
  for (const fill of fills) {
    filled += fill.quantity;
    value = value.plus(notional(instrument, fill.price, fill.quantity));
    fees = fees.plus(fill.fee);
  }
  if (filled === order.filled) return order;
  differences.push({
    code: 'FILLED_SUM',
    subject: order.id,
    sentence: `Order ${order.id} is recorded with ${order.filled} quantity units filled and its fills add up to ${filled}; the fills count.`,
  });
  return {
    ...order,
    filled,
    filledNotional: value,
    fees,
    status: filled >= order.quantity ? 'FILLED' : order.status,
  };
}

function journalReport(journal: Journal, report: RecoveryReport): void {
  const { at, orders, differences } = report;
  journal.commit([
    {
      kind: 'audit',
      audit: {
        at,
        actor: 'engine',
        action: 'RECOVERED',
        reason: `${orders.length} open orders and ${report.fills} of their fills were taken over after a restart; ${differences.length} differences.`,
        detail: JSON.stringify({ orders, differences }),
      },
    },
  ]);
}
