import type { Decimal } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { OrderId } from '../domain/order.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import { FlatLedger } from './flat-ledger.ts';
import { LotLedger } from './lot-ledger.ts';
import type { LotMethod } from './lot-method.ts';

/** One order's part in closing a trade. */
export interface TradeExit {
  readonly ts: EpochMs;
  readonly orderId: OrderId;
  readonly quantity: QuantityUnits;
  /** Price units; the average of its fills carries a fraction. */
  readonly price: number;
  readonly reason: string;
}

/**
 * A round trip. First or last in first out: a piece of an entry closed by an exit; pieces of the same entry order closed by
 * the same exit order are one trade at the average of their prices, so partial fills do not multiply trades. Average: from
 * flat to flat.
 */
export interface ClosedTrade {
  readonly method: LotMethod;
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly strategyId: string | null;
  readonly side: 'long' | 'short';
  readonly quantity: QuantityUnits;
  readonly entryTs: EpochMs;
  readonly exitTs: EpochMs;
  /** Price units; the quantity-weighted average carries a fraction. */
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** Value at entry, quote currency. */
  readonly entryNotional: Decimal;
  /** After fees. */
  readonly pnl: Decimal;
  /** Share of the entry's and the exit's fees that belongs to this quantity. */
  readonly fees: Decimal;
  /** pnl / entryNotional, a fraction. */
  readonly returnFraction: number;
  /** Worst (<= 0) and best (>= 0) open profit before fees, quote currency. */
  readonly mae: number;
  readonly mfe: number;
  /** Lowest and highest price while open, its own fills included. */
  readonly low: PriceUnits;
  readonly high: PriceUnits;
  /** False when the market was not watched while it was open, so that mae and mfe know its own fills only. */
  readonly watched: boolean;
  /** What the stop known first would have lost before fees, quote currency; null without a stop on the losing side. */
  readonly initialRisk: Decimal | null;
  /** What the target known first would have won, quote currency; null without one. */
  readonly plannedReward: Decimal | null;
  readonly entryOrderId: OrderId;
  readonly exitOrderId: OrderId;
  /** First fill on either side: together they name the trade for good. */
  readonly entryTradeId: string;
  readonly exitTradeId: string;
  /** Of the exit that ended it. */
  readonly exitReason: string;
  /** In order; one for each closing order. */
  readonly exits: readonly TradeExit[];
}

/** What is still open: a lot, or the whole position under the average method. */
export interface OpenTrade {
  readonly method: LotMethod;
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly strategyId: string | null;
  readonly side: 'long' | 'short';
  readonly quantity: QuantityUnits;
  readonly entryTs: EpochMs;
  /** Signed cost of the open quantity, quote currency. */
  readonly cost: Decimal;
  /** Fees that no closed trade carries. */
  readonly fees: Decimal;
  /** Profit before fees of parts already closed that no closed trade carries: average method only. */
  readonly realised: Decimal;
}

export interface TradeLedger {
  /** `strategyId` owns the entry; `reason` is used where this fill closes something, e.g. "signal", "stop-loss". */
  applyFill(fill: Fill, strategyId: string | null, reason: string): void;
  /** Prices the market went through while lots were open, for MAE and MFE; call with the bar's low and high or a mark. */
  seen(instrument: InstrumentId, low: PriceUnits, high: PriceUnits): void;
  /** A quote or trade price, 0 = unknown side: a long could be closed at the bid, a short at the ask, else at the last price. */
  quoted(instrument: InstrumentId, bid: PriceUnits, ask: PriceUnits, last: PriceUnits): void;
  /** Stop and target in force, 0 = none. Counts for what is open and has none yet: later moves leave the initial risk alone. */
  planned(accountId: string, instrument: InstrumentId, stop: PriceUnits, target: PriceUnits): void;
  /** True when something open there waits for its first stop or target. */
  wantsPlan(accountId: string, instrument: InstrumentId): boolean;
  /** In order of exit. */
  trades(): readonly ClosedTrade[];
  /** Hands the closed trades over and forgets them; a trade that grows afterwards comes again with the next call. */
  take(): readonly ClosedTrade[];
  open(): readonly OpenTrade[];
  /** Everything open as plain JSON, for `restore` after a restart. */
  state(): unknown;
  restore(state: unknown): void;
  /** Off while fills are worked in that nobody followed through the market: what is open then has no excursions. */
  watch(on: boolean): void;
}

export function createTradeLedger(
  instruments: ReadonlyMap<InstrumentId, Instrument>,
  method: LotMethod = 'fifo',
): TradeLedger {
  return method === 'average' ? new FlatLedger(instruments) : new LotLedger(instruments, method);
}
