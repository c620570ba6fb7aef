import type { EmergencyStatus } from '../../contract/types.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { FlattenReport } from '../../risk/kill-switch-ports.ts';
import { type FlattenJob, FlattenJobs } from './flatten-jobs.ts';
import { positionsAt } from './kill-switch-wiring.ts';
import type { Runtime } from './runtime.ts';

export interface FlattenRequest {
  readonly account?: string | undefined;
  readonly reason: string;
  readonly queue?: boolean | undefined;
}

/** A queued flatten that did not get everything is tried again after this time. */
const RETRY_MS = 60_000;

/** Flattens that outlive the process: the one under way, and those that wait for a market to open. */
export class FlattenQueue {
  readonly #runtime: Runtime;
  readonly #jobs: FlattenJobs;
  #queued: readonly FlattenJob[] = [];
  #interrupted: readonly FlattenJob[] = [];
  #triedAt: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#jobs = new FlattenJobs(runtime.dataDir);
    const jobs = this.#jobs.read();
    if (jobs === null) {
      this.#warn(
        'FLATTEN_UNKNOWN',
        'The record of a flatten cannot be read: one may have been under way when the engine ended. Check the positions, and flatten again if they should be closed.',
      );
    }
    this.#queued = (jobs ?? []).filter(({ state }) => state === 'queued');
    this.#interrupted = (jobs ?? []).filter(({ state }) => state === 'running');
  }

  /** Written as soon as the halt is latched, so that a killed engine goes on with it. */
  begin(actor: string, request: FlattenRequest): void {
    this.#put(jobOf('running', actor, request, this.#runtime.now()));
  }

  end(actor: string, request: FlattenRequest, outcome: FlattenReport): void {
    const closed = outcome.residuals.some(({ code }) => code === 'MARKET_CLOSED');
    const account = request.account ?? null;
    this.#queued = this.#queued.filter((job) => account !== null && job.account !== account);
    if (request.queue === true && closed) {
      const job = jobOf('queued', actor, request, this.#runtime.now());
      this.#queued = [...this.#queued, job];
      this.#put(job);
      return;
    }
    this.#tell(() => this.#jobs.end(account));
  }

  /** Once: what was under way when the last engine ended, unless somebody has lifted the halt since. */
  interrupted(): readonly FlattenJob[] {
    const jobs = this.#interrupted;
    this.#interrupted = [];
    if (jobs.length === 0 || this.#runtime.latch.read().halted) return jobs;
    this.#tell(() => this.#jobs.end(null));
    return [];
  }

  /** A queued flatten of which a position can be closed now. */
  due(now: EpochMs): FlattenRequest | null {
    if (this.#queued.length === 0 || now - this.#triedAt < RETRY_MS) return null;
    const { view } = this.#runtime.core;
    for (const job of this.#queued) {
      const ready = positionsAt(this.#runtime, job.account ?? undefined).some(
        ({ instrument, quantity }) =>
          quantity !== 0 && view.marketClosed(instrument) === null && view.reference(instrument)?.stale === false,
      );
      if (!ready) continue;
      this.#triedAt = now;
      return { reason: job.reason, queue: true, ...(job.account === null ? {} : { account: job.account }) };
    }
    return null;
  }

  queued(): EmergencyStatus['queuedFlatten'] {
    const [job] = this.#queued;
    return job === undefined ? null : { at: Math.trunc(job.at), reason: job.reason, account: job.account };
  }

  /** Trading goes on: nothing is closed behind the user's back any more. */
  forget(): void {
    this.#queued = [];
    this.#tell(() => this.#jobs.end(null));
  }

  #put(job: FlattenJob): void {
    this.#tell(() => this.#jobs.put(job));
  }

  #tell(write: () => void): void {
    try {
      write();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#warn(
        'FLATTEN_NOT_WRITTEN',
        `The flatten could not be written down (${why}): it goes on, but an engine that is killed now would not take it up again.`,
      );
    }
  }

  #warn(code: string, sentence: string): void {
    this.#runtime.alerts.raise({ at: this.#runtime.now(), severity: 'critical', code, sentence });
  }
}

function jobOf(state: FlattenJob['state'], actor: string, request: FlattenRequest, at: EpochMs): FlattenJob {
  const { account = null, reason, queue = false } = request;
  return { state, at, actor, reason, account, queue };
}
