import type { LogSource } from '../engine/workstation.ts';
import { Wakeup } from './wakeup.ts';

/**
 * The newest events of a log, shared by all readers: a reader holds a place, not a copy, so a slow one costs nothing
 * and blocks nobody. One that falls out of the window is told so and starts again from a snapshot.
 */
export class EventLog<T> {
  readonly #ring: (T | undefined)[];
  readonly #readers = new Set<Wakeup>();
  readonly #unsubscribe: () => void;
  #head = 0;

  readonly source: LogSource<T>;
  constructor(source: LogSource<T>, capacity: number) {
    this.#ring = Array.from<T | undefined>({ length: capacity });
    this.source = source;
    this.#unsubscribe = source.subscribe((event) => {
      this.#ring[this.#head % capacity] = event;
      this.#head += 1;
      for (const reader of this.#readers) reader.notify();
    });
  }

  /** Number of events so far: the place after the newest. */
  get head(): number {
    return this.#head;
  }
  /** The oldest place that can still be read. */
  get tail(): number {
    return Math.max(0, this.#head - this.#ring.length);
  }

  at(place: number): T {
    const event = this.#ring[place % this.#ring.length];
    if (event === undefined || place < this.tail || place >= this.#head) throw new RangeError(`no event at ${place}`);
    return event;
  }

  attach(reader: Wakeup): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  close(): void {
    this.#unsubscribe();
    for (const reader of this.#readers) reader.notify();
  }
}
