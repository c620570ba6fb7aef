import { Decimal } from '../../domain/decimal.ts';
import type { OrderType, Side } from '../../domain/order.ts';
import { flagOf, type Json, listOf, numberOf, objectOf, pick, wordOf } from '../what-if/script-json.ts';
import { type FileOrder, maybeDecimal, onlyKnown, ORDER_FIELDS, orderFault, readFileOrder } from './order-fields.ts';

export interface FileOpenOrder {
  readonly symbol: string | null;
  readonly side: Side;
  readonly type: OrderType;
  /** Still open. */
  readonly quantity: string;
  readonly price: string | null;
  readonly trigger: string | null;
  readonly reduceOnly: boolean;
  readonly strategyId: string | null;
}

/** An order sent a while ago, for rates, duplicates and the usual quantity. */
export interface FileSentOrder {
  readonly order: FileOrder;
  readonly agoMs: number;
}

export interface FileState {
  readonly state: 'ACTIVE' | 'REDUCING' | 'HALTED';
  readonly reason: string | null;
  /** Oldest first. */
  readonly recent: readonly FileSentOrder[];
  readonly openOrders: readonly FileOpenOrder[];
}

export function readState(value: Json): FileState {
  const word = (given: Json | undefined): FileState['state'] =>
    wordOf(given ?? 'ACTIVE', 'state', ['ACTIVE', 'REDUCING', 'HALTED']);
  if (typeof value === 'string') return { state: word(value), reason: null, recent: [], openOrders: [] };
  const state = objectOf(value, 'state');
  onlyKnown(state, ['state', 'trading', 'reason', 'recent', 'openOrders'], 'state');
  const reason = pick(state, 'reason');
  if (reason !== undefined && typeof reason !== 'string') throw orderFault('state.reason must be a text.');
  return {
    state: word(pick(state, 'state', 'trading')),
    reason: reason ?? null,
    recent: readRecent(pick(state, 'recent')),
    openOrders: readOpenOrders(pick(state, 'openOrders'), 'state.openOrders'),
  };
}

function readRecent(value: Json | undefined): readonly FileSentOrder[] {
  if (value === undefined) return [];
  return listOf(value, 'state.recent')
    .map((entry): FileSentOrder => {
      const fields = objectOf(entry, 'An order of state.recent');
      onlyKnown(fields, [...ORDER_FIELDS, 'agoMs'], 'An order of state.recent');
      const { agoMs, ...order } = fields;
      const ago = numberOf(agoMs, 'agoMs', Number.NaN);
      if (!(ago >= 0)) throw orderFault('An order of state.recent needs "agoMs": how long ago it was sent.');
      return { order: readFileOrder(order), agoMs: ago };
    })
    .sort((a, b) => b.agoMs - a.agoMs);
}

export function readOpenOrders(value: Json | undefined, what: string): readonly FileOpenOrder[] {
  if (value === undefined) return [];
  return listOf(value, what).map((entry) => {
    const fields = objectOf(entry, `An order of ${what}`);
    onlyKnown(fields, [...ORDER_FIELDS, 'filled', 'remaining'], `An order of ${what}`);
    const order = readFileOrder(
      Object.fromEntries(Object.entries(fields).filter(([key]) => key !== 'filled' && key !== 'remaining')),
    );
    const remaining = maybeDecimal(fields, `remaining of ${what}`, 'remaining');
    const filled = maybeDecimal(fields, `filled of ${what}`, 'filled');
    return {
      symbol: order.symbol,
      side: order.side,
      type: order.type,
      quantity: remaining ?? (filled === null ? order.quantity : less(order.quantity, filled)),
      price: order.price,
      trigger: order.trigger,
      reduceOnly: flagOf(fields['reduceOnly'], 'reduceOnly', order.reduceOnly),
      strategyId: order.strategyId,
    };
  });
}

function less(quantity: string, filled: string): string {
  return new Decimal(quantity).minus(filled).toFixed();
}
