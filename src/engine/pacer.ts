import { setTimeout as wait } from 'node:timers/promises';
import type { EpochMs } from '../domain/units.ts';

/** Lets recorded time pass as fast as asked: 1 = as it was, 10 = ten times faster, Infinity = at once. */
export class Pacer {
  readonly #speed: number;
  #firstData: EpochMs | null = null;
  #firstWall = 0;

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Whether `at` is still in the future; cheap, so that most events need no promise. */
  early(at: EpochMs): boolean {
    return this.#speed !== Number.POSITIVE_INFINITY && this.#due(at) > performance.now() + 1;
  }

  async until(at: EpochMs, signal: AbortSignal): Promise<void> {
    try {
      await wait(Math.max(0, this.#due(at) - performance.now()), undefined, { signal });
    } catch {
      // Aborted: the session ends now.
    }
  }

  #due(at: EpochMs): number {
    if (this.#firstData === null) {
      this.#firstData = at;
      this.#firstWall = performance.now();
    }
    return this.#firstWall + (at - this.#firstData) / this.#speed;
  }
}
