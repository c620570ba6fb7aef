import type { Clock } from '../clock/clock.ts';
import { IN_FLIGHT } from '../domain/order-state.ts';
import type { EpochMs } from '../domain/units.ts';
import type { OrderEntry } from './order-table.ts';

interface Watched {
  readonly entry: OrderEntry;
  readonly command: number;
  readonly deadline: EpochMs;
}

/** Notices commands without an answer. The wait is the same for all, so the queue is in order and one timer is enough. */
export class InFlightWatch {
  readonly #clock: Clock;
  readonly #waitMs: number;
  readonly #onUnanswered: (entry: OrderEntry) => void;
  #queue: Watched[] = [];
  #cancelTimer: (() => void) | null = null;

  constructor(clock: Clock, waitMs: number, onUnanswered: (entry: OrderEntry) => void) {
    this.#clock = clock;
    this.#waitMs = waitMs;
    this.#onUnanswered = onUnanswered;
  }

  add(entry: OrderEntry): void {
    if (!IN_FLIGHT.has(entry.order.status)) return;
    this.#queue.push({ entry, command: entry.commands, deadline: this.#clock.now() + this.#waitMs });
    if (this.#cancelTimer === null) this.#arm();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#queue = [];
  }

  #arm(): void {
    const first = this.#queue[0];
    if (first === undefined) return;
    this.#cancelTimer = this.#clock.setTimer(first.deadline, (firedAt) => {
      this.#cancelTimer = null;
      const due = this.#queue.filter((watched) => watched.deadline <= firedAt);
      this.#queue = this.#queue.filter((watched) => watched.deadline > firedAt);
      for (const { entry, command } of due) {
        if (entry.commands === command && IN_FLIGHT.has(entry.order.status)) this.#onUnanswered(entry);
      }
      if (this.#cancelTimer === null) this.#arm();
    });
  }
}
