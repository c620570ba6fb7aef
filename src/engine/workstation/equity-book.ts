import type { AnalyticsStore } from '../../journal/analytics-store.ts';
import type { JournalReader } from '../../journal/journal-reader.ts';
import type { EpochMs } from '../../domain/units.ts';
import { type EquityHour, equityHours, hourOf } from '../../research/equity-hours.ts';
import { SESSION_PREFIX } from './session-opening.ts';

const HOUR_MS = 3_600_000;

/** Equity of every account by the hour, worked out from the journal's snapshots. */
export class EquityBook {
  readonly #store: AnalyticsStore;
  readonly #read: JournalReader;

  constructor(store: AnalyticsStore, read: JournalReader) {
    this.#store = store;
    this.#read = read;
  }

  /** Works in the snapshots since the newest hour, which is worked out anew. Within a transaction of the store. */
  bringUp(account: string): void {
    const from = this.#store.lastEquityHour(account) ?? 0;
    const snapshots = this.#read.snapshots({ accountId: account, sessionPrefix: SESSION_PREFIX, from });
    for (const hour of equityHours(snapshots)) {
      // A snapshot on the stroke of `from` belongs to the hour before, which is complete already.
      if (hour.hour >= from) this.#store.putEquity({ account, ...hour, at: Math.trunc(hour.at) });
    }
  }

  /**
   * from <= time < to in order. Where fewer than `wanted` hours lie in the range, single snapshots: a day has 24 hours and
   * 1,440 snapshots. The hours at the ends of a range are cut by their snapshots.
   */
  hours(account: string, from: EpochMs, to: EpochMs, wanted = 0): readonly EquityHour[] {
    const stored = this.#store.equity(account, Math.max(0, hourOf(from)), to);
    if (stored.length < wanted) return this.#snapshots(account, from, to, (values) => values.flatMap(single));
    const inner = stored.filter(({ hour }) => hour >= from && hour + HOUR_MS < to);
    const first = inner[0]?.hour;
    const last = inner.at(-1)?.hour;
    if (first === undefined || last === undefined) return this.#snapshots(account, from, to, equityHours);
    const before = stored.some(({ hour }) => hour < first)
      ? this.#snapshots(account, from, first + 1, equityHours)
      : [];
    const after = stored.some(({ hour }) => hour > last)
      ? this.#snapshots(account, last + HOUR_MS + 1, to, equityHours)
      : [];
    return [...before.filter(({ hour }) => hour < first), ...inner, ...after];
  }

  #snapshots(
    account: string,
    from: EpochMs,
    to: EpochMs,
    read: (values: readonly { readonly at: number; readonly equity: string }[]) => EquityHour[],
  ): EquityHour[] {
    return read(this.#read.snapshots({ accountId: account, sessionPrefix: SESSION_PREFIX, from, to }));
  }
}

function single(value: { readonly at: number; readonly equity: string }): EquityHour[] {
  return equityHours([value]);
}
