import { Decimal } from '../domain/decimal.ts';
import { type Instrument, priceDecimal, quantityDecimal } from '../domain/instrument.ts';
import type { Trade } from '../domain/market-data.ts';
import type { EpochMs, PriceUnits } from '../domain/units.ts';

export interface BenchmarkFigures {
  readonly trades: number;
  readonly volume: Decimal;
  /** Sum of price x quantity / volume; null without volume. */
  readonly vwap: Decimal | null;
  /** Mean of the last price known (ts <= instant) at from, from + 1 s, ... before to; null when none was known. */
  readonly twap: Decimal | null;
  readonly first: PriceUnits | null;
  readonly last: PriceUnits | null;
  readonly high: PriceUnits | null;
  readonly low: PriceUnits | null;
  /** Volume in which the buyer took. */
  readonly takerBuyVolume: Decimal;
}

const SECOND_MS = 1000;

/**
 * VWAP, TWAP and range of the trades with from <= ts < to, the yardsticks of execution analysis. Trades come in time
 * order; those before `from` only tell the price known at `from`.
 */
export class IntervalBenchmark {
  private readonly instrument: Instrument;
  private readonly from: EpochMs;
  private readonly to: EpochMs;
  private trades = 0;
  private volume = 0n;
  private notional = 0n;
  private takerBuy = 0n;
  private first: PriceUnits | null = null;
  private last: PriceUnits | null = null;
  private high: PriceUnits | null = null;
  private low: PriceUnits | null = null;
  private known: PriceUnits | null = null;
  private nextSample: EpochMs;
  private sampleSum = 0n;
  private samples = 0;

  constructor(instrument: Instrument, from: EpochMs, to: EpochMs) {
    this.instrument = instrument;
    this.from = from;
    this.to = to;
    this.nextSample = from;
  }

  onTrade(trade: Trade): void {
    this.sampleBefore(Math.min(trade.ts, this.to));
    this.known = trade.price;
    if (trade.ts < this.from || trade.ts >= this.to) return;
    const quantity = BigInt(trade.quantity);
    this.trades += 1;
    this.volume += quantity;
    this.notional += BigInt(trade.price) * quantity;
    if (trade.aggressor === 'buy') this.takerBuy += quantity;
    this.first ??= trade.price;
    this.last = trade.price;
    this.high = this.high === null ? trade.price : Math.max(this.high, trade.price);
    this.low = this.low === null ? trade.price : Math.min(this.low, trade.price);
  }

  figures(): BenchmarkFigures {
    this.sampleBefore(this.to);
    const { instrument } = this;
    const unit = priceDecimal(instrument, 1);
    const volume = new Decimal(this.volume.toString());
    const mean = (sum: bigint, count: Decimal | number): Decimal => new Decimal(sum.toString()).times(unit).div(count);
    return {
      trades: this.trades,
      volume: volume.times(quantityDecimal(instrument, 1)),
      vwap: this.volume === 0n ? null : mean(this.notional, volume),
      twap: this.samples === 0 ? null : mean(this.sampleSum, this.samples),
      first: this.first,
      last: this.last,
      high: this.high,
      low: this.low,
      takerBuyVolume: new Decimal(this.takerBuy.toString()).times(quantityDecimal(instrument, 1)),
    };
  }

  /** Samples at every second that lies before `end`; one before the first trade has no price and does not count. */
  private sampleBefore(end: EpochMs): void {
    for (; this.nextSample < end; this.nextSample += SECOND_MS) {
      if (this.known === null) continue;
      this.samples += 1;
      this.sampleSum += BigInt(this.known);
    }
  }
}
