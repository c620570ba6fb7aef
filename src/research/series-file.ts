import { refuse, RefusalError } from '../domain/refusal.ts';
import { columnName, eachLine, separatorOf, splitRow } from '../market/feeds/csv-rows.ts';
import { parseTime } from '../market/feeds/csv-time.ts';
import { lineChunks } from '../market/feeds/file-lines.ts';
import { nearestName } from '../strategies/nearest-name.ts';

const TIME_COLUMNS = new Set(
  'date datetime timestamp time open_time minute day month period start index open_time_ms timestamp_ms date_time'.split(
    ' ',
  ),
);
const SYMBOL_COLUMNS = new Set(['symbol', 'ticker', 'instrument', 'tradingsymbol', 'pair', 'coin', 'name']);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?%?$/;
/** Binance kline dumps have no header: open time, open, high, low, close, volume, and sometimes six more. */
const KLINE = ['open_time', 'open', 'high', 'low', 'close', 'volume'];

export interface FileRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** A CSV of series with one row per period, wide (a column per series) or long (a symbol column). */
export interface SeriesFile {
  readonly path: string;
  readonly names: readonly string[];
  /** Column numbers, -1 when there is none. */
  readonly time: number;
  readonly symbol: number;
  readonly rows: readonly FileRow[];
}

function fail(code: string, sentence: string, value: string): never {
  throw new RefusalError(refuse(code, sentence, { value }).error);
}

function isNumber(cell: string): boolean {
  return NUMBER.test(cell.trim());
}

function looksLikeTime(cell: string): boolean {
  return !Number.isNaN(parseTime(cell.trim(), 0));
}

/** Names of the columns when the first line holds data already, null when it is a header. */
function namesWithoutHeader(cells: readonly string[]): string[] | null {
  const [first = '', ...rest] = cells;
  const numbers = rest.every((cell) => isNumber(cell) || cell.trim() === '');
  if (!numbers || !(isNumber(first) || looksLikeTime(first))) return null;
  const epoch = /^\d{10,19}$/.test(first.trim());
  if (epoch && [6, 11, 12].includes(cells.length)) return cells.map((_, index) => KLINE[index] ?? `column${index + 1}`);
  return cells.map((_, index) => (index === 0 && looksLikeTime(first) ? 'date' : `column${index + 1}`));
}

function timeColumn(names: readonly string[], first: FileRow | undefined): number {
  const named = names.findIndex((name) => TIME_COLUMNS.has(columnName(name)));
  if (named !== -1) return named;
  const cell = first?.cells[0]?.trim() ?? '';
  // An unnamed first column is an index; a first column of dates is one whatever its name.
  return names[0]?.trim() === '' || (!isNumber(cell) && looksLikeTime(cell)) ? 0 : -1;
}

/** Reads a whole file, gzip or not. Throws RefusalError when it cannot be read or holds no rows. */
export async function readSeriesFile(path: string): Promise<SeriesFile> {
  let separator = '';
  let names: string[] = [];
  const rows: FileRow[] = [];
  let line = 0;
  for await (const chunk of lineChunks(path)) {
    eachLine(chunk, (text) => {
      line += 1;
      if (text.trim() === '') return;
      if (separator === '') separator = separatorOf(text);
      const cells = splitRow(text, separator);
      if (names.length === 0) {
        const invented = namesWithoutHeader(cells);
        names = invented ?? cells.map((cell) => cell.trim());
        if (invented === null) return;
      }
      rows.push({ cells, line });
    });
  }
  if (rows.length === 0) {
    fail('DATA_EMPTY', `${path}: there is no row of data; a CSV with a header line and numbers is needed.`, path);
  }
  const time = timeColumn(names, rows[0]);
  const symbol = names.findIndex((name, index) => index !== time && SYMBOL_COLUMNS.has(columnName(name)));
  return { path, names, time, symbol, rows };
}

/** The symbols of a long file in order of appearance. */
export function symbolsOf(file: SeriesFile): string[] {
  return [...new Set(file.rows.map(({ cells }) => cells[file.symbol]?.trim() ?? ''))].filter((name) => name !== '');
}

function listed(names: readonly string[]): string {
  return names.length <= 15 ? names.join(', ') : `${names.slice(0, 15).join(', ')} and ${names.length - 15} more`;
}

function hint(wanted: string, known: readonly string[]): string {
  const nearest = nearestName(wanted, known);
  return nearest === null ? '' : ` Did you mean "${nearest}"?`;
}

/** The file's own spelling of a symbol; the only one when none is wanted. Refuses SYMBOL_UNKNOWN, SYMBOL_NEEDED. */
export function findSymbol(file: SeriesFile, wanted: string | null): string {
  const known = symbolsOf(file);
  if (wanted === null) {
    const [only] = known;
    if (only !== undefined && known.length === 1) return only;
    return fail('SYMBOL_NEEDED', `${file.path} holds ${listed(known)}; name one as FILE:SYMBOL.`, '');
  }
  const found = known.find((name) => name.toLowerCase() === wanted.toLowerCase());
  return (
    found ??
    fail(
      'SYMBOL_UNKNOWN',
      `${file.path} has no symbol "${wanted}"; it has ${listed(known)}.${hint(wanted, known)}`,
      wanted,
    )
  );
}

/** Columns that can hold a series: not the time, not the symbol, with a number somewhere. */
export function seriesColumns(file: SeriesFile): string[] {
  return file.names.filter(
    (_, index) =>
      index !== file.time && index !== file.symbol && file.rows.some(({ cells }) => isNumber(cells[index] ?? '')),
  );
}

/** Number of a named column. Refuses COLUMN_UNKNOWN with the columns there are. */
export function findColumn(file: SeriesFile, wanted: string): number {
  const exact = file.names.indexOf(wanted);
  if (exact !== -1) return exact;
  const found = file.names.findIndex((name) => columnName(name) === columnName(wanted));
  if (found !== -1) return found;
  const known = seriesColumns(file);
  return fail(
    'COLUMN_UNKNOWN',
    `${file.path} has no column "${wanted}"; it has ${listed(known)}.${hint(wanted, known)}`,
    wanted,
  );
}

/** The value of a cell; NaN for an empty one or a word for "no data"; undefined when it is not a number. */
export function cellValue(cell: string | undefined): number | undefined {
  const text = (cell ?? '').trim();
  if (/^(|nan|na|n\/a|#n\/a|null|none|-)$/i.test(text)) return Number.NaN;
  if (!NUMBER.test(text)) return undefined;
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
