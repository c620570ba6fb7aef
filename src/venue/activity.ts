import type { Instrument } from '../domain/instrument.ts';
import type { Bar, Trade } from '../domain/market-data.ts';
import type { PriceUnits } from '../domain/units.ts';
import type { VenueModel } from './model.ts';

const DAY_MS = 86_400_000;
/** 09:15 to 15:30. */
const NSE_SESSION_MS = 22_500_000;
const MINUTE_MS = 60_000;
/** Old data weigh 1/e after so many trading days. */
const MEMORY_DAYS = 20;
/** With fewer returns than this a volatility is no estimate. */
const ENOUGH = 5;

/** Length of one trading day of the instrument in ms. */
export function tradingDayMs(instrument: Instrument): number {
  return instrument.calendar === 'nse' ? NSE_SESSION_MS : DAY_MS;
}

/** Whether any part of the model asks how much is traded and how much prices move. */
export function needsActivity({ slippage, impact, behindTouch }: VenueModel): boolean {
  if (slippage.kind === 'volume-share' || behindTouch.kind === 'ladder') return true;
  return impact.kind !== 'none' && (impact.dailyVolatility === null || impact.dailyVolume === null);
}

/** Whether any fill depends on how much the market traded. */
export function usesVolume(model: VenueModel): boolean {
  return model.barVolumeShare > 0 || needsActivity(model);
}

/** Volume and volatility of one instrument from the bars or trades seen so far, never from later ones. */
export class Activity {
  /** Quantity units traded in the bar in progress where it is known, else in the last bar or full minute; 0 = unknown. */
  recentVolume = 0;
  private readonly dayMs: number;
  private observations = 0;
  private volume = 0;
  private volumeDays = 0;
  private squares = 0;
  private squareDays = 0;
  private lastClose: PriceUnits = 0;
  private minute = Number.NEGATIVE_INFINITY;
  private minuteVolume = 0;
  private minutePrice: PriceUnits = 0;

  constructor(instrument: Instrument) {
    this.dayMs = tradingDayMs(instrument);
  }

  /** A bar is over. */
  onBar(bar: Bar): void {
    if (bar.volume > 0) this.recentVolume = bar.volume;
    this.learn(bar.volume, bar.close, this.daysOf(bar.ts - bar.start));
  }

  onTrade(trade: Trade): void {
    const minute = Math.floor(trade.ts / MINUTE_MS);
    if (minute > this.minute) {
      if (this.minuteVolume > 0) {
        this.recentVolume = this.minuteVolume;
        // Minutes without a trade count as time, but not a night or a halt.
        const span = Math.min(minute - this.minute, 60) * MINUTE_MS;
        this.learn(this.minuteVolume, this.minutePrice, span / this.dayMs);
      }
      this.minute = minute;
      this.minuteVolume = 0;
    }
    this.minuteVolume += trade.quantity;
    this.minutePrice = trade.price;
  }

  /** Quantity units per trading day; 0 = unknown. */
  dailyVolume(): number {
    return this.observations < ENOUGH ? 0 : this.volume / this.volumeDays;
  }

  /** Standard deviation of the return of a trading day; 0 = unknown. */
  dailyVolatility(): number {
    return this.observations < ENOUGH ? 0 : Math.sqrt(this.squares / this.squareDays);
  }

  private learn(volume: number, close: PriceUnits, days: number): void {
    if (!(days > 0)) return;
    const keep = Math.exp(-days / MEMORY_DAYS);
    this.volume = this.volume * keep + volume;
    this.volumeDays = this.volumeDays * keep + days;
    if (this.lastClose > 0 && close > 0) {
      const change = Math.log(close / this.lastClose);
      this.squares = this.squares * keep + change * change;
      this.squareDays = this.squareDays * keep + days;
      this.observations += 1;
    }
    this.lastClose = close;
  }

  /** A bar of a day or more counts calendar days, however long the session of a day is. */
  private daysOf(span: number): number {
    return span >= 0.8 * DAY_MS ? Math.round(span / DAY_MS) : Math.min(1, span / this.dayMs);
  }
}
