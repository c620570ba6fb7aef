import { createHash } from 'node:crypto';
import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { AnalyticsStore, ProfitKey } from '../../journal/analytics-store.ts';
import type { JournalReader } from '../../journal/journal-reader.ts';
import { type ClosedTrade, createTradeLedger, type TradeLedger } from '../../portfolio/closed-trades.ts';
import { exitReasonOf } from '../../portfolio/exit-reasons.ts';
import { LOT_METHODS, type LotMethod } from '../../portfolio/lot-method.ts';
import { type ProfitState, ProfitSums } from '../../portfolio/profit-sums.ts';
import { tradeRecord, type TradeRecord } from '../../portfolio/trade-record.ts';
import { localDay } from './account-day.ts';
import { SESSION_PREFIX } from './session-opening.ts';

type Ledgers = readonly [TradeLedger, ...TradeLedger[]];

/** Fills worked in between two writes while the journal is read from the beginning. */
const CHUNK = 20_000;

/**
 * The closed trades of this data folder under every lot method. What is open lives in the ledgers of the running core; what
 * is closed goes to the analytics file, together with the place in the journal up to which it was worked in. A crash loses
 * nothing: the next start goes on from that place.
 */
export class TradeBook {
  readonly #store: AnalyticsStore;
  readonly #read: JournalReader;
  #ledgers: Ledgers | null = null;
  /** Closed and not written yet: a disk that refused is asked again. */
  #waiting: ClosedTrade[] = [];
  #instruments: ReadonlyMap<InstrumentId, Instrument> = new Map();

  constructor(store: AnalyticsStore, read: JournalReader) {
    this.#store = store;
    this.#read = read;
  }

  /** Ledgers for a new core: with everything that is open, and every fill of the journal worked in. */
  open(instruments: Iterable<Instrument>): Ledgers {
    const known = new Map(this.#read.instruments().map((instrument) => [instrument.id, instrument]));
    for (const instrument of instruments) known.set(instrument.id, instrument);
    const ledgers: Ledgers = [
      createTradeLedger(known, 'fifo'),
      createTradeLedger(known, 'lifo'),
      createTradeLedger(known, 'average'),
    ];
    this.#ledgers = ledgers;
    // Whatever could not be written is closed once more out of the journal.
    this.#waiting = [];
    this.#instruments = known;
    const progress = this.#store.progress();
    if (progress !== null) {
      const state = JSON.parse(progress.state) as Readonly<Record<LotMethod, unknown>>;
      LOT_METHODS.forEach((method, index) => ledgers[index]?.restore(state[method]));
    }
    this.#replay(ledgers, progress?.executionSeq ?? 0);
    for (const ledger of ledgers) ledger.watch(true);
    return ledgers;
  }

  /** Nothing more is written: what the ledgers hold can no longer be trusted. */
  stop(): void {
    this.#ledgers = null;
  }

  /** Writes what was closed since the last time. `unwritten`: fills the journal has not taken; then nothing is written. */
  flush(unwritten: boolean): void {
    if (this.#ledgers === null || unwritten) return;
    this.#write(this.#ledgers, this.#read.lastFillSeq());
  }

  #replay(ledgers: Ledgers, from: number): void {
    let seq = from;
    for (;;) {
      const fills = this.#read.fillsAfter(seq, CHUNK, SESSION_PREFIX);
      if (fills.length === 0) return;
      // Nobody saw the market between these fills.
      for (const ledger of ledgers) ledger.watch(false);
      const bySession = new Map<string, Set<string>>();
      for (const { sessionId, execution } of fills) {
        const ids = bySession.get(sessionId) ?? new Set();
        bySession.set(sessionId, ids.add(execution.fill.orderId));
      }
      const origins = new Map(
        [...bySession].map(([sessionId, ids]) => [sessionId, this.#read.orderOrigins(sessionId, [...ids])]),
      );
      for (const { sessionId, execution } of fills) {
        const origin = origins.get(sessionId)?.get(execution.fill.orderId);
        const reason = origin === undefined ? 'manual' : exitReasonOf(origin);
        for (const ledger of ledgers) ledger.applyFill(execution.fill, origin?.strategyId ?? null, reason);
      }
      seq = fills.at(-1)?.seq ?? seq;
      this.#write(ledgers, seq);
    }
  }

  #write(ledgers: Ledgers, seq: number): void {
    for (const ledger of ledgers) this.#waiting.push(...ledger.take());
    const state = Object.fromEntries(LOT_METHODS.map((method, index) => [method, ledgers[index]?.state()]));
    this.#store.transaction(() => {
      this.#keep(this.#waiting);
      this.#store.setProgress(seq, JSON.stringify(state));
    });
    this.#waiting = [];
  }

  #keep(closed: readonly ClosedTrade[]): void {
    const fresh = new Map<string, { readonly key: ProfitKey; readonly trades: TradeRecord[] }>();
    const changed = new Map<string, ProfitKey>();
    for (const trade of closed) {
      const instrument = this.#instruments.get(trade.instrument);
      if (instrument === undefined) continue;
      const record = tradeRecord(trade, instrument, tradeId(trade));
      const key = keyOf(record, instrument);
      const name = JSON.stringify(key);
      const before = this.#store.trade(record.method, record.id);
      if (before === null) {
        const cell = fresh.get(name);
        if (cell === undefined) fresh.set(name, { key, trades: [record] });
        else cell.trades.push(record);
      } else {
        // It was written while its exit order still filled: its former share must leave the sums.
        changed.set(name, key);
        const former = { ...key, day: before.day };
        changed.set(JSON.stringify(former), former);
      }
      this.#store.putTrade({
        ...key,
        id: record.id,
        entryAt: Math.trunc(record.entryAt),
        exitAt: Math.trunc(record.exitAt),
        pnl: record.pnl,
        detail: JSON.stringify(record),
      });
    }
    for (const [name, { key, trades }] of fresh) if (!changed.has(name)) this.#add(key, trades);
    for (const key of changed.values()) {
      const sums = new ProfitSums();
      for (const { detail } of this.#store.tradesOf(key)) sums.add(JSON.parse(detail) as TradeRecord);
      if (sums.trades === 0) this.#store.dropProfit(key);
      else this.#store.putProfit(key, JSON.stringify(sums.state()));
    }
  }

  #add(key: ProfitKey, trades: readonly TradeRecord[]): void {
    const stored = this.#store.profit(key);
    const sums = stored === null ? new ProfitSums() : ProfitSums.of(JSON.parse(stored) as ProfitState);
    for (const trade of trades) sums.add(trade);
    this.#store.putProfit(key, JSON.stringify(sums.state()));
  }
}

function keyOf(record: TradeRecord, instrument: Instrument): ProfitKey {
  return {
    method: record.method,
    account: record.account,
    day: localDay(instrument.quote, record.exitAt),
    strategy: record.strategy ?? '',
    instrument: record.instrument,
  };
}

/** The same trade has the same id whenever it is worked out: notes hang on it. */
function tradeId(trade: ClosedTrade): string {
  const { accountId, instrument, entryOrderId, entryTradeId, exitOrderId, exitTradeId } = trade;
  const name = JSON.stringify([accountId, instrument, entryOrderId, entryTradeId, exitOrderId, exitTradeId]);
  return `t${createHash('sha256').update(name).digest('hex').slice(0, 20)}`;
}
