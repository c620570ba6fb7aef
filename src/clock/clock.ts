import type { EpochMs } from '../domain/units.ts';

/** The only source of time for the engine. */
export interface Clock {
  now(): EpochMs;
  /** Calls back once at or after `at`. Returns a function that cancels it. Same-time timers fire in the order they were set. */
  setTimer(at: EpochMs, callback: (firedAt: EpochMs) => void): () => void;
}
