import { calendarOf } from '../../clock/calendars.ts';
import type { MarketCalendar } from '../../clock/market-calendar.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Bar, MarketEvent, Trade } from '../../domain/market-data.ts';
import type { EpochMs, PriceUnits } from '../../domain/units.ts';
import { type Freshness, SymbolFreshness } from '../../market/staleness.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Three usual pauses are still live; ten are too old to trade on. */
const STALE_PAUSES = 10;
const STALE_MS = 10_000;

/** A bar in the making. */
export interface FormingBar {
  start: EpochMs;
  end: EpochMs;
  open: PriceUnits;
  high: PriceUnits;
  low: PriceUnits;
  close: PriceUnits;
  volume: number;
}

/** What the window shows of one instrument beside the price board: the day, the minute, the tape. Integers only. */
export class MarketLine {
  readonly instrument: Instrument;
  readonly calendar: MarketCalendar;
  readonly freshness: SymbolFreshness;
  readonly tape: (Trade | undefined)[];
  /** Place of the next trade in the ring. */
  tapeNext = 0;
  dayOpen: PriceUnits = 0;
  dayHigh: PriceUnits = 0;
  dayLow: PriceUnits = 0;
  dayVolume = 0;
  nextDay: EpochMs = Number.NEGATIVE_INFINITY;
  minute: FormingBar | null = null;
  /** End of the newest minute that is out; what comes late for it does not begin it again. */
  closedUntil: EpochMs = Number.NEGATIVE_INFINITY;
  /** The minute changed since it was last written down. */
  minuteDirty = false;
  /** Freshness as last told. */
  shown: Freshness = 'disconnected';

  constructor(instrument: Instrument, tapeSize: number, cadenceMs: number) {
    this.instrument = instrument;
    this.calendar = calendarOf(instrument);
    this.tape = Array.from<Trade | undefined>({ length: tapeSize });
    this.freshness = new SymbolFreshness({ cadenceMs, staleMs: Math.max(STALE_MS, STALE_PAUSES * cadenceMs) });
  }

  /** Takes a trade or quote over; returns the minute bar that it completed. */
  take(event: MarketEvent, now: EpochMs): Bar | null {
    this.freshness.onEvent(event.ts, now);
    if (event.ts >= this.nextDay) this.#newDay(event.ts);
    if (event.kind !== 'trade') return null;
    this.tape[this.tapeNext] = event;
    this.tapeNext = (this.tapeNext + 1) % this.tape.length;
    const { price, quantity } = event;
    if (this.dayOpen === 0) this.dayOpen = price;
    if (price > this.dayHigh) this.dayHigh = price;
    if (this.dayLow === 0 || price < this.dayLow) this.dayLow = price;
    this.dayVolume += quantity;
    return this.#intoMinute(event.ts, price, quantity);
  }

  /** Bars of the day from before this start, oldest first. */
  rememberDay(bars: readonly Bar[], from: EpochMs): void {
    let first = true;
    for (const bar of bars) {
      if (bar.start < from) continue;
      if (first) this.dayOpen = bar.open;
      first = false;
      if (bar.high > this.dayHigh) this.dayHigh = bar.high;
      if (this.dayLow === 0 || bar.low < this.dayLow) this.dayLow = bar.low;
      this.dayVolume += bar.volume;
    }
  }

  /** Completes the minute when its end has come without a trade. */
  closeMinute(now: EpochMs): Bar | null {
    const { minute } = this;
    if (minute === null || now < minute.end) return null;
    this.minute = null;
    this.closedUntil = minute.end;
    return this.barOf(minute);
  }

  barOf(minute: FormingBar): Bar {
    const { start, end, open, high, low, close, volume } = minute;
    return { kind: 'bar', instrument: this.instrument.id, ts: end, at: end, start, open, high, low, close, volume };
  }

  state(now: EpochMs): Freshness {
    return this.freshness.state(now, this.calendar.isOpen(now));
  }

  /** Oldest first. */
  trades(limit: number): Trade[] {
    const trades: Trade[] = [];
    const size = this.tape.length;
    for (let back = Math.min(limit, size); back >= 1; back -= 1) {
      const trade = this.tape[(this.tapeNext - back + size) % size];
      if (trade !== undefined) trades.push(trade);
    }
    return trades;
  }

  #newDay(ts: EpochMs): void {
    // The first event after the start belongs to the day whose bars are remembered beside it.
    if (this.nextDay !== Number.NEGATIVE_INFINITY) {
      this.dayOpen = 0;
      this.dayHigh = 0;
      this.dayLow = 0;
      this.dayVolume = 0;
    }
    this.nextDay = this.calendar.dayStart(ts) + DAY_MS;
  }

  #intoMinute(ts: EpochMs, price: PriceUnits, quantity: number): Bar | null {
    const start = Math.floor(ts / MINUTE_MS) * MINUTE_MS;
    let { minute } = this;
    // A late trade counts in the day only: bars never change once they are out.
    if (start < this.closedUntil || (minute !== null && start < minute.start)) return null;
    let done: Bar | null = null;
    if (minute !== null && start > minute.start) {
      done = this.barOf(minute);
      this.closedUntil = minute.end;
      minute = null;
    }
    this.minuteDirty = true;
    if (minute === null) {
      this.minute = {
        start,
        end: start + MINUTE_MS,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: quantity,
      };
      return done;
    }
    if (price > minute.high) minute.high = price;
    if (price < minute.low) minute.low = price;
    minute.close = price;
    minute.volume += quantity;
    return done;
  }
}
