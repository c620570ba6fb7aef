import type { LogSource, Unsubscribe } from '../workstation.ts';
import { Emitter } from './emitter.ts';

/** Events in order for those who listen, and a start for those who come later. */
export class EventRing<T> implements LogSource<T> {
  readonly #recent: () => readonly T[];
  readonly #news: Emitter<[T]>;

  constructor(recent: () => readonly T[], onFault: (error: unknown) => void) {
    this.#recent = recent;
    this.#news = new Emitter(onFault);
  }

  get isWatched(): boolean {
    return this.#news.size > 0;
  }

  emit(event: T): void {
    this.#news.emit(event);
  }

  recent(): readonly T[] {
    return this.#recent();
  }

  subscribe(listener: (event: T) => void): Unsubscribe {
    return this.#news.add(listener);
  }
}
