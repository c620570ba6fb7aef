import type { DataReport } from '../domain/market-data.ts';
import { refuse, RefusalError } from '../domain/refusal.ts';
import { columnName } from '../market/feeds/csv-rows.ts';
import { performanceReport, type PerformanceReport } from './performance.ts';
import { commonPriceReturns, priceReturns } from './price-returns.ts';
import { findColumn, findSymbol, readSeriesFile, seriesColumns, symbolsOf, type SeriesFile } from './series-file.ts';
import { takeSeries, type Series } from './series.ts';

export interface PerformanceQuery {
  readonly path: string;
  /** Symbol of a long file, or column of a wide one. */
  readonly symbol: string | null;
  readonly column: string | null;
  readonly kind: 'returns' | 'prices';
  readonly periods: number;
  /** Symbol of a long file, column of any. */
  readonly benchmark: string | null;
  /** Annual rate, or the name of a column of per-period returns (returns files only). */
  readonly riskFree: number | string;
  readonly strict: boolean;
}

export interface FilePerformance extends PerformanceReport {
  readonly source: string;
  readonly series: string;
  readonly benchmark: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly data: DataReport;
}

const PREFERRED = {
  prices: ['close', 'close_price', 'adj_close', 'adjusted_close', 'price', 'ltp', 'nav', 'equity'],
  returns: ['return', 'returns', 'ret', 'daily_return', 'monthly_return'],
};

function fail(code: string, sentence: string): never {
  throw new RefusalError(refuse(code, sentence).error);
}

function chooseColumn(file: SeriesFile, query: PerformanceQuery, wanted: string | null): number {
  if (wanted !== null) return findColumn(file, wanted);
  const known = seriesColumns(file);
  for (const name of PREFERRED[query.kind]) {
    const found = known.find((column) => columnName(column) === name);
    if (found !== undefined) return file.names.indexOf(found);
  }
  const others = known.filter((name) => name !== query.benchmark && name !== query.riskFree);
  const [only] = others;
  if (only !== undefined && others.length === 1) return file.names.indexOf(only);
  if (known.length === 0) return fail('COLUMN_NEEDED', `${file.path} has no column of numbers.`);
  return fail('COLUMN_NEEDED', `${file.path} has the columns ${known.join(', ')}; choose one with --column.`);
}

/** Performance statistics of one series of a file. Throws RefusalError with what to do about it. */
export async function performanceOfFile(query: PerformanceQuery): Promise<FilePerformance> {
  const file = await readSeriesFile(query.path);
  const long = file.symbol !== -1;
  const symbol = long ? findSymbol(file, query.symbol) : null;
  const column = chooseColumn(file, query, query.column ?? (long ? null : query.symbol));
  const benchmark = query.benchmark === null ? null : findBenchmark(file, query.benchmark);
  const columns = [column];
  if (benchmark !== null && benchmark.symbol === null) columns.push(benchmark.column);
  const riskFreeColumn = typeof query.riskFree === 'string' ? findRiskFree(file, query, query.riskFree) : -1;
  if (riskFreeColumn !== -1) columns.push(riskFreeColumn);

  const options = { positive: query.kind === 'prices', complete: false, strict: query.strict };
  const own = takeSeries(file, { ...options, symbol, columns });
  // A benchmark that is another symbol has rows of its own, with its own gaps.
  const other =
    benchmark === null || benchmark.symbol === null
      ? null
      : takeSeries(file, { ...options, symbol: benchmark.symbol, columns: [column] });
  const riskFree = riskFreeColumn === -1 ? Number(query.riskFree) : columnValues(own, columns.length - 1);
  const values = columnValues(own, 0);
  if (query.kind === 'returns') {
    const place = values.findIndex((value) => value < -1);
    if (place !== -1) {
      fail(
        'RETURN_BELOW_MINUS_ONE',
        `${file.path}: the return ${values[place]} of ${own.labels[place] ?? `row ${place + 1}`} loses more than everything; returns are fractions (-0.015 for -1.5 %).`,
      );
    }
  }
  const input = query.kind === 'prices' ? priceReturns(values, own.labels) : { returns: values, labels: own.labels };
  const pair = benchmark === null ? null : benchmarkPair(query.kind, own, other);
  const report = performanceReport({
    ...input,
    periods: query.periods,
    riskFree,
    ...(pair === null ? {} : { benchmark: pair }),
  });
  if (report.n === 0) {
    const needed = query.kind === 'prices' ? 'two prices' : 'one return';
    fail(
      'SERIES_EMPTY',
      `${file.path}: column "${file.names[column] ?? ''}" holds no data; at least ${needed} are needed.`,
    );
  }
  const dated = input.labels.filter((_, index) => !Number.isNaN(input.returns[index] ?? Number.NaN));
  return {
    source: query.path,
    series: symbol ?? file.names[column] ?? '',
    benchmark: query.benchmark,
    from: dated[0] ?? null,
    to: dated.at(-1) ?? null,
    ...report,
    data: own.report,
  };
}

function columnValues(series: Series, index: number): Float64Array {
  return series.values[index] ?? new Float64Array();
}

function findBenchmark(file: SeriesFile, wanted: string): { symbol: string | null; column: number } {
  const isSymbol = file.symbol !== -1 && symbolsOf(file).some((name) => name.toLowerCase() === wanted.toLowerCase());
  if (isSymbol) return { symbol: findSymbol(file, wanted), column: -1 };
  // In a long file neither a symbol nor a column: the sentence should list symbols.
  const isColumn = file.names.some((name) => columnName(name) === columnName(wanted));
  if (file.symbol !== -1 && !isColumn) return { symbol: findSymbol(file, wanted), column: -1 };
  return { symbol: null, column: findColumn(file, wanted) };
}

function findRiskFree(file: SeriesFile, query: PerformanceQuery, wanted: string): number {
  if (query.kind === 'returns') return findColumn(file, wanted);
  return fail(
    'RISK_FREE_INVALID',
    `--risk-free "${wanted}" must be an annual rate such as 0.035 for a file of prices.`,
  );
}

function benchmarkPair(
  kind: 'returns' | 'prices',
  own: Series,
  other: Series | null,
): { returns: Float64Array; benchmark: Float64Array } {
  const left = { prices: columnValues(own, 0), labels: own.labels };
  const right =
    other === null
      ? { prices: columnValues(own, 1), labels: own.labels }
      : { prices: columnValues(other, 0), labels: other.labels };
  if (kind === 'prices') return commonPriceReturns(left, right);
  const byLabel = new Map(right.labels.map((label, index) => [label, right.prices[index] ?? Number.NaN]));
  return {
    returns: left.prices,
    benchmark: Float64Array.from(left.labels, (label) => byLabel.get(label) ?? Number.NaN),
  };
}
