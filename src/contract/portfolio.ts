import * as z from 'zod';
import { command, query, stream } from './procedure.ts';
import {
  accountKind,
  count,
  decimal,
  epochMs,
  idempotencyKey,
  identifier,
  instrumentId,
  statistic,
} from './scalars.ts';
import { order } from './order.ts';

export const account = z.object({
  id: identifier,
  name: z.string(),
  kind: accountKind,
  broker: z.string(),
  currency: z.string(),
  type: z.enum(['cash', 'margin']),
  leverage: decimal,
  startingCash: decimal,
  /** A live account starts disarmed. A paper account is always armed. */
  armed: z.boolean(),
});

export const accountFigures = z.object({
  account: identifier,
  currency: z.string(),
  cash: decimal,
  equity: decimal,
  /** Null: unlimited is never assumed, so null means not known now. */
  buyingPower: decimal.nullable(),
  /** Of margin accounts. `wallet` = what remains when all is closed at cost; `ratio` = maintenance / equity, 1 liquidates. */
  margin: z
    .object({
      leverage: decimal,
      wallet: decimal,
      used: decimal,
      maintenance: decimal,
      free: decimal,
      ratio: statistic.nullable(),
    })
    .optional(),
  realised: decimal,
  unrealised: decimal,
  fees: decimal,
  /** Sum of absolute position values, and with sign. */
  grossExposure: decimal,
  netExposure: decimal,
  dayPnl: decimal,
  /** 0 at the peak, -0.1 = 10 % below it. */
  drawdown: statistic,
  /** True when a mark behind these figures is stale: show them with a mark of doubt. */
  stale: z.boolean(),
});

export const position = z.object({
  account: identifier,
  instrument: instrumentId,
  /** Signed: negative is short. */
  quantity: decimal,
  averagePrice: decimal,
  /** Null when no price is known. */
  mark: decimal.nullable(),
  value: decimal.nullable(),
  unrealised: decimal.nullable(),
  unrealisedPct: statistic.nullable(),
  realised: decimal,
  fees: decimal,
  /** Worst and best unrealised result per unit while open, in price. */
  mae: decimal.nullable(),
  mfe: decimal.nullable(),
  /** Price at which the exchange closes it for want of margin; null where none does, left out for cash accounts. */
  liquidationPrice: decimal.nullable().optional(),
  stopLoss: decimal.nullable(),
  takeProfit: decimal.nullable(),
  trailing: decimal.nullable(),
  openedAt: epochMs.nullable(),
  markAgeMs: z.number().min(0).nullable(),
  stale: z.boolean(),
});

export const portfolioState = z.object({
  at: epochMs,
  accounts: z.array(accountFigures),
  /** Open ones only. */
  positions: z.array(position),
});

const ofAccount = z.strictObject({ account: identifier.optional() });

export const accounts = {
  list: query({
    path: '/accounts',
    summary: 'Accounts and their mode',
    input: z.strictObject({}),
    output: z.array(account),
  }),
};

export const portfolio = {
  get: query({
    path: '/portfolio',
    summary: 'Cash, equity, profit and open positions',
    input: ofAccount,
    output: portfolioState,
  }),
  stream: stream({
    path: '/portfolio/stream',
    summary: 'The portfolio, whole each time something in it changed',
    input: z.strictObject({
      account: identifier.optional(),
      intervalMs: z.int().min(50).max(10_000).default(250),
    }),
    output: portfolioState,
  }),
};

export const positions = {
  close: command({
    path: '/positions/close',
    summary: 'Close a share of a position with a reduce-only market order',
    effect: 'danger',
    input: z.strictObject({
      account: identifier,
      instrument: instrumentId,
      /** 0.5 closes half, rounded down to the quantity step; 1 closes all. */
      fraction: z.number().gt(0).max(1),
      idempotencyKey,
    }),
    output: order,
  }),
  protect: command({
    path: '/positions/protect',
    summary: 'Set or remove the stop-loss, take-profit and trailing distance of a position',
    effect: 'write',
    input: z.strictObject({
      account: identifier,
      instrument: instrumentId,
      /** Prices; null removes, left out keeps. */
      stopLoss: decimal.nullable().optional(),
      takeProfit: decimal.nullable().optional(),
      /** Distance from the best price since set. */
      trailing: decimal.nullable().optional(),
    }),
    output: position,
  }),
};

export const performance = {
  get: query({
    path: '/performance',
    summary: 'Performance statistics of an account or strategy',
    input: z.strictObject({
      account: identifier.optional(),
      strategy: identifier.optional(),
      from: epochMs.optional(),
      to: epochMs.optional(),
    }),
    output: z.object({
      from: epochMs.nullable(),
      to: epochMs.nullable(),
      /** Ratios as fractions unless the key ends in Pct; null where there is too little data. */
      stats: z.object({
        returnPct: statistic.nullable(),
        sharpe: statistic.nullable(),
        sortino: statistic.nullable(),
        calmar: statistic.nullable(),
        maxDrawdown: statistic.nullable(),
        currentDrawdown: statistic.nullable(),
        volatility: statistic.nullable(),
        trades: count,
        winRate: statistic.nullable(),
        profitFactor: statistic.nullable(),
        expectancy: decimal.nullable(),
        bestTrade: decimal.nullable(),
        worstTrade: decimal.nullable(),
        fees: decimal,
        slippageBps: statistic.nullable(),
        fillRate: statistic.nullable(),
        latencyMs: z.object({ p50: statistic, p95: statistic, p99: statistic }).nullable(),
      }),
      strategies: z.array(
        z.object({
          strategy: identifier,
          trades: count,
          winRate: statistic.nullable(),
          realised: decimal,
          fees: decimal,
        }),
      ),
      /** At most 1,000 points. */
      equity: z.array(z.object({ at: epochMs, equity: decimal, drawdown: statistic })),
      /** Key of a figure to the reason why it is null. */
      unavailable: z.record(z.string(), z.string()),
      /** How each figure is defined. */
      conventions: z.record(z.string(), z.string()),
    }),
  }),
};
