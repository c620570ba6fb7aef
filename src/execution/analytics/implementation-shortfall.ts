import type { Decimal } from '../../domain/decimal.ts';
import { Exact, filledOf, type ParentExecution } from './parent-execution.ts';

/** Quote currency, positive = cost. */
export interface Shortfall {
  readonly delay: Decimal;
  readonly trading: Decimal;
  readonly opportunity: Decimal;
  readonly fees: Decimal;
  readonly total: Decimal;
  /** Parts of `trading`, adding up to it; null when a fill has no mid. */
  readonly tradingParts: TradingParts | null;
}

export interface TradingParts {
  readonly spread: Decimal;
  readonly impact: Decimal;
  readonly timing: Decimal;
}

/**
 * Implementation shortfall (Perold 1988) of a parent that `parentFault` passed. With sign s (+1 buy, -1 sell), decision
 * mid D, arrival mid A, end mid E, fills p_i q_i at mids m_i (m_1 the first), filled X of Q, fees F:
 *   delay = s X (A - D), trading = s sum q_i (p_i - A), opportunity = s (Q - X)(E - D), total = their sum + F
 *   trading = spread s sum q_i (p_i - m_i) + timing s X (m_1 - A) + impact s sum q_i (m_i - m_1)
 * Before the first own fill the market cannot have answered it: that drift is timing. Later moves of the mid count as
 * impact, drift of the same time included: marks alone cannot tell the two apart.
 */
export function implementationShortfall(parent: ParentExecution): Shortfall {
  const sign = parent.side === 'buy' ? 1 : -1;
  const zero = new Exact(0);
  const decision = new Exact(parent.decision.mid);
  const arrival = new Exact(parent.arrival?.mid ?? parent.decision.mid);
  const filled = filledOf(parent);
  let trading = zero;
  let fees = zero.plus(parent.otherFees);
  for (const fill of parent.fills) {
    trading = trading.plus(new Exact(fill.price).minus(arrival).times(fill.quantity));
    fees = fees.plus(fill.fee);
  }
  trading = trading.times(sign);
  const delay = arrival.minus(decision).times(filled).times(sign);
  const missed = new Exact(parent.quantity).minus(filled);
  const opportunity = parent.end === null ? zero : new Exact(parent.end.mid).minus(decision).times(missed).times(sign);
  const total = delay.plus(trading).plus(opportunity).plus(fees);
  return { delay, trading, opportunity, fees, total, tradingParts: partsOf(parent, arrival, sign) };
}

function partsOf(parent: ParentExecution, arrival: Decimal, sign: 1 | -1): TradingParts | null {
  let first = parent.fills[0];
  for (const fill of parent.fills) {
    if (fill.mid === null) return null;
    if (first !== undefined && fill.ts !== null && first.ts !== null && fill.ts < first.ts) first = fill;
  }
  const start = first?.mid ?? arrival;
  let spread: Decimal = new Exact(0);
  let impact: Decimal = new Exact(0);
  let timing: Decimal = new Exact(0);
  for (const { price, quantity, mid } of parent.fills) {
    const at = new Exact(mid ?? arrival);
    spread = spread.plus(new Exact(price).minus(at).times(quantity).times(sign));
    impact = impact.plus(at.minus(start).times(quantity).times(sign));
    timing = timing.plus(new Exact(start).minus(arrival).times(quantity).times(sign));
  }
  return { spread, impact, timing };
}
