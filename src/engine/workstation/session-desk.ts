import type { ContractOutputs, SessionStatus } from '../../contract/types.ts';
import type { Account } from '../../domain/account.ts';
import { ok, refuse, RefusalError, type Result } from '../../domain/refusal.ts';
import type { JournalRecord } from '../../journal/journal.ts';
import type { Workstation } from '../workstation.ts';
import type { MarketSource } from './markets.ts';
import type { Runtime } from './runtime.ts';
import type { StrategyDesk } from './strategy-desk.ts';

type Session = Workstation['session'];
type Listed = ContractOutputs['session']['list']['sessions'][number];
const PAUSED = 'The session is paused; strategies open nothing new.';
/** How long the cancels of an ending session may take. */
const CANCEL_WITHIN_MS = 3_000;

interface SessionPorts {
  /** All markets that can be had, by feed id, with the session's seed. */
  readonly marketsFor: (feeds: readonly string[] | undefined, seed: number) => Result<readonly MarketSource[]>;
  readonly open: (markets: readonly MarketSource[], seed: number, added: readonly Account[]) => void;
  readonly seed: () => number;
  /** Parent orders are taken back before their children are. */
  readonly endParents: (reason: string) => void;
}

/** Starts, pauses and ends trading sessions. */
export class SessionDesk {
  readonly #runtime: Runtime;
  readonly #strategies: StrategyDesk;
  readonly #ports: SessionPorts;

  constructor(runtime: Runtime, strategies: StrategyDesk, ports: SessionPorts) {
    this.#runtime = runtime;
    this.#strategies = strategies;
    this.#ports = ports;
  }

  room(): Session {
    return {
      status: () => this.status(),
      start: (request) => Promise.resolve(this.#start(request)),
      pause: () => this.#pause(),
      resume: () => this.#resume(),
      stop: () => this.stop(),
      list: (request) => this.#list(request),
    };
  }

  status(): SessionStatus {
    const { session, markets } = this.#runtime;
    return {
      state: session?.state ?? 'idle',
      id: session?.id ?? null,
      mode: session?.mode ?? null,
      startedAt: session === null ? null : Math.trunc(session.startedAt),
      endedAt: session === null || session.endedAt === null ? null : Math.trunc(session.endedAt),
      seed: session?.seed ?? null,
      feeds: markets.map(({ id }) => id),
      strategies: this.#strategies.runs(),
      sentence: session?.sentence ?? null,
    };
  }

  #start(request: Parameters<Session['start']>[0]): Result<SessionStatus> {
    const runtime = this.#runtime;
    if (runtime.closing) return refuse('ENGINE_STOPPED', 'The engine is closing; start it again first.');
    const state = runtime.session?.state;
    if (state === 'running' || state === 'paused' || state === 'stopping') {
      return refuse('SESSION_RUNNING', `Session ${runtime.session?.id ?? ''} is running; stop it first.`);
    }
    if (request.mode !== 'paper') {
      return refuse(
        'MODE_UNAVAILABLE',
        'The window trades on the live clock. A simulation at another speed is run by "tradewright paper --speed max".',
      );
    }
    const seed = request.seed ?? this.#ports.seed();
    const markets = this.#ports.marketsFor(request.feeds, seed);
    if (!markets.ok) return markets;
    const added = request.capital === undefined ? [] : this.#newAccounts(markets.value, request.capital);
    this.#strategies.forget();
    try {
      this.#ports.open(markets.value, seed, added);
    } catch (error) {
      if (error instanceof RefusalError) return { ok: false, error: error.refusal };
      throw error;
    }
    runtime.record('session.start', request);
    const failed: string[] = [];
    for (const { strategy, instrument, parameters } of request.strategies) {
      for (const one of runtime.core.instruments.values()) {
        if (instrument !== undefined && one.id !== instrument) continue;
        const account = [...(added.length > 0 ? added : runtime.core.accounts.values())].find(
          (each) => each.currency === one.quote,
        );
        if (account === undefined) continue;
        const started = this.#strategies.start({ strategy, instrument: one.id, account: account.id, parameters });
        if (!started.ok) failed.push(started.error.sentence);
      }
    }
    if (failed.length > 0 && runtime.session !== null) {
      runtime.session = { ...runtime.session, sentence: [...new Set(failed)].join(' ').slice(0, 2000) };
    }
    runtime.onState.emit();
    return ok(this.status());
  }

  /** "paper-usdt-2" and so on: an account that has traded keeps its own history. */
  #newAccounts(markets: readonly MarketSource[], capital: string): Account[] {
    const { core } = this.#runtime;
    const currencies = new Set(markets.flatMap(({ instruments }) => instruments.map(({ quote }) => quote)));
    const made: Account[] = [];
    for (const model of core.accounts.values()) {
      if (!currencies.delete(model.currency)) continue;
      const base = `paper-${model.currency.toLowerCase()}`;
      let number = 2;
      while (core.accounts.has(`${base}-${number}`)) number += 1;
      made.push({ ...model, id: `${base}-${number}`, name: `${model.name} ${number}`, startingCash: capital });
    }
    return made;
  }

  #pause(): Result<SessionStatus> {
    const runtime = this.#runtime;
    const { session } = runtime;
    if (session === null || session.state !== 'running') return notRunning();
    const unrecorded = runtime.record('session.pause', {});
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    this.#strategies.pauseAll(PAUSED);
    runtime.session = { ...session, state: 'paused', sentence: PAUSED };
    runtime.onState.emit();
    return ok(this.status());
  }

  #resume(): Result<SessionStatus> {
    const runtime = this.#runtime;
    const { session } = runtime;
    if (session === null || session.state !== 'paused') {
      return refuse('SESSION_NOT_RUNNING', 'The session is not paused.');
    }
    const unrecorded = runtime.record('session.resume', {});
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    this.#strategies.resumeAll(PAUSED);
    runtime.session = { ...session, state: 'running', sentence: null };
    runtime.onState.emit();
    return ok(this.status());
  }

  /** Strategies end, orders are cancelled, the journal gets the session's end. Positions stay. */
  async stop(): Promise<Result<SessionStatus>> {
    const runtime = this.#runtime;
    const { session, core } = runtime;
    if (session === null || (session.state !== 'running' && session.state !== 'paused')) return notRunning();
    const unrecorded = runtime.record('session.stop', {});
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    runtime.session = { ...session, state: 'stopping', sentence: 'Orders are being cancelled.' };
    runtime.onState.emit();
    this.#strategies.endAll('The session ended');
    this.#ports.endParents('The session ended');
    core.exits.standDown(true);
    for (const account of core.accounts.keys()) core.orders.cancelAll({ accountId: account }, 'The session ended');
    await this.#untilClosed();
    // The engine closed meanwhile and with it the journal; the next start takes the open orders over.
    if (runtime.closing) return ok(this.status());
    const endedAt = runtime.wallClock();
    const left = [...core.accounts.keys()].reduce((sum, account) => sum + core.orders.openOrders(account).length, 0);
    runtime.session = {
      ...session,
      state: 'stopped',
      endedAt,
      sentence:
        left === 0 ? null : `${left} orders were still open when the session ended; the next start takes them over.`,
    };
    const stored = runtime.journal.read.session(session.id);
    if (stored !== null) {
      const fingerprint = runtime.journal.fingerprint();
      const status = left === 0 ? 'stopped' : 'interrupted';
      const record: JournalRecord = { kind: 'session', session: { ...stored, status, endedAt, fingerprint } };
      core.commit([record]);
    }
    runtime.onState.emit();
    return ok(this.status());
  }

  #untilClosed(): Promise<void> {
    const { core, clock, onOrder } = this.#runtime;
    const closed = (): boolean =>
      [...core.accounts.keys()].every((account) => core.orders.openOrders(account).length === 0);
    if (closed()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        stopListening();
        cancelTimer();
        resolve();
      };
      const stopListening = onOrder.add(() => {
        if (closed()) end();
      });
      const cancelTimer = clock.setTimer(clock.now() + CANCEL_WITHIN_MS, end);
    });
  }

  #list(request: Parameters<Session['list']>[0]): ReturnType<Session['list']> {
    const all = this.#runtime.journal.read.sessions();
    const from = request.cursor === undefined ? 0 : Number(request.cursor);
    const items: Listed[] = all.slice(from, from + request.limit).map((session) => ({
      id: session.id,
      mode: session.mode,
      status: session.status,
      startedAt: Math.trunc(session.startedAt),
      endedAt: session.endedAt === null ? null : Math.trunc(session.endedAt),
      seed: session.seed,
      fingerprint: session.fingerprint,
    }));
    const end = from + request.limit;
    return { items, next: end < all.length ? String(end) : null };
  }
}

function notRunning(): Result<SessionStatus> {
  return refuse('SESSION_NOT_RUNNING', 'No session is running; start one first.');
}
