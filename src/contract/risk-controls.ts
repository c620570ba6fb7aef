import * as z from 'zod';
import { command, query, stream } from './procedure.ts';
import {
  count,
  cursor,
  decimal,
  epochMs,
  identifier,
  instrumentId,
  pageLimit,
  reasonText,
  sentence,
  statistic,
} from './scalars.ts';

const limitScope = z.strictObject({
  kind: z.enum(['account', 'strategy', 'symbol', 'broker']),
  /** Account id, strategy run id, instrument id or broker id. */
  id: z.string().min(1).max(120),
});
const limitName = z.string().max(60);
/** Amounts and fractions are decimals, counts and times whole numbers; null = off. */
const limitValue = z.union([decimal, count]).nullable();
const limitValues = z.record(limitName, limitValue);

const scopedLimits = z.object({
  /** Null: all accounts. */
  scope: limitScope.nullable(),
  limits: limitValues,
  changedAt: epochMs.nullable(),
  changedBy: z.string().nullable(),
  reason: z.string().nullable(),
});

const limitBook = z.object({
  /** Which limits there are, and the kinds of scope that can have one of their own. */
  names: z.array(
    z.object({
      name: limitName,
      kind: z.enum(['decimal', 'whole']),
      scopes: z.array(z.enum(['account', 'strategy', 'symbol', 'broker'])),
    }),
  ),
  /** Those of all accounts first. The strictest of all that apply to an order holds. */
  scopes: z.array(scopedLimits),
});

const limitChange = z.object({
  at: epochMs,
  owner: z.string(),
  reason: z.string(),
  scope: limitScope.nullable(),
  name: limitName,
  /** "null" = off. */
  before: z.string(),
  after: z.string(),
});

const common = {
  /** How long a lock holds ... */
  lockMs: count,
  /** ... or until the next "HH:MM" UTC, when given. */
  unlockAt: z.string().max(5).nullable().optional(),
};
const lookback = { lookbackMs: count, tradeLimit: count.optional() };
const protectionRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cooldown'), ...common }),
  z.strictObject({
    kind: z.literal('stoploss-guard'),
    ...common,
    ...lookback,
    requiredProfit: statistic.optional(),
    perInstrument: z.boolean().optional(),
    perSide: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('low-profit'),
    ...common,
    ...lookback,
    requiredProfit: statistic.optional(),
    perSide: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('equity-drawdown'), ...common, ...lookback, maxDrawdown: statistic }),
]);

const protectionLock = z.object({
  id: z.string(),
  rule: z.enum(['cooldown', 'stoploss-guard', 'low-profit', 'equity-drawdown', 'unreadable']),
  /** Null: all accounts; everything; both sides. */
  account: z.string().nullable(),
  instrument: z.string().nullable(),
  side: z.enum(['long', 'short']).nullable(),
  from: epochMs,
  /** Null: until a person lifts it. */
  until: epochMs.nullable(),
  reason: sentence,
});
const protections = z.object({ rules: z.array(protectionRule), locks: z.array(protectionLock) });

const move = z
  .string()
  .max(20)
  .regex(/^-?\d{1,6}(\.\d{1,12})?$/, 'write it as a fraction such as -0.05');
const scenario = z.strictObject({
  name: z.string().min(1).max(80),
  all: move.nullable().default(null),
  /** By base asset or instrument id. */
  moves: z.record(z.string().max(64), move).default({}),
});

const tailLoss = z.object({ var: decimal, cvar: decimal });
export const portfolioRisk = z.object({
  at: epochMs,
  account: identifier,
  currency: z.string(),
  equity: decimal.nullable(),
  /** Losses in account currency, positive. Null with the reason in `unavailable`. */
  tails: z
    .array(
      z.object({
        /** 0.95 = 95 %. */
        confidence: statistic,
        historical: tailLoss,
        parametric: tailLoss,
        cornishFisher: tailLoss,
      }),
    )
    .nullable(),
  unavailable: sentence.nullable(),
  /** What the figures assume: bars, horizon, scaling. */
  assumptions: z.array(sentence),
  observations: count,
  positions: z.array(
    z.object({
      instrument: instrumentId,
      value: decimal.nullable(),
      /** Of the sum of absolute values. */
      share: statistic.nullable(),
      /** Of the portfolio's variance; the shares add up to 1. */
      varianceShare: statistic.nullable(),
    }),
  ),
  /** In the order of `positions`; null beside a price that never moved. */
  correlation: z.array(z.array(statistic.nullable())).nullable(),
  /** Herfindahl index of the absolute values: 1 = all in one; `effective` = 1 / index. */
  concentration: z.object({ herfindahl: statistic.nullable(), effective: statistic.nullable() }),
  scenarios: z.array(
    z.object({
      name: z.string(),
      profit: decimal.nullable(),
      equityAfter: decimal.nullable(),
      /** Limits that would be reached: DAILY_LOSS, DRAWDOWN. */
      breaches: z.array(z.string()),
    }),
  ),
});

export const riskTrend = z.object({
  account: identifier,
  name: z.string(),
  title: z.string(),
  /** [time, share of the limit used], oldest first, about an hour. */
  points: z.array(z.tuple([epochMs, statistic.nullable()])),
  /** Change of the share per minute over the last ten minutes; null when it is not known. */
  slopePerMinute: statistic.nullable(),
  /** Until the limit at that slope; null when it is not getting nearer. */
  breachInMs: z.number().min(0).nullable(),
});

const nothing = z.strictObject({});

export const riskControls = {
  limits: query({
    path: '/risk/controls/limits',
    summary: 'Every limit of every scope, with who set it, when and why',
    input: nothing,
    output: limitBook,
  }),
  setLimits: command({
    path: '/risk/controls/limits',
    summary: 'Change limits of all accounts (scope null) or of one scope; those not named stay, null switches off',
    effect: 'danger',
    input: z.strictObject({ scope: limitScope.nullable(), limits: limitValues, reason: reasonText }),
    output: limitBook,
  }),
  limitHistory: query({
    path: '/risk/controls/limits/history',
    summary: 'Changes of limits with owner, time, reason, before and after; newest first',
    input: z.strictObject({ limit: pageLimit, cursor: cursor.optional() }),
    output: z.object({ changes: z.array(limitChange), next: cursor.nullable() }),
  }),
  protections: query({
    path: '/risk/controls/protections',
    summary: 'Rules that lock openings after losses, and the locks that hold now',
    input: nothing,
    output: protections,
  }),
  setProtections: command({
    path: '/risk/controls/protections',
    summary: 'Replace the rules; locks that hold stay',
    effect: 'danger',
    input: z.strictObject({ rules: z.array(protectionRule).max(20), reason: reasonText }),
    output: protections,
  }),
  liftLock: command({
    path: '/risk/controls/protections/lift',
    summary: 'End a lock of a protection before its time',
    effect: 'danger',
    input: z.strictObject({ id: z.string().min(1).max(300), reason: reasonText }),
    output: protections,
  }),
  portfolio: stream({
    path: '/risk/controls/portfolio',
    summary: 'Value at risk, correlation, concentration and scenarios of one account, coalesced',
    input: z.strictObject({ account: identifier, intervalMs: z.int().min(250).max(60_000).default(1_000) }),
    output: portfolioRisk,
  }),
  scenarios: query({
    path: '/risk/controls/scenarios',
    summary: 'Scenarios of the user; the standard ones are always shown',
    input: nothing,
    output: z.object({ standard: z.array(scenario), own: z.array(scenario) }),
  }),
  setScenarios: command({
    path: '/risk/controls/scenarios',
    summary: 'Replace the scenarios of the user',
    effect: 'write',
    input: z.strictObject({ scenarios: z.array(scenario).max(20) }),
    output: z.object({ standard: z.array(scenario), own: z.array(scenario) }),
  }),
  trends: query({
    path: '/risk/controls/trends',
    summary: 'The last hour of every meter, its slope and the time to its limit',
    input: z.strictObject({ account: identifier.optional() }),
    output: z.object({ trends: z.array(riskTrend) }),
  }),
};
