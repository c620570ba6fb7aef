import { Decimal, type DecimalString } from '../../domain/decimal.ts';
import { ok, type Result } from '../../domain/refusal.ts';
import { brokeragePlan } from './brokerage-plan.ts';
import { segmentOf, type DatedRate } from './charge-terms.ts';
import type { ChargesTerms } from './itemised-fees.ts';
import type { TradedProduct } from './order-charges.ts';
import { GST_RATES, SEBI_RATES, STAMP_RATES, STT_RATES, TRANSACTION_RATES } from './schedule.ts';

/** Rounding of the transaction tax to the rupee and of four lines to the paisa. */
const ROUNDING = '0.52';

/**
 * Rate and fixed part that no order's charges exceed on any day of the schedule: for sizing and for judging whether an
 * order can be paid, before its value, side and day are known. Refuses PLAN_UNKNOWN.
 */
export function chargeEstimate(
  terms: ChargesTerms,
  product: TradedProduct,
): Result<{ taker: DecimalString; fixed: DecimalString }> {
  const plan = brokeragePlan(terms.plan);
  if (!plan.ok) return plan;
  const { rate, cap } = plan.value.rules[product];
  const gst = largest(GST_RATES).plus(1);
  const taxed = largest(TRANSACTION_RATES[terms.exchange][segmentOf(product)])
    .plus(largest(SEBI_RATES))
    .plus(rate ?? '0');
  const taker = taxed.times(gst).plus(largest(STT_RATES[product])).plus(largest(STAMP_RATES[product]));
  const flat = rate === null ? new Decimal(cap ?? '0').times(gst) : new Decimal(0);
  return ok({ taker: taker.toFixed(), fixed: flat.plus(ROUNDING).toFixed() });
}

function largest(rates: readonly DatedRate[]): Decimal {
  return rates.reduce((most, { rate }) => Decimal.max(most, rate), new Decimal(0));
}
