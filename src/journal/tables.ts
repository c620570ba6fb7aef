import type { Value } from './units-text.ts';

/** An append-only table: what the chain hashes of a row are these columns, in this order. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns at the end that a repeated run may legitimately have different; the fingerprint leaves them out. */
  readonly wallClockColumns: number;
}

function table(name: string, columns: string, wallClockColumns = 0): Table {
  return { name, columns: columns.split(' '), wallClockColumns };
}

/** What an order is from birth to death. */
export const ORDER_IDENTITY =
  'account_id account_kind instrument side source strategy_id note idempotency_key created_at'.split(' ');

/** What events change. */
export const ORDER_STATE = (
  'status previous_status order_type time_in_force expire_at post_only reduce_only quantity price trigger_price ' +
  'filled filled_notional fees venue_order_id updated_at reason_code reason'
).split(' ');

export const ORDER_EVENT =
  'event event_ts event_code event_sentence event_venue_order_id event_price event_trigger event_quantity trade_id'.split(
    ' ',
  );

export const SESSION = table('session_history', 'mode seed status started_at ended_at config fingerprint');
export const ACCOUNT = table('account_history', 'id name kind broker currency type leverage starting_cash');
export const INSTRUMENT = table(
  'instrument_history',
  'id symbol venue kind base quote price_digits quantity_digits tick step min_quantity max_quantity min_notional ' +
    'calendar shortable assumed_grid',
);
export const COMMAND = table('command', 'sequence at name input');
/** The identity of the order is read from `orders`, so that a change there breaks the chain as well. */
export const ORDER: Table = {
  name: 'order_event',
  columns: ['order_id', ...ORDER_IDENTITY, ...ORDER_STATE, ...ORDER_EVENT],
  wallClockColumns: 0,
};
export const EXECUTION = table(
  'execution',
  'trade_id order_id account_id instrument side price quantity liquidity fee ts model seed latency_ms reference ' +
    'slippage impact ml_confidence ack_latency_ms fill_latency_ms',
  2,
);
export const POSITION = table('position', 'account_id instrument quantity cost realised fees opened_at lowest highest');
export const BALANCE = table('balance', 'account_id currency cash at');
export const SNAPSHOT = table('snapshot', 'account_id at equity cash realised unrealised fees exposure');
export const SIGNAL = table('signal', 'at strategy_id instrument direction detail');
export const AUDIT = table('audit', 'at actor action reason detail');
export const CHECKPOINT = table('checkpoint', 'first_commit last_commit first_seq last_seq hash');

export const HASHED_TABLES: readonly Table[] = [
  ORDER,
  EXECUTION,
  POSITION,
  BALANCE,
  SNAPSHOT,
  SIGNAL,
  AUDIT,
  COMMAND,
  SESSION,
  ACCOUNT,
  INSTRUMENT,
  CHECKPOINT,
];

/** SELECT of seq, session_id and the hashed columns; `where` may use the alias t. */
export function selectRows(source: Table, where: string): string {
  if (source !== ORDER) return `SELECT t.seq, t.session_id, ${list(source.columns)} FROM ${source.name} t ${where}`;
  const columns = [
    't.order_id',
    ...ORDER_IDENTITY.map((column) => `o.${column}`),
    ...[...ORDER_STATE, ...ORDER_EVENT].map((column) => `t.${column}`),
  ];
  return (
    `SELECT t.seq, t.session_id, ${columns.join(', ')} FROM order_event t ` +
    `LEFT JOIN orders o ON o.session_id = t.session_id AND o.id = t.order_id ${where}`
  );
}

function list(columns: readonly string[]): string {
  return columns.map((column) => `t.${column}`).join(', ');
}

export function insertRow(target: Table): string {
  const marks = '?, '.repeat(target.columns.length + 1);
  return `INSERT INTO ${target.name} (seq, session_id, ${target.columns.join(', ')}) VALUES (${marks}?)`;
}

/** The values of a row as text, in two parts: what the fingerprint takes in, and what only the chain does. */
export interface RowText {
  readonly repeatable: string;
  readonly wallClock: string;
}

export function rowText(source: Table, values: readonly Value[]): RowText {
  if (source.wallClockColumns === 0) return { repeatable: JSON.stringify(values), wallClock: '' };
  const end = values.length - source.wallClockColumns;
  return { repeatable: JSON.stringify(values.slice(0, end)), wallClock: JSON.stringify(values.slice(end)) };
}

/** A row as the chain hashes it. */
export function chainLine(source: Table, sessionId: string | null, text: RowText): string {
  return `${source.name} ${JSON.stringify(sessionId)} ${text.repeatable}${text.wallClock}\n`;
}

/** A row as the fingerprint hashes it: no session id, no wall clock. */
export function fingerprintLine(source: Table, text: RowText): string {
  return `${source.name} ${text.repeatable}\n`;
}

/**
 * What a session's first record contributes. Its id, instants, status and configuration (which names files) stay out:
 * a replay of the same inputs has others.
 */
export function sessionStartLine(mode: Value, seed: Value): string {
  return `session ${JSON.stringify([mode, seed])}\n`;
}
