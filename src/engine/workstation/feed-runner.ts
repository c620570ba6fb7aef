import type { FeedStatus } from '../../contract/types.ts';
import type { Clock } from '../../clock/clock.ts';
import type { InstrumentId } from '../../domain/instrument.ts';
import type { DataReport, MarketEvent } from '../../domain/market-data.ts';
import type { EpochMs, PriceUnits } from '../../domain/units.ts';
import type { Feed } from '../../market/feed.ts';
import { TickValidator } from '../../market/tick-validator.ts';
import type { MarketSource } from './markets.ts';
import { messageOf } from '../../domain/refusal.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** After this long without a failure the next one is the first again. */
const HEALTHY_AFTER_MS = 60_000;
/** Events of an open market this late mean that the machine slept: the market goes on from now. */
const SLEPT_MS = 30_000;
/** Trade ids remembered over all symbols of a feed: a thousand symbols get 64 each, ten get a thousand each. */
const IDS_KEPT = 64_000;
const NO_EVENTS: readonly MarketEvent[] = [];

interface FeedEnd {
  readonly state: 'ended' | 'failed';
  readonly sentence: string;
}

interface RunnerPorts {
  readonly clock: Clock;
  readonly lastPrices: () => ReadonlyMap<InstrumentId, PriceUnits>;
  /** New events wait, or the state changed. */
  readonly onNews: (runner: FeedRunner, sentence: string | null) => void;
}

/** A first event further ahead than this means a closed market, not a slow one. */
const CLOSED_AHEAD_MS = 60_000;

/**
 * One supervised feed. Batches are fetched ahead, one at a time; events are handed out when their time has come. A feed
 * that throws or ends is opened again after a growing pause, from the last prices.
 */
export class FeedRunner {
  readonly source: MarketSource;
  state: FeedStatus['state'] = 'connecting';
  sentence: string | null = null;
  /** When the engine took the newest event; 0 before the first. */
  newestAt: EpochMs = 0;
  latencyMs: number | null = null;
  eventsPerSecond = 0;
  readonly #ports: RunnerPorts;
  #validator: TickValidator;
  #feed: Feed | null = null;
  #abort: AbortController | null = null;
  #iterator: AsyncIterator<readonly MarketEvent[]> | null = null;
  #batch: readonly MarketEvent[] = NO_EVENTS;
  #index = 0;
  #ahead: readonly MarketEvent[] | null = null;
  #fetching = false;
  /** The source is over; its last events are not. */
  #end: FeedEnd | null = null;
  #cancelRetry: (() => void) | null = null;
  #failures = 0;
  #openedAt: EpochMs = 0;
  #stopped = false;
  #counted = 0;
  #before: Pick<DataReport, 'read' | 'kept' | 'dropped'> = { read: 0, kept: 0, dropped: {} };

  constructor(source: MarketSource, ports: RunnerPorts) {
    this.source = source;
    this.#ports = ports;
    this.#validator = newValidator(source);
  }

  start(): void {
    if (this.#stopped) return;
    this.#cancelRetry = null;
    const now = this.#ports.clock.now();
    this.#openedAt = now;
    try {
      this.#feed = this.source.open(now, this.#ports.lastPrices());
      this.#abort = new AbortController();
      this.#iterator = this.#feed.batches(this.#abort.signal)[Symbol.asyncIterator]();
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#fetch();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry?.();
    this.#close();
    this.state = 'stopped';
  }

  /** Time of the next event that waits; infinite when none does. */
  get nextAt(): EpochMs {
    return this.#batch[this.#index]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** The next event, null when the validator refuses it. Only while `nextAt` is finite. */
  take(now: EpochMs): MarketEvent | null {
    const event = this.#batch[this.#index];
    if (event === undefined) return null;
    if (now - event.at > SLEPT_MS) {
      this.#reopen(
        `Nothing ran for ${Math.round((now - event.at) / 1_000)} s (the machine slept?); the market goes on from now.`,
      );
      return null;
    }
    this.#index += 1;
    this.#counted += 1;
    const lag = now - event.ts;
    this.latencyMs = this.latencyMs === null ? lag : this.latencyMs + 0.05 * (lag - this.latencyMs);
    this.newestAt = now;
    if (this.state !== 'live') this.#change('live', null);
    const accepted = this.#validator.accept(event);
    if (this.#index >= this.#batch.length) this.#nextBatch();
    return accepted ? event : null;
  }

  /** Something behind the feed failed on its event: the feed is closed and opened again. */
  fail(error: unknown): void {
    const reason = messageOf(error);
    this.#retry({
      state: 'failed',
      sentence: `An event of ${this.source.id} failed in the engine (${reason}); it is opened again.`,
    });
  }

  /** Once a second: pace of the events. */
  measure(seconds: number): void {
    this.eventsPerSecond = this.#counted / seconds;
    this.#counted = 0;
  }

  /** Says whether nothing has come for too long in an open market. */
  watch(now: EpochMs, marketOpen: boolean, staleMs: number): void {
    if (this.state !== 'live' && this.state !== 'stale') return;
    const silent = marketOpen && now - this.newestAt > staleMs;
    if (silent && this.state === 'live') {
      this.#change('stale', `${this.source.id} has been silent for ${Math.round((now - this.newestAt) / 1_000)} s.`);
    } else if (!silent && this.state === 'stale') this.#change('live', null);
  }

  status(now: EpochMs): FeedStatus {
    const { read, kept, dropped } = this.#counts();
    return {
      id: this.source.id,
      state: this.state,
      ageMs: this.newestAt === 0 ? null : Math.max(0, now - this.newestAt),
      latencyMs: this.latencyMs,
      instruments: this.source.instruments.length,
      eventsPerSecond: this.eventsPerSecond,
      read,
      kept,
      dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0),
      sentence: this.sentence,
    };
  }

  #counts(): Pick<DataReport, 'read' | 'kept' | 'dropped'> {
    const report = this.#feed?.report();
    const dropped: Record<string, number> = { ...this.#before.dropped };
    let kept = this.#before.kept + (report?.kept ?? 0);
    for (const [reason, count] of Object.entries(report?.dropped ?? {}))
      dropped[reason] = (dropped[reason] ?? 0) + count;
    for (const [reason, count] of Object.entries(this.#validator.report())) {
      dropped[reason] = (dropped[reason] ?? 0) + count;
      kept -= count;
    }
    return { read: this.#before.read + (report?.read ?? 0), kept: Math.max(0, kept), dropped };
  }

  #nextBatch(): void {
    this.#batch = this.#ahead ?? NO_EVENTS;
    this.#index = 0;
    this.#ahead = null;
    if (this.#end !== null && this.#batch.length === 0) this.#retry(this.#end);
    else this.#fetch();
  }

  #fetch(): void {
    const iterator = this.#iterator;
    if (iterator === null || this.#fetching || this.#ahead !== null || this.#end !== null) return;
    this.#fetching = true;
    iterator.next().then(
      (result) => {
        if (this.#iterator !== iterator) return;
        this.#fetching = false;
        if (result.done === true) this.#ended();
        else this.#arrived(result.value);
      },
      (error: unknown) => {
        if (this.#iterator !== iterator) return;
        this.#fetching = false;
        this.#failed(error);
      },
    );
  }

  #arrived(events: readonly MarketEvent[]): void {
    const first = events[0];
    if (this.state === 'connecting' && first !== undefined && first.at > this.#ports.clock.now() + CLOSED_AHEAD_MS) {
      this.#change('live', `${this.source.id} is connected and waits for its market to open.`);
    }
    if (this.#index >= this.#batch.length) {
      this.#batch = events;
      this.#index = 0;
      if (events.length === 0) this.#nextBatch();
      else this.#fetch();
      this.#ports.onNews(this, null);
    } else this.#ahead = events;
  }

  #ended(): void {
    this.#finish({ state: 'ended', sentence: `${this.source.id} has ended; it is opened again.` });
  }

  #failed(error: unknown): void {
    const reason = messageOf(error);
    this.#finish({ state: 'failed', sentence: `${this.source.id} failed (${reason}); it is opened again.` });
  }

  /** What came before the end is still delivered in its time. */
  #finish(end: FeedEnd): void {
    this.#end = end;
    if (this.#index >= this.#batch.length && this.#ahead === null) this.#retry(end);
  }

  #reopen(sentence: string): void {
    this.#close();
    this.#change('reconnecting', sentence);
    this.start();
  }

  #retry({ state, sentence }: FeedEnd): void {
    const now = this.#ports.clock.now();
    this.#failures = now - this.#openedAt > HEALTHY_AFTER_MS ? 1 : this.#failures + 1;
    this.#close();
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1));
    this.#cancelRetry = this.#ports.clock.setTimer(now + pause, () => {
      this.#change('reconnecting', this.sentence);
      this.start();
    });
    this.#change(state, sentence);
  }

  #close(): void {
    this.#before = this.#counts();
    this.#feed = null;
    // A feed that is opened again may number its trades from the beginning.
    this.#validator = newValidator(this.source);
    this.#abort?.abort();
    this.#abort = null;
    this.#iterator = null;
    this.#fetching = false;
    this.#batch = NO_EVENTS;
    this.#index = 0;
    this.#ahead = null;
    this.#end = null;
  }

  #change(state: FeedStatus['state'], sentence: string | null): void {
    this.state = state;
    this.sentence = sentence;
    this.#ports.onNews(this, sentence);
  }
}

function newValidator({ instruments }: MarketSource): TickValidator {
  const rememberedIds = Math.min(1024, Math.max(16, Math.floor(IDS_KEPT / Math.max(1, instruments.length))));
  return new TickValidator(instruments, { rememberedIds });
}
