import type { BarView, BookView, ContractOutputs, QuoteView, Timeframe, TradeView } from '../contract/types.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Workstation } from '../engine/workstation.ts';
import type { StreamCall } from './flow.ts';
import { refusalError, unwrap } from './refusals.ts';
import { nextTurn, pause, Wakeup } from './wakeup.ts';

type Market = Workstation['market'];
type StreamEvent<K extends 'quotes' | 'bars' | 'trades'> =
  ContractOutputs['market'][K] extends AsyncIterable<infer E> ? E : never;

/** Quotes in one event: formatting and checking this many stays well below a millisecond or two of the loop. */
const QUOTES_PER_EVENT = 200;
const TRADES_KEPT = 500;
const BARS_KEPT = 1000;
const LIST_INTERVAL_MS = 100;

function knownInstrument(market: Market, id: InstrumentId): void {
  if (market.instruments().some((instrument) => instrument.id === id)) return;
  throw refusalError({
    code: 'INSTRUMENT_UNKNOWN',
    sentence: `There is no instrument ${id}; market.instruments lists those there are.`,
    value: id,
  });
}

/** Latest wins per instrument: however slow the reader, at most one quote per instrument waits. */
export async function* readQuotes(
  market: Market,
  request: { readonly instruments?: readonly InstrumentId[] | undefined; readonly intervalMs: number },
  now: () => number,
  call: StreamCall,
): AsyncGenerator<StreamEvent<'quotes'>, void, void> {
  const wanted = request.instruments === undefined ? null : new Set(request.instruments);
  const all = market.instruments().map((instrument) => instrument.id);
  if (wanted !== null) for (const id of wanted) knownInstrument(market, id);
  const changed = new Set<InstrumentId>(wanted ?? all);
  const wakeup = new Wakeup();
  const unsubscribe = market.quotes.subscribe((id) => {
    if (wanted !== null && !wanted.has(id)) return;
    changed.add(id);
    if (changed.size === 1) wakeup.notify();
  });
  try {
    let type: 'snapshot' | 'update' = 'snapshot';
    while (call.signal?.aborted !== true) {
      await call.flow.ready(call.signal);
      if (changed.size === 0 && type === 'update') {
        await wakeup.wait(call.signal);
        continue;
      }
      const batch = [...changed];
      changed.clear();
      for (let from = 0; from < batch.length || type === 'snapshot'; from += QUOTES_PER_EVENT) {
        const quotes: QuoteView[] = [];
        for (const id of batch.slice(from, from + QUOTES_PER_EVENT)) {
          const quote = market.quotes.read(id);
          if (quote !== null) quotes.push(quote);
        }
        if (quotes.length > 0 || type === 'snapshot') yield { type, at: now(), quotes };
        type = 'update';
        await nextTurn();
      }
      await pause(request.intervalMs, call.signal);
    }
  } finally {
    unsubscribe();
  }
}

export async function* readBook(
  market: Market,
  request: { readonly instrument: InstrumentId; readonly depth: number; readonly intervalMs: number },
  call: StreamCall,
): AsyncGenerator<BookView, void, void> {
  knownInstrument(market, request.instrument);
  const wakeup = new Wakeup();
  let dirty = true;
  const unsubscribe = market.subscribeBook(request.instrument, () => {
    if (dirty) return;
    dirty = true;
    wakeup.notify();
  });
  try {
    while (call.signal?.aborted !== true) {
      await call.flow.ready(call.signal);
      if (!dirty) {
        await wakeup.wait(call.signal);
        continue;
      }
      dirty = false;
      const book = market.book(request.instrument, request.depth);
      if (book !== null) yield book;
      await pause(request.intervalMs, call.signal);
    }
  } finally {
    unsubscribe();
  }
}

/** Latest wins per bar, so the closing state of each bar arrives. A reader too slow for that gets a snapshot again. */
export async function* readBars(
  market: Market,
  request: { readonly instrument: InstrumentId; readonly timeframe: Timeframe; readonly limit: number },
  call: StreamCall,
): AsyncGenerator<StreamEvent<'bars'>, void, void> {
  const { instrument, timeframe } = request;
  knownInstrument(market, instrument);
  const wakeup = new Wakeup();
  let changed = new Map<number, BarView>();
  let restart = true;
  const unsubscribe = market.subscribeBars(instrument, timeframe, (bar) => {
    changed.set(bar.start, bar);
    if (changed.size > BARS_KEPT) {
      changed.clear();
      restart = true;
    }
    if (changed.size <= 1) wakeup.notify();
  });
  try {
    while (call.signal?.aborted !== true) {
      await call.flow.ready(call.signal);
      if (restart) {
        restart = false;
        yield { type: 'snapshot', instrument, timeframe, bars: [...unwrap(await market.history(request))] };
      } else if (changed.size === 0) {
        await wakeup.wait(call.signal);
      } else {
        const bars = [...changed.values()];
        changed = new Map();
        yield { type: 'update', instrument, timeframe, bars };
        await pause(LIST_INTERVAL_MS, call.signal);
      }
    }
  } finally {
    unsubscribe();
  }
}

export async function* readTrades(
  market: Market,
  request: { readonly instrument: InstrumentId; readonly limit: number },
  call: StreamCall,
): AsyncGenerator<StreamEvent<'trades'>, void, void> {
  const { instrument } = request;
  knownInstrument(market, instrument);
  const wakeup = new Wakeup();
  let pending: TradeView[] = [];
  let skipped = 0;
  const unsubscribe = market.subscribeTrades(instrument, (trade) => {
    pending.push(trade);
    // Cut in half rather than shifted one by one: constant cost per trade.
    if (pending.length >= 2 * TRADES_KEPT) {
      skipped += pending.length - TRADES_KEPT;
      pending = pending.slice(-TRADES_KEPT);
    }
    if (pending.length === 1) wakeup.notify();
  });
  try {
    yield { type: 'snapshot', instrument, trades: [...market.recentTrades(instrument, request.limit)], skipped: 0 };
    while (call.signal?.aborted !== true) {
      await call.flow.ready(call.signal);
      if (pending.length === 0) {
        await wakeup.wait(call.signal);
        continue;
      }
      const trades = pending.length > TRADES_KEPT ? pending.slice(-TRADES_KEPT) : pending;
      const left = skipped + pending.length - trades.length;
      pending = [];
      skipped = 0;
      yield { type: 'update', instrument, trades, skipped: left };
      await pause(LIST_INTERVAL_MS, call.signal);
    }
  } finally {
    unsubscribe();
  }
}
