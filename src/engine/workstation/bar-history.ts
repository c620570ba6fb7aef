import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { Bar } from '../../domain/market-data.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { MarketStore } from '../../journal/market-store.ts';
import { BarAggregator } from '../../market/bar-aggregator.ts';
import type { Timeframe } from '../../market/timeframe.ts';
import type { MarketSource } from './markets.ts';

const MINUTE_MS = 60_000;
/** Minute bars read for one chart at most: what keeps the answer within a few milliseconds. */
const MOST_MINUTES = 12_000;
/** An exchange that is open 375 of 1,440 minutes on five of seven days needs this much more calendar time, holidays included. */
const CALENDAR_STRETCH = 7;
/** Histories of instruments looked at lately. */
const HISTORIES_KEPT = 4;

/** Minute bars of an instrument: simulated ones from before the very first start, recorded ones from then on. */
export class BarHistory {
  readonly #store: MarketStore | null;
  /** When this data folder's market began; simulated history ends here. */
  readonly #firstStart: EpochMs;
  readonly #made = new Map<InstrumentId, readonly Bar[]>();

  constructor(store: MarketStore | null, firstStart: EpochMs) {
    this.#store = store;
    this.#firstStart = firstStart;
  }

  /** Oldest first, by start in from..to, `to` excluded. */
  minutes(source: MarketSource | null, instrument: Instrument, from: EpochMs, to: EpochMs): readonly Bar[] {
    const recorded = this.recorded(instrument, Math.max(from, this.#firstStart - MINUTE_MS), to);
    if (from >= this.#firstStart || source?.history === undefined) return recorded;
    const firstRecorded = recorded[0]?.start ?? Number.POSITIVE_INFINITY;
    const before = this.#simulated(source, instrument.id).filter(
      (bar) => bar.start >= from && bar.start < to && bar.start < firstRecorded,
    );
    return [...before, ...recorded];
  }

  recorded(instrument: Instrument, from: EpochMs, to: EpochMs): readonly Bar[] {
    if (this.#store === null || to <= from) return [];
    this.#store.flush();
    const bars = this.#store.read.bars(instrument, MINUTE_MS, { from: from + MINUTE_MS, to: to + MINUTE_MS });
    return bars.length > MOST_MINUTES ? bars.slice(-MOST_MINUTES) : bars;
  }

  /** The last `limit` bars of a timeframe that start before `before`, with `forming` as the newest minute. */
  bars(
    source: MarketSource | null,
    instrument: Instrument,
    timeframe: Timeframe,
    limit: number,
    before: EpochMs,
    forming: Bar | null,
  ): Bar[] {
    const stretch = instrument.calendar === 'always' ? 1 : CALENDAR_STRETCH;
    const span = Math.min((limit + 1) * timeframe.ms, MOST_MINUTES * MINUTE_MS) * stretch;
    const to = Math.min(before, forming?.start ?? Number.POSITIVE_INFINITY);
    const end = Number.isFinite(to) ? to : before;
    const minutes = this.minutes(source, instrument, end - span, end);
    const made: Bar[] = [];
    const aggregator = new BarAggregator({ instrument, timeframe, emit: (bar) => made.push(bar) });
    for (const bar of minutes) aggregator.onBar(bar);
    if (forming !== null && forming.start < before) aggregator.onBar(forming);
    aggregator.flush();
    // The first bar may lack its beginning when the span cut into it.
    const whole = minutes.length > 0 && made.length > limit ? made.slice(1) : made;
    return whole.filter((bar) => bar.start < before).slice(-limit);
  }

  #simulated(source: MarketSource, id: InstrumentId): readonly Bar[] {
    const known = this.#made.get(id);
    if (known !== undefined) {
      this.#made.delete(id);
      this.#made.set(id, known);
      return known;
    }
    const made = source.history?.(id, this.#firstStart) ?? [];
    this.#made.set(id, made);
    const oldest = this.#made.keys().next().value;
    if (this.#made.size > HISTORIES_KEPT && oldest !== undefined) this.#made.delete(oldest);
    return made;
  }
}
