/**
 * The journal's tables. Prices, quantities and money are decimal TEXT at the instrument's digits, instants are
 * milliseconds since 1970 UTC (a fraction is possible), truth values 0 and 1.
 *
 * Every record is one row of an append-only table, numbered by `seq` across all of them, and audit_chain holds one
 * hash per commit over the rows first_seq..last_seq. `session`, `account`, `instrument` and `orders` are the present
 * state, derived from session_history, account_history, instrument_history and order_event.
 */
const VERSION_1 = `
CREATE TABLE audit_chain (
  commit_no INTEGER PRIMARY KEY,
  first_seq INTEGER NOT NULL,
  last_seq  INTEGER NOT NULL,
  at        INTEGER,
  hash      TEXT NOT NULL
);
CREATE TABLE chain_head (
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  commit_no INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  hash      TEXT NOT NULL
);
INSERT INTO chain_head VALUES (1, 0, 0, '');

CREATE TABLE session (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL,
  mode TEXT NOT NULL, status TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
  seed INTEGER NOT NULL, config TEXT NOT NULL, fingerprint TEXT
);
CREATE INDEX session_status ON session (status);
CREATE TABLE session_history (
  seq INTEGER PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  mode TEXT NOT NULL, status TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
  seed INTEGER NOT NULL, config TEXT NOT NULL, fingerprint TEXT
);
CREATE INDEX session_history_id ON session_history (session_id);

CREATE TABLE account (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL,
  name TEXT NOT NULL, kind TEXT NOT NULL, broker TEXT NOT NULL, currency TEXT NOT NULL,
  type TEXT NOT NULL, leverage TEXT NOT NULL, starting_cash TEXT NOT NULL
);
CREATE TABLE account_history (
  seq INTEGER PRIMARY KEY, session_id TEXT, id TEXT NOT NULL REFERENCES account (id),
  name TEXT NOT NULL, kind TEXT NOT NULL, broker TEXT NOT NULL, currency TEXT NOT NULL,
  type TEXT NOT NULL, leverage TEXT NOT NULL, starting_cash TEXT NOT NULL
);
CREATE INDEX account_history_id ON account_history (id);

CREATE TABLE instrument (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL,
  symbol TEXT NOT NULL, venue TEXT NOT NULL, kind TEXT NOT NULL, base TEXT NOT NULL, quote TEXT NOT NULL,
  price_digits INTEGER NOT NULL, quantity_digits INTEGER NOT NULL, tick TEXT NOT NULL, step TEXT NOT NULL,
  min_quantity TEXT NOT NULL, max_quantity TEXT, min_notional TEXT NOT NULL, calendar TEXT NOT NULL,
  shortable INTEGER NOT NULL, assumed_grid INTEGER NOT NULL
);
CREATE TABLE instrument_history (
  seq INTEGER PRIMARY KEY, session_id TEXT, id TEXT NOT NULL REFERENCES instrument (id),
  symbol TEXT NOT NULL, venue TEXT NOT NULL, kind TEXT NOT NULL, base TEXT NOT NULL, quote TEXT NOT NULL,
  price_digits INTEGER NOT NULL, quantity_digits INTEGER NOT NULL, tick TEXT NOT NULL, step TEXT NOT NULL,
  min_quantity TEXT NOT NULL, max_quantity TEXT, min_notional TEXT NOT NULL, calendar TEXT NOT NULL,
  shortable INTEGER NOT NULL, assumed_grid INTEGER NOT NULL
);
CREATE INDEX instrument_history_id ON instrument_history (id);

CREATE TABLE command (
  seq INTEGER PRIMARY KEY, session_id TEXT,
  sequence INTEGER NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, input TEXT NOT NULL
);
CREATE INDEX command_session ON command (session_id, sequence);

CREATE TABLE orders (
  seq INTEGER PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), last_seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES account (id), account_kind TEXT NOT NULL,
  instrument TEXT NOT NULL REFERENCES instrument (id), side TEXT NOT NULL, source TEXT NOT NULL,
  strategy_id TEXT, note TEXT, idempotency_key TEXT, created_at INTEGER NOT NULL,
  status TEXT NOT NULL, previous_status TEXT NOT NULL, order_type TEXT NOT NULL, time_in_force TEXT NOT NULL,
  expire_at INTEGER, post_only INTEGER NOT NULL, reduce_only INTEGER NOT NULL,
  quantity TEXT NOT NULL, price TEXT, trigger_price TEXT,
  filled TEXT NOT NULL, filled_notional TEXT NOT NULL, fees TEXT NOT NULL,
  venue_order_id TEXT, updated_at INTEGER NOT NULL, reason_code TEXT, reason TEXT,
  UNIQUE (session_id, id)
);
CREATE INDEX orders_open ON orders (session_id)
  WHERE status NOT IN ('DENIED', 'REJECTED', 'CANCELED', 'EXPIRED', 'FILLED');
CREATE INDEX orders_idempotency ON orders (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE TABLE order_event (
  seq INTEGER PRIMARY KEY, session_id TEXT NOT NULL, order_id TEXT NOT NULL,
  status TEXT NOT NULL, previous_status TEXT NOT NULL, order_type TEXT NOT NULL, time_in_force TEXT NOT NULL,
  expire_at INTEGER, post_only INTEGER NOT NULL, reduce_only INTEGER NOT NULL,
  quantity TEXT NOT NULL, price TEXT, trigger_price TEXT,
  filled TEXT NOT NULL, filled_notional TEXT NOT NULL, fees TEXT NOT NULL,
  venue_order_id TEXT, updated_at INTEGER NOT NULL, reason_code TEXT, reason TEXT,
  event TEXT NOT NULL, event_ts INTEGER, event_code TEXT, event_sentence TEXT, event_venue_order_id TEXT,
  event_price TEXT, event_trigger TEXT, event_quantity TEXT, trade_id TEXT,
  FOREIGN KEY (session_id, order_id) REFERENCES orders (session_id, id)
);
CREATE INDEX order_event_order ON order_event (session_id, order_id);

CREATE TABLE execution (
  seq INTEGER PRIMARY KEY, session_id TEXT NOT NULL,
  trade_id TEXT NOT NULL, order_id TEXT NOT NULL, account_id TEXT NOT NULL, instrument TEXT NOT NULL,
  side TEXT NOT NULL, price TEXT NOT NULL, quantity TEXT NOT NULL, liquidity TEXT NOT NULL, fee TEXT NOT NULL,
  ts INTEGER NOT NULL, model TEXT NOT NULL, seed INTEGER, latency_ms REAL NOT NULL,
  reference TEXT NOT NULL, slippage TEXT NOT NULL, impact TEXT NOT NULL, ml_confidence REAL,
  ack_latency_ms REAL, fill_latency_ms REAL,
  FOREIGN KEY (session_id, order_id) REFERENCES orders (session_id, id)
);
-- Both sides of one trade may be ours, hence the side.
CREATE UNIQUE INDEX execution_trade ON execution (session_id, instrument, trade_id, side);
CREATE INDEX execution_order ON execution (session_id, order_id);

CREATE TABLE position (
  seq INTEGER PRIMARY KEY, session_id TEXT,
  account_id TEXT NOT NULL REFERENCES account (id), instrument TEXT NOT NULL REFERENCES instrument (id),
  quantity TEXT NOT NULL, cost TEXT NOT NULL, realised TEXT NOT NULL, fees TEXT NOT NULL,
  opened_at INTEGER, lowest TEXT, highest TEXT
);
CREATE INDEX position_key ON position (account_id, instrument);
CREATE TABLE balance (
  seq INTEGER PRIMARY KEY, session_id TEXT,
  account_id TEXT NOT NULL REFERENCES account (id), currency TEXT NOT NULL, cash TEXT NOT NULL, at INTEGER NOT NULL
);
CREATE INDEX balance_key ON balance (account_id, currency);
CREATE TABLE snapshot (
  seq INTEGER PRIMARY KEY, session_id TEXT,
  account_id TEXT NOT NULL REFERENCES account (id), at INTEGER NOT NULL,
  equity TEXT NOT NULL, cash TEXT NOT NULL, realised TEXT NOT NULL, unrealised TEXT NOT NULL,
  fees TEXT NOT NULL, exposure TEXT NOT NULL
);
CREATE INDEX snapshot_account ON snapshot (account_id, at);
CREATE TABLE signal (
  seq INTEGER PRIMARY KEY, session_id TEXT,
  at INTEGER NOT NULL, strategy_id TEXT NOT NULL, instrument TEXT NOT NULL, direction TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX signal_at ON signal (at);
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, session_id TEXT,
  at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX audit_action ON audit (action);
-- What was pruned: the commits first_commit..last_commit are gone, the chain goes on from hash.
CREATE TABLE checkpoint (
  seq INTEGER PRIMARY KEY, session_id TEXT,
  first_commit INTEGER NOT NULL, last_commit INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX checkpoint_first ON checkpoint (first_commit);

CREATE VIEW current_position AS
  SELECT * FROM position WHERE seq IN (SELECT max(seq) FROM position GROUP BY account_id, instrument);
CREATE VIEW current_balance AS
  SELECT * FROM balance WHERE seq IN (SELECT max(seq) FROM balance GROUP BY account_id, currency);
`;

/** Notes on closed trades: the latest of each; every change is a command and an audit row of its own. */
const VERSION_2 = `
CREATE TABLE trade_note (
  trade_id TEXT PRIMARY KEY, at INTEGER NOT NULL, note TEXT NOT NULL, tags TEXT NOT NULL, rating INTEGER
) WITHOUT ROWID;
`;

/** Step n brings user_version from n to n + 1. A step that was released never changes. */
export const JOURNAL_MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2];

/** "TRDW": marks our files, so that another program's database is never taken for a journal. */
export const APPLICATION_ID = 0x54524457;
