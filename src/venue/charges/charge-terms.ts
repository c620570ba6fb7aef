import type { Decimal, DecimalString } from '../../domain/decimal.ts';
import type { Side } from '../../domain/order.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';

export type Exchange = 'NSE' | 'BSE';
/** `exercise` is the buyer's side of an exercised option: no trade, but securities transaction tax. */
export type Product = 'delivery' | 'intraday' | 'futures' | 'options' | 'exercise';
export type Segment = 'cash' | 'futures' | 'options';
export type ChargeName = 'brokerage' | 'stt' | 'transaction' | 'ipft' | 'sebi' | 'stamp' | 'gst' | 'dp';

/** A rate with its days of force, both included; `to` null = in force until something newer is published. */
export interface DatedRate {
  /** "2024-10-01" */
  readonly from: string;
  readonly to: string | null;
  /** Fraction of the basis. */
  readonly rate: DecimalString;
  readonly source: string;
}

/** One execution of the day. Quantity and price above zero; options carry their premium, exercises their intrinsic value. */
export interface ChargedTrade {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly product: Product;
  readonly exchange: Exchange;
  /** Executions of one order share its brokerage; null = an order of its own. */
  readonly order: string | null;
}

export function segmentOf(product: Product): Segment {
  return product === 'delivery' || product === 'intraday' ? 'cash' : product === 'futures' ? 'futures' : 'options';
}

/**
 * The rate in force on a day. Refuses CHARGE_DATE_UNKNOWN before the first known rate and in gaps: a charge is never
 * guessed. `what` names the line in the refusal.
 */
export function rateOn(rates: readonly DatedRate[], date: string, what: string): Result<DatedRate> {
  // ISO dates compare as text.
  const found = rates.find((rate) => rate.from <= date && (rate.to === null || date <= rate.to));
  if (found !== undefined) return ok(found);
  const first = rates.reduce<string | null>(
    (least, rate) => (least === null || rate.from < least ? rate.from : least),
    null,
  );
  const known = first === null ? 'is not known for any day' : `is known from ${first}`;
  return refuse(
    'CHARGE_DATE_UNKNOWN',
    `The ${what} ${known}, and ${date} is not covered; the charges of that day are not guessed. Use a covered day.`,
    first === null ? { value: date } : { value: date, limit: first },
  );
}
