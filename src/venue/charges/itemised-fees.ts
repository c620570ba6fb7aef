import { dayText, istDay } from '../../clock/ist.ts';
import { Decimal, ZERO } from '../../domain/decimal.ts';
import type { Side } from '../../domain/order.ts';
import { ok, type Refusal, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { brokeragePlan, type BrokeragePlan } from './brokerage-plan.ts';
import type { Exchange } from './charge-terms.ts';
import { OrderCharges, type TradedProduct } from './order-charges.ts';

/** Which schedule a venue charges by. */
export interface ChargesTerms {
  readonly exchange: Exchange;
  /** Name of a brokerage plan, or a rule in words. */
  readonly plan: string;
  /** Product of accounts that state none. */
  readonly product: TradedProduct;
  /** On days without known rates: orders are refused (where left out), or pay the flat rates of the model. */
  readonly uncovered?: 'refuse' | 'rates';
}

export interface ItemisedFee {
  readonly fee: Decimal;
  /** The parts of `fee` by kind. */
  readonly charges: Readonly<Record<string, Decimal>>;
}

const KINDS = ['brokerage', 'stt', 'transaction', 'sebi', 'stamp', 'gst'] as const;

/**
 * Fee of each fill as what it adds to the charges of its order, so that the fills of an order add up to the order's own
 * charges to the paisa, however it is cut into fills.
 */
export class ItemisedFees {
  readonly #terms: ChargesTerms;
  readonly #plan: BrokeragePlan;
  #day = Number.NaN;
  #date = '';
  #ofDay = new Map<string, Result<OrderCharges>>();

  private constructor(terms: ChargesTerms, plan: BrokeragePlan) {
    this.#terms = terms;
    this.#plan = plan;
  }

  /** Refuses PLAN_UNKNOWN. */
  static of(terms: ChargesTerms): Result<ItemisedFees> {
    const plan = brokeragePlan(terms.plan);
    return plan.ok ? ok(new ItemisedFees(terms, plan.value)) : plan;
  }

  /** Whether the charges of a day are known. */
  covers(side: Side, product: TradedProduct | null, at: EpochMs): boolean {
    return this.#charges(side, product, at).ok;
  }

  /** Why an order of a day without known charges is not taken, or null. */
  refusal(side: Side, product: TradedProduct | null, at: EpochMs): Refusal | null {
    if (this.#terms.uncovered === 'rates') return null;
    const charges = this.#charges(side, product, at);
    return charges.ok ? null : charges.error;
  }

  /** `before` is the value the order traded before this fill, `value` what the fill adds, `paid` its fees so far. */
  fee(
    side: Side,
    product: TradedProduct | null,
    at: EpochMs,
    before: Decimal,
    value: Decimal,
    paid: Decimal,
  ): ItemisedFee {
    const charges = this.#charges(side, product, at);
    // Intake refuses orders of such days; an order that outlives the last known one keeps its estimate of nothing.
    if (!charges.ok) return { fee: ZERO, charges: {} };
    const now = charges.value.parts(before.plus(value));
    const fee = Decimal.max(ZERO, now.total.minus(paid));
    const then = before.isZero() ? null : charges.value.parts(before);
    const parts: Record<string, Decimal> = {};
    for (const kind of KINDS) parts[kind] = then === null ? now[kind] : now[kind].minus(then[kind]);
    return { fee, charges: parts };
  }

  #charges(side: Side, product: TradedProduct | null, at: EpochMs): Result<OrderCharges> {
    const day = istDay(at);
    if (day !== this.#day) {
      this.#day = day;
      this.#date = dayText(day);
      this.#ofDay = new Map();
    }
    const traded = product ?? this.#terms.product;
    const key = `${side} ${traded}`;
    let charges = this.#ofDay.get(key);
    if (charges === undefined) {
      charges = OrderCharges.on(this.#date, side, traded, this.#terms.exchange, this.#plan);
      this.#ofDay.set(key, charges);
    }
    return charges;
  }
}
