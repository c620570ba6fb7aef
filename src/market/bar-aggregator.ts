import type { Instrument } from '../domain/instrument.ts';
import type { Bar, Quote, Trade } from '../domain/market-data.ts';
import { refuse, type Result, ok } from '../domain/refusal.ts';
import type { EpochMs, PriceUnits } from '../domain/units.ts';
import { barEnd, barGrid, type BarGrid, barStart, bucketOf, DAY_MS, type Timeframe } from './timeframe.ts';

export interface BarAggregatorOptions {
  readonly instrument: Instrument;
  readonly timeframe: Timeframe;
  /** Called with every finished bar, oldest first. */
  readonly emit: (bar: Bar) => void;
  /**
   * What becomes of an interval without data. none (default): no bar, as in the exchanges' own files of trades.
   * carry: a flat bar at the last close with volume 0, within a trading day.
   */
  readonly gaps?: 'none' | 'carry';
  /** advanceTo waits this long past a bar's end for trades that are still under way, ms; default 0. */
  readonly graceMs?: number;
  /** Which price of a quote makes a bar; mid prices are rounded down to a whole unit. */
  readonly quotePrice?: 'bid' | 'ask' | 'mid';
}

/**
 * Makes bars of one instrument out of its trades, its quotes or finer bars (feed it one of the three). Events are placed
 * by their event time. An event for a bar that is out already is late: counted, not used, since bars never change.
 */
export class BarAggregator {
  /** Events that came after their bar was out. */
  late = 0;
  private readonly options: BarAggregatorOptions;
  private readonly grid: BarGrid;
  private bucket = Number.NEGATIVE_INFINITY;
  private open: PriceUnits = 0;
  private high: PriceUnits = 0;
  private low: PriceUnits = 0;
  private close: PriceUnits = 0;
  private volume = 0;
  /** Event times that the open and close prices belong to. */
  private openTs: EpochMs = 0;
  private closeTs: EpochMs = 0;
  private hasData = false;
  private lastClose: PriceUnits = 0;

  constructor(options: BarAggregatorOptions) {
    this.options = options;
    this.grid = barGrid(options.instrument.calendar);
  }

  onTrade(trade: Trade): void {
    if (this.enter(trade.ts))
      this.add(trade.ts, trade.ts, trade.price, trade.price, trade.price, trade.price, trade.quantity);
  }

  /** Only quotes with the price that is asked for count. */
  onQuote(quote: Quote): void {
    const kind = this.options.quotePrice ?? 'mid';
    const bothSides = quote.bid > 0 && quote.ask > 0;
    const price =
      kind === 'bid' ? quote.bid : kind === 'ask' ? quote.ask : bothSides ? Math.floor((quote.bid + quote.ask) / 2) : 0;
    if (price > 0 && this.enter(quote.ts)) this.add(quote.ts, quote.ts, price, price, price, price, 0);
  }

  onBar(bar: Bar): void {
    if (!this.enter(bar.start)) return;
    this.add(bar.start, bar.ts, bar.open, bar.high, bar.low, bar.close, bar.volume);
    // The last finer bar of an interval completes it. A day may still see bars after its nominal close.
    const { timeframe } = this.options;
    if (timeframe.ms < DAY_MS && bar.ts >= barEnd(this.bucket, timeframe, this.grid)) this.finish();
  }

  /** Closes the bar whose end has come. The caller passes event time, not its own clock's. */
  advanceTo(now: EpochMs): void {
    const due = now - (this.options.graceMs ?? 0);
    if (this.hasData && due >= barEnd(this.bucket, this.options.timeframe, this.grid)) this.finish();
    if (this.options.gaps === 'carry' && this.bucket > Number.NEGATIVE_INFINITY) {
      this.carryTo(bucketOf(due, this.options.timeframe, this.grid));
    }
  }

  /** Closes the bar in progress although its end has not come: the data is over. */
  flush(): void {
    if (this.hasData) this.finish();
  }

  /** Makes the bucket of `ts` the current one; false when that bucket is out already. */
  private enter(ts: EpochMs): boolean {
    const bucket = bucketOf(ts, this.options.timeframe, this.grid);
    if (bucket === this.bucket && this.hasData) return true;
    if (bucket <= this.bucket) {
      this.late += 1;
      return false;
    }
    if (this.hasData) this.finish();
    if (this.options.gaps === 'carry' && this.bucket > Number.NEGATIVE_INFINITY) this.carryTo(bucket);
    this.bucket = bucket;
    return true;
  }

  private add(
    firstTs: EpochMs,
    lastTs: EpochMs,
    open: PriceUnits,
    high: PriceUnits,
    low: PriceUnits,
    close: PriceUnits,
    volume: number,
  ): void {
    if (!this.hasData) {
      this.hasData = true;
      this.open = open;
      this.high = high;
      this.low = low;
      this.close = close;
      this.volume = volume;
      this.openTs = firstTs;
      this.closeTs = lastTs;
      return;
    }
    if (high > this.high) this.high = high;
    if (low < this.low) this.low = low;
    this.volume += volume;
    if (firstTs < this.openTs) {
      this.open = open;
      this.openTs = firstTs;
    }
    if (lastTs >= this.closeTs) {
      this.close = close;
      this.closeTs = lastTs;
    }
  }

  private finish(): void {
    this.hasData = false;
    this.lastClose = this.close;
    this.out(this.bucket, this.open, this.high, this.low, this.close, this.volume);
  }

  /** Flat bars for the whole intervals between the current bucket and `next`, none across a change of trading day. */
  private carryTo(next: EpochMs): void {
    const { timeframe } = this.options;
    const close = this.lastClose;
    for (let bucket = this.bucket + timeframe.ms; bucket < next; bucket += timeframe.ms) {
      this.bucket = bucket;
      if (this.isTrading(bucket)) this.out(bucket, close, close, close, close, 0);
    }
  }

  private isTrading(bucket: EpochMs): boolean {
    const { zoneOffset, dayOpen, dayClose } = this.grid;
    if (dayClose - dayOpen === DAY_MS) return true;
    if (this.options.timeframe.ms >= DAY_MS) return false;
    const sameDay = Math.floor((bucket + zoneOffset) / DAY_MS) === Math.floor((this.closeTs - 1 + zoneOffset) / DAY_MS);
    const timeOfDay = (((bucket + zoneOffset) % DAY_MS) + DAY_MS) % DAY_MS;
    return sameDay && timeOfDay >= dayOpen && timeOfDay < dayClose;
  }

  private out(
    bucket: EpochMs,
    open: PriceUnits,
    high: PriceUnits,
    low: PriceUnits,
    close: PriceUnits,
    volume: number,
  ): void {
    const { instrument, timeframe, emit } = this.options;
    const end = barEnd(bucket, timeframe, this.grid);
    const start = barStart(bucket, timeframe, this.grid);
    emit({ kind: 'bar', instrument: instrument.id, ts: end, at: end, start, open, high, low, close, volume });
  }
}

/** Refuses TIMEFRAME_FINER when bars as long as `bar` cannot be cut into `timeframe`. */
export function checkAggregable(bar: Bar, timeframe: Timeframe): Result<null> {
  const length = bar.ts - bar.start;
  if (length <= timeframe.ms) return ok(null);
  const sentence = `The data has bars of ${length / 60_000} minutes, which cannot be cut into ${timeframe.name}; ask for a longer timeframe.`;
  return refuse('TIMEFRAME_FINER', sentence, { value: String(length), limit: String(timeframe.ms) });
}
