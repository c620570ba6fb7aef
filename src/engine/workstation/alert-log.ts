import type { Alert } from '../../contract/types.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { LogSource, Unsubscribe } from '../workstation.ts';
import { Emitter } from './emitter.ts';

const KEPT = 500;
/** The same alert is not repeated within this time: a flapping feed must not bury a halt. */
const QUIET_MS = 10_000;

interface AlertNews {
  readonly at: EpochMs;
  readonly severity: Alert['severity'];
  readonly code: string;
  readonly sentence: string;
  readonly account?: string | null;
  readonly instrument?: string | null;
}

/** What a user should look at, newest last; the audit log keeps everything for good. */
export class AlertLog implements LogSource<Alert> {
  readonly #kept: Alert[] = [];
  /** Telling of a listener's failure would be another alert to the same listener. */
  readonly #news = new Emitter<[Alert]>(() => {});
  readonly #lastAt = new Map<string, EpochMs>();
  #count = 0;

  get count(): number {
    return this.#kept.length;
  }

  raise(news: AlertNews): void {
    const { account = null, instrument = null } = news;
    const key = `${news.code} ${account ?? ''} ${instrument ?? ''} ${news.sentence}`;
    const before = this.#lastAt.get(key);
    if (before !== undefined && news.at - before < QUIET_MS) return;
    this.#lastAt.set(key, news.at);
    if (this.#lastAt.size > KEPT) this.#lastAt.clear();
    this.#count += 1;
    const alert: Alert = {
      id: `A-${this.#count}`,
      at: Math.trunc(news.at),
      severity: news.severity,
      code: news.code.replaceAll(/[^A-Z0-9_]/g, '_').slice(0, 64),
      sentence: news.sentence.slice(0, 2000),
      account,
      instrument,
    };
    this.#kept.push(alert);
    if (this.#kept.length > KEPT) this.#kept.shift();
    this.#news.emit(alert);
  }

  recent(): readonly Alert[] {
    return [...this.#kept];
  }

  newestFirst(count: number): Alert[] {
    return this.#kept.slice(-count).reverse();
  }

  subscribe(listener: (event: Alert) => void): Unsubscribe {
    return this.#news.add(listener);
  }
}
