import type { OrderIntent } from '../domain/order.ts';
import type { EpochMs } from '../domain/units.ts';
import { checkEntryTime } from './checks/entry-time.ts';
import { checkExposure } from './checks/exposure.ts';
import { checkFlow } from './checks/flow.ts';
import { checkFunds } from './checks/funds.ts';
import { checkHabit } from './checks/habit.ts';
import { checkImpact } from './checks/impact.ts';
import { checkLocks } from './checks/locked.ts';
import { checkLoss } from './checks/loss.ts';
import { checkCollar, checkPriceKnown } from './checks/market.ts';
import { checkScopes } from './checks/scopes.ts';
import { checkSize } from './checks/size.ts';
import { checkIdentity, checkMarketOpen, checkPositionKnown, checkTradingState } from './checks/state.ts';
import { checkStop } from './checks/stop.ts';
import { checkQuantity, checkTerms, clampReduceOnly } from './checks/terms.ts';
import { exposureOf } from './exposure.ts';
import { fillsNow, gatherFacts, type FactSources } from './facts.ts';
import { Findings } from './findings.ts';
import type { OrderPlan, RiskCheck, RiskGate, RiskVerdict } from './gate.ts';
import { Protections } from './protections/protections.ts';
import { RecentOrders } from './recent-orders.ts';
import { StrategyBook } from './strategy-book.ts';
import { messageOf } from '../domain/refusal.ts';

export type RiskGateOptions = FactSources;

export interface LimitGate extends RiskGate {
  /** What it judges by, for previews and gauges that must say the same. */
  readonly sources: RiskGateOptions;
  readonly protections: Protections;
  /** Tells which part of the positions each strategy has opened; to be kept up with every fill. */
  readonly strategies: StrategyBook;
  /** Counts an order (or a modify) that was really sent, for rate and duplicates. A `check` alone is a preview and counts nothing. */
  noteSubmitted(intent: OrderIntent, at: EpochMs): void;
  /** Sent within the window, for the gauges. */
  sentWithin(accountId: string, windowMs: number): number;
}

/** The texts of the checks are made when `checks` is first read: a backtest asks for the verdict a thousand times more often. */
class Verdict implements RiskVerdict {
  readonly verdict: RiskVerdict['verdict'];
  readonly quantity: number;
  declare readonly checks: readonly RiskCheck[];
  readonly #found: Findings;

  constructor(found: Findings) {
    this.verdict = found.blocks > 0 ? 'block' : found.warnings > 0 ? 'warn' : 'allow';
    this.quantity = found.blocks > 0 ? 0 : found.facts.quantity;
    this.#found = found;
    Object.defineProperty(this, 'checks', CHECKS);
  }

  static checksOf(verdict: Verdict): readonly RiskCheck[] {
    return verdict.#found.written();
  }
}

/**
 * The verdict's own property, so that a verdict can be spread and written as JSON. One getter for all of them: a getter
 * of its own gives every verdict a shape of its own, which took a quarter of the time from signal to order.
 */
const CHECKS: PropertyDescriptor = {
  enumerable: true,
  get(this: Verdict) {
    return Verdict.checksOf(this);
  },
};

const NO_PLAN: OrderPlan = { stop: null };

class AllChecksGate implements LimitGate {
  readonly #options: RiskGateOptions;
  readonly protections = new Protections();
  readonly strategies = new StrategyBook();
  readonly #recent = new RecentOrders();

  constructor(options: RiskGateOptions) {
    this.#options = options;
  }

  check(intent: OrderIntent, plan: OrderPlan = NO_PLAN): RiskVerdict {
    return this.#judge(intent, plan);
  }

  get sources(): RiskGateOptions {
    return this.#options;
  }

  noteSubmitted(intent: OrderIntent, at: EpochMs): void {
    this.#recent.note(intent, at);
  }

  sentWithin(accountId: string, windowMs: number): number {
    return this.#recent.count(accountId, this.#options.view.now(), windowMs);
  }

  #judge(intent: OrderIntent, plan: OrderPlan): RiskVerdict {
    try {
      return new Verdict(this.#run(intent, plan));
    } catch (error) {
      const reason = messageOf(error);
      const sentence = `Risk could not judge this order (${reason}), so nothing was sent; report this as a fault.`;
      return {
        verdict: 'block',
        quantity: 0,
        checks: [{ code: 'RISK_CHECK_FAILED', severity: 'block', value: reason, limit: 'a verdict', sentence }],
      };
    }
  }

  #run(intent: OrderIntent, plan: OrderPlan): Findings {
    const facts = gatherFacts(this.#options, intent, plan, this.protections);
    const found = new Findings(facts);
    checkIdentity(found);
    checkPositionKnown(found);
    checkTradingState(found);
    checkMarketOpen(found);
    checkEntryTime(found, this.#options.view);
    checkTerms(found);
    clampReduceOnly(found);
    checkQuantity(found);
    checkPriceKnown(found);
    checkLoss(found);
    checkLocks(found);
    if (facts.instrument !== null && !intent.reduceOnly) {
      const exposure = exposureOf(this.#options, intent.accountId, facts.instrument, facts.open, fillsNow(intent));
      checkFunds(found, exposure);
      checkSize(found);
      checkExposure(found, exposure);
    }
    checkStop(found);
    checkCollar(found);
    checkImpact(found);
    checkHabit(found, this.#recent);
    checkFlow(found, this.#recent);
    if (facts.ownScopes.length > 0) {
      const { view, fees } = this.#options;
      checkScopes(found, { view, fees, recent: this.#recent, strategies: this.strategies });
    }
    return found;
  }
}

export function createRiskGate(options: RiskGateOptions): LimitGate {
  return new AllChecksGate(options);
}
