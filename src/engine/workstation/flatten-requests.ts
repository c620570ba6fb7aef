import { join } from 'node:path';
import type { FlattenStep } from '../../contract/types.ts';
import { readIfThere, replaceFile } from './durable-file.ts';
import type { EmergencyDesk } from './emergency-desk.ts';
import { verdictSentence } from './risk-views.ts';
import type { Runtime } from './runtime.ts';

/** A request to flatten from outside the process, and the answer to it, as files of the data folder. */
export interface FlattenRequest {
  readonly id: string;
  readonly at: number;
  readonly reason: string;
  /** Also when no engine runs, and for markets that are closed: carried out as soon as that can be. */
  readonly queue: boolean;
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
const flattenAnswerPath = (dataDir: string): string => join(dataDir, 'flatten-answer.json');

/**
 * The command line's way to the kill switch of a running engine: a request file that the engine looks for four times a
 * second. It needs no token, no port and no answering window. A request made while no engine runs is carried out never,
 * since nobody may be waiting for it any more, unless it was to be queued.
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

  /** A request from before this engine that was to wait for one, unless it was begun or the halt has been lifted since. */
  takeLeft(): void {
    const { dataDir, latch } = this.#runtime;
    const request = readRequest(dataDir);
    if (request === null || !request.queue || request.at >= this.#since || this.#taken.has(request.id)) return;
    this.#taken.add(request.id);
    if (readAnswer(dataDir)?.id === request.id || !latch.read().halted) return;
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
    const { reason, queue } = request;
    const report = await this.#emergency.runFlatten('cli', { reason, queue }, (step) => {
      steps.push(step.sentence);
      if (step.step === 'result') open = step.open;
    });
    const sentence = verdictSentence(report);
    answer({ state: 'done', outcome: report.flat ? 'FLAT' : 'NOT_FLAT', sentence, open });
  }
}

/** Null when there is none, or none that can be read. */
export function readAnswer(dataDir: string): FlattenAnswer | null {
  try {
    return JSON.parse(readIfThere(flattenAnswerPath(dataDir)) ?? 'null') as FlattenAnswer | null;
  } catch {
    return null;
  }
}

function readRequest(dataDir: string): FlattenRequest | null {
  try {
    const text = readIfThere(flattenRequestPath(dataDir));
    if (text === null) return null;
    const input = JSON.parse(text) as Partial<Record<keyof FlattenRequest, unknown>>;
    const { id, at, reason, queue } = input;
    if (typeof id !== 'string' || typeof at !== 'number' || typeof reason !== 'string') return null;
    return { id, at, reason, queue: queue === true };
  } catch {
    return null;
  }
}
