import type { DataReport } from '../domain/market-data.ts';
import { parseTime } from '../market/feeds/csv-time.ts';
import { RowTally, type DropReason } from '../market/feeds/row-tally.ts';
import { cellValue, type FileRow, type SeriesFile } from './series-file.ts';

/** Columns of one file or symbol over the same periods, oldest first. */
export interface Series {
  /** The time as the file writes it; the row's number where it has none. */
  readonly labels: readonly string[];
  /** One array per requested column; NaN where the file has no data. */
  readonly values: readonly Float64Array[];
  /** read = kept + dropped, over the rows of the whole file. */
  readonly report: DataReport;
}

export interface SeriesOptions {
  /** Rows of this symbol only. */
  readonly symbol: string | null;
  /** Column numbers. */
  readonly columns: readonly number[];
  /** A value must be above zero. */
  readonly positive: boolean;
  /** A row without a value in every column is dropped instead of being a gap. */
  readonly complete: boolean;
  /** Throw RefusalError on the first bad line instead of leaving it out. */
  readonly strict: boolean;
}

interface TimedRow {
  readonly row: FileRow;
  readonly label: string;
  readonly time: number;
}

/** Newest first is a common way to publish prices: turned round when not one row disagrees. */
function oldestFirst(rows: TimedRow[]): TimedRow[] {
  const newestFirst =
    rows.length > 1 &&
    (rows[0]?.time ?? 0) > (rows.at(-1)?.time ?? 0) &&
    rows.every(({ time }, index) => index === 0 || time <= (rows[index - 1]?.time ?? 0));
  return newestFirst ? rows.toReversed() : rows;
}

/** Takes columns out of a file, in order of time and free of bad rows, each of which is counted with its reason. */
export function takeSeries(file: SeriesFile, options: SeriesOptions): Series {
  const tally = new RowTally(file.path, options.strict);
  const timed: TimedRow[] = [];
  const dated = file.time !== -1 && file.rows.some(({ cells }) => !Number.isNaN(timeOf(cells[file.time])));
  for (const row of file.rows) {
    tally.read += 1;
    if (options.symbol !== null && row.cells[file.symbol]?.trim() !== options.symbol) {
      tally.drop('other-symbol', row.line);
      continue;
    }
    const label = file.time === -1 ? String(timed.length + 1) : (row.cells[file.time]?.trim() ?? '');
    const time = dated ? timeOf(label) : timed.length;
    if (Number.isNaN(time)) tally.drop('bad-time', row.line);
    else timed.push({ row, label, time });
  }

  const labels: string[] = [];
  const values: number[][] = options.columns.map(() => []);
  let last = Number.NEGATIVE_INFINITY;
  for (const { row, label, time } of oldestFirst(timed)) {
    const cells = options.columns.map((column) => cellValue(row.cells[column]));
    const problem = time === last ? 'duplicate' : time < last ? 'out-of-order' : rowProblem(cells, options);
    if (problem !== null) {
      tally.drop(problem, row.line);
      continue;
    }
    last = time;
    labels.push(label);
    cells.forEach((value, index) => values[index]?.push(value ?? Number.NaN));
  }
  return { labels, values: values.map((column) => Float64Array.from(column)), report: tally.report() };
}

function timeOf(cell: string | undefined): number {
  return parseTime((cell ?? '').trim(), 0);
}

function rowProblem(cells: readonly (number | undefined)[], options: SeriesOptions): DropReason | null {
  if (cells.some((value) => value === undefined)) return 'not-a-number';
  if (options.complete && cells.some((value) => Number.isNaN(value))) return 'missing-field';
  if (options.positive && cells.some((value) => value !== undefined && value <= 0)) return 'not-positive';
  return null;
}
