import { refuse, ok, type Result } from '../../domain/refusal.ts';

/**
 * Almgren, Chriss, "Optimal Execution of Portfolio Transactions" (2000), linear impact. Times in days, prices in the
 * quote currency, doubles throughout: an estimate before the trade, not an account of it.
 */
export interface ExecutionProblem {
  /** Quantity to sell (or buy). */
  readonly quantity: number;
  readonly days: number;
  readonly intervals: number;
  /** Standard deviation of the price in currency per square root of a day. */
  readonly volatility: number;
  /** Permanent impact: currency per unit, for each unit traded. */
  readonly permanent: number;
  /** Temporary impact: currency per unit, for each unit traded per day. */
  readonly temporary: number;
  /** Half spread and fees, currency per unit. */
  readonly fixed: number;
}

export interface ExecutionSchedule {
  /** What is left at t_0 .. t_N. */
  readonly holdings: readonly number[];
  /** What is traded in each interval; they add up to the quantity. */
  readonly trades: readonly number[];
  /** Urgency per day; 0 = evenly, as a TWAP. */
  readonly kappaPerDay: number;
  /** Days until 1/e is left of a long liquidation; null when there is no urgency. */
  readonly halfLifeDays: number | null;
  /** Expected shortfall and its variance and standard deviation, in currency. */
  readonly expectedCost: number;
  readonly variance: number;
  readonly stdev: number;
}

/**
 * The schedule that minimises expected cost + `riskAversion` x variance (eq. 16-18); 0 is the cheapest one, even slices.
 * Refuses EXECUTION_PROBLEM when the figures make no problem, or trade so finely that impact would be negative.
 */
export function optimalSchedule(problem: ExecutionProblem, riskAversion: number): Result<ExecutionSchedule> {
  const { quantity, days, intervals, volatility, permanent, temporary, fixed } = problem;
  const figures = [quantity, days, volatility, permanent, temporary, fixed, riskAversion];
  if (!figures.every((figure) => Number.isFinite(figure) && figure >= 0) || !(quantity > 0) || !(days > 0)) {
    return refuse('EXECUTION_PROBLEM', 'Quantity and days must be above zero, the other figures zero or more.');
  }
  if (!Number.isSafeInteger(intervals) || intervals < 1) {
    return refuse('EXECUTION_PROBLEM', `The number of intervals must be a whole number from 1, not ${intervals}.`);
  }
  const tau = days / intervals;
  const adjusted = temporary - (permanent * tau) / 2;
  if (!(adjusted > 0)) {
    return refuse(
      'EXECUTION_PROBLEM',
      'The temporary impact must be above half the permanent impact of one interval; use more intervals or other figures.',
    );
  }
  const kappa = urgency((riskAversion * volatility ** 2) / adjusted, tau);
  const holdings = Array.from({ length: intervals + 1 }, (_, k) => quantity * remaining(kappa, days, k * tau));
  holdings[intervals] = 0;
  const trades = holdings.slice(1).map((left, k) => (holdings[k] ?? 0) - left);
  const squares = trades.reduce((sum, trade) => sum + trade * trade, 0);
  const exposure = holdings.slice(1).reduce((sum, left) => sum + left * left, 0);
  const variance = volatility ** 2 * tau * exposure;
  return ok({
    holdings,
    trades,
    kappaPerDay: kappa,
    halfLifeDays: kappa === 0 ? null : 1 / kappa,
    expectedCost: 0.5 * permanent * quantity ** 2 + fixed * quantity + (adjusted / tau) * squares,
    variance,
    stdev: Math.sqrt(variance),
  });
}

/** kappa of 2 (cosh(kappa tau) - 1) = kappa~^2 tau^2. */
function urgency(squared: number, tau: number): number {
  return squared === 0 ? 0 : Math.acosh(1 + (squared * tau * tau) / 2) / tau;
}

/** sinh(kappa (T - t)) / sinh(kappa T), written so that great urgency does not overflow. */
function remaining(kappa: number, days: number, t: number): number {
  if (kappa === 0) return 1 - t / days;
  return (Math.exp(-kappa * t) * -Math.expm1(-2 * kappa * (days - t))) / -Math.expm1(-2 * kappa * days);
}
