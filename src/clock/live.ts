import type { EpochMs } from '../domain/units.ts';
import type { Clock } from './clock.ts';

/** setTimeout cannot wait longer than this; longer timers are set again on the way. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * The machine's clock, kept from running backwards: after a step back (NTP, a user) time stands still until it catches up,
 * so that no event is stamped before its cause. The one file below floor 6 that may read the machine's time.
 */
export class LiveClock implements Clock {
  #latest: EpochMs = 0;

  now(): EpochMs {
    this.#latest = Math.max(this.#latest, Date.now());
    return this.#latest;
  }

  setTimer(at: EpochMs, callback: (firedAt: EpochMs) => void): () => void {
    let handle: NodeJS.Timeout | undefined;
    let cancelled = false;
    const wait = (): void => {
      if (cancelled) return;
      const now = this.now();
      if (now >= at) {
        callback(now);
        return;
      }
      handle = setTimeout(wait, Math.min(at - now, LONGEST_WAIT_MS));
    };
    handle = setTimeout(wait, Math.max(0, Math.min(at - this.now(), LONGEST_WAIT_MS)));
    return () => {
      cancelled = true;
      if (handle !== undefined) clearTimeout(handle);
    };
  }
}
