import type { BarView, Timeframe as TimeframeName } from '../../contract/types.ts';
import { type Instrument, priceText, quantityText } from '../../domain/instrument.ts';
import type { Bar, Trade } from '../../domain/market-data.ts';
import type { EpochMs } from '../../domain/units.ts';
import {
  barEnd,
  barGrid,
  type BarGrid,
  barStart,
  bucketOf,
  parseTimeframe,
  type Timeframe,
} from '../../market/timeframe.ts';
import { Emitter } from './emitter.ts';
import type { FormingBar } from './market-line.ts';

export function timeframeOf(name: TimeframeName): Timeframe {
  const read = parseTimeframe(name);
  if (!read.ok) throw new RangeError(read.error.sentence);
  return read.value;
}

/** A volume is no money: beyond 2^53 units it is rounded. */
export function volumeText(instrument: Instrument, volume: number): string {
  return quantityText(instrument, Math.min(Math.round(volume), Number.MAX_SAFE_INTEGER));
}

export function barView(
  instrument: Instrument,
  bar: Pick<Bar, 'start' | 'open' | 'high' | 'low' | 'close' | 'volume'>,
  closed: boolean,
): BarView {
  return {
    start: Math.trunc(bar.start),
    open: priceText(instrument, bar.open),
    high: priceText(instrument, bar.high),
    low: priceText(instrument, bar.low),
    close: priceText(instrument, bar.close),
    volume: volumeText(instrument, bar.volume),
    closed,
  };
}

/** Bars of one instrument and timeframe as they form, for those who watch. Formatted when told, not at every trade. */
export class BarStream {
  readonly news: Emitter<[BarView]>;
  readonly #instrument: Instrument;
  readonly #timeframe: Timeframe;
  readonly #grid: BarGrid;
  #forming: FormingBar | null;
  #done: FormingBar[] = [];
  #dirty = false;

  /** `forming`: what there is of the present bar already. */
  constructor(instrument: Instrument, timeframe: Timeframe, forming: Bar | null, onFault: (error: unknown) => void) {
    this.news = new Emitter(onFault);
    this.#instrument = instrument;
    this.#timeframe = timeframe;
    this.#grid = barGrid(instrument.calendar);
    this.#forming = forming === null ? null : { ...forming, end: this.#endOf(forming.start) };
  }

  take(trade: Trade): void {
    const { price, quantity, ts } = trade;
    const bucket = bucketOf(ts, this.#timeframe, this.#grid);
    const start = barStart(bucket, this.#timeframe, this.#grid);
    let bar = this.#forming;
    if (bar !== null && start < bar.start) return;
    this.#dirty = true;
    if (bar === null || start > bar.start) {
      if (bar !== null) this.#done.push(bar);
      bar = { start, end: this.#endOf(start), open: price, high: price, low: price, close: price, volume: quantity };
      this.#forming = bar;
      return;
    }
    if (price > bar.high) bar.high = price;
    if (price < bar.low) bar.low = price;
    bar.close = price;
    bar.volume += quantity;
  }

  /** Tells what changed. A bar whose end has come is closed without waiting for the next trade. */
  tell(now: EpochMs): void {
    const bar = this.#forming;
    if (bar !== null && now >= bar.end) {
      this.#done.push(bar);
      this.#forming = null;
      this.#dirty = false;
    }
    for (const done of this.#done) this.news.emit(barView(this.#instrument, done, true));
    this.#done = [];
    if (!this.#dirty || this.#forming === null) return;
    this.#dirty = false;
    this.news.emit(barView(this.#instrument, this.#forming, false));
  }

  #endOf(start: EpochMs): EpochMs {
    return barEnd(bucketOf(start, this.#timeframe, this.#grid), this.#timeframe, this.#grid);
  }
}
