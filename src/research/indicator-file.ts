import type { DataReport } from '../domain/market-data.ts';
import { refuse, RefusalError, type Result } from '../domain/refusal.ts';
import { columnName } from '../market/feeds/csv-rows.ts';
import type { BarField, IndicatorBar, IndicatorDefinition } from '../strategies/indicators/indicator.ts';
import { findIndicator, readIndicatorParameters } from '../strategies/indicators/registry.ts';
import type { ParameterValues } from '../strategies/parameters.ts';
import { findColumn, findSymbol, readSeriesFile, seriesColumns, type SeriesFile } from './series-file.ts';
import { takeSeries } from './series.ts';

export interface IndicatorQuery {
  readonly path: string;
  readonly symbol: string | null;
  readonly indicator: string;
  readonly parameters: ParameterValues;
  /** Column to read in place of the close. */
  readonly column: string | null;
  readonly strict: boolean;
}

export interface FileIndicator {
  readonly indicator: string;
  readonly params: ParameterValues;
  /** Bars before the first value. */
  readonly warmup: number;
  /** One value per bar, null in the warm-up. */
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
  /** The time of each bar as the file writes it. */
  readonly times: readonly string[];
  readonly description: string;
  readonly data: DataReport;
}

const SPELLINGS: Readonly<Record<BarField, readonly string[]>> = {
  open: ['open', 'open_price', 'o'],
  high: ['high', 'high_price', 'h'],
  low: ['low', 'low_price', 'l'],
  close: ['close', 'close_price', 'c', 'adj_close', 'price', 'ltp', 'value', 'real'],
  volume: ['volume', 'vol', 'v', 'base_volume', 'volume_base', 'tick_volume', 'qty'],
};

function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.error);
  return result.value;
}

function fieldColumn(file: SeriesFile, field: BarField, query: IndicatorQuery): number {
  if (field === 'close' && query.column !== null) return findColumn(file, query.column);
  for (const spelling of SPELLINGS[field]) {
    const found = file.names.findIndex((name) => columnName(name) === spelling);
    if (found !== -1) return found;
  }
  const known = seriesColumns(file);
  const [only] = known;
  if (field === 'close' && only !== undefined && known.length === 1) return file.names.indexOf(only);
  throw new RefusalError(
    refuse(
      'COLUMN_NEEDED',
      `${query.indicator} needs the column "${field}"; ${file.path} has ${known.join(', ') || 'no column of numbers'}.`,
      { value: field },
    ).error,
  );
}

function barAt(definition: IndicatorDefinition, values: readonly Float64Array[], index: number): IndicatorBar {
  const field = (name: BarField): number => {
    const column = definition.inputs.indexOf(name);
    return column === -1 ? Number.NaN : (values[column]?.[index] ?? Number.NaN);
  };
  return {
    open: field('open'),
    high: field('high'),
    low: field('low'),
    close: field('close'),
    volume: field('volume'),
  };
}

/** An indicator over the bars of a file. Throws RefusalError with what to do about it. */
export async function indicatorOfFile(query: IndicatorQuery): Promise<FileIndicator> {
  const definition = accepted(findIndicator(query.indicator));
  const params = accepted(readIndicatorParameters(definition, query.parameters));
  const file = await readSeriesFile(query.path);
  const symbol = file.symbol === -1 ? null : findSymbol(file, query.symbol);
  const fields = definition.inputs.map((field) => fieldColumn(file, field, query));
  if (symbol === null && query.symbol !== null && definition.inputs.includes('close') && query.column === null) {
    // In a file without symbols FILE:NAME names a column, as in `metrics`.
    fields[definition.inputs.indexOf('close')] = findColumn(file, query.symbol);
  }
  const series = takeSeries(file, { symbol, columns: fields, positive: false, complete: true, strict: query.strict });
  const indicator = definition.create(params);
  const rows = series.labels.map((_, index) => indicator.update(barAt(definition, series.values, index)));
  return {
    indicator: definition.name,
    params,
    warmup: definition.warmup(params),
    columns: Object.fromEntries(
      definition.columns.map((column, index) => [column, rows.map((row) => row?.[index] ?? null)]),
    ),
    times: series.labels,
    description: definition.description,
    data: series.report,
  };
}
