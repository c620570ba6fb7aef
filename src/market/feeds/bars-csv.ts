import { BarTable } from './bar-table.ts';
import { csvChunks, RowSymbol, timeCell, zoneOffset, type CsvSource } from './csv-source.ts';
import { hasOffset, isDateOnly } from './csv-time.ts';
import { NumberCell } from './number-cell.ts';
import type { RowTally } from './row-tally.ts';

/** Reads a bar file into one table per symbol; several files of one symbol go into the same table. */
export async function loadBars(source: CsvSource, tally: RowTally, tables: Map<string, BarTable>): Promise<void> {
  const { time } = source.layout;
  const column = {
    open: source.layout.columns['open'] ?? -1,
    high: source.layout.columns['high'] ?? -1,
    low: source.layout.columns['low'] ?? -1,
    close: source.layout.columns['close'] ?? -1,
    volume: source.layout.columns['volume'] ?? -1,
  };
  const symbols = new RowSymbol(source);
  const cell = new NumberCell();
  const row = { start: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };
  let table: BarTable | null = null;
  let zone = 0;
  let decimals = 0;

  const price = (cells: readonly string[], at: number): number => {
    if (!cell.read(cells[at] ?? '')) return Number.NaN;
    if (cell.decimals > decimals) decimals = cell.decimals;
    return cell.value;
  };

  const take = (cells: readonly string[], line: number): void => {
    const symbol = symbols.of(cells);
    if (symbol === null) return tally.drop('other-symbol', line);
    if (symbol === '' || cells.length <= Math.max(time, column.close, column.volume)) {
      return tally.drop('missing-field', line);
    }
    if (table === null || table.symbol !== symbol) {
      table = tables.get(symbol) ?? new BarTable(symbol);
      zone = zoneOffset(source, symbol);
      // Known only once a row has been read: says whether naive times of the file are Indian.
      const stamp = (cells[time] ?? '').trim();
      if (table.length === 0) {
        table.dateOnly = isDateOnly(stamp);
        table.indianTime = hasOffset(stamp) && /\+05:?30$/.test(stamp);
      }
    }
    decimals = 0;
    row.start = timeCell(cells, time, zone);
    row.open = price(cells, column.open);
    row.high = price(cells, column.high);
    row.low = price(cells, column.low);
    row.close = price(cells, column.close);
    const priceDecimals = decimals;
    decimals = 0;
    row.volume = column.volume === -1 ? 0 : price(cells, column.volume);
    if (Number.isNaN(row.start)) return tally.drop('bad-time', line);
    if (Number.isNaN(row.open + row.high + row.low + row.close + row.volume)) return tally.drop('not-a-number', line);
    if (!(row.open > 0 && row.high > 0 && row.low > 0 && row.close > 0 && row.volume >= 0)) {
      return tally.drop('not-positive', line);
    }
    if (row.high < Math.max(row.open, row.close, row.low) || row.low > Math.min(row.open, row.close)) {
      return tally.drop('bad-ohlc', line);
    }
    tables.set(symbol, table);
    table.priceDecimals = Math.max(table.priceDecimals, priceDecimals);
    table.volumeDecimals = Math.max(table.volumeDecimals, decimals);
    table.add(row, line, tally);
  };

  // oxlint-disable-next-line no-unused-vars -- the chunks are worked off in `take`
  for await (const _ of csvChunks(source, tally, take));
}
