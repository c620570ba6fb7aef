/**
 * What reports read: sums and closed trades worked out from the journal's executions, in a file of their own. Bulky,
 * derived and not part of the audit chain. Money is decimal TEXT, instants are milliseconds since 1970 UTC, days are
 * YYYY-MM-DD of the account's own zone; `detail` and `figures` are JSON.
 */
const VERSION_1 = `
-- How far the journal's executions are worked in, and everything that was open then.
CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), execution_seq INTEGER NOT NULL, state TEXT NOT NULL);

-- Rows are long and ids are hashes: kept in order of writing, found by short index entries.
CREATE TABLE round_trip (
  n INTEGER PRIMARY KEY, method TEXT NOT NULL, id TEXT NOT NULL, account_id TEXT NOT NULL, instrument TEXT NOT NULL, strategy_id TEXT NOT NULL,
  day TEXT NOT NULL, entry_at INTEGER NOT NULL, exit_at INTEGER NOT NULL, pnl TEXT NOT NULL, detail TEXT NOT NULL,
  UNIQUE (id, method)
);
CREATE INDEX round_trip_exit ON round_trip (method, account_id, exit_at);
CREATE INDEX round_trip_day ON round_trip (day, account_id);

CREATE TABLE profit_day (
  method TEXT NOT NULL, account_id TEXT NOT NULL, day TEXT NOT NULL, strategy_id TEXT NOT NULL, instrument TEXT NOT NULL,
  figures TEXT NOT NULL, PRIMARY KEY (method, account_id, day, strategy_id, instrument)
) WITHOUT ROWID;

CREATE TABLE execution_day (
  account_id TEXT NOT NULL, day TEXT NOT NULL, strategy_id TEXT NOT NULL, algorithm TEXT NOT NULL, venue TEXT NOT NULL,
  instrument TEXT NOT NULL, figures TEXT NOT NULL,
  PRIMARY KEY (account_id, day, strategy_id, algorithm, venue, instrument)
) WITHOUT ROWID;

CREATE TABLE order_quality (
  order_id TEXT PRIMARY KEY, account_id TEXT NOT NULL, closed_at INTEGER NOT NULL, detail TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX order_quality_closed ON order_quality (closed_at);

CREATE TABLE equity_hour (
  account_id TEXT NOT NULL, hour INTEGER NOT NULL, at INTEGER NOT NULL, equity TEXT NOT NULL,
  high REAL NOT NULL, low REAL NOT NULL, drawdown REAL NOT NULL, PRIMARY KEY (account_id, hour)
) WITHOUT ROWID;
`;

export const ANALYTICS_MIGRATIONS: readonly string[] = [VERSION_1];
