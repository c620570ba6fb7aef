import type { Order, OrderId } from '../domain/order.ts';
import { TERMINAL } from '../domain/order-state.ts';
import type { Connection } from './database.ts';
import { encodeOrderIdentity } from './encode.ts';
import { invalidRecord } from './failure.ts';
import { ORDER_IDENTITY } from './tables.ts';
import type { Value } from './units-text.ts';

function same(a: Order, b: Order): boolean {
  return (
    a.instrument === b.instrument &&
    a.side === b.side &&
    a.accountId === b.accountId &&
    a.accountKind === b.accountKind &&
    a.source === b.source &&
    a.strategyId === b.strategyId &&
    a.note === b.note &&
    a.idempotencyKey === b.idempotencyKey &&
    a.createdAt === b.createdAt
  );
}

interface Working {
  readonly order: Order;
  readonly row: number;
}

/**
 * Guards what never changes in an order's life (account, instrument, side, ...): it is stored once, so a record that
 * says otherwise would be lost silently. Remembers working orders, asks the database about others.
 */
export class OrderIdentities {
  readonly #working = new Map<OrderId, Working>();
  readonly #stored;
  #sessionId: string | null = null;

  constructor(db: Connection) {
    const columns = ORDER_IDENTITY.join(', ');
    const sql = `SELECT seq, ${columns} FROM orders WHERE session_id = ? AND id = ?`;
    this.#stored = db.prepare<[string, string], Value[]>(sql);
    this.#stored.raw(true);
  }

  clear(): void {
    this.#working.clear();
  }

  /** The row of the order in `orders`, null when it is not there yet. Throws JournalFailure INVALID_RECORD. */
  rowOf(sessionId: string, order: Order): number | null {
    if (sessionId !== this.#sessionId) {
      this.#working.clear();
      this.#sessionId = sessionId;
    }
    const working = this.#working.get(order.id);
    if (working !== undefined) {
      if (!same(working.order, order)) compare(order, encodeOrderIdentity(working.order));
      if (TERMINAL.has(order.status)) this.#working.delete(order.id);
      return working.row;
    }
    const stored = this.#stored.get(sessionId, order.id);
    if (stored === undefined) return null;
    compare(order, stored.slice(1));
    const row = Number(stored[0]);
    this.made(order, row);
    return row;
  }

  /** The order now has this row. */
  made(order: Order, row: number): void {
    if (!TERMINAL.has(order.status)) this.#working.set(order.id, { order, row });
  }
}

function compare(order: Order, stored: readonly Value[]): void {
  const now = encodeOrderIdentity(order);
  const changed = ORDER_IDENTITY.filter((_, index) => stored[index] !== now[index]);
  if (changed.length === 0) return;
  throw invalidRecord(
    `Order ${order.id} already exists with another ${changed.join(', ')}; an order keeps these for life. Nothing was written.`,
  );
}
