import type { Unsubscribe } from '../workstation.ts';

/** Listeners of one kind of news, called in the order in which they came. */
export class Emitter<A extends readonly unknown[]> {
  readonly #listeners = new Set<(...news: A) => void>();

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
    for (const listener of this.#listeners) listener(...news);
  }
}
