import type { Account } from '../domain/account.ts';
import type { Decimal } from '../domain/decimal.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { Order, OrderIntent } from '../domain/order.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { MarketDepth } from './depth.ts';

export interface RiskCheck {
  readonly code: string;
  readonly severity: 'info' | 'warn' | 'block';
  readonly value: string;
  readonly limit: string;
  readonly sentence: string;
  /** Whose limit it is where it is not that of all accounts, e.g. "strategy sma-cross@BTCUSDT". */
  readonly scope?: string;
}

export interface RiskVerdict {
  readonly verdict: 'allow' | 'warn' | 'block';
  /** Blocks first, then warnings by weight, then passed checks with their figure and limit. */
  readonly checks: readonly RiskCheck[];
  /** The quantity allowed: a reduce-only order is clamped to the open position, every other stays as asked. */
  readonly quantity: QuantityUnits;
}

/** Latest prices of an instrument; 0 = unknown. `stale` by event time, decided by market/. */
export interface ReferencePrice {
  readonly bid: PriceUnits;
  readonly ask: PriceUnits;
  readonly last: PriceUnits;
  readonly ts: EpochMs;
  readonly ageMs: number;
  readonly stale: boolean;
}

/** What a check may look at. Anything missing (null) is a reason to block, never to pass. */
export interface RiskView {
  now(): EpochMs;
  instrument(id: InstrumentId): Instrument | null;
  account(id: string): Account | null;
  cash(accountId: string): Decimal | null;
  equity(accountId: string): Decimal | null;
  position(accountId: string, instrument: InstrumentId): QuantityUnits;
  /** Every instrument with an open position or order of the account. */
  held(accountId: string): readonly InstrumentId[];
  /** Open and in-flight orders, UNKNOWN included. */
  openOrders(accountId: string): readonly Order[];
  reference(instrument: InstrumentId): ReferencePrice | null;
  /** Null when nothing is known beyond the reference price. */
  depth(instrument: InstrumentId): MarketDepth | null;
  /** Ids of the accounts that a broker executes for. */
  accountsOf(broker: string): readonly string[];
  /** Null where the market trades round the clock or is open; otherwise the sentence why it is closed. */
  marketClosed(instrument: InstrumentId): string | null;
  /** Why an account of a product with a cut-off may open nothing more today; null, or left out, where it may. */
  entryCutOff?(accountId: string, instrument: InstrumentId): EntryCutOff | null;
}

export interface EntryCutOff {
  /** Times of the venue's day. */
  readonly now: string;
  readonly until: string;
  readonly sentence: string;
}

/** What is known of an order besides its terms. */
export interface OrderPlan {
  /** Where its loss is to be cut; null without a stop. */
  readonly stop: PriceUnits | null;
}

export interface RiskGate {
  check(intent: OrderIntent, plan?: OrderPlan): RiskVerdict;
}
