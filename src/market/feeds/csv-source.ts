import type { EpochMs } from '../../domain/units.ts';
import { IST_OFFSET_MS } from '../../clock/ist.ts';
import type { CsvLayout } from './csv-layout.ts';
import { eachLine, splitRow } from './csv-rows.ts';
import { parseTime } from './csv-time.ts';
import { lineChunks } from './file-lines.ts';
import { natureOf, plainSymbol, type NameHints } from './name-hints.ts';
import type { RowTally } from './row-tally.ts';

/** One CSV file with what is known about it before its rows are read. */
export interface CsvSource {
  readonly path: string;
  readonly layout: CsvLayout;
  readonly hints: NameHints;
  /** The symbol asked for: filters a symbol column, names the instrument where there is none. */
  readonly wanted: string | null;
}

/** Calls back for each data row with its cells and line number; blank lines and repeated headers are accounted for. */
export async function* csvChunks(
  source: CsvSource,
  tally: RowTally | null,
  row: (cells: readonly string[], line: number) => void,
): AsyncGenerator<void> {
  const { separator, header } = source.layout;
  let line = 0;
  let headerSeen = header === null;
  const onLine = (text: string): void => {
    line += 1;
    const blank = text.trim() === '';
    if (!headerSeen) {
      headerSeen = !blank;
      return;
    }
    if (tally !== null) tally.read += 1;
    if (blank) tally?.drop('blank-line', line);
    else if (text === header) tally?.drop('repeated-header', line);
    else row(splitRow(text, separator), line);
  };
  for await (const chunk of lineChunks(source.path)) {
    eachLine(chunk, onLine);
    yield;
  }
}

/** Symbol of a row, null when it is another than the one asked for. Remembers the last cell: files repeat it. */
export class RowSymbol {
  private readonly source: CsvSource;
  private lastCell = '';
  private lastSymbol: string | null = null;

  constructor(source: CsvSource) {
    this.source = source;
    if (source.layout.symbol === -1) this.lastSymbol = source.wanted ?? source.hints.symbol;
  }

  of(cells: readonly string[]): string | null {
    const column = this.source.layout.symbol;
    if (column === -1) return this.lastSymbol;
    const cell = cells[column] ?? '';
    if (cell !== this.lastCell || this.lastSymbol === null) {
      this.lastCell = cell;
      const symbol = plainSymbol(cell);
      this.lastSymbol = this.source.wanted === null || this.source.wanted === symbol ? symbol : null;
    }
    return this.lastSymbol;
  }
}

/** East of UTC of times without offset: Indian time for NSE data, else UTC. */
export function zoneOffset(source: CsvSource, symbol: string): number {
  if (source.layout.format === 'nse-ticks') return IST_OFFSET_MS;
  return natureOf(symbol, source.hints, false).calendar === 'nse' ? IST_OFFSET_MS : 0;
}

export function timeCell(cells: readonly string[], column: number, zone: number): EpochMs {
  const cell = column === -1 ? '' : (cells[column] ?? '').trim();
  return cell === '' ? Number.NaN : parseTime(cell, zone);
}
