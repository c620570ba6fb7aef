import type { Instrument } from '../../domain/instrument.ts';
import type { OrderType, Side, TimeInForce } from '../../domain/order.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';

/** The terms of an order that an exchange's rules look at. */
export interface RuledOrder {
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly quantity: QuantityUnits;
  /** 0 = none. */
  readonly price: PriceUnits;
  /** 0 = none. */
  readonly trigger: PriceUnits;
}

/** What the venue knows of the market when an order arrives; 0 = not known. */
export interface RuledMarket {
  /** Closing price of the trading day before, from which price bands are counted. */
  readonly base: PriceUnits;
  /** Latest price. */
  readonly last: PriceUnits;
  /** Best opposite price. */
  readonly touch: PriceUnits;
}

/** The rules of an exchange beyond the instrument's own terms, all of them by date. */
export interface MarketRules {
  /** Why the order may not be entered at `at`, with the figure and its limit; null when it may. */
  refusal(order: RuledOrder, instrument: Instrument, at: EpochMs, market: RuledMarket): Refusal | null;
  /** Limit price that a market order carries by the exchange's or broker's market price protection; 0 = none. */
  protection(order: RuledOrder, instrument: Instrument, at: EpochMs, market: RuledMarket): PriceUnits;
  /** First instant after `at` at which the base price changes. */
  nextDay(at: EpochMs): EpochMs;
}
