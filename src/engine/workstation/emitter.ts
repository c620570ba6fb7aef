import type { Unsubscribe } from '../workstation.ts';

/**
 * Listeners of one kind of news, called in the order in which they came. One that throws is reported and holds up neither
 * the others nor the engine, which is in the middle of something when it tells.
 */
export class Emitter<A extends readonly unknown[]> {
  readonly #listeners = new Set<(...news: A) => void>();
  readonly #onFault: (error: unknown) => void;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  get size(): number {
    return this.#listeners.size;
  }

  add(listener: (...news: A) => void): Unsubscribe {
    // A wrapper of its own, so that the same function may listen twice.
    const own = (...news: A): void => listener(...news);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  emit(...news: A): void {
    for (const listener of this.#listeners) {
      try {
        listener(...news);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }
}
