import type { BarView } from '../../contract/types.ts';
import type { InstrumentId } from '../../domain/instrument.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { PriceHistory } from '../../research/portfolio-risk.ts';
import type { Workstation } from '../workstation.ts';

export const HISTORY_TIMEFRAME = '1h';
const HOUR_MS = 3_600_000;
/** About eight days round the clock: what can be read without holding up the market. */
const BARS = 200;

interface Kept {
  readonly history: PriceHistory;
  readonly readAt: EpochMs;
}

/** Hourly closes of instruments that are held, read one instrument at a time and again when the hour is over. */
export class ReturnHistories {
  readonly #read: Workstation['market']['history'];
  readonly #kept = new Map<InstrumentId, Kept>();
  #isReading = false;

  constructor(read: Workstation['market']['history']) {
    this.#read = read;
  }

  /** Null until it was read. */
  of(instrument: InstrumentId): PriceHistory | null {
    return this.#kept.get(instrument)?.history ?? null;
  }

  /** Reads the next one that is missing or an hour old; what is held no more is forgotten. True when there is news. */
  async refresh(held: ReadonlySet<InstrumentId>, now: EpochMs): Promise<boolean> {
    if (this.#isReading) return false;
    for (const id of this.#kept.keys()) if (!held.has(id)) this.#kept.delete(id);
    const next = [...held].find((id) => {
      const kept = this.#kept.get(id);
      return kept === undefined || Math.floor(kept.readAt / HOUR_MS) !== Math.floor(now / HOUR_MS);
    });
    if (next === undefined) return false;
    this.#isReading = true;
    try {
      const bars = await this.#read({ instrument: next, timeframe: HISTORY_TIMEFRAME, limit: BARS });
      this.#kept.set(next, { history: bars.ok ? historyOf(bars.value) : { times: [], closes: [] }, readAt: now });
      return true;
    } finally {
      this.#isReading = false;
    }
  }
}

/** A bar that is still forming is not over: its return would be of a part of an hour. */
function historyOf(bars: readonly BarView[]): PriceHistory {
  const closed = bars.filter((bar) => bar.closed && Number(bar.close) > 0);
  return { times: closed.map(({ start }) => start), closes: closed.map(({ close }) => Number(close)) };
}
