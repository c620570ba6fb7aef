import type { Account } from '../domain/account.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order, OrderStatus } from '../domain/order.ts';
import { TERMINAL } from '../domain/order-state.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Position } from '../domain/position.ts';
import type { QuantityUnits } from '../domain/units.ts';
import { readAuditPage, type StoredAudit } from './audit-page.ts';
import type { Row } from './columns.ts';
import { asFailure } from './failure.ts';
import type { Connection } from './database.ts';
import { decodeOrder, decodeOrderEvent } from './decode-order.ts';
import {
  decodeAccount,
  decodeAudit,
  decodeBalance,
  decodeCommand,
  decodeExecution,
  decodeInstrument,
  decodePosition,
  decodeSession,
  decodeSignal,
  decodeSnapshot,
} from './decode.ts';
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
import { textUnits } from './units-text.ts';
import { type Condition, type Page, page, where, whereBegins, whereText } from './query.ts';
import {
  ACCOUNT,
  AUDIT,
  BALANCE,
  COMMAND,
  EXECUTION,
  HASHED_TABLES,
  INSTRUMENT,
  ORDER,
  ORDER_IDENTITY,
  ORDER_STATE,
  POSITION,
  selectRows,
  SESSION,
  SIGNAL,
  SNAPSHOT,
  type Table,
} from './tables.ts';

/** SQL for "open" and its opposite; the same words as the partial index orders_open, or SQLite would not use it. */
const CLOSED = [...TERMINAL].map((status) => `'${status}'`).join(', ');
export const IS_OPEN = `status NOT IN (${CLOSED})`;

const ORDER_COLUMNS = ['id', ...ORDER_IDENTITY, ...ORDER_STATE].join(', ');
/** Place of the column `event` in a row of order_event: after seq, session_id, order_id, identity and state. */
const EVENT_FROM = 3 + ORDER_IDENTITY.length + ORDER_STATE.length;

/** An order with the session it belongs to: ids repeat from session to session. */
export interface StoredOrder {
  readonly sessionId: string;
  readonly order: Order;
}
export interface StoredFill {
  readonly sessionId: string;
  readonly execution: ExecutionRecord;
}
export type OrderOrigin = Pick<Order, 'strategyId' | 'source' | 'note'>;
export interface OrderFilter {
  readonly sessionId?: string;
  readonly accountId?: string;
  readonly instrument?: string;
  readonly statuses?: readonly OrderStatus[];
  /** Every status but the closed ones. */
  readonly openOnly?: boolean;
}
export interface FillFilter {
  readonly sessionId?: string;
  readonly accountId?: string;
  readonly instrument?: string;
  readonly orderId?: string;
}
/** `before` is the `next` of the page before; the newest page without it. */
export interface PageRequest {
  readonly before?: number;
  readonly limit: number;
}

/** Everything the journal holds, as the records that were committed. Throws JournalFailure for a damaged file. */
export class JournalReader {
  readonly #db: Connection;
  readonly #book: InstrumentBook;

  constructor(db: Connection, book: InstrumentBook) {
    this.#db = db;
    this.#book = book;
  }

  /** Newest first. */
  sessions(): SessionRecord[] {
    const columns = SESSION.columns.join(', ');
    return this.#all(`SELECT seq, id, ${columns} FROM session ORDER BY started_at DESC, seq DESC`).map(decodeSession);
  }

  session(id: string): SessionRecord | null {
    const row = this.#all(`SELECT seq, id, ${SESSION.columns.join(', ')} FROM session WHERE id = ?`, id)[0];
    return row === undefined ? null : decodeSession(row);
  }

  /** How many records a session has, its own session rows not counted. */
  recordCount(id: string): number {
    let count = 0;
    for (const table of HASHED_TABLES) {
      if (table === SESSION) continue;
      count += Number(this.#all(`SELECT count(*) FROM ${table.name} WHERE session_id = ?`, id)[0]?.[0] ?? 0);
    }
    return count;
  }

  /** The accounts as last written, of all sessions or as one session last wrote them. */
  accounts(sessionId?: string): Account[] {
    return this.#latest(ACCOUNT, 'id', sessionId).map(decodeAccount);
  }

  instruments(sessionId?: string): Instrument[] {
    return this.#latest(INSTRUMENT, 'id', sessionId).map(decodeInstrument);
  }

  /** In the order in which they were made. */
  orders(filter: OrderFilter = {}): StoredOrder[] {
    return this.#orders(orderConditions(filter), 'ORDER BY seq');
  }

  /** Ids are unique among the sessions of one engine; of repeated ones the newest. */
  order(id: string): StoredOrder | null {
    return this.#orders([['id = ?', [id]]], 'ORDER BY seq DESC LIMIT 1')[0] ?? null;
  }

  orderByKey(idempotencyKey: string): StoredOrder | null {
    return this.#orders([['idempotency_key = ?', [idempotencyKey]]], 'ORDER BY seq DESC LIMIT 1')[0] ?? null;
  }

  /** Newest first. */
  ordersPage(request: PageRequest, filter: OrderFilter = {}): Page<StoredOrder> {
    const conditions = orderConditions(filter);
    if (request.before !== undefined) conditions.push(['seq < ?', [request.before]]);
    const sql = `SELECT seq, session_id, ${ORDER_COLUMNS} FROM orders${where(conditions)} ORDER BY seq DESC LIMIT ?`;
    const rows = this.#all(sql, ...conditions.flatMap(([, values]) => values), request.limit + 1);
    return page(rows, request.limit, (row) => this.#order(row));
  }

  /** The life of an order: after each event, the order as it was then. Null event = the intent. */
  orderHistory(sessionId: string, orderId: string): { order: Order; event: OrderEvent | null }[] {
    const sql = selectRows(ORDER, 'WHERE t.session_id = ? AND t.order_id = ? ORDER BY t.seq');
    return this.#all(sql, sessionId, orderId).map((row) => this.decodeOrderRow(row));
  }

  /** In the order in which they happened. */
  fills(filter: FillFilter = {}): StoredFill[] {
    const conditions = fillConditions(filter);
    const sql = `${selectRows(EXECUTION, where(conditions))} ORDER BY t.seq`;
    return this.#all(sql, ...conditions.flatMap(([, values]) => values)).map((row) => this.#fill(row));
  }

  /** Newest first. */
  fillsPage(request: PageRequest, filter: FillFilter = {}): Page<StoredFill> {
    const conditions = fillConditions(filter);
    if (request.before !== undefined) conditions.push(['t.seq < ?', [request.before]]);
    const sql = `${selectRows(EXECUTION, where(conditions))} ORDER BY t.seq DESC LIMIT ?`;
    const rows = this.#all(sql, ...conditions.flatMap(([, values]) => values), request.limit + 1);
    return page(rows, request.limit, (row) => this.#fill(row));
  }

  /** Number of the newest fill; 0 without any. */
  lastFillSeq(): number {
    return Number(this.#all('SELECT coalesce(max(seq), 0) FROM execution')[0]?.[0] ?? 0);
  }

  /** The first `limit` fills numbered above `seq` in sessions whose id begins with `sessionPrefix`, in order. */
  fillsAfter(seq: number, limit: number, sessionPrefix: string): (StoredFill & { readonly seq: number })[] {
    const conditions: Condition[] = [['t.seq > ?', [seq]]];
    whereBegins(conditions, 't.session_id', sessionPrefix);
    const sql = `${selectRows(EXECUTION, where(conditions))} ORDER BY t.seq LIMIT ?`;
    const rows = this.#all(sql, ...conditions.flatMap(([, values]) => values), limit);
    return rows.map((row) => ({ ...this.#fill(row), seq: Number(row[0]) }));
  }

  /** Who asked for these orders of one session and why. */
  orderOrigins(sessionId: string, ids: readonly string[]): ReadonlyMap<string, OrderOrigin> {
    const sql =
      'SELECT id, strategy_id, source, note FROM orders WHERE session_id = ? AND id IN (SELECT value FROM json_each(?))';
    return new Map(
      this.#all(sql, sessionId, JSON.stringify(ids)).map(([id, strategyId, source, note]) => [
        String(id),
        {
          strategyId: strategyId === null ? null : String(strategyId),
          source: String(source) as Order['source'],
          note: note === null ? null : String(note),
        },
      ]),
    );
  }

  /** The latest position of each account and instrument, flat ones too. */
  positions(sessionId?: string): Position[] {
    return this.#latest(POSITION, 'account_id, instrument', sessionId).map((row) => decodePosition(row, this.#book));
  }

  /**
   * What each position of a session must be by its fills: as it was when the session was last opened, and every fill
   * since. Positions whose opening or fills were pruned are left out.
   */
  positionsByFills(sessionId: string): { accountId: string; instrument: string; quantity: QuantityUnits }[] {
    // A fill writes its execution and its position one after the other; a position without one was written at an opening.
    const opening = `t.session_id = ? AND NOT EXISTS (SELECT 1 FROM execution e WHERE e.seq = t.seq - 1)`;
    const latest = `SELECT max(t.seq) FROM position t WHERE ${opening} GROUP BY t.account_id, t.instrument`;
    const opened = new Map<string, { seq: number; quantity: QuantityUnits }>();
    let openedAt = 0;
    for (const row of this.#all(selectRows(POSITION, `WHERE t.seq IN (${latest})`), sessionId)) {
      const { accountId, instrument, quantity } = decodePosition(row, this.#book);
      opened.set(`${accountId}\n${instrument}`, { seq: Number(row[0]), quantity });
      openedAt = Math.max(openedAt, Number(row[0]));
    }
    const pruned = Number(this.#all('SELECT coalesce(max(last_seq), 0) FROM checkpoint')[0]?.[0] ?? 0);
    const sums = new Map([...opened].map(([key, { quantity }]) => [key, quantity]));
    const lost = new Set<string>();
    const fills = 'SELECT seq, account_id, instrument, side, quantity FROM execution WHERE session_id = ?';
    for (const [seq, accountId, instrument, side, quantity] of this.#all(fills, sessionId)) {
      const key = `${String(accountId)}\n${String(instrument)}`;
      const from = opened.get(key)?.seq ?? 0;
      if (Number(seq) < from) continue;
      if (pruned > Math.max(from, openedAt)) lost.add(key);
      const units = textUnits(String(quantity), this.#book.get(String(instrument)).quantityDigits);
      sums.set(key, (sums.get(key) ?? 0) + (side === 'buy' ? units : -units));
    }
    return [...sums].flatMap(([key, quantity]) => {
      const [accountId = '', instrument = ''] = key.split('\n');
      return lost.has(key) ? [] : [{ accountId, instrument, quantity }];
    });
  }

  /** The latest balance of each account and currency. */
  balances(sessionId?: string): BalanceRecord[] {
    return this.#latest(BALANCE, 'account_id, currency', sessionId).map(decodeBalance);
  }

  snapshots(
    filter: { sessionId?: string; sessionPrefix?: string; accountId?: string; from?: number; to?: number } = {},
  ): SnapshotRecord[] {
    const conditions: Condition[] = [];
    whereText(conditions, 't.session_id', filter.sessionId);
    whereBegins(conditions, 't.session_id', filter.sessionPrefix);
    whereText(conditions, 't.account_id', filter.accountId);
    if (filter.from !== undefined) conditions.push(['t.at >= ?', [filter.from]]);
    if (filter.to !== undefined) conditions.push(['t.at < ?', [filter.to]]);
    return this.#select(SNAPSHOT, conditions).map(decodeSnapshot);
  }

  /** The newest snapshot of an account, of any session whose id begins with `sessionPrefix`. */
  lastSnapshot(accountId: string, sessionPrefix: string): SnapshotRecord | null {
    const conditions: Condition[] = [['t.account_id = ?', [accountId]]];
    whereBegins(conditions, 't.session_id', sessionPrefix);
    const sql = `${selectRows(SNAPSHOT, where(conditions))} ORDER BY t.at DESC, t.seq DESC LIMIT 1`;
    const row = this.#all(sql, ...conditions.flatMap(([, values]) => values))[0];
    return row === undefined ? null : decodeSnapshot(row);
  }

  /** In input order. */
  commands(sessionId: string): CommandRecord[] {
    return this.#select(COMMAND, [['t.session_id = ?', [sessionId]]]).map(decodeCommand);
  }

  signals(sessionId?: string): SignalRecord[] {
    const conditions: Condition[] = [];
    whereText(conditions, 't.session_id', sessionId);
    return this.#select(SIGNAL, conditions).map(decodeSignal);
  }

  audit(filter: { sessionId?: string; action?: string } = {}): AuditRecord[] {
    const conditions: Condition[] = [];
    whereText(conditions, 't.session_id', filter.sessionId);
    whereText(conditions, 't.action', filter.action);
    return this.#select(AUDIT, conditions).map(decodeAudit);
  }

  /** The last audit record of an action in any session: how a latch (kill switch, risk state) is read back. */
  lastAudit(action: string): AuditRecord | null {
    const row = this.#all(selectRows(AUDIT, 'WHERE t.action = ? ORDER BY t.seq DESC LIMIT 1'), action)[0];
    return row === undefined ? null : decodeAudit(row);
  }

  /** The last audit record whose action begins with `prefix`, e.g. "STATE_", in sessions whose id begins with `sessionPrefix`. */
  lastAuditOf(prefix: string, sessionPrefix: string): AuditRecord | null {
    const conditions: Condition[] = [];
    whereBegins(conditions, 't.action', prefix);
    whereBegins(conditions, 't.session_id', sessionPrefix);
    const sql = `${selectRows(AUDIT, where(conditions))} ORDER BY t.seq DESC LIMIT 1`;
    const row = this.#all(sql, ...conditions.flatMap(([, values]) => values))[0];
    return row === undefined ? null : decodeAudit(row);
  }

  /** Newest first, each with its number and the chain's hash of its commit. */
  auditPage(request: PageRequest): Page<StoredAudit> {
    return readAuditPage(this.#db, request.before ?? Number.MAX_SAFE_INTEGER, request.limit);
  }

  /** A row of order_event as its record. A filled event without its execution is a damaged journal: an Error. */
  decodeOrderRow(row: Row): { order: Order; event: OrderEvent | null } {
    const order = decodeOrder(row, this.#book);
    const fillOf = (tradeId: string): Fill => {
      const sql = selectRows(EXECUTION, 'WHERE t.session_id = ? AND t.order_id = ? AND t.trade_id = ?');
      const found = this.#all(sql, row[1] ?? null, order.id, tradeId)[0];
      if (found === undefined) throw new Error(`the fill ${tradeId} of order ${order.id} is not in the journal`);
      return decodeExecution(found, this.#book).fill;
    };
    return { order, event: decodeOrderEvent(row, EVENT_FROM, order, this.#book, fillOf) };
  }

  #order(row: Row): StoredOrder {
    return { sessionId: String(row[1]), order: decodeOrder(row, this.#book) };
  }

  #fill(row: Row): StoredFill {
    return { sessionId: String(row[1]), execution: decodeExecution(row, this.#book) };
  }

  #orders(conditions: readonly Condition[], order: string): StoredOrder[] {
    const sql = `SELECT seq, session_id, ${ORDER_COLUMNS} FROM orders${where(conditions)} ${order}`;
    return this.#all(sql, ...conditions.flatMap(([, values]) => values)).map((row) => this.#order(row));
  }

  #select(table: Table, conditions: readonly Condition[]): Row[] {
    const sql = `${selectRows(table, where(conditions))} ORDER BY t.seq`;
    return this.#all(sql, ...conditions.flatMap(([, values]) => values));
  }

  #latest(table: Table, key: string, sessionId?: string): Row[] {
    const within = sessionId === undefined ? '' : 'WHERE session_id = ?';
    const latest = `SELECT max(seq) FROM ${table.name} ${within} GROUP BY ${key}`;
    const sql = selectRows(table, `WHERE t.seq IN (${latest}) ORDER BY t.seq`);
    return sessionId === undefined ? this.#all(sql) : this.#all(sql, sessionId);
  }

  #all(sql: string, ...values: (string | number | null)[]): Row[] {
    try {
      return this.#db
        .prepare<(string | number | null)[], Row>(sql)
        .raw(true)
        .all(...values);
    } catch (error) {
      throw asFailure(error, this.#db.name);
    }
  }
}

function orderConditions(filter: OrderFilter): Condition[] {
  const conditions: Condition[] = [];
  whereText(conditions, 'session_id', filter.sessionId);
  whereText(conditions, 'account_id', filter.accountId);
  whereText(conditions, 'instrument', filter.instrument);
  if (filter.statuses !== undefined) {
    conditions.push([`status IN (${filter.statuses.map(() => '?').join(', ')})`, filter.statuses]);
  }
  if (filter.openOnly === true) {
    conditions.push([IS_OPEN, []]);
  }
  return conditions;
}

function fillConditions(filter: FillFilter): Condition[] {
  const conditions: Condition[] = [];
  whereText(conditions, 't.session_id', filter.sessionId);
  whereText(conditions, 't.account_id', filter.accountId);
  whereText(conditions, 't.instrument', filter.instrument);
  whereText(conditions, 't.order_id', filter.orderId);
  return conditions;
}
