import type { Account } from '../domain/account.ts';
import type { Decimal } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { Position } from '../domain/position.ts';
import type { Result } from '../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { BalanceRecord, SnapshotRecord } from '../journal/journal.ts';
import { AverageCostPortfolio } from './average-cost.ts';

export interface PortfolioOptions {
  readonly accounts: readonly Account[];
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
}

export interface FillOutcome {
  readonly position: Position;
  readonly previousQuantity: QuantityUnits;
  /** Cash of the account after the fill and its fee. */
  readonly cash: Decimal;
  /** Profit realised by this fill, its fee not deducted. */
  readonly realised: Decimal;
}

/** One open position as it stands; its own live record, not a copy. */
export interface OpenHolding {
  readonly instrument: Instrument;
  /** Signed. */
  readonly quantity: QuantityUnits;
  /** Signed cost in quote currency. */
  readonly cost: Decimal;
  /** Signed market value; at cost where no price is known. */
  value(): Decimal;
  valueNumber(): number;
}

export interface Exposure {
  /** Sum of absolute market values. */
  readonly gross: Decimal;
  /** Sum of signed market values. */
  readonly net: Decimal;
}

/**
 * Positions, cash and profit of every account. Money identity, exact at all times:
 * cash = starting cash + realised - cost - fees + cash flows, and equity = cash + signed market value.
 * Valuation: a long at the bid, a short at the ask (what closing would pay now), else the last price, else at cost.
 */
export interface Portfolio {
  /** Refuses ACCOUNT_NOT_FOUND, INSTRUMENT_NOT_FOUND, CURRENCY_MISMATCH, FILL_INVALID; nothing has changed then. */
  applyFill(fill: Fill): Result<FillOutcome>;
  /** Money that comes (positive) or goes without a trade: funding, liquidation fees. Refuses ACCOUNT_NOT_FOUND. Returns the cash after it. */
  applyCashFlow(accountId: string, amount: Decimal): Result<Decimal>;
  /** Sum of the cash flows booked since the portfolio was made. */
  cashFlows(accountId: string): Decimal;
  /** Open positions, without allocation; empty for an unknown account. */
  holdings(accountId: string): readonly OpenHolding[];
  /** Latest prices, 0 = unknown side. Integers only, cheap enough for every tick. */
  mark(instrument: InstrumentId, bid: PriceUnits, ask: PriceUnits, last: PriceUnits, ts: EpochMs): void;
  /** A bar at its end: `close` becomes the last price, low and high count for MAE and MFE. Forgets bid and ask. */
  markBar(instrument: InstrumentId, low: PriceUnits, high: PriceUnits, close: PriceUnits, ts: EpochMs): void;
  position(accountId: string, instrument: InstrumentId): QuantityUnits;
  /** Null when the account never held the instrument. */
  positionRecord(accountId: string, instrument: InstrumentId): Position | null;
  /** Average entry price in price units with its fraction; null when flat. */
  averagePrice(accountId: string, instrument: InstrumentId): number | null;
  /** Every position the account ever had, closed ones included (they carry realised profit and fees). */
  positions(accountId: string): readonly Position[];
  /** Instruments with an open position. */
  held(accountId: string): readonly InstrumentId[];
  /** Open positions no price is known for: they count at cost, so equity is not reliable. */
  unmarked(accountId: string): readonly InstrumentId[];
  /** Null for an unknown account, here and below. */
  cash(accountId: string): Decimal | null;
  equity(accountId: string): Decimal | null;
  /** Double of `equity` for screening and equity curves: O(open positions), no allocation. NaN for an unknown account. */
  equityNumber(accountId: string): number;
  realised(accountId: string): Decimal;
  unrealised(accountId: string): Decimal;
  /** Market value minus cost of one position. */
  unrealisedOf(accountId: string, instrument: InstrumentId): Decimal;
  fees(accountId: string): Decimal;
  exposure(accountId: string): Exposure;
  restore(positions: readonly Position[], balances: readonly BalanceRecord[]): Result<null>;
  snapshot(accountId: string, now: EpochMs): SnapshotRecord | null;
  /** Makes a new instrument tradable without a restart. */
  addInstrument(instrument: Instrument): void;
}

export function createPortfolio(options: PortfolioOptions): Portfolio {
  return new AverageCostPortfolio(options);
}
