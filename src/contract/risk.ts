import * as z from 'zod';
import { riskLevel, tradingState } from './app.ts';
import { command, query, steppedCommand, stream } from './procedure.ts';
import { count, decimal, epochMs, identifier, reasonCode, reasonText, sentence, statistic } from './scalars.ts';

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

/** One line of the flatten checklist. The last event has step "result". */
export const flattenStep = z.object({
  at: epochMs,
  step: z.enum(['latch', 'cancel', 'await-cancels', 'read-positions', 'close', 'verify', 'result']),
  status: z.enum(['started', 'done', 'failed', 'waiting']),
  sentence,
  account: z.string().nullable(),
  instrument: z.string().nullable(),
  /** Set on the result only. */
  outcome: z.enum(['FLAT', 'NOT_FLAT']).nullable(),
  /** What is still open, on a result that is not flat. */
  open: z.array(z.object({ account: z.string(), instrument: z.string(), quantity: decimal })),
  elapsedMs: z.number().min(0),
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
    input: z.strictObject({ reason: z.string().max(500).default('halted by the user') }),
    output: z.object({ state: tradingState, latchedAt: epochMs, cancelRequested: count }),
  }),
  flatten: steppedCommand({
    path: '/risk/flatten',
    summary: 'Halt, cancel everything, close every position and verify; ends in FLAT or NOT_FLAT',
    effect: 'danger',
    input: z.strictObject({
      account: identifier.optional(),
      reason: z.string().max(500).default('flattened by the user'),
    }),
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
