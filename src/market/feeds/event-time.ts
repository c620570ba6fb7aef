import type { EpochMs } from '../../domain/units.ts';

/** event: the exchange's event times order the feed. local: the recorder's own clock does. */
export type TimeBase = 'event' | 'local';

/** Gives `ts` and `at` of a feed's events: `at` never runs backwards, `ts` stays what the source says. */
export class EventTime {
  /** Latest event time seen; what a message without one is taken to be. */
  latest: EpochMs;
  at: EpochMs = Number.NEGATIVE_INFINITY;
  private readonly base: TimeBase;

  constructor(base: TimeBase, first: EpochMs) {
    this.base = base;
    this.latest = first;
  }

  /** `event` NaN = the message has no event time, `local` NaN = the file has no recorder's clock. Returns ts. */
  stamp(event: EpochMs, local: EpochMs): EpochMs {
    if (event > this.latest || Number.isNaN(this.latest)) this.latest = event;
    const ts = Number.isNaN(event) ? (Number.isNaN(this.latest) ? local : this.latest) : event;
    const at = this.base === 'local' && !Number.isNaN(local) ? local : ts;
    if (at > this.at) this.at = at;
    return ts;
  }
}
