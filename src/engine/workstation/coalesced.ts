import type { StateSource, Unsubscribe } from '../workstation.ts';
import { Emitter } from './emitter.ts';

/** A state that is made when it is read. `touch` tells readers that there is something new. */
export class CoalescedState<T> implements StateSource<T> {
  readonly #read: () => T;
  readonly #news: Emitter<['state' | 'figures']>;

  constructor(read: () => T, onFault: (error: unknown) => void) {
    this.#read = read;
    this.#news = new Emitter(onFault);
  }

  read(): T {
    return this.#read();
  }

  touch(change: 'state' | 'figures'): void {
    this.#news.emit(change);
  }

  subscribe(onChange: (change: 'state' | 'figures') => void): Unsubscribe {
    return this.#news.add(onChange);
  }
}
