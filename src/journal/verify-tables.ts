import { Decimal, ZERO } from '../domain/decimal.ts';
import type { Connection } from './database.ts';
import type { Problems } from './problems.ts';
import { ACCOUNT, HASHED_TABLES, INSTRUMENT, ORDER_STATE, SESSION, type Table } from './tables.ts';

function rowsOf(db: Connection, sql: string): (string | number | null)[][] {
  return db.prepare<[], (string | number | null)[]>(sql).raw(true).all();
}

/** The tables of the present state must say what the last row of their history says. */
export function verifyPresentState(db: Connection, problems: Problems): void {
  for (const [name, history, key] of [
    ['session', SESSION, 'session_id'],
    ['account', ACCOUNT, 'id'],
    ['instrument', INSTRUMENT, 'id'],
  ] as const) {
    verifyCurrent(db, problems, name, history, key);
  }
  const differs = ORDER_STATE.map((column) => `o.${column} IS NOT e.${column}`).join(' OR ');
  const sql =
    `SELECT o.session_id, o.id FROM orders o LEFT JOIN order_event e ON e.seq = o.last_seq ` +
    `AND e.session_id = o.session_id AND e.order_id = o.id WHERE e.seq IS NULL OR ${differs} ` +
    'OR o.seq <> (SELECT min(seq) FROM order_event x WHERE x.session_id = o.session_id AND x.order_id = o.id) ' +
    'OR o.last_seq <> (SELECT max(seq) FROM order_event x WHERE x.session_id = o.session_id AND x.order_id = o.id)';
  for (const [session, id] of rowsOf(db, sql)) {
    problems.add(`orders: order ${id} of session ${session} differs from its last event.`);
  }
}

function verifyCurrent(db: Connection, problems: Problems, name: string, history: Table, key: string): void {
  const differs = history.columns
    .filter((column) => column !== 'id')
    .map((column) => `c.${column} IS NOT h.${column}`)
    .join(' OR ');
  const sql =
    `SELECT c.id FROM ${name} c LEFT JOIN ${history.name} h ON h.seq = c.seq AND h.${key} = c.id ` +
    `WHERE h.seq IS NULL OR ${differs} OR c.seq <> (SELECT max(seq) FROM ${history.name} x WHERE x.${key} = c.id) ` +
    `UNION ALL SELECT DISTINCT ${key} FROM ${history.name} WHERE ${key} NOT IN (SELECT id FROM ${name})`;
  for (const [id] of rowsOf(db, sql)) problems.add(`${name}: ${id} differs from its last history row.`);
}

/** Rows that name a session, an order, a trade which is not there, or one that is there twice. */
export function verifyReferences(db: Connection, problems: Problems): void {
  for (const { name } of HASHED_TABLES) {
    const sql =
      `SELECT session_id, count(*) FROM ${name} WHERE session_id IS NOT NULL ` +
      'AND session_id NOT IN (SELECT id FROM session) GROUP BY session_id';
    for (const [session, rows] of rowsOf(db, sql)) {
      problems.add(`${name}: ${rows} rows name the session ${session}, which does not exist.`);
    }
  }
  const twice =
    'SELECT trade_id, instrument, session_id, count(*) FROM execution ' +
    'GROUP BY session_id, instrument, trade_id, side HAVING count(*) > 1';
  for (const [trade, instrument, session, count] of rowsOf(db, twice)) {
    problems.add(`execution: trade ${trade} of ${instrument} is there ${count} times in session ${session}.`);
  }
  const unexecuted =
    "SELECT e.order_id, e.trade_id FROM order_event e WHERE e.event = 'filled' AND NOT EXISTS (SELECT 1 FROM execution x " +
    'WHERE x.session_id = e.session_id AND x.order_id = e.order_id AND x.trade_id = e.trade_id ' +
    'AND x.price = e.event_price AND x.quantity = e.event_quantity)';
  for (const [order, trade] of rowsOf(db, unexecuted)) {
    problems.add(`order_event: fill ${trade} of order ${order} has no matching execution.`);
  }
  const unexplained =
    'SELECT x.order_id, x.trade_id FROM execution x WHERE NOT EXISTS (SELECT 1 FROM order_event e ' +
    "WHERE e.session_id = x.session_id AND e.order_id = x.order_id AND e.event = 'filled' AND e.trade_id = x.trade_id)";
  for (const [order, trade] of rowsOf(db, unexplained)) {
    problems.add(`execution: trade ${trade} is not among the events of order ${order}.`);
  }
}

/** Exact sums: what an order says was filled is what its executions add up to. */
export function verifyFills(db: Connection, problems: Problems): void {
  const sql =
    'SELECT o.session_id, o.id, o.filled, o.filled_notional, f.event, f.filled, f.filled_notional, f.event_price, ' +
    'f.event_quantity FROM orders o JOIN order_event f ON f.seq = o.seq';
  const executions = db
    .prepare<[unknown, unknown], string[]>(
      'SELECT price, quantity FROM execution WHERE session_id = ? AND order_id = ?',
    )
    .raw(true);
  for (const row of db.prepare<[], (string | null)[]>(sql).raw(true).iterate()) {
    const [session = null, id = null, filled, notional, event, firstFilled, firstNotional, price, quantity] = row;
    // An order that was taken over from elsewhere arrives with fills this session never saw.
    let quantitySum = new Decimal(firstFilled ?? 0);
    let notionalSum = new Decimal(firstNotional ?? 0);
    if (event === 'filled') {
      quantitySum = quantitySum.minus(quantity ?? 0);
      notionalSum = notionalSum.minus(new Decimal(price ?? 0).times(quantity ?? 0));
    }
    for (const [at = '0', size = '0'] of executions.all(session, id)) {
      quantitySum = quantitySum.plus(size);
      notionalSum = notionalSum.plus(new Decimal(at).times(size));
    }
    if (!quantitySum.eq(filled ?? ZERO)) {
      problems.add(
        `orders: order ${id} of session ${session} says ${filled} filled, its executions add up to ${quantitySum.toFixed()}.`,
      );
    } else if (!notionalSum.eq(notional ?? ZERO)) {
      problems.add(
        `orders: order ${id} of session ${session} says ${notional} was paid, its executions add up to ${notionalSum.toFixed()}.`,
      );
    }
  }
}
