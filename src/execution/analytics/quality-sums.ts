import { type Decimal, ZERO, type DecimalString } from '../../domain/decimal.ts';
import { QuantileSketch } from './quantile-sketch.ts';
import type { Shortfall } from './implementation-shortfall.ts';

const COMPONENTS = ['delay', 'trading', 'opportunity', 'fees', 'total'] as const;
const OUTCOMES = ['filled', 'cancelled', 'expired', 'rejected', 'denied'] as const;
export type OrderOutcome = (typeof OUTCOMES)[number];

/** Numerator and denominator of a ratio, both in quote currency: doubles, since only the ratio is shown. */
const RATIOS = ['arrival', 'vwap', 'twap', 'effective', 'realised5s', 'realised60s', 'participation'] as const;
export type QualityRatio = (typeof RATIOS)[number];

/** A day of a symbol is stored in a few hundred bytes. */
const EXACT_LATENCIES = 32;

/** An order at its end. */
export interface ClosedOrderQuality {
  readonly outcome: OrderOutcome;
  /** Filled over asked quantity. */
  readonly filledShare: number;
  /** Null when the market had no price at decision, arrival or end. */
  readonly shortfall: Shortfall | null;
  /** Asked quantity x decision mid. */
  readonly paperValue: Decimal;
}

/**
 * Execution figures of any number of orders in one quote currency. Money is exact, and the components of the shortfall add
 * up to its total whatever is added; sums of two sets add up to the sums of both.
 */
export class QualitySums {
  /** Orders that left for a venue, and how they ended. Denied ones never left. */
  sent = 0;
  readonly outcomes: Record<OrderOutcome, number> = { filled: 0, cancelled: 0, expired: 0, rejected: 0, denied: 0 };
  /** Orders with at least one fill. */
  traded = 0;
  filledShare = 0;
  fills = 0;
  makerFills = 0;
  value: Decimal = ZERO;
  fees: Decimal = ZERO;
  /** Saved by the fills better than arrival. */
  improvement: Decimal = ZERO;
  improvedFills = 0;
  /** Fills whose order had a mid at arrival. */
  markedFills = 0;
  readonly costs: Record<(typeof COMPONENTS)[number], Decimal> = {
    delay: ZERO,
    trading: ZERO,
    opportunity: ZERO,
    fees: ZERO,
    total: ZERO,
  };
  /** Orders with a shortfall, and what they were worth on paper. */
  judged = 0;
  paperValue: Decimal = ZERO;
  /** Milliseconds from the send to the first answer, and to each fill. */
  readonly ack = new QuantileSketch(EXACT_LATENCIES);
  readonly fill = new QuantileSketch(EXACT_LATENCIES);
  readonly #above: Record<QualityRatio, number> = ratios();
  readonly #below: Record<QualityRatio, number> = ratios();

  /** Adds `above` / `below` to a ratio. */
  note(ratio: QualityRatio, above: number, below: number): void {
    this.#above[ratio] += above;
    this.#below[ratio] += below;
  }

  /** Null when nothing was noted. */
  ratio(ratio: QualityRatio): number | null {
    return this.#below[ratio] === 0 ? null : this.#above[ratio] / this.#below[ratio];
  }

  close(order: ClosedOrderQuality): void {
    this.outcomes[order.outcome] += 1;
    if (order.outcome === 'denied') return;
    this.sent += 1;
    this.filledShare += order.filledShare;
    if (order.filledShare > 0) this.traded += 1;
    if (order.shortfall === null) return;
    this.judged += 1;
    this.paperValue = this.paperValue.plus(order.paperValue);
    for (const name of COMPONENTS) this.costs[name] = this.costs[name].plus(order.shortfall[name]);
  }

  merge(other: QualitySums): void {
    this.sent += other.sent;
    for (const outcome of OUTCOMES) this.outcomes[outcome] += other.outcomes[outcome];
    this.traded += other.traded;
    this.filledShare += other.filledShare;
    this.fills += other.fills;
    this.makerFills += other.makerFills;
    this.value = this.value.plus(other.value);
    this.fees = this.fees.plus(other.fees);
    this.improvement = this.improvement.plus(other.improvement);
    this.improvedFills += other.improvedFills;
    this.markedFills += other.markedFills;
    for (const name of COMPONENTS) this.costs[name] = this.costs[name].plus(other.costs[name]);
    this.judged += other.judged;
    this.paperValue = this.paperValue.plus(other.paperValue);
    this.ack.merge(other.ack);
    this.fill.merge(other.fill);
    for (const ratio of RATIOS) this.note(ratio, other.#above[ratio], other.#below[ratio]);
  }

  state(): unknown {
    const money = (value: Decimal): DecimalString => value.toFixed();
    return {
      ...this.#counts(),
      outcomes: this.outcomes,
      value: money(this.value),
      fees: money(this.fees),
      improvement: money(this.improvement),
      paperValue: money(this.paperValue),
      costs: Object.fromEntries(COMPONENTS.map((name) => [name, money(this.costs[name])])),
      ack: this.ack.state(),
      fill: this.fill.state(),
      above: this.#above,
      below: this.#below,
    };
  }

  #counts(): Readonly<Record<Count, number>> {
    const { sent, traded, filledShare, fills, makerFills, improvedFills, markedFills, judged } = this;
    return { sent, traded, filledShare, fills, makerFills, improvedFills, markedFills, judged };
  }

  /** Adds what `state` gave. */
  mergeState(stored: unknown): void {
    const state = stored as QualityState;
    this.sent += state.sent;
    for (const outcome of OUTCOMES) this.outcomes[outcome] += state.outcomes[outcome];
    this.traded += state.traded;
    this.filledShare += state.filledShare;
    this.fills += state.fills;
    this.makerFills += state.makerFills;
    this.improvedFills += state.improvedFills;
    this.markedFills += state.markedFills;
    this.judged += state.judged;
    this.value = this.value.plus(state.value);
    this.fees = this.fees.plus(state.fees);
    this.improvement = this.improvement.plus(state.improvement);
    this.paperValue = this.paperValue.plus(state.paperValue);
    for (const name of COMPONENTS) this.costs[name] = this.costs[name].plus(state.costs[name]);
    this.ack.mergeState(state.ack);
    this.fill.mergeState(state.fill);
    for (const ratio of RATIOS) this.note(ratio, state.above[ratio], state.below[ratio]);
  }

  static of(state: unknown): QualitySums {
    const sums = new QualitySums();
    sums.mergeState(state);
    return sums;
  }
}

interface QualityState extends Readonly<Record<Count, number>> {
  readonly outcomes: Readonly<Record<OrderOutcome, number>>;
  readonly value: DecimalString;
  readonly fees: DecimalString;
  readonly improvement: DecimalString;
  readonly paperValue: DecimalString;
  readonly costs: Readonly<Record<(typeof COMPONENTS)[number], DecimalString>>;
  readonly ack: unknown;
  readonly fill: unknown;
  readonly above: Readonly<Record<QualityRatio, number>>;
  readonly below: Readonly<Record<QualityRatio, number>>;
}

type Count = 'sent' | 'traded' | 'filledShare' | 'fills' | 'makerFills' | 'improvedFills' | 'markedFills' | 'judged';

function ratios(): Record<QualityRatio, number> {
  return { arrival: 0, vwap: 0, twap: 0, effective: 0, realised5s: 0, realised60s: 0, participation: 0 };
}
