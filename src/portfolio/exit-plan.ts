import type { InstrumentId } from '../domain/instrument.ts';
import type { AccountKind, Order, OrderIntent } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { ExitReason, ExitRules } from './exit-levels.ts';

export type LegName = 'stop' | 'target' | 'close';

/** One exit order as last heard of. */
export interface Leg {
  /** sent: no answer yet. changing, cancelling: a command of ours is on its way. */
  readonly status: 'none' | 'sent' | 'working' | 'changing' | 'cancelling';
  /** Idempotency key of the order, by which its events are recognised. */
  readonly key: string | null;
  readonly orderId: string | null;
  readonly side: 'buy' | 'sell';
  readonly quantity: QuantityUnits;
  readonly filled: QuantityUnits;
  /** Trigger of the stop, limit of the target, 0 for the market close. */
  readonly price: PriceUnits;
  readonly reason: ExitReason;
  /** Failures in a row, and when the next attempt may be made. */
  readonly failures: number;
  readonly retryAt: EpochMs;
}

/** Protective exits of one strategy's position. Plain data: what is stored is what continues after a restart. */
export interface ExitPlan {
  readonly accountId: string;
  readonly accountKind: AccountKind;
  readonly instrument: InstrumentId;
  /** Null for what was traded by hand. */
  readonly strategyId: string | null;
  readonly rules: ExitRules;
  /** Signed quantity by this strategy's own fills, never more than the account's net. */
  readonly own: QuantityUnits;
  /** Average entry price of it, price units with a fraction. */
  readonly entry: number;
  readonly openedAt: EpochMs;
  /** Best price since the entry: highest for a long, lowest for a short. */
  readonly best: PriceUnits;
  /** Last price the position could be closed at; 0 = not known. */
  readonly mark: PriceUnits;
  /** Set once the position is to be closed at the market. */
  readonly closing: ExitReason | null;
  readonly serial: number;
  /** The kill switch has taken over: send nothing. */
  readonly stoodDown: boolean;
  readonly stop: Leg;
  readonly target: Leg;
  readonly close: Leg;
}

export type ExitEvent =
  /** News of any order of the account in the instrument; `net` is the account's position after it. */
  | {
      readonly kind: 'order';
      readonly order: Order;
      readonly event: OrderEvent | null;
      readonly net: QuantityUnits;
      readonly now: EpochMs;
    }
  /** A price; `low` and `high` are those of a completed bar, or the price itself. */
  | {
      readonly kind: 'price';
      readonly mark: PriceUnits;
      readonly low: PriceUnits;
      readonly high: PriceUnits;
      readonly now: EpochMs;
    }
  | { readonly kind: 'time'; readonly now: EpochMs }
  | { readonly kind: 'sent'; readonly leg: LegName; readonly orderId: string }
  | { readonly kind: 'refused'; readonly leg: LegName; readonly now: EpochMs }
  /** A modify or cancel that was refused before it left. */
  | { readonly kind: 'not-sent'; readonly leg: LegName; readonly now: EpochMs }
  | { readonly kind: 'rules'; readonly rules: ExitRules; readonly now: EpochMs }
  /** The position is what it is, whoever traded it; `own` 0 ends the protection. */
  | {
      readonly kind: 'adopt';
      readonly rules: ExitRules;
      readonly own: QuantityUnits;
      readonly entry: number;
      readonly openedAt: EpochMs;
      readonly best: PriceUnits;
      readonly now: EpochMs;
    }
  | { readonly kind: 'stand-down'; readonly on: boolean; readonly now: EpochMs };

export type ExitCommand =
  | { readonly do: 'submit'; readonly leg: LegName; readonly intent: OrderIntent }
  | {
      readonly do: 'modify';
      readonly leg: LegName;
      readonly orderId: string;
      readonly price: PriceUnits | null;
      readonly trigger: PriceUnits | null;
      readonly quantity: QuantityUnits;
    }
  | { readonly do: 'cancel'; readonly leg: LegName; readonly orderId: string; readonly reason: string };

export interface ExitStep {
  readonly plan: ExitPlan;
  readonly commands: readonly ExitCommand[];
}

export function idleLeg(failures = 0, retryAt: EpochMs = 0): Leg {
  return {
    status: 'none',
    key: null,
    orderId: null,
    side: 'sell',
    quantity: 0,
    filled: 0,
    price: 0,
    reason: 'stop-loss',
    failures,
    retryAt,
  };
}

export function exitPlan(
  of: Pick<ExitPlan, 'accountId' | 'accountKind' | 'instrument' | 'strategyId'>,
  rules: ExitRules,
): ExitPlan {
  return {
    ...of,
    rules,
    own: 0,
    entry: 0,
    openedAt: 0,
    best: 0,
    mark: 0,
    closing: null,
    serial: 0,
    stoodDown: false,
    stop: idleLeg(),
    target: idleLeg(),
    close: idleLeg(),
  };
}

/** True when this price can change nothing, so that most ticks cost a few comparisons. */
export function isQuiet(plan: ExitPlan, low: PriceUnits, high: PriceUnits, now: EpochMs): boolean {
  const { own, rules, stop, target, close } = plan;
  if (own === 0 || plan.stoodDown) return stop.status === 'none' && target.status === 'none' && close.status === 'none';
  if (plan.closing !== null || close.status !== 'none') return false;
  if (rules.holdMs !== null && now >= plan.openedAt + rules.holdMs) return false;
  if (rules.trailing !== null && (own > 0 ? high > plan.best : low < plan.best)) return false;
  return atRest(stop, rules.stopLoss !== null || rules.trailing !== null) && atRest(target, rules.takeProfit !== null);
}

function atRest(leg: Leg, wanted: boolean): boolean {
  return wanted ? leg.status === 'working' && leg.failures === 0 : leg.status === 'none';
}
