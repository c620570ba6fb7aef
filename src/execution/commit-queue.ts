import type { Clock } from '../clock/clock.ts';
import { JournalFailure, type Journal, type JournalRecord } from '../journal/journal.ts';

const RETRY_MS = 1_000;

/**
 * The order manager's way to the journal. What happened at a venue cannot be refused when the journal fails, so such
 * records wait here in order, each batch still one transaction, and are written before anything else. An intent is never
 * queued: it is written or the order is not sent.
 */
export class CommitQueue {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown, waiting: number) => void;
  #waiting: (readonly JournalRecord[])[] = [];
  #retryArmed = false;

  constructor(journal: Journal, clock: Clock, onFailure: (error: unknown, waiting: number) => void) {
    this.#journal = journal;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /** Batches that are not durable yet. While it is above zero nothing new may be sent. */
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
        this.#waiting.push(records);
        if (this.#failed(error)) this.flush();
      }
    } else {
      this.#waiting.push(records);
      this.flush();
    }
    this.#armRetry();
  }

  flush(): boolean {
    for (;;) {
      const batch = this.#waiting[0];
      if (batch === undefined) return true;
      try {
        this.#journal.commit(batch);
        this.#waiting.shift();
      } catch (error) {
        if (!this.#failed(error)) return false;
      }
    }
  }

  /**
   * True when the oldest batch can never be written, because it contradicts the journal, and was replaced by an audit
   * record of its content: it must not keep everything after it from being written.
   */
  #failed(error: unknown): boolean {
    const batch = this.#waiting[0];
    this.#onFailure(error, this.#waiting.length);
    if (!(error instanceof JournalFailure) || error.code !== 'INVALID_RECORD' || batch === undefined) return false;
    const first = batch[0];
    if (batch.length === 1 && first?.kind === 'audit') {
      this.#waiting.shift();
      return true;
    }
    this.#waiting[0] = [
      {
        kind: 'audit',
        audit: {
          at: this.#clock.now(),
          actor: 'engine',
          action: 'RECORDS_REFUSED',
          reason: `The journal refused ${batch.length} records for good: ${error.message}`,
          detail: JSON.stringify(batch),
        },
      },
    ];
    return true;
  }

  #armRetry(): void {
    if (this.#retryArmed || this.#waiting.length === 0) return;
    this.#retryArmed = true;
    this.#clock.setTimer(this.#clock.now() + RETRY_MS, () => {
      this.#retryArmed = false;
      this.flush();
      this.#armRetry();
    });
  }
}
