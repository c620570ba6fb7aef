import { ok, refuse, type Result } from '../domain/refusal.ts';
import type { QuantityUnits } from '../domain/units.ts';
import type { ExitRules } from './exit-levels.ts';
import { checkExitRules } from './exit-levels.ts';
import { exitPlan, idleLeg, type ExitPlan, type Leg } from './exit-plan.ts';

const VERSION = 1;

/** The plans of strategies' positions and the positions that belonged to them, by "account instrument". */
export interface StoredExits {
  readonly plans: readonly ExitPlan[];
  readonly nets: Readonly<Record<string, QuantityUnits>>;
}

/** What of the plans must not be lost. Without `best` it changes only when something was done, not at every price. */
export function exitsText({ plans, nets }: StoredExits, withBest: boolean): string {
  const leg = ({ key, reason }: Leg): object => ({ key, reason });
  return JSON.stringify({
    version: VERSION,
    nets,
    plans: plans.map((plan) => ({
      accountId: plan.accountId,
      accountKind: plan.accountKind,
      instrument: plan.instrument,
      strategyId: plan.strategyId,
      rules: plan.rules,
      own: plan.own,
      entry: plan.entry,
      openedAt: plan.openedAt,
      closing: plan.closing,
      serial: plan.serial,
      stop: leg(plan.stop),
      target: leg(plan.target),
      close: leg(plan.close),
      ...(withBest ? { best: plan.best } : {}),
    })),
  });
}

/** Refuses EXITS_DAMAGED: what cannot be read is never taken for "no exits". */
export function readExits(text: string): Result<StoredExits> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged('it is not JSON');
  }
  if (!isRecord(value) || value['version'] !== VERSION || !Array.isArray(value['plans']) || !isRecord(value['nets'])) {
    return damaged('it is of no known version');
  }
  const nets: Record<string, QuantityUnits> = {};
  for (const [key, net] of Object.entries(value['nets'])) {
    if (!isWhole(net)) return damaged(`the position of ${key} is no quantity`);
    nets[key] = net;
  }
  const plans: ExitPlan[] = [];
  for (const one of value['plans'] as unknown[]) {
    const plan = readPlan(one);
    if (plan === null) return damaged('a plan is damaged');
    plans.push(plan);
  }
  return ok({ plans, nets });
}

function damaged(why: string): Result<never> {
  return refuse(
    'EXITS_DAMAGED',
    `The record of the strategies' protective exits cannot be read (${why}); check the stop of every open position by hand.`,
  );
}

function readPlan(value: unknown): ExitPlan | null {
  if (!isRecord(value)) return null;
  const { accountId, accountKind, instrument, strategyId, rules, own, entry, openedAt, closing, serial, best } = value;
  if (typeof accountId !== 'string' || typeof instrument !== 'string' || typeof strategyId !== 'string') return null;
  if (accountKind !== 'paper' && accountKind !== 'live') return null;
  if (!isWhole(own) || !isNumber(entry) || !isNumber(openedAt) || !isWhole(serial) || !isNumber(best)) return null;
  if (closing !== null && !isReason(closing)) return null;
  const read = isRules(rules) ? checkExitRules(rules) : null;
  const [stop, target, close] = [readLeg(value['stop']), readLeg(value['target']), readLeg(value['close'])];
  if (read === null || !read.ok || stop === null || target === null || close === null) return null;
  return {
    ...exitPlan({ accountId, accountKind, instrument, strategyId }, read.value),
    own,
    entry,
    openedAt,
    closing,
    serial,
    best,
    stop,
    target,
    close,
  };
}

function readLeg(value: unknown): Leg | null {
  if (!isRecord(value)) return null;
  const { key, reason } = value;
  if ((key !== null && typeof key !== 'string') || !isReason(reason)) return null;
  return { ...idleLeg(), key, reason };
}

function isRules(value: unknown): value is ExitRules {
  if (!isRecord(value)) return false;
  const { stopLoss, takeProfit, trailing, holdMs } = value;
  return (
    isLevel(stopLoss) &&
    isLevel(takeProfit) &&
    isLevel(trailing) &&
    !(isRecord(trailing) && trailing['kind'] === 'price') &&
    (holdMs === null || isNumber(holdMs))
  );
}

function isLevel(value: unknown): boolean {
  if (value === null) return true;
  if (!isRecord(value)) return false;
  const { kind, fraction, units, price } = value;
  if (kind === 'fraction') return typeof fraction === 'string' && Number.isFinite(Number(fraction));
  return kind === 'offset' ? isWhole(units) : kind === 'price' && isWhole(price);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isReason(value: unknown): value is Leg['reason'] {
  return value === 'stop-loss' || value === 'trailing-stop' || value === 'take-profit' || value === 'time-exit';
}
