import type { Statement } from 'better-sqlite3';
import type { Order } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Connection } from './database.ts';
import {
  encodeOrderEvent,
  encodeOrderIdentity,
  encodeOrderState,
  encodePlain,
  encodeSession,
  timeOf,
  type InstrumentBook,
} from './encode.ts';
import { invalidRecord } from './failure.ts';
import type { JournalRecord, SessionRecord } from './journal.ts';
import { OrderIdentities } from './order-identities.ts';
import {
  ACCOUNT,
  chainLine,
  CHECKPOINT,
  fingerprintLine,
  HASHED_TABLES,
  insertRow,
  INSTRUMENT,
  ORDER,
  ORDER_EVENT,
  ORDER_IDENTITY,
  ORDER_STATE,
  rowText,
  SESSION,
  sessionStartLine,
  type Table,
} from './tables.ts';
import type { Value } from './units-text.ts';

type Write = Statement<unknown[]>;

const ORDER_COLUMNS = [...ORDER_IDENTITY, ...ORDER_STATE];
const INSERT_ORDER =
  `INSERT INTO orders (seq, session_id, last_seq, id, ${ORDER_COLUMNS.join(', ')}) ` +
  `VALUES (?, ?, ?, ?${', ?'.repeat(ORDER_COLUMNS.length)})`;
const UPDATE_ORDER = `UPDATE orders SET last_seq = ?, ${ORDER_STATE.map((column) => `${column} = ?`).join(', ')} WHERE seq = ?`;
const INSERT_ORDER_EVENT =
  `INSERT INTO order_event (seq, session_id, order_id, ${[...ORDER_STATE, ...ORDER_EVENT].join(', ')}) ` +
  `VALUES (?, ?, ?${', ?'.repeat(ORDER_STATE.length + ORDER_EVENT.length)})`;

function upsertCurrent(name: string, source: Table, columns: readonly string[]): string {
  const written = ['seq', ...columns];
  return (
    `INSERT INTO ${name} (${written.join(', ')}) VALUES (?${', ?'.repeat(columns.length)}) ` +
    `ON CONFLICT (id) DO UPDATE SET ${['seq', ...source.columns.filter((column) => column !== 'id')]
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')}`
  );
}

/** Writes the rows of one commit and keeps the text that the chain and the fingerprint hash. */
export class RowWriter {
  /** Last number given to a row. */
  seq = 0;
  /** Session the next record belongs to; null between sessions. */
  sessionId: string | null = null;
  /** Latest instant any record of this commit speaks of. */
  at: number | null = null;
  chainText = '';
  /** Lines of the session the fingerprint follows; see `fingerprintFrom`. */
  fingerprintText = '';
  fingerprintSession: string | null = null;
  /** new: `fingerprintText` begins that session; known: an earlier one goes on, its rows must be read; null: same as before. */
  fingerprintFrom: 'new' | 'known' | null = null;

  readonly #book: InstrumentBook;
  readonly #identities: OrderIdentities;
  /** Orders whose present state is written at the end of the commit, by their row. */
  readonly #changed = new Map<number, { readonly lastSeq: number; readonly state: readonly Value[] }>();
  readonly #inserts = new Map<Table, Write>();
  readonly #insertOrder: Write;
  readonly #updateOrder: Write;
  readonly #insertOrderEvent: Write;
  readonly #upsertSession: Write;
  readonly #upsertAccount: Write;
  readonly #upsertInstrument: Write;
  readonly #sessionExists: Write;

  constructor(db: Connection, book: InstrumentBook) {
    this.#book = book;
    this.#identities = new OrderIdentities(db);
    for (const table of HASHED_TABLES) {
      if (table !== ORDER) this.#inserts.set(table, db.prepare(insertRow(table)));
    }
    this.#insertOrder = db.prepare(INSERT_ORDER);
    this.#updateOrder = db.prepare(UPDATE_ORDER);
    this.#insertOrderEvent = db.prepare(INSERT_ORDER_EVENT);
    this.#upsertSession = db.prepare(upsertCurrent('session', SESSION, ['id', ...SESSION.columns]));
    this.#upsertAccount = db.prepare(upsertCurrent('account', ACCOUNT, ACCOUNT.columns));
    this.#upsertInstrument = db.prepare(upsertCurrent('instrument', INSTRUMENT, INSTRUMENT.columns));
    this.#sessionExists = db.prepare('SELECT 1 FROM session WHERE id = ?').pluck();
  }

  begin(seq: number, sessionId: string | null, fingerprintSession: string | null): void {
    this.seq = seq;
    this.sessionId = sessionId;
    this.fingerprintSession = fingerprintSession;
    this.fingerprintFrom = null;
    this.at = null;
    this.chainText = '';
    this.fingerprintText = '';
  }

  /** Last step of a commit. An order that changed several times in it is brought up to date once. */
  finish(): void {
    for (const [row, { lastSeq, state }] of this.#changed) this.#updateOrder.run(lastSeq, state, row);
    this.#changed.clear();
  }

  /** After a roll-back: what was remembered of the lost commit may be wrong. */
  forget(): void {
    this.#changed.clear();
    this.#identities.clear();
  }

  write(record: JournalRecord): void {
    const at = timeOf(record);
    if (at !== null && (this.at === null || at > this.at)) this.at = at;
    if (record.kind === 'order') this.#order(record.order, record.event);
    else if (record.kind === 'session') this.#session(record.session);
    else {
      const row = encodePlain(record, this.#book);
      if (record.kind === 'account') this.#upsertAccount.run(this.seq + 1, row.values);
      else if (record.kind === 'instrument') {
        this.#upsertInstrument.run(this.seq + 1, row.values);
        this.#book.set(record.instrument);
      } else if (record.kind === 'execution' && this.sessionId === null) throw outsideSession('execution');
      this.#insert(row.table, row.values);
    }
  }

  checkpoint(values: readonly Value[]): void {
    this.#insert(CHECKPOINT, values);
  }

  #insert(table: Table, values: readonly Value[]): void {
    this.seq += 1;
    this.#inserts.get(table)?.run(this.seq, this.sessionId, values);
    this.#line(table, values);
  }

  #line(table: Table, values: readonly Value[]): void {
    const text = rowText(table, values);
    this.chainText += chainLine(table, this.sessionId, text);
    if (this.sessionId !== null && table !== SESSION) this.fingerprintText += fingerprintLine(table, text);
  }

  #order(order: Order, event: OrderEvent | null): void {
    if (this.sessionId === null) throw outsideSession('order');
    if (event !== null && event.orderId !== order.id) {
      throw invalidRecord(`An event of order ${event.orderId} cannot be written for order ${order.id}.`);
    }
    const known = this.#identities.rowOf(this.sessionId, order);
    const instrument = this.#book.get(order.instrument);
    const identity = encodeOrderIdentity(order);
    const state = encodeOrderState(order, instrument);
    const happened = encodeOrderEvent(event, instrument);
    this.seq += 1;
    if (known !== null) this.#changed.set(known, { lastSeq: this.seq, state });
    else {
      this.#insertOrder.run(this.seq, this.sessionId, this.seq, order.id, identity, state);
      this.#identities.made(order, this.seq);
    }
    this.#insertOrderEvent.run(this.seq, this.sessionId, order.id, state, happened);
    this.#line(ORDER, [order.id, ...identity, ...state, ...happened]);
  }

  #session(session: SessionRecord): void {
    const values = encodeSession(session);
    if (session.id !== this.fingerprintSession) {
      const known = this.#sessionExists.get(session.id) === 1;
      this.fingerprintSession = session.id;
      this.fingerprintFrom = known ? 'known' : 'new';
      this.fingerprintText = known ? '' : sessionStartLine(session.mode, session.seed);
    }
    this.sessionId = session.id;
    this.#upsertSession.run(this.seq + 1, session.id, values);
    this.#insert(SESSION, values);
    if (session.status !== 'running') this.sessionId = null;
  }
}

function outsideSession(what: string): Error {
  return invalidRecord(`The journal takes no ${what} outside a running session; write the session record first.`);
}
