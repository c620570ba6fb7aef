import type { EpochMs } from '../domain/units.ts';
import type { Clock } from './clock.ts';

interface Timer {
  readonly at: EpochMs;
  readonly order: number;
  readonly callback: (firedAt: EpochMs) => void;
  cancelled: boolean;
}

/** Time that moves only when told to. Timers fire in order of time, then of setting, each seeing its own instant as now. */
export class SimulatedClock implements Clock {
  #now: EpochMs;
  #timers: Timer[] = [];
  #set = 0;
  /** Earliest timer, so that a step without a due timer costs one comparison. */
  #next: EpochMs = Number.POSITIVE_INFINITY;

  constructor(start: EpochMs) {
    this.#now = start;
  }

  now(): EpochMs {
    return this.#now;
  }

  setTimer(at: EpochMs, callback: (firedAt: EpochMs) => void): () => void {
    const timer: Timer = { at: Math.max(at, this.#now), order: this.#set, callback, cancelled: false };
    this.#set += 1;
    let index = this.#timers.length;
    while (index > 0 && (this.#timers[index - 1]?.at ?? 0) > timer.at) index -= 1;
    this.#timers.splice(index, 0, timer);
    this.#next = this.#timers[0]?.at ?? Number.POSITIVE_INFINITY;
    return () => {
      timer.cancelled = true;
    };
  }

  /** Moves forward; a time in the past leaves the clock where it is (data may arrive late, time never runs back). */
  advanceTo(time: EpochMs): void {
    while (this.#next <= time) {
      const timer = this.#timers.shift();
      this.#next = this.#timers[0]?.at ?? Number.POSITIVE_INFINITY;
      if (timer === undefined || timer.cancelled) continue;
      if (timer.at > this.#now) this.#now = timer.at;
      timer.callback(this.#now);
    }
    if (time > this.#now) this.#now = time;
  }
}
