import type { Instrument } from '../../domain/instrument.ts';
import type { Bar } from '../../domain/market-data.ts';
import type { EpochMs } from '../../domain/units.ts';
import { barEnd, barGrid, barStart, DAY_MS } from '../timeframe.ts';
import { digitsFor, toUnits } from './number-cell.ts';
import type { GridEvidence } from './infer-instrument.ts';
import type { RowTally } from './row-tally.ts';

const MINUTE_MS = 60_000;

/** All bars of one symbol as columns, in the order of the files. Figures are doubles until the grid is known. */
export class BarTable {
  readonly symbol: string;
  priceDecimals = 0;
  volumeDecimals = 0;
  largestPrice = 0;
  largestVolume = 0;
  /** The time column holds days, not instants: `start` is then local midnight. */
  dateOnly = false;
  indianTime = false;
  private starts: EpochMs[] = [];
  private opens: number[] = [];
  private highs: number[] = [];
  private lows: number[] = [];
  private closes: number[] = [];
  private volumes: number[] = [];
  private lines: number[] = [];
  private tallies: RowTally[] = [];

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  get length(): number {
    return this.starts.length;
  }

  add(
    row: { start: EpochMs; open: number; high: number; low: number; close: number; volume: number },
    line: number,
    tally: RowTally,
  ): void {
    this.starts.push(row.start);
    this.opens.push(row.open);
    this.highs.push(row.high);
    this.lows.push(row.low);
    this.closes.push(row.close);
    this.volumes.push(row.volume);
    this.lines.push(line);
    this.tallies.push(tally);
    if (row.high > this.largestPrice) this.largestPrice = row.high;
    if (row.volume > this.largestVolume) this.largestVolume = row.volume;
  }

  evidence(): GridEvidence {
    const priceDigits = digitsFor(this.priceDecimals, this.largestPrice);
    return {
      priceDigits,
      quantityDigits: digitsFor(this.volumeDecimals, this.largestVolume),
      largestPrice: this.largestPrice,
      allOnFivePaise: this.opens.every((open, row) => fivePaise(open) && fivePaise(this.closes[row] ?? 0)),
      indianTime: this.indianTime,
    };
  }

  /** Bars oldest first. Drops repeated and backward times; a file that runs newest first is turned round. */
  bars(instrument: Instrument): Bar[] {
    const order = this.order();
    const usual = this.dateOnly ? DAY_MS : MINUTE_MS;
    const interval = typicalDistance(
      order.map((row) => this.starts[row] ?? 0),
      usual,
    );
    const bars: Bar[] = [];
    for (let at = 0; at < order.length; at += 1) {
      const row = order[at] ?? 0;
      const next = order[at + 1];
      const nextStart = next === undefined ? Number.POSITIVE_INFINITY : (this.starts[next] ?? 0);
      bars.push(this.bar(instrument, row, interval, nextStart));
    }
    return bars;
  }

  private bar(instrument: Instrument, row: number, interval: number, nextStart: EpochMs): Bar {
    const { priceDigits, quantityDigits } = instrument;
    const midnight = this.starts[row] ?? 0;
    const grid = barGrid(instrument.calendar);
    const day = { name: '1d', ms: DAY_MS };
    const start = this.dateOnly ? barStart(midnight, day, grid) : midnight;
    const end = this.dateOnly && interval === DAY_MS ? barEnd(midnight, day, grid) : midnight + interval;
    // A bar is over when the next one begins, even where the intervals of the file are uneven (months).
    const at = Math.min(end, nextStart);
    return {
      kind: 'bar',
      instrument: instrument.id,
      ts: at,
      at,
      start,
      open: toUnits(this.opens[row] ?? 0, priceDigits),
      high: toUnits(this.highs[row] ?? 0, priceDigits),
      low: toUnits(this.lows[row] ?? 0, priceDigits),
      close: toUnits(this.closes[row] ?? 0, priceDigits),
      volume: toUnits(this.volumes[row] ?? 0, quantityDigits),
    };
  }

  private order(): number[] {
    const rows = this.starts.map((_, row) => row);
    let backward = 0;
    for (let row = 1; row < rows.length; row += 1) {
      if ((this.starts[row] ?? 0) < (this.starts[row - 1] ?? 0)) backward += 1;
    }
    if (backward * 2 > rows.length) rows.reverse();
    const kept: number[] = [];
    let last = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      const start = this.starts[row] ?? 0;
      // One row dated ahead of both that follow must not make the rest of the file look late.
      const next = this.starts[rows[at + 1] ?? -1] ?? start;
      const afterNext = this.starts[rows[at + 2] ?? -1] ?? start;
      const spike = next < start && afterNext < start && next > last && afterNext > next;
      if (start > last && !spike) {
        kept.push(row);
        last = start;
      } else this.tallies[row]?.drop(start === last ? 'duplicate' : 'out-of-order', this.lines[row] ?? 0);
    }
    return kept;
  }
}

/** Prices come as doubles nearest to a decimal text, so twenty times a multiple of 0.05 is within an ulp of a whole number. */
function fivePaise(price: number): boolean {
  return Math.abs(price * 20 - Math.round(price * 20)) < 1e-6;
}

/** The most frequent distance between neighbours; `usual` when there are no neighbours. */
function typicalDistance(starts: readonly EpochMs[], usual: number): number {
  const counts = new Map<number, number>();
  for (let row = 1; row < starts.length; row += 1) {
    const distance = (starts[row] ?? 0) - (starts[row - 1] ?? 0);
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  let typical = usual;
  let most = 0;
  for (const [distance, count] of counts) {
    if (count > most || (count === most && distance < typical)) {
      most = count;
      typical = distance;
    }
  }
  return typical;
}
