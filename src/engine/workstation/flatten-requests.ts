import { join } from 'node:path';
import type { FlattenStep } from '../../contract/types.ts';
import { readIfThere, replaceFile } from './durable-file.ts';
import type { EmergencyDesk } from './emergency-desk.ts';
import type { Runtime } from './runtime.ts';

/** A request to flatten from outside the process, and the answer to it, as files of the data folder. */
export interface FlattenRequest {
  readonly id: string;
  readonly at: number;
  readonly reason: string;
}

export interface FlattenAnswer {
  readonly id: string;
  readonly state: 'working' | 'done';
  readonly outcome: 'FLAT' | 'NOT_FLAT' | null;
  readonly sentence: string;
  readonly open: FlattenStep['open'];
  readonly steps: readonly string[];
}

export const flattenRequestPath = (dataDir: string): string => join(dataDir, 'flatten-request.json');
export const flattenAnswerPath = (dataDir: string): string => join(dataDir, 'flatten-answer.json');

/**
 * The command line's way to the kill switch of a running engine: a request file that the engine looks for four times a
 * second. It needs no token, no port and no answering window, and a request made while no engine runs is carried out
 * never: one older than the engine's start is ignored, since nobody may be waiting for it any more.
 */
export class FlattenRequests {
  readonly #runtime: Runtime;
  readonly #emergency: EmergencyDesk;
  readonly #since: number;
  readonly #taken = new Set<string>();

  constructor(runtime: Runtime, emergency: EmergencyDesk) {
    this.#runtime = runtime;
    this.#emergency = emergency;
    this.#since = runtime.wallClock();
  }

  take(): void {
    const request = readRequest(this.#runtime.dataDir);
    if (request === null || request.at < this.#since || this.#taken.has(request.id)) return;
    this.#taken.add(request.id);
    void this.#carryOut(request);
  }

  async #carryOut(request: FlattenRequest): Promise<void> {
    const steps: string[] = [];
    const answer = (rest: Omit<FlattenAnswer, 'id' | 'steps'>): void => {
      try {
        replaceFile(flattenAnswerPath(this.#runtime.dataDir), JSON.stringify({ id: request.id, ...rest, steps }));
      } catch {
        // The asker then waits in vain and says so; the flatten itself goes on.
      }
    };
    answer({ state: 'working', outcome: null, sentence: 'Flattening has begun.', open: [] });
    let open: FlattenStep['open'] = [];
    const report = await this.#emergency.runFlatten('cli', { reason: request.reason }, (step) => {
      steps.push(step.sentence);
      if (step.step === 'result') open = step.open;
    });
    const sentence = report.flat
      ? 'FLAT: verified, no position and no open order is left.'
      : `NOT FLAT: ${report.residuals.map((residual) => residual.sentence).join(' ')}`;
    answer({ state: 'done', outcome: report.flat ? 'FLAT' : 'NOT_FLAT', sentence, open });
  }
}

function readRequest(dataDir: string): FlattenRequest | null {
  try {
    const text = readIfThere(flattenRequestPath(dataDir));
    if (text === null) return null;
    const input = JSON.parse(text) as Partial<Record<keyof FlattenRequest, unknown>>;
    const { id, at, reason } = input;
    if (typeof id !== 'string' || typeof at !== 'number' || typeof reason !== 'string') return null;
    return { id, at, reason };
  } catch {
    return null;
  }
}
