import { money, percent } from '../format/money.ts';
import type { Performance } from './types.ts';

type Stats = Performance['stats'];
type StatKey = keyof Stats;

export interface StatRow {
  readonly key: StatKey;
  readonly title: string;
  /** Null: it cannot be known, and `reason` says why. */
  readonly text: string | null;
  readonly reason: string | null;
  /** How it is defined. */
  readonly definition: string | null;
}

const ratio = (value: number) => value.toFixed(2);
const share = (value: number) => percent(value, { signed: false });

function textOf(key: StatKey, stats: Stats, currency: string): string | null {
  const number = (value: number | null, show: (value: number) => string) => (value === null ? null : show(value));
  const amount = (value: string | null) => (value === null ? null : money(value, currency, { sign: 'always' }));
  switch (key) {
    case 'returnPct':
      return number(stats.returnPct, (value) => percent(value / 100));
    case 'maxDrawdown':
    case 'currentDrawdown':
      return number(stats[key], (value) => percent(value));
    case 'volatility':
    case 'winRate':
    case 'fillRate':
      return number(stats[key], share);
    case 'sharpe':
    case 'sortino':
    case 'calmar':
    case 'profitFactor':
      return number(stats[key], ratio);
    case 'expectancy':
    case 'bestTrade':
    case 'worstTrade':
      return amount(stats[key]);
    case 'trades':
      return String(stats.trades);
    case 'fees':
      return money(stats.fees, currency);
    case 'slippageBps':
      return number(stats.slippageBps, (value) => `${value.toFixed(1)} bp`);
    case 'latencyMs':
      return stats.latencyMs === null
        ? null
        : `${stats.latencyMs.p50.toFixed(0)} / ${stats.latencyMs.p95.toFixed(0)} / ${stats.latencyMs.p99.toFixed(0)} ms`;
  }
}

const TITLES: Readonly<Record<StatKey, string>> = {
  returnPct: 'Return',
  maxDrawdown: 'Deepest drawdown',
  currentDrawdown: 'Drawdown now',
  sharpe: 'Sharpe ratio, yearly',
  sortino: 'Sortino ratio, yearly',
  calmar: 'Calmar ratio',
  volatility: 'Volatility, yearly',
  trades: 'Closed trades',
  winRate: 'Trades won',
  profitFactor: 'Profit factor',
  expectancy: 'Expectancy of a trade',
  bestTrade: 'Best trade',
  worstTrade: 'Worst trade',
  fees: 'Fees',
  slippageBps: 'Slippage against arrival',
  fillRate: 'Fill rate',
  latencyMs: 'Fill latency p50 / p95 / p99',
};

/** Every statistic in reading order, with the reason beside what is missing. */
export function statRows({ stats, unavailable, conventions }: Performance, currency: string): StatRow[] {
  return (Object.keys(TITLES) as StatKey[]).map((key) => {
    const text = textOf(key, stats, currency);
    return {
      key,
      title: TITLES[key],
      text,
      reason: text === null ? (unavailable[key] ?? 'no trade was closed') : null,
      definition: conventions[key] ?? null,
    };
  });
}
