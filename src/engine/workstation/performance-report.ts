import type { ContractOutputs } from '../../contract/types.ts';
import type { Account } from '../../domain/account.ts';
import type { Decimal } from '../../domain/decimal.ts';
import { qualityFigures } from '../../execution/analytics/quality-figures.ts';
import type { QualitySums } from '../../execution/analytics/quality-sums.ts';
import { ProfitSums } from '../../portfolio/profit-sums.ts';
import { type EquityHour, type EquitySpan, joinSpans, thinnedEquity } from '../../research/equity-hours.ts';
import { backtestStatistics } from '../../research/trade-statistics.ts';
import { money } from './decimal-text.ts';

type Report = ContractOutputs['performance']['get'];

const POINTS = 1_000;
/** Below this many daily returns an annual figure says nothing. */
const DAYS_NEEDED = 5;
const PERIODS = { always: 365, nse: 252 } as const;
const DAY_MS = 86_400_000;

export interface PerformanceInput {
  readonly account: Account;
  readonly strategy: string | undefined;
  readonly hours: readonly EquityHour[];
  readonly profits: ReadonlyMap<string, ProfitSums>;
  /** The report reaches back to the begin of the account. */
  readonly sinceBegin: boolean;
  readonly execution: QualitySums;
  /** Null: those of the closed trades count. */
  readonly allFees: Decimal | null;
}

/** Statistics of an account or of one strategy in it. */
export function performanceReport(input: PerformanceInput): Report {
  const { account, strategy, hours, profits } = input;
  const mine = new ProfitSums(false);
  for (const [name, sums] of profits) if (strategy === undefined || name === strategy) mine.merge(sums);
  const equity = Float64Array.from(hours, (hour) => Number(hour.equity));
  const statistics = backtestStatistics({
    equity,
    times: Float64Array.from(hours, ({ at }) => at),
    trades: [],
    periods: account.currency === 'INR' ? PERIODS.nse : PERIODS.always,
    // The first hour on record ends after its first trades: what an account began with is its starting cash.
    initialEquity: input.sinceBegin ? Number(account.startingCash) : (equity[0] ?? Number(account.startingCash)),
    fees: mine.fees.toNumber(),
    exposureBars: 0,
    firstClose: Number.NaN,
    lastClose: Number.NaN,
  });
  const unavailable: Record<string, string> = {};
  const days = new Set(hours.map(({ at }) => Math.floor(at / DAY_MS))).size;
  const figure = (key: string, needs: 'equity' | 'days'): number | null => {
    if (strategy !== undefined) {
      unavailable[key] = 'a strategy shares its account: only the account has an equity curve';
      return null;
    }
    if (hours.length === 0 || (needs === 'days' && days <= DAYS_NEEDED)) {
      unavailable[key] =
        hours.length === 0
          ? 'there is no equity curve'
          : `it needs more than ${DAYS_NEEDED} days of equity, there are ${days}`;
      return null;
    }
    const value = statistics.stats[key] ?? null;
    if (value === null) unavailable[key] = statistics.unavailable[key] ?? 'there is too little data';
    return value;
  };
  const known = <T>(key: string, value: T | null, reason: string): T | null => {
    if (value === null) unavailable[key] = reason;
    return value;
  };
  const span = hours.reduce<EquitySpan | null>((before, hour) => joinSpans(before, hour), null);
  const points = strategy === undefined ? thinnedEquity(hours, POINTS) : [];
  const execution = qualityFigures(input.execution);
  const noTrade = 'no trade was closed';
  return {
    from: hours[0] === undefined ? null : Math.trunc(hours[0].at),
    to: Math.trunc(hours.at(-1)?.at ?? Number.NaN) || null,
    stats: {
      returnPct: figure('returnPct', 'equity'),
      sharpe: figure('sharpe', 'days'),
      sortino: figure('sortino', 'days'),
      calmar: figure('calmar', 'days'),
      // Of every snapshot, not only of the hours' last ones.
      maxDrawdown: figure('maxDrawdown', 'equity') === null ? null : (span?.drawdown ?? null),
      currentDrawdown: known('currentDrawdown', points.at(-1)?.drawdown ?? null, 'there is no equity curve'),
      volatility: figure('volatility', 'days'),
      trades: mine.trades,
      winRate: known('winRate', mine.winRate, noTrade),
      profitFactor: known('profitFactor', mine.profitFactor, mine.trades === 0 ? noTrade : 'no trade lost money'),
      expectancy: mine.expectancy === null ? null : money(mine.expectancy),
      bestTrade: mine.best === null ? null : money(mine.best),
      worstTrade: mine.worst === null ? null : money(mine.worst),
      fees: money(input.allFees ?? mine.fees),
      slippageBps: known('slippageBps', execution.slippageBps, 'nothing was filled'),
      fillRate: known('fillRate', execution.fillRate, 'no order was sent'),
      latencyMs: known('latencyMs', execution.fillMs, 'nothing was filled'),
    },
    strategies: [...profits].map(([name, sums]) => ({
      strategy: name === '' ? 'manual' : name,
      trades: sums.trades,
      winRate: sums.winRate,
      realised: money(sums.pnl),
      fees: money(sums.fees),
    })),
    equity: points.map(({ at, equity: value, drawdown }) => ({ at: Math.trunc(at), equity: value, drawdown })),
    unavailable,
    conventions: { ...statistics.assumptions },
  };
}
