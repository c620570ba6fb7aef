import { ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Side } from '../../domain/order.ts';
import { ok, type Result } from '../../domain/refusal.ts';
import { brokerageOf, type BrokerageRule, type BrokeragePlan } from './brokerage-plan.ts';
import { rateOn, segmentOf, type Exchange, type Product } from './charge-terms.ts';
import { toPaise, toRupees } from './rounding.ts';
import { GST_RATES, SEBI_RATES, STAMP_RATES, STT_RATES, STT_SIDE, TRANSACTION_RATES } from './schedule.ts';

export type TradedProduct = Exclude<Product, 'exercise'>;

/** Rupees by kind on one executed order; `total` is their sum. */
export interface OrderChargeParts {
  readonly brokerage: Decimal;
  readonly stt: Decimal;
  readonly transaction: Decimal;
  readonly sebi: Decimal;
  readonly stamp: Decimal;
  readonly gst: Decimal;
  readonly total: Decimal;
}

/**
 * Charges of one order by what it has traded so far: the note of a day with that order alone. Prepared once per day, side
 * and product, since every fill asks. Over a day with several orders the contract note nets securities transaction tax by
 * the average-price method and rounds it once, so the sum of the orders may differ from the note by rupees.
 */
export class OrderCharges {
  readonly #brokerage: BrokerageRule;
  /** Zero where this side owes none. */
  readonly #stt: string;
  readonly #transaction: string;
  readonly #sebi: string;
  readonly #stamp: string;
  readonly #gst: string;

  private constructor(
    brokerage: BrokerageRule,
    rates: Readonly<Record<'stt' | 'transaction' | 'sebi' | 'stamp' | 'gst', string>>,
  ) {
    this.#brokerage = brokerage;
    this.#stt = rates.stt;
    this.#transaction = rates.transaction;
    this.#sebi = rates.sebi;
    this.#stamp = rates.stamp;
    this.#gst = rates.gst;
  }

  /** Refuses CHARGE_DATE_UNKNOWN for a day no rate is known of. */
  static on(
    date: string,
    side: Side,
    product: TradedProduct,
    exchange: Exchange,
    plan: BrokeragePlan,
  ): Result<OrderCharges> {
    const stt = rateOn(STT_RATES[product], date, `securities transaction tax on ${product}`);
    const transaction = rateOn(TRANSACTION_RATES[exchange][segmentOf(product)], date, `${exchange} transaction charge`);
    const sebi = rateOn(SEBI_RATES, date, 'SEBI turnover fee');
    const stamp = rateOn(STAMP_RATES[product], date, `stamp duty on ${product}`);
    const gst = rateOn(GST_RATES, date, 'GST');
    if (!stt.ok) return stt;
    if (!transaction.ok) return transaction;
    if (!sebi.ok) return sebi;
    if (!stamp.ok) return stamp;
    if (!gst.ok) return gst;
    const taxed = STT_SIDE[product] === 'both' || STT_SIDE[product] === side;
    return ok(
      new OrderCharges(plan.rules[product], {
        stt: taxed ? stt.value.rate : '0',
        transaction: transaction.value.rate,
        sebi: sebi.value.rate,
        stamp: side === 'buy' ? stamp.value.rate : '0',
        gst: gst.value.rate,
      }),
    );
  }

  /** On the value traded by the order so far, above zero. Never falls as the value grows. */
  parts(turnover: Decimal): OrderChargeParts {
    const brokerage = brokerageOf(this.#brokerage, turnover);
    const stt = this.#stt === '0' ? ZERO : toRupees(turnover.times(this.#stt));
    const transaction = toPaise(turnover.times(this.#transaction));
    const sebi = toPaise(turnover.times(this.#sebi));
    const stamp = this.#stamp === '0' ? ZERO : toPaise(turnover.times(this.#stamp));
    const gst = toPaise(brokerage.plus(transaction).plus(sebi).times(this.#gst));
    const total = brokerage.plus(stt).plus(transaction).plus(sebi).plus(stamp).plus(gst);
    return { brokerage, stt, transaction, sebi, stamp, gst, total };
  }
}
