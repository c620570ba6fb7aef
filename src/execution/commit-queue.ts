import type { Clock } from '../clock/clock.ts';
import type { Journal, JournalRecord } from '../journal/journal.ts';

const RETRY_MS = 1_000;

/**
 * The order manager's way to the journal. What happened at a venue cannot be refused when the journal fails, so such
 * records wait here in order and go in front of the next commit, in the same transaction; an intent is never queued.
 */
export class CommitQueue {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown, waiting: number) => void;
  #waiting: JournalRecord[] = [];
  #retryArmed = false;

  constructor(journal: Journal, clock: Clock, onFailure: (error: unknown, waiting: number) => void) {
    this.#journal = journal;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Records not durable yet. While it is above zero nothing new may be sent. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Writes before an action. False: nothing of it is durable and the action must not happen. */
  before(records: readonly JournalRecord[]): boolean {
    if (this.#waiting.length > 0 && !this.flush()) return false;
    try {
      this.#journal.commit(records);
      return true;
    } catch (error) {
      this.#onFailure(error, this.#waiting.length);
      return false;
    }
  }

  /** Writes what has already happened; kept and retried when the journal fails. */
  after(records: readonly JournalRecord[]): void {
    if (this.#waiting.length === 0) {
      try {
        this.#journal.commit(records);
        return;
      } catch (error) {
        this.#waiting = [...records];
        this.#onFailure(error, this.#waiting.length);
      }
    } else {
      this.#waiting.push(...records);
      if (this.flush()) return;
    }
    this.#armRetry();
  }

  flush(): boolean {
    if (this.#waiting.length === 0) return true;
    try {
      this.#journal.commit(this.#waiting);
      this.#waiting = [];
      return true;
    } catch (error) {
      this.#onFailure(error, this.#waiting.length);
      return false;
    }
  }

  #armRetry(): void {
    if (this.#retryArmed) return;
    this.#retryArmed = true;
    this.#clock.setTimer(this.#clock.now() + RETRY_MS, () => {
      this.#retryArmed = false;
      if (!this.flush()) this.#armRetry();
    });
  }
}
