import { IST_OFFSET_MS } from '../../clock/ist.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Trade } from '../../domain/market-data.ts';
import type { EpochMs } from '../../domain/units.ts';
import { csvChunks, RowSymbol, timeCell, type CsvSource } from './csv-source.ts';
import { dayNumber } from './csv-time.ts';
import type { GridEvidence } from './infer-instrument.ts';
import { digitsFor, NumberCell, toUnits } from './number-cell.ts';
import type { RowTally } from './row-tally.ts';

const HOUR_MS = 3_600_000;
const OPEN_MS = 9.25 * HOUR_MS;
const CLOSE_MS = 15.5 * HOUR_MS;
const DAY_MS = 86_400_000;
/** A day with at least this share of the busiest day's rows is a session of the file; the rest is stray rows. */
const SESSION_SHARE = 1 / 3;

interface TickRow {
  readonly ts: EpochMs;
  readonly price: number;
  readonly cumulative: number;
  readonly line: number;
}

/** The ticks of one symbol from one file: last traded price and the day's cumulative volume, one second resolution. */
export class NseTicks {
  readonly symbol: string;
  private readonly tally: RowTally;
  private readonly rows: TickRow[] = [];
  private decimals = 0;
  private largest = 0;
  private fivePaise = true;

  constructor(symbol: string, tally: RowTally) {
    this.symbol = symbol;
    this.tally = tally;
  }

  add(ts: EpochMs, price: NumberCell, cumulative: number, line: number): void {
    this.rows.push({ ts, price: price.value, cumulative, line });
    this.decimals = Math.max(this.decimals, price.decimals);
    this.largest = Math.max(this.largest, price.value);
    if (Math.abs(price.value * 20 - Math.round(price.value * 20)) > 1e-6) this.fivePaise = false;
  }

  evidence(): GridEvidence {
    const priceDigits = digitsFor(this.decimals, this.largest);
    const { largest, fivePaise } = this;
    return { priceDigits, quantityDigits: 0, largestPrice: largest, allOnFivePaise: fivePaise, indianTime: true };
  }

  /**
   * Rows of the session day with 09:15:00 <= t < 15:30:00 IST in time order (equal times keep the file's order).
   * A trade's quantity is the increase of the running maximum of the cumulative volume; it is 0 where only the price was
   * repeated or corrected, which still counts for high and low. Exact repetitions are dropped.
   */
  trades(instrument: Instrument): Trade[] {
    const days = this.sessionDays();
    const kept = this.rows.filter((row) => this.inSession(row, days));
    kept.sort((a, b) => a.ts - b.ts);
    const trades: Trade[] = [];
    let day = Number.NaN;
    let total = 0;
    let sameSecond = new Set<string>();
    let second = Number.NaN;
    for (const row of kept) {
      if (row.ts !== second) {
        second = row.ts;
        sameSecond = new Set();
      }
      const key = `${row.price}/${row.cumulative}`;
      if (sameSecond.has(key)) {
        this.tally.drop('duplicate', row.line);
        continue;
      }
      sameSecond.add(key);
      const rowDay = dayNumber(row.ts, IST_OFFSET_MS);
      if (rowDay !== day) total = 0;
      day = rowDay;
      const quantity = Math.max(0, row.cumulative - total);
      total += quantity;
      trades.push({
        kind: 'trade',
        instrument: instrument.id,
        ts: row.ts,
        at: row.ts,
        price: toUnits(row.price, instrument.priceDigits),
        quantity: toUnits(quantity, instrument.quantityDigits),
        aggressor: null,
        tradeId: null,
      });
    }
    return trades;
  }

  private inSession(row: TickRow, days: ReadonlySet<number>): boolean {
    const day = dayNumber(row.ts, IST_OFFSET_MS);
    if (!days.has(day)) {
      this.tally.drop('other-day', row.line);
      return false;
    }
    const timeOfDay = row.ts + IST_OFFSET_MS - day * DAY_MS;
    if (timeOfDay >= OPEN_MS && timeOfDay < CLOSE_MS) return true;
    this.tally.drop('out-of-session', row.line);
    return false;
  }

  /** The day in the file's name, else the days that hold a fair share of the rows. */
  private sessionDays(): ReadonlySet<number> {
    const counts = new Map<number, number>();
    for (const row of this.rows) {
      const day = dayNumber(row.ts, IST_OFFSET_MS);
      // Day 0 is a broken clock, never a session.
      if (day > 0) counts.set(day, (counts.get(day) ?? 0) + 1);
    }
    const named = [...this.tally.file.matchAll(/\d{4}-\d{2}-\d{2}/g)].map((match) => Date.parse(match[0]) / DAY_MS);
    const inName = new Set(named.filter((day) => counts.has(day)));
    if (inName.size === 1) return inName;
    const most = Math.max(0, ...counts.values());
    return new Set([...counts].filter(([, count]) => count >= most * SESSION_SHARE).map(([day]) => day));
  }
}

/** Reads a tick file; one NseTicks per symbol, in the order of first appearance. */
export async function loadNseTicks(source: CsvSource, tally: RowTally): Promise<NseTicks[]> {
  const { time, columns } = source.layout;
  const priceColumn = columns['price'] ?? -1;
  const volumeColumn = columns['volume'] ?? -1;
  const symbols = new RowSymbol(source);
  const bySymbol = new Map<string, NseTicks>();
  const price = new NumberCell();
  const volume = new NumberCell();
  const take = (cells: readonly string[], line: number): void => {
    const symbol = symbols.of(cells);
    if (symbol === null) return tally.drop('other-symbol', line);
    if (symbol === '' || cells.length <= Math.max(time, priceColumn, volumeColumn)) {
      return tally.drop('missing-field', line);
    }
    const ts = timeCell(cells, time, IST_OFFSET_MS);
    if (Number.isNaN(ts)) return tally.drop('bad-time', line);
    if (!price.read(cells[priceColumn] ?? '') || !volume.read(cells[volumeColumn] ?? '')) {
      return tally.drop('not-a-number', line);
    }
    if (!(price.value > 0) || !(volume.value >= 0)) return tally.drop('not-positive', line);
    let ticks = bySymbol.get(symbol);
    if (ticks === undefined) bySymbol.set(symbol, (ticks = new NseTicks(symbol, tally)));
    ticks.add(ts, price, volume.value, line);
  };
  // oxlint-disable-next-line no-unused-vars -- the chunks are worked off in `take`
  for await (const _ of csvChunks(source, tally, take));
  return [...bySymbol.values()];
}
