import * as z from 'zod';
import { riskLevel, tradingState } from './app.ts';
import { accountScope, emergencyStatus, flattenPlan, flattenStep, lockEnd } from './emergency.ts';
import { command, query, steppedCommand, stream } from './procedure.ts';
import { count, decimal, epochMs, reasonCode, reasonText, sentence, statistic } from './scalars.ts';

export const alert = z.object({
  id: z.string(),
  at: epochMs,
  severity: z.enum(['info', 'warning', 'critical']),
  code: reasonCode,
  sentence,
  account: z.string().nullable(),
  instrument: z.string().nullable(),
});

export const riskGauge = z.object({
  name: z.string(),
  title: z.string(),
  account: z.string().nullable(),
  /** In `unit`; null when it cannot be known now, which counts as a breach for new orders. */
  value: decimal.nullable(),
  limit: decimal.nullable(),
  unit: z.enum(['currency', 'fraction', 'count', 'per-second', 'ms']),
  /** value / limit; may exceed 1. */
  utilisation: statistic.nullable(),
  state: z.enum(['ok', 'warn', 'breach', 'unknown']),
});

export const riskStatus = z.object({
  at: epochMs,
  state: tradingState,
  level: riskLevel,
  /** Why the state is not ACTIVE: each stays until it is resumed. */
  causes: z.array(z.object({ code: reasonCode, sentence, since: epochMs, actor: z.enum(['user', 'engine', 'risk']) })),
  gauges: z.array(riskGauge),
  /** Newest first. */
  alerts: z.array(alert),
  workingOrders: count,
  openPositions: count,
  emergency: emergencyStatus,
});

/** Missing or null switches a limit off only where the engine allows it; fractions are of equity. */
export const riskLimits = z.object({
  maxOrderNotional: decimal.nullable(),
  maxPositionNotional: decimal.nullable(),
  maxGrossExposure: decimal.nullable(),
  /** Largest share of equity in one instrument, "0.3" = 30 %. */
  maxConcentration: decimal.nullable(),
  /** Limit price away from the touch, as a fraction: warn, block. */
  collarWarn: decimal.nullable(),
  collarBlock: decimal.nullable(),
  maxOrdersPerSecond: count.nullable(),
  duplicateWindowMs: count.nullable(),
  stalePriceMs: count.nullable(),
  maxWorkingOrders: count.nullable(),
  /** Loss of the day that halts: a positive amount, or a fraction of the day's opening equity. */
  maxDailyLoss: decimal.nullable(),
  maxDailyLossFraction: decimal.nullable(),
  maxDrawdownFraction: decimal.nullable(),
});

export const riskLimitsState = z.object({
  limits: riskLimits,
  changedAt: epochMs.nullable(),
  changedBy: z.string().nullable(),
  reason: z.string().nullable(),
});

const nothing = z.strictObject({});

export const risk = {
  status: stream({
    path: '/risk/status',
    summary: 'Trading state, causes, level and gauges; every change of state is sent, figures are coalesced',
    input: z.strictObject({ intervalMs: z.int().min(50).max(10_000).default(500) }),
    output: riskStatus,
  }),
  limits: query({
    path: '/risk/limits',
    summary: 'Limits in force and who set them',
    input: nothing,
    output: riskLimitsState,
  }),
  setLimits: command({
    path: '/risk/limits',
    summary: 'Change some limits; those not named stay',
    effect: 'danger',
    input: z.strictObject({ limits: z.strictObject(riskLimits.partial().shape), reason: reasonText }),
    output: riskLimitsState,
  }),
  halt: command({
    path: '/risk/halt',
    summary: 'Latch HALTED, stop strategies, cancel working orders except protective exits',
    effect: 'danger',
    input: z.strictObject({ reason: z.string().max(500).default('HALT was pressed') }),
    output: z.object({
      state: tradingState,
      /** False when the disk took no latch: the halt holds until the engine ends. */
      latched: z.boolean(),
      latchedAt: epochMs,
      cancelRequested: count,
    }),
  }),
  flatten: steppedCommand({
    path: '/risk/flatten',
    summary: 'Halt, cancel everything, close every position and verify; ends in FLAT or NOT_FLAT',
    effect: 'danger',
    input: z.strictObject({
      account: accountScope,
      reason: z.string().max(500).default('FLATTEN was pressed'),
      /** What cannot be closed now is closed when its market opens, also after a restart. */
      queue: z.boolean().default(false),
    }),
    output: flattenStep,
  }),
  flattenPlan: query({
    path: '/risk/flatten-plan',
    summary: 'What a flatten would close now, and its estimated cost',
    input: z.strictObject({ account: accountScope }),
    output: flattenPlan,
  }),
  lock: command({
    path: '/risk/lock',
    summary: 'Halt and lock trading out until a time; nobody can lift or shorten it',
    effect: 'danger',
    input: z.strictObject({
      until: lockEnd,
      /** Whose market decides about the next session; the latest of all accounts when left out. */
      account: accountScope,
      /** Typed by the person. */
      confirm: z.literal('LOCK'),
      reason: reasonText,
    }),
    output: z.object({ state: tradingState, lockedUntil: epochMs }),
  }),
  drill: steppedCommand({
    path: '/risk/drill',
    summary: 'Practise the kill switch on orders of its own in a paper account, with measured times',
    effect: 'write',
    input: z.strictObject({ account: accountScope }),
    output: flattenStep,
  }),
  resume: command({
    path: '/risk/resume',
    summary: 'Lift the halt; refused while a cause persists or an order is unknown',
    effect: 'danger',
    input: z.strictObject({ reason: reasonText }),
    output: z.object({ state: tradingState }),
  }),
};

export const alerts = {
  stream: stream({
    path: '/alerts/stream',
    summary: 'Recent alerts, then every new one; resumes after the last event id',
    input: nothing,
    output: z.discriminatedUnion('type', [
      z.object({ type: z.literal('snapshot'), sequence: count, alerts: z.array(alert) }),
      z.object({ type: z.literal('update'), sequence: count, alert }),
    ]),
  }),
};
