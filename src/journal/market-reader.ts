import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Instrument } from '../domain/instrument.ts';
import type { Bar, Quote, Trade } from '../domain/market-data.ts';
import { type EpochMs, powerOfTen } from '../domain/units.ts';
import { type Connection, openConnection } from './database.ts';
import { MARKET_FILE } from './journal-file.ts';
import { MARKET_MIGRATIONS } from './market-schema.ts';

export interface MarketCounts {
  readonly quotes: number;
  readonly trades: number;
  readonly bars: number;
}

/** Which part of the recording: event times from..to, `to` excluded. */
export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

type Row = readonly (number | string | null)[];

/** Brings units written at other digits (a former definition of the instrument) to those of today. */
class Scale {
  readonly #price: number;
  readonly #quantity: number;

  constructor(instrument: Instrument, priceDigits: number, quantityDigits: number) {
    this.#price = instrument.priceDigits - priceDigits;
    this.#quantity = instrument.quantityDigits - quantityDigits;
  }

  price(units: number): number {
    return scaled(units, this.#price);
  }

  quantity(units: number): number {
    return scaled(units, this.#quantity);
  }
}

function scaled(units: number, digits: number): number {
  if (digits === 0) return units;
  return digits > 0 ? units * powerOfTen(digits) : units / powerOfTen(-digits);
}

/** Reads recorded market data back, oldest first. Errors of SQLite leave as they are. */
export class MarketReader {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  quotes(instrument: Instrument, range: TimeRange): Quote[] {
    const sql = 'SELECT bid, bid_quantity, ask, ask_quantity, ts, at, price_digits, quantity_digits, q.n FROM quote q';
    return this.#rows(sql, 'q', instrument, range).map((row) => {
      const [bid, bidQuantity, ask, askQuantity, ts, at, priceDigits, quantityDigits] = row.map(Number);
      const scale = new Scale(instrument, priceDigits ?? 0, quantityDigits ?? 0);
      return {
        kind: 'quote',
        instrument: instrument.id,
        ts: ts ?? 0,
        at: at ?? 0,
        bid: scale.price(bid ?? 0),
        bidQuantity: scale.quantity(bidQuantity ?? 0),
        ask: scale.price(ask ?? 0),
        askQuantity: scale.quantity(askQuantity ?? 0),
      };
    });
  }

  trades(instrument: Instrument, range: TimeRange): Trade[] {
    const sql = 'SELECT price, quantity, ts, at, price_digits, quantity_digits, aggressor, trade_id FROM trade t';
    return this.#rows(sql, 't', instrument, range).map((row) => {
      const [price, quantity, ts, at, priceDigits, quantityDigits] = row.slice(0, 6).map(Number);
      const scale = new Scale(instrument, priceDigits ?? 0, quantityDigits ?? 0);
      const aggressor = row[6];
      const tradeId = row[7] ?? null;
      return {
        kind: 'trade',
        instrument: instrument.id,
        ts: ts ?? 0,
        at: at ?? 0,
        price: scale.price(price ?? 0),
        quantity: scale.quantity(quantity ?? 0),
        aggressor: aggressor === 'buy' || aggressor === 'sell' ? aggressor : null,
        tradeId: tradeId === null ? null : String(tradeId),
      };
    });
  }

  /** Bars of one length in ms, by their end. */
  bars(instrument: Instrument, spanMs: number, range: TimeRange): Bar[] {
    const sql = 'SELECT open, high, low, close, volume, start, ts, at, price_digits, quantity_digits FROM bar b';
    return this.#rows(sql, 'b', instrument, range, `AND b.ts - b.start = ${Number(spanMs)}`).map((row) => {
      const [open, high, low, close, volume, start, ts, at, priceDigits, quantityDigits] = row.map(Number);
      const scale = new Scale(instrument, priceDigits ?? 0, quantityDigits ?? 0);
      return {
        kind: 'bar',
        instrument: instrument.id,
        ts: ts ?? 0,
        at: at ?? 0,
        start: start ?? 0,
        open: scale.price(open ?? 0),
        high: scale.price(high ?? 0),
        low: scale.price(low ?? 0),
        close: scale.price(close ?? 0),
        volume: scale.quantity(volume ?? 0),
      };
    });
  }

  /** The newest bar of a length, also one that was still forming when it was recorded; null without any. */
  lastBar(instrument: Instrument, spanMs: number): Bar | null {
    const sql =
      'SELECT max(b.start) FROM bar b JOIN instrument i ON i.no = b.instrument_no WHERE i.id = ? AND b.ts - b.start = ?';
    const start = this.#db.prepare<[string, number], number | null>(sql).pluck().get(instrument.id, spanMs);
    if (typeof start !== 'number') return null;
    return this.bars(instrument, spanMs, { from: start + spanMs, to: start + spanMs + 1 }).at(-1) ?? null;
  }

  counts(): MarketCounts {
    const count = (table: string): number => Number(this.#db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    return { quotes: count('quote'), trades: count('trade'), bars: count('bar') };
  }

  #rows(select: string, alias: string, instrument: Instrument, range: TimeRange, more = ''): Row[] {
    const sql =
      `${select} JOIN instrument i ON i.no = ${alias}.instrument_no ` +
      `WHERE i.id = ? AND ${alias}.ts >= ? AND ${alias}.ts < ? ${more} ORDER BY ${alias}.ts, ${alias}.n`;
    return this.#db.prepare<[string, number, number], Row>(sql).raw(true).all(instrument.id, range.from, range.to);
  }
}

/** What is recorded in a data folder, beside a running engine; zeros when nothing was. Throws JournalFailure. */
export function marketCounts(dataDir: string): MarketCounts {
  const file = join(dataDir, MARKET_FILE);
  if (!existsSync(file)) return { quotes: 0, trades: 0, bars: 0 };
  const db = openConnection(file, MARKET_MIGRATIONS, { readonly: true, synchronous: 'NORMAL' });
  try {
    return new MarketReader(db).counts();
  } finally {
    db.close();
  }
}

const MINUTE_MS = 60_000;

/** The last recorded price of an instrument with its time, beside a running engine; null when there is none. Throws JournalFailure. */
export function lastRecordedPrice(dataDir: string, instrument: Instrument): { price: number; ts: number } | null {
  const file = join(dataDir, MARKET_FILE);
  if (!existsSync(file)) return null;
  const db = openConnection(file, MARKET_MIGRATIONS, { readonly: true, synchronous: 'NORMAL' });
  try {
    const bar = new MarketReader(db).lastBar(instrument, MINUTE_MS);
    return bar === null ? null : { price: bar.close, ts: bar.at };
  } finally {
    db.close();
  }
}
