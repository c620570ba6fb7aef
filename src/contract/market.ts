import * as z from 'zod';
import { query, stream } from './procedure.ts';
import { count, decimal, durationMs, epochMs, instrumentId, side, statistic, timeframe } from './scalars.ts';

export const instrument = z.object({
  id: instrumentId,
  symbol: z.string(),
  venue: z.string(),
  kind: z.enum(['crypto-spot', 'crypto-perpetual', 'equity', 'index', 'currency']),
  base: z.string(),
  quote: z.string(),
  priceDigits: count,
  quantityDigits: count,
  tick: decimal,
  step: decimal,
  minQuantity: decimal,
  maxQuantity: decimal.nullable(),
  minNotional: decimal,
  calendar: z.enum(['always', 'nse']),
  shortable: z.boolean(),
  /** Tick and step were read off the data because nothing stated them. */
  assumedGrid: z.boolean(),
});

/** By the exchange's event time, not by the state of a connection. */
export const freshness = z.enum(['live', 'delayed', 'stale', 'disconnected', 'closed']);

export const quote = z.object({
  instrument: instrumentId,
  /** Null until known. */
  last: decimal.nullable(),
  bid: decimal.nullable(),
  ask: decimal.nullable(),
  bidSize: decimal.nullable(),
  askSize: decimal.nullable(),
  dayOpen: decimal.nullable(),
  dayHigh: decimal.nullable(),
  dayLow: decimal.nullable(),
  /** Since the day's open, in percent. */
  changePct: statistic.nullable(),
  /** Of the day, in base units. */
  volume: decimal,
  /** Event time of the newest tick; null before the first. */
  ts: epochMs.nullable(),
  /** Age of it when this event was made. */
  ageMs: durationMs.nullable(),
  state: freshness,
});

export const bar = z.object({
  start: epochMs,
  open: decimal,
  high: decimal,
  low: decimal,
  close: decimal,
  volume: decimal,
  /** False while it is still forming. */
  closed: z.boolean(),
});

export const bookLevel = z.object({ price: decimal, size: decimal });
export const book = z.object({
  instrument: instrumentId,
  ts: epochMs,
  ageMs: durationMs,
  state: freshness,
  /** Best first. */
  bids: z.array(bookLevel),
  asks: z.array(bookLevel),
});

export const tapeTrade = z.object({
  id: z.string().nullable(),
  ts: epochMs,
  price: decimal,
  size: decimal,
  aggressor: side.nullable(),
});

export const market = {
  instruments: query({
    path: '/market/instruments',
    summary: 'Every tradable instrument with its increments and limits',
    input: z.strictObject({}),
    output: z.array(instrument),
  }),
  history: query({
    path: '/market/history',
    summary: 'Bars, oldest first; the last one may still be forming',
    input: z.strictObject({
      instrument: instrumentId,
      timeframe,
      limit: z.int().min(1).max(5000).default(500),
      /** Only bars that start before this instant. */
      before: epochMs.optional(),
    }),
    output: z.object({ instrument: instrumentId, timeframe, bars: z.array(bar) }),
  }),
  quotes: stream({
    path: '/market/quotes',
    summary: 'A snapshot, then batches with the latest quote of each instrument that changed',
    input: z.strictObject({
      /** All when left out. */
      instruments: z.array(instrumentId).max(2000).optional(),
      /** Shortest time between two batches. */
      intervalMs: z.int().min(20).max(10_000).default(100),
    }),
    output: z.object({ type: z.enum(['snapshot', 'update']), at: epochMs, quotes: z.array(quote) }),
  }),
  bars: stream({
    path: '/market/bars',
    summary: 'A snapshot of recent bars, then every bar that changed or closed',
    input: z.strictObject({
      instrument: instrumentId,
      timeframe,
      limit: z.int().min(1).max(5000).default(500),
    }),
    output: z.object({
      type: z.enum(['snapshot', 'update']),
      instrument: instrumentId,
      timeframe,
      bars: z.array(bar),
    }),
  }),
  book: stream({
    path: '/market/book',
    summary: 'The best levels of the order book, whole each time',
    input: z.strictObject({
      instrument: instrumentId,
      depth: z.int().min(1).max(100).default(20),
      intervalMs: z.int().min(20).max(10_000).default(100),
    }),
    output: book,
  }),
  trades: stream({
    path: '/market/trades',
    summary: 'Public trades in batches, oldest first',
    input: z.strictObject({ instrument: instrumentId, limit: z.int().min(1).max(500).default(100) }),
    output: z.object({
      type: z.enum(['snapshot', 'update']),
      instrument: instrumentId,
      trades: z.array(tapeTrade),
      /** Left out because the reader was slower than the market. */
      skipped: count,
    }),
  }),
};
