import { join } from 'node:path';
import type { Statement } from 'better-sqlite3';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { Bar, MarketEvent, Quote, Trade } from '../domain/market-data.ts';
import type { EpochMs } from '../domain/units.ts';
import { type Connection, guarded, makeWritable, openConnection } from './database.ts';
import { asFailure } from './failure.ts';
import { MARKET_FILE } from './journal-file.ts';
import { JournalFailure } from './journal.ts';
import { type MarketCounts, MarketReader } from './market-reader.ts';
import { MARKET_MIGRATIONS } from './market-schema.ts';

export interface MarketStoreOptions {
  /** Events gathered before they are written in one transaction. Default 1,000. */
  readonly batch?: number;
  /** Events kept while the disk refuses them; beyond it the oldest are dropped and counted. Default 100,000. */
  readonly maxWaiting?: number;
  readonly maxPages?: number;
}

/** Opens the market data of a data folder for writing, making both when missing. Throws JournalFailure. */
export function openMarketStore(dataDir: string, options: MarketStoreOptions = {}): MarketStore {
  const file = join(dataDir, MARKET_FILE);
  makeWritable(dataDir, file);
  return new MarketStore(openConnection(file, MARKET_MIGRATIONS, { ...options, synchronous: 'NORMAL' }), file, options);
}

/**
 * Records quotes, trades and bars in batches. Recording never throws: market data is worth less than trading on, so a
 * failing disk shows in `failure` and `dropped`, and what waits is written when the disk takes it again.
 */
export class MarketStore {
  readonly file: string;
  readonly read: MarketReader;
  /** Events lost because the disk refused them for too long. */
  dropped = 0;
  /** Why the last write failed; null when it did not. */
  failure: JournalFailure | null = null;

  readonly #db: Connection;
  readonly #batch: number;
  readonly #maxWaiting: number;
  readonly #numbers = new Map<InstrumentId, number>();
  #waiting: (Quote | Trade | Bar)[] = [];
  /** Length at which the next write is tried: after a failure only another batch later, not at every event. */
  #writeAt: number;
  readonly #quote: Statement<unknown[]>;
  readonly #trade: Statement<unknown[]>;
  readonly #bar: Statement<unknown[]>;
  readonly #write: (events: readonly (Quote | Trade | Bar)[]) => void;

  /** Use openMarketStore. */
  constructor(db: Connection, file: string, options: MarketStoreOptions) {
    this.#db = db;
    this.file = file;
    this.#batch = options.batch ?? 1_000;
    this.#writeAt = this.#batch;
    this.#maxWaiting = options.maxWaiting ?? 100_000;
    this.read = new MarketReader(db);
    this.#quote = db.prepare('INSERT INTO quote VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)');
    this.#trade = db.prepare('INSERT INTO trade VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)');
    // The same bar recorded again replaces itself: a feed repeats bars after a reconnect.
    this.#bar = db.prepare('INSERT OR REPLACE INTO bar VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    const write = db.transaction((events: readonly (Quote | Trade | Bar)[]) => {
      for (const event of events) this.#insert(event);
    });
    this.#write = (events) => write.immediate(events);
  }

  /** Must come before the first event of the instrument. Throws JournalFailure. */
  define(instrument: Instrument): void {
    const { id, priceDigits, quantityDigits } = instrument;
    const number = guarded(this.file, () => {
      this.#db
        .prepare('INSERT INTO instrument (id, price_digits, quantity_digits) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
        .run(id, priceDigits, quantityDigits);
      const sql = 'SELECT no FROM instrument WHERE id = ? AND price_digits = ? AND quantity_digits = ?';
      return Number(this.#db.prepare(sql).pluck().get(id, priceDigits, quantityDigits));
    });
    // What waits was recorded in the units of the instrument's former digits.
    if (this.#numbers.has(id) && this.#numbers.get(id) !== number) this.flush();
    this.#numbers.set(id, number);
  }

  /** Book snapshots and deltas are not recorded; events of an undefined instrument are dropped. */
  record(event: MarketEvent): void {
    if (event.kind === 'book' || event.kind === 'delta') return;
    if (!this.#numbers.has(event.instrument)) {
      this.dropped += 1;
      return;
    }
    this.#waiting.push(event);
    if (this.#waiting.length >= this.#writeAt) this.flush();
  }

  /** Writes what waits; the engine calls it by timer as well. Null, or why it failed. */
  flush(): JournalFailure | null {
    if (this.#waiting.length === 0) return this.failure;
    try {
      this.#write(this.#waiting);
      this.#waiting = [];
      this.failure = null;
    } catch (error) {
      const failure = asFailure(error, this.file);
      if (!(failure instanceof JournalFailure)) throw failure;
      this.failure = failure;
      const excess = this.#waiting.length - this.#maxWaiting;
      if (excess > 0) {
        this.#waiting.splice(0, excess);
        this.dropped += excess;
      }
    }
    this.#writeAt = this.#waiting.length + this.#batch;
    return this.failure;
  }

  /** Removes what is older than `before` by event time. Returns how many rows. Throws JournalFailure. */
  prune(before: EpochMs): number {
    return guarded(this.file, () =>
      this.#db
        .transaction(() => {
          let rows = 0;
          for (const table of ['quote', 'trade', 'bar']) {
            rows += this.#db.prepare(`DELETE FROM ${table} WHERE ts < ?`).run(before).changes;
          }
          return rows;
        })
        .immediate(),
    );
  }

  counts(): MarketCounts {
    return this.read.counts();
  }

  /** Gives freed pages back to the disk. */
  compact(): void {
    guarded(this.file, () => this.#db.exec('VACUUM'));
  }

  close(): void {
    if (!this.#db.open) return;
    this.flush();
    this.#db.close();
  }

  #insert(event: Quote | Trade | Bar): void {
    const no = this.#numbers.get(event.instrument) ?? null;
    switch (event.kind) {
      case 'quote':
        this.#quote.run(no, event.ts, event.at, event.bid, event.bidQuantity, event.ask, event.askQuantity);
        return;
      case 'trade':
        this.#trade.run(no, event.ts, event.at, event.price, event.quantity, event.aggressor, event.tradeId);
        return;
      case 'bar': {
        const { start, ts, at, open, high, low, close, volume } = event;
        this.#bar.run(no, start, ts, at, open, high, low, close, volume);
      }
    }
  }
}
