import type { ContractClient } from '../../src/contract/types.ts';
import type { Link, OpenLink } from './client.ts';
import { failure, type Outcome } from './outcome.ts';

export interface ConnectionState {
  readonly phase: 'connecting' | 'open' | 'lost';
  /** Wall time of the last change of phase. */
  readonly since: number;
  readonly attempt: number;
  readonly sentence: string | null;
  /** Round trip of the last heartbeat. */
  readonly rttMs: number | null;
}

interface CallOptions {
  readonly signal: AbortSignal;
}

const HEARTBEAT_MS = 2_000;
const HEARTBEAT_TIMEOUT_MS = 4_000;
const BACKOFF_MS = [250, 500, 1_000, 2_000, 5_000];

const QUERY_TIMEOUT_MS = 8_000;
export const COMMAND_TIMEOUT_MS = 10_000;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

/** Keeps one link to the engine alive: connects, beats, reconnects with growing pauses, restarts every stream. */
export class Connection {
  readonly #open: OpenLink;
  readonly #stopped = new AbortController();
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  #link: Link | null = null;
  #state: ConnectionState = { phase: 'connecting', since: Date.now(), attempt: 0, sentence: null, rttMs: null };

  constructor(open: OpenLink) {
    this.#open = open;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped.abort();
    this.#link?.close();
  }

  /** One question, one answer. Not sent at all while there is no connection. */
  async call<T>(
    send: (client: ContractClient, options: CallOptions) => Promise<T>,
    timeoutMs: number = QUERY_TIMEOUT_MS,
  ): Promise<Outcome<T>> {
    const link = this.#link;
    if (link === null) return { kind: 'not-sent', sentence: 'Not connected to the engine: nothing was sent.' };
    try {
      return { kind: 'ok', value: await send(link.client, { signal: AbortSignal.timeout(timeoutMs) }) };
    } catch (error) {
      return failure(error);
    }
  }

  /**
   * Follows a stream over every reconnection. Each opening starts with a snapshot. `onEvent` returns "again" to have the
   * stream opened anew, for example after a gap in its sequence.
   */
  follow<T>(
    open: (client: ContractClient, options: CallOptions) => Promise<AsyncIterable<T>>,
    onEvent: (event: T) => void | 'again',
    onTrouble?: (sentence: string | null) => void,
  ): () => void {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.#stopped.signal]);
    const run = async () => {
      for (let failures = 0; !signal.aborted;) {
        const link = await this.#connected(signal);
        if (link === null) return;
        const round = new AbortController();
        try {
          const events = await open(link.client, { signal: AbortSignal.any([signal, round.signal]) });
          onTrouble?.(null);
          for await (const event of events) {
            if (signal.aborted) break;
            failures = 0;
            if (onEvent(event) === 'again') break;
          }
        } catch (error) {
          if (!signal.aborted && this.#link === link) {
            const outcome = failure(error);
            onTrouble?.(outcome.kind === 'ok' ? null : outcome.sentence);
          }
        } finally {
          round.abort();
        }
        failures += 1;
        await wait(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? 5_000, signal);
      }
    };
    void run();
    return () => stop.abort();
  }

  #connected(signal: AbortSignal): Promise<Link | null> {
    return new Promise((resolve) => {
      const check = () => {
        if (!signal.aborted && this.#link === null) return;
        off();
        signal.removeEventListener('abort', check);
        resolve(signal.aborted ? null : this.#link);
      };
      const off = this.onState(check);
      signal.addEventListener('abort', check);
      check();
    });
  }

  #set(change: Partial<ConnectionState>): void {
    const since = change.phase !== undefined && change.phase !== this.#state.phase ? Date.now() : this.#state.since;
    this.#state = { ...this.#state, ...change, since };
    for (const listener of Array.from(this.#listeners)) listener(this.#state);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      this.#set({ attempt });
      try {
        const link = await this.#greeted(signal);
        attempt = 0;
        this.#link = link;
        this.#set({ phase: 'open', attempt: 0, sentence: null });
        const reason = await Promise.race([link.ended, this.#beat(link)]);
        this.#link = null;
        link.close();
        this.#set({ phase: 'lost', sentence: reason, rttMs: null });
      } catch (error) {
        this.#link = null;
        const sentence = error instanceof Error ? error.message : 'The engine cannot be reached.';
        this.#set({ phase: this.#state.phase === 'connecting' ? 'connecting' : 'lost', sentence });
      }
      await wait(BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)] ?? 5_000, signal);
    }
  }

  async #greeted(signal: AbortSignal): Promise<Link> {
    const link = await this.#open(signal);
    try {
      await link.client.app.hello({}, { signal: AbortSignal.timeout(HEARTBEAT_TIMEOUT_MS) });
      return link;
    } catch {
      link.close();
      throw new Error('The engine is there but does not answer.');
    }
  }

  async #beat(link: Link): Promise<string> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const sent = performance.now();
      try {
        await link.client.app.hello({}, { signal: AbortSignal.timeout(HEARTBEAT_TIMEOUT_MS) });
      } catch {
        return 'The engine stopped answering.';
      }
      this.#set({ rttMs: performance.now() - sent });
      await wait(HEARTBEAT_MS, signal);
    }
    return 'The window is closing.';
  }
}
