import type { Order, OrderId } from '../domain/order.ts';
import type { Connection } from './database.ts';
import { encodeOrderIdentity } from './encode.ts';
import { invalidRecord } from './failure.ts';
import { ORDER_IDENTITY } from './tables.ts';
import type { Value } from './units-text.ts';

const CLOSED: ReadonlySet<string> = new Set(['DENIED', 'REJECTED', 'CANCELED', 'EXPIRED', 'FILLED']);

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

/**
 * Guards what never changes in an order's life (account, instrument, side, ...): it is stored once, so a record that
 * says otherwise would be lost silently. Remembers working orders, asks the database about others.
 */
export class OrderIdentities {
  readonly #working = new Map<OrderId, Order>();
  readonly #stored;
  #sessionId: string | null = null;

  constructor(db: Connection) {
    const columns = ORDER_IDENTITY.join(', ');
    this.#stored = db.prepare<[string, string], Value[]>(
      `SELECT ${columns} FROM orders WHERE session_id = ? AND id = ?`,
    );
    this.#stored.raw(true);
  }

  clear(): void {
    this.#working.clear();
  }

  /** Throws JournalFailure INVALID_RECORD. */
  check(sessionId: string, order: Order): void {
    if (sessionId !== this.#sessionId) {
      this.#working.clear();
      this.#sessionId = sessionId;
    }
    const remembered = this.#working.get(order.id);
    if (remembered === undefined) {
      const stored = this.#stored.get(sessionId, order.id);
      if (stored !== undefined) compare(order, stored);
    } else if (!same(remembered, order)) compare(order, encodeOrderIdentity(remembered));
    if (CLOSED.has(order.status)) this.#working.delete(order.id);
    else if (remembered === undefined) this.#working.set(order.id, order);
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
