import * as z from 'zod';
import { command, query } from './procedure.ts';
import {
  count,
  cursor,
  decimal,
  durationMs,
  epochMs,
  identifier,
  instrumentId,
  pageLimit,
  reasonCode,
  sentence,
  side,
  statistic,
} from './scalars.ts';

/** A day of the account's own zone: India for rupee accounts, UTC otherwise. */
const localDay = z.iso.date();
export const lotMethod = z.enum(['fifo', 'lifo', 'average']);

const excursion = z.object({
  money: statistic,
  /** Per unit of quantity. */
  price: statistic,
  pct: statistic,
  /** In multiples of the initial risk. */
  r: statistic.nullable(),
});

export const tradeNote = z.object({
  trade: identifier,
  at: epochMs,
  note: z.string(),
  tags: z.array(z.string()),
  rating: z.int().min(1).max(5).nullable(),
});

export const closedTrade = z.object({
  /** Stays the same for good; notes hang on it. */
  id: identifier,
  method: lotMethod,
  account: identifier,
  instrument: instrumentId,
  strategy: identifier.nullable(),
  side: z.enum(['long', 'short']),
  quantity: decimal,
  entryAt: epochMs,
  exitAt: epochMs,
  entryPrice: decimal,
  exitPrice: decimal,
  entryValue: decimal,
  /** After fees. */
  pnl: decimal,
  fees: decimal,
  returnPct: statistic,
  initialRisk: decimal.nullable(),
  plannedReward: decimal.nullable(),
  exitReason: z.string(),
  exits: z.array(z.object({ at: epochMs, order: identifier, quantity: decimal, price: decimal, reason: z.string() })),
  entryOrder: identifier,
  exitOrder: identifier,
  /** Null where a figure has no meaning: no stop, or nobody watched the market. */
  figures: z.object({
    holdingMs: durationMs,
    rMultiple: statistic.nullable(),
    riskReward: statistic.nullable(),
    mae: excursion.nullable(),
    mfe: excursion.nullable(),
    entryEfficiency: statistic.nullable(),
    exitEfficiency: statistic.nullable(),
    totalEfficiency: statistic.nullable(),
    captured: statistic.nullable(),
  }),
  note: tradeNote.nullable(),
});

export const profitFigures = z.object({
  trades: count,
  wins: count,
  losses: count,
  /** After fees. */
  realised: decimal,
  profit: decimal,
  loss: decimal,
  fees: decimal,
  winRate: statistic.nullable(),
  profitFactor: statistic.nullable(),
  expectancy: decimal.nullable(),
  averageWin: decimal.nullable(),
  averageLoss: decimal.nullable(),
  best: decimal.nullable(),
  worst: decimal.nullable(),
  averageReturnPct: statistic.nullable(),
  averageHoldingMs: durationMs.nullable(),
  averageR: statistic.nullable(),
  totalR: statistic.nullable(),
  sqn: statistic.nullable(),
});

const cost = z.object({ delay: decimal, trading: decimal, opportunity: decimal, fees: decimal, total: decimal });
const costBps = z.object({
  delay: statistic,
  trading: statistic,
  opportunity: statistic,
  fees: statistic,
  total: statistic,
});
const latency = z.object({ p50: statistic, p95: statistic, p99: statistic });

export const executionFigures = z.object({
  orders: z.object({
    sent: count,
    traded: count,
    filled: count,
    cancelled: count,
    expired: count,
    rejected: count,
    /** Never left: risk or the venue's rules said no. */
    denied: count,
  }),
  fills: count,
  value: decimal,
  fees: decimal,
  /** Adds up exactly; over the orders whose decision, arrival and end had a price. */
  costs: cost,
  costBps: costBps.nullable(),
  judgedOrders: count,
  slippageBps: statistic.nullable(),
  vsVwapBps: statistic.nullable(),
  vsTwapBps: statistic.nullable(),
  effectiveSpreadBps: statistic.nullable(),
  realisedSpreadBps: z.object({ after5s: statistic.nullable(), after60s: statistic.nullable() }),
  priceImprovement: decimal,
  improvedShare: statistic.nullable(),
  makerShare: statistic.nullable(),
  fillRate: statistic.nullable(),
  rejectRate: statistic.nullable(),
  cancelToFill: statistic.nullable(),
  participation: statistic.nullable(),
  ackMs: latency.nullable(),
  fillMs: latency.nullable(),
  efficiency: statistic.nullable(),
});

export const recommendation = z.object({
  code: reasonCode,
  by: z.string(),
  key: z.string(),
  sentence,
  /** Behind the sentence. */
  figures: z.record(z.string(), z.number()),
  sample: count,
});

const days = { from: localDay.optional(), to: localDay.optional() };
const reasons = z.record(z.string(), z.string());

export const analytics = {
  trades: query({
    path: '/analytics/trades',
    summary: 'Closed trades with every figure, newest exit first',
    input: z.strictObject({
      account: identifier.optional(),
      strategy: identifier.optional(),
      instrument: instrumentId.optional(),
      method: lotMethod.default('fifo'),
      /** Of the exit. */
      from: epochMs.optional(),
      to: epochMs.optional(),
      day: localDay.optional(),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: z.object({ trades: z.array(closedTrade), next: cursor.nullable(), definitions: reasons }),
  }),
  breakdown: query({
    path: '/analytics/breakdown',
    summary: 'Realised profit by strategy, symbol, account, day, week, month or exit reason',
    input: z.strictObject({
      account: identifier.optional(),
      by: z.enum(['strategy', 'symbol', 'account', 'day', 'week', 'month', 'reason']).default('strategy'),
      method: lotMethod.default('fifo'),
      /** Both days counted. */
      ...days,
    }),
    output: z.object({
      /** Accounts are never mixed in one row or sum. */
      rows: z.array(z.object({ key: z.string(), account: identifier, currency: z.string(), figures: profitFigures })),
      totals: z.array(z.object({ account: identifier, currency: z.string(), figures: profitFigures })),
    }),
  }),
  calendar: query({
    path: '/analytics/calendar',
    summary: 'Realised profit of each local day of a month',
    input: z.strictObject({
      account: identifier.optional(),
      month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'write it as a month such as 2026-11'),
      method: lotMethod.default('fifo'),
    }),
    output: z.object({
      account: identifier,
      currency: z.string(),
      zone: z.string(),
      days: z.array(
        z.object({
          day: localDay,
          realised: decimal,
          fees: decimal,
          trades: count,
          wins: count,
          totalR: statistic.nullable(),
        }),
      ),
      total: profitFigures,
    }),
  }),
  equity: query({
    path: '/analytics/equity',
    summary: 'Equity and drawdown, thinned without losing the deepest fall',
    input: z.strictObject({
      account: identifier.optional(),
      from: epochMs.optional(),
      to: epochMs.optional(),
      points: z.int().min(2).max(2_000).default(500),
    }),
    output: z.object({
      account: identifier,
      currency: z.string(),
      points: z.array(
        z.object({
          at: epochMs,
          equity: decimal,
          drawdown: statistic,
          /** Deepest since the point before. */
          worst: statistic,
        }),
      ),
      maxDrawdown: statistic.nullable(),
      currentDrawdown: statistic.nullable(),
    }),
  }),
  execution: query({
    path: '/analytics/execution',
    summary: 'How orders were executed: costs, slippage, spreads, rates, latency, advice',
    input: z.strictObject({
      account: identifier.optional(),
      by: z.enum(['algorithm', 'venue', 'symbol', 'strategy', 'account', 'day', 'week']).default('symbol'),
      ...days,
    }),
    output: z.object({
      rows: z.array(z.object({ key: z.string(), currency: z.string(), figures: executionFigures })),
      /** One for each currency. */
      totals: z.array(z.object({ currency: z.string(), figures: executionFigures })),
      recommendations: z.array(recommendation),
      /** Below so many orders or fills nothing is recommended. */
      minimumSample: count,
      definitions: reasons,
      /** Key of a figure to the reason why it is missing. */
      unavailable: reasons,
    }),
  }),
  order: query({
    path: '/analytics/order',
    summary: 'Implementation shortfall of one closed order',
    input: z.strictObject({ order: identifier }),
    output: z.object({
      order: identifier,
      account: identifier,
      instrument: instrumentId,
      strategy: identifier.nullable(),
      side,
      algorithm: z.string(),
      closedAt: epochMs,
      outcome: z.enum(['filled', 'cancelled', 'expired', 'rejected', 'denied']),
      quantity: decimal,
      filled: decimal,
      averagePrice: decimal.nullable(),
      decision: z.object({ at: epochMs, mid: decimal }).nullable(),
      arrival: z.object({ at: epochMs, mid: decimal }).nullable(),
      end: z.object({ at: epochMs, mid: decimal }).nullable(),
      costs: cost.nullable(),
      vwap: decimal.nullable(),
      twap: decimal.nullable(),
      marketVolume: decimal,
    }),
  }),
  gap: query({
    path: '/analytics/gap',
    summary: 'Paper against live: the same signals, executed on both',
    input: z.strictObject({ strategy: identifier.optional(), ...days }),
    output: z.object({
      available: z.boolean(),
      /** Why not. */
      sentence: sentence.nullable(),
      pairs: count,
      onlyPaper: count,
      onlyLive: count,
      /** Live minus paper, positive = live was dearer; weighted by value. */
      priceGapBps: statistic.nullable(),
      feeGapBps: statistic.nullable(),
      fillRateGap: statistic.nullable(),
    }),
  }),
  note: query({
    path: '/analytics/note',
    summary: 'What was noted on a trade',
    input: z.strictObject({ trade: identifier }),
    output: z.object({ note: tradeNote.nullable() }),
  }),
  setNote: command({
    path: '/analytics/note/set',
    summary: 'Note, tags and rating of a trade; replaces what was there',
    effect: 'write',
    input: z.strictObject({
      trade: identifier,
      note: z.string().max(10_000).default(''),
      tags: z.array(z.string().trim().min(1).max(40)).max(20).default([]),
      rating: z.int().min(1).max(5).nullable().default(null),
    }),
    output: tradeNote,
  }),
  tags: query({
    path: '/analytics/tags',
    summary: 'Every tag in use, the most used first',
    input: z.strictObject({}),
    output: z.object({ tags: z.array(z.object({ tag: z.string(), trades: count })) }),
  }),
};
