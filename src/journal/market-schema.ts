/**
 * Recorded market data, in a file of its own: it is bulky, replaceable and not part of the audit chain. Prices and
 * quantities are integer units of the digits in `instrument`; the views print them as decimals.
 */
const VERSION_1 = `
CREATE TABLE instrument (
  no INTEGER PRIMARY KEY, id TEXT NOT NULL, price_digits INTEGER NOT NULL, quantity_digits INTEGER NOT NULL,
  UNIQUE (id, price_digits, quantity_digits)
);
CREATE TABLE quote (
  n INTEGER PRIMARY KEY, instrument_no INTEGER NOT NULL REFERENCES instrument (no),
  ts INTEGER NOT NULL, at INTEGER NOT NULL,
  bid INTEGER NOT NULL, bid_quantity INTEGER NOT NULL, ask INTEGER NOT NULL, ask_quantity INTEGER NOT NULL
);
CREATE INDEX quote_ts ON quote (instrument_no, ts);
CREATE TABLE trade (
  n INTEGER PRIMARY KEY, instrument_no INTEGER NOT NULL REFERENCES instrument (no),
  ts INTEGER NOT NULL, at INTEGER NOT NULL,
  price INTEGER NOT NULL, quantity INTEGER NOT NULL, aggressor TEXT, trade_id TEXT
);
CREATE INDEX trade_ts ON trade (instrument_no, ts);
CREATE TABLE bar (
  n INTEGER PRIMARY KEY, instrument_no INTEGER NOT NULL REFERENCES instrument (no),
  start INTEGER NOT NULL, ts INTEGER NOT NULL, at INTEGER NOT NULL,
  open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL, volume REAL NOT NULL,
  UNIQUE (instrument_no, start, ts)
);

CREATE VIEW readable_quote AS SELECT i.id AS instrument, strftime('%Y-%m-%dT%H:%M:%fZ', q.ts / 1000.0, 'unixepoch') AS time,
  printf('%.*f', i.price_digits, q.bid / pow(10, i.price_digits)) AS bid,
  printf('%.*f', i.quantity_digits, q.bid_quantity / pow(10, i.quantity_digits)) AS bid_quantity,
  printf('%.*f', i.price_digits, q.ask / pow(10, i.price_digits)) AS ask,
  printf('%.*f', i.quantity_digits, q.ask_quantity / pow(10, i.quantity_digits)) AS ask_quantity
  FROM quote q JOIN instrument i ON i.no = q.instrument_no;
CREATE VIEW readable_trade AS SELECT i.id AS instrument, strftime('%Y-%m-%dT%H:%M:%fZ', t.ts / 1000.0, 'unixepoch') AS time,
  printf('%.*f', i.price_digits, t.price / pow(10, i.price_digits)) AS price,
  printf('%.*f', i.quantity_digits, t.quantity / pow(10, i.quantity_digits)) AS quantity, t.aggressor, t.trade_id
  FROM trade t JOIN instrument i ON i.no = t.instrument_no;
CREATE VIEW readable_bar AS SELECT i.id AS instrument, strftime('%Y-%m-%dT%H:%M:%fZ', b.start / 1000.0, 'unixepoch') AS start,
  (b.ts - b.start) AS span_ms,
  printf('%.*f', i.price_digits, b.open / pow(10, i.price_digits)) AS open,
  printf('%.*f', i.price_digits, b.high / pow(10, i.price_digits)) AS high,
  printf('%.*f', i.price_digits, b.low / pow(10, i.price_digits)) AS low,
  printf('%.*f', i.price_digits, b.close / pow(10, i.price_digits)) AS close,
  printf('%.*f', i.quantity_digits, b.volume / pow(10, i.quantity_digits)) AS volume
  FROM bar b JOIN instrument i ON i.no = b.instrument_no;
`;

export const MARKET_MIGRATIONS: readonly string[] = [VERSION_1];
