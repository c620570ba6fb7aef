import { benchmarkKeys, benchmarkStatistics } from './benchmark-statistics.ts';
import { drawdownEpisodes, drawdownsOf, growthOfOne } from './drawdown.ts';
import { Figures } from './figures.ts';
import { mean, type Numbers } from './moments.ts';
import { performanceConventions } from './performance-conventions.ts';
import { returnStatistics } from './return-statistics.ts';

/** Two series of the same periods; NaN where one has no data. */
export interface BenchmarkInput {
  readonly returns: Numbers;
  readonly benchmark: Numbers;
}

export interface PerformanceInput {
  /** Simple returns per period, NaN where there is no data. */
  readonly returns: Numbers;
  /** Date or other name of each period; the period's number, from 1, when left out. */
  readonly labels?: readonly string[];
  /** Periods per year: 252 trading days, 365 days, 52 weeks, 12 months. */
  readonly periods: number;
  /** Annual rate, or the risk-free return of each period in step with `returns`. Default 0. */
  readonly riskFree?: number | Numbers;
  /** Its own pair of series, since only common periods count; in step with `riskFree` where that is a series. */
  readonly benchmark?: BenchmarkInput;
}

export interface DrawdownRow {
  /** Negative. */
  readonly depth: number;
  readonly from: string;
  readonly trough: string;
  /** Null while the drawdown lasts. */
  readonly to: string | null;
  /** Periods from `from` to `to`, or to the last one, both counted. */
  readonly length: number;
  readonly toTrough: number;
  readonly recovery: number | null;
}

export interface PerformanceReport {
  /** Periods with data. */
  readonly n: number;
  readonly periods: number;
  readonly stats: Readonly<Record<string, number | null>>;
  readonly drawdowns: readonly DrawdownRow[];
  readonly conventions: Readonly<Record<string, string>>;
  /** Why a statistic is null. */
  readonly unavailable: Readonly<Record<string, string>>;
}

function drawdownTable(returns: Numbers, labels: readonly string[]): DrawdownRow[] {
  const depths = drawdownsOf(growthOfOne(returns), 1);
  const label = (index: number): string => labels[index] ?? String(index + 1);
  return drawdownEpisodes(depths)
    .map(({ depth, from, trough, to }) => ({
      depth,
      from: label(from),
      trough: label(trough),
      to: to === null ? null : label(to),
      length: (to ?? depths.length - 1) - from + 1,
      toTrough: trough - from + 1,
      recovery: to === null ? null : to - trough,
    }))
    .sort((left, right) => left.depth - right.depth);
}

/** Every statistic of `tradewright metrics`; definitions are in `conventions`. */
export function performanceReport(input: PerformanceInput): PerformanceReport {
  const { periods, riskFree = 0 } = input;
  const riskFreeAt = (index: number): number =>
    typeof riskFree === 'number' ? riskFree / periods : (riskFree[index] ?? Number.NaN);

  const kept: number[] = [];
  const excess: number[] = [];
  const labels: string[] = [];
  for (let index = 0; index < input.returns.length; index += 1) {
    const value = input.returns[index] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    kept.push(value);
    labels.push(input.labels?.[index] ?? String(index + 1));
    const over = value - riskFreeAt(index);
    if (Number.isFinite(over)) excess.push(over);
  }

  const figures = new Figures();
  returnStatistics(Float64Array.from(kept), Float64Array.from(excess), periods, figures);
  if (input.benchmark === undefined) {
    figures.setUnavailable(benchmarkKeys, 'no benchmark was given; name one with --benchmark');
  } else {
    const { returns, benchmark } = input.benchmark;
    const rows: [number, number, number][] = [];
    for (let index = 0; index < returns.length; index += 1) {
      const row: [number, number, number] = [
        returns[index] ?? Number.NaN,
        benchmark[index] ?? Number.NaN,
        riskFreeAt(index),
      ];
      if (row.every(Number.isFinite)) rows.push(row);
    }
    const pair = {
      returns: Float64Array.from(rows, (row) => row[0]),
      benchmark: Float64Array.from(rows, (row) => row[1]),
      riskFree: Float64Array.from(rows, (row) => row[2]),
    };
    const annualRiskFree = typeof riskFree === 'number' ? riskFree : mean(pair.riskFree) * periods;
    benchmarkStatistics(pair, annualRiskFree, periods, figures);
  }
  return {
    n: kept.length,
    periods,
    stats: figures.stats,
    drawdowns: drawdownTable(Float64Array.from(kept), labels),
    conventions: performanceConventions,
    unavailable: figures.unavailable,
  };
}
