import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs } from '../../domain/units.ts';
import { readIfThere, replaceFile } from './durable-file.ts';

/** A flatten that is not over: `running` was begun, `queued` waits for markets to open. */
export interface FlattenJob {
  readonly state: 'running' | 'queued';
  readonly at: EpochMs;
  readonly actor: string;
  readonly reason: string;
  /** Null: all accounts. */
  readonly account: string | null;
  /** What cannot be closed now waits for its market. */
  readonly queue: boolean;
}

const JOBS_FILE = 'flatten-jobs.json';

/** Kept on disk while they last, so that a killed engine goes on with them. */
export class FlattenJobs {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, JOBS_FILE);
  }

  /** Null when the file is there and cannot be understood: a flatten may have been under way. */
  read(): readonly FlattenJob[] | null {
    try {
      const text = readIfThere(this.#path);
      if (text === null) return [];
      const input = JSON.parse(text) as { version?: unknown; jobs?: unknown } | null;
      return input?.version === 1 && Array.isArray(input.jobs) && input.jobs.every(isJob) ? input.jobs : null;
    } catch {
      return null;
    }
  }

  /** One for each scope; one for all accounts stands for every other. Throws what the disk says. */
  put(job: FlattenJob): void {
    const others = (this.read() ?? []).filter(({ account }) => job.account !== null && account !== job.account);
    this.#write([...others, job]);
  }

  end(account: string | null): void {
    const rest = (this.read() ?? []).filter((job) => account !== null && job.account !== account);
    this.#write(rest);
  }

  #write(jobs: readonly FlattenJob[]): void {
    if (jobs.length === 0) rmSync(this.#path, { force: true });
    else replaceFile(this.#path, JSON.stringify({ version: 1, jobs }));
  }
}

function isJob(input: unknown): input is FlattenJob {
  if (typeof input !== 'object' || input === null) return false;
  const job = input as Partial<Record<keyof FlattenJob, unknown>>;
  return (
    (job.state === 'running' || job.state === 'queued') &&
    typeof job.at === 'number' &&
    typeof job.actor === 'string' &&
    typeof job.reason === 'string' &&
    (job.account === null || typeof job.account === 'string') &&
    typeof job.queue === 'boolean'
  );
}
