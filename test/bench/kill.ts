import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { type Figure, median } from './figure.ts';

const root = resolve(import.meta.dirname, '../..');
const SYMBOLS = 1_000;
const RATE = 5_000;
const DRILLS = 24;
const RESTING = 4;
const WARM_UP_MS = 5_000;
const BETWEEN_MS = 250;

interface Said {
  readonly ready?: string;
  readonly latched?: number;
  readonly cancelled?: number;
  readonly resting?: true;
  readonly resumed?: true;
  readonly rate?: number;
  readonly failed?: string;
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

class Engine {
  readonly #child: ChildProcess;
  #said: Said[] = [];

  constructor(script: string, dataDir: string) {
    this.#child = fork(script, [dataDir, String(SYMBOLS), String(RATE)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: Said) => this.#said.push(message));
  }

  ask(request: Readonly<Record<string, unknown>>): void {
    this.#said = [];
    this.#child.send(request);
  }

  async hears<K extends keyof Said>(key: K): Promise<NonNullable<Said[K]>> {
    for (;;) {
      for (const message of this.#said) {
        if (message.failed !== undefined) throw new Error(message.failed);
        const found = message[key];
        if (found !== undefined) return found as NonNullable<Said[K]>;
      }
      if (this.#child.exitCode !== null) throw new Error('the engine ended');
      await wait(5);
    }
  }

  async end(): Promise<void> {
    const gone = new Promise((done) => this.#child.once('exit', done));
    this.#child.send({ end: true });
    await gone;
  }
}

/** HALT over the API of the served engine while quotes flood in, from the call in another process. */
export async function benchKill(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tradewright-bench-kill-'));
  // As `npm start` runs it: from a bundle.
  const bundle = join(root, 'node_modules/.cache/tradewright/bench-kill');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['better-sqlite3', '@napi-rs/keyring'] },
    build: { ssr: join(import.meta.dirname, 'kill-child.ts'), outDir: bundle, emptyOutDir: true },
  });
  const engine = new Engine(join(bundle, 'kill-child.js'), folder);
  try {
    const url = new URL(await engine.hears('ready'));
    const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? url.hash.slice(1);
    await wait(WARM_UP_MS);
    const latches: number[] = [];
    const cancels: number[] = [];
    const answers: number[] = [];
    for (let drill = 0; drill < DRILLS; drill += 1) {
      engine.ask({ rest: RESTING });
      await engine.hears('resting');
      await wait(BETWEEN_MS);
      engine.ask({});
      const began = Number(process.hrtime.bigint()) / 1e6;
      const answer = await fetch(new URL('/api/risk/halt', url), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'bench' }),
      });
      const answered = Number(process.hrtime.bigint()) / 1e6;
      if (!answer.ok) throw new Error(`HALT was answered ${answer.status}: ${await answer.text()}`);
      latches.push((await engine.hears('latched')) - began);
      cancels.push((await engine.hears('cancelled')) - began);
      answers.push(answered - began);
      await wait(BETWEEN_MS);
      engine.ask({ resume: true });
      await engine.hears('resumed');
    }
    engine.ask({ rate: true });
    const rate = await engine.hears('rate');
    const under = `${DRILLS} halts at ${Math.round(rate)} ticks/s over ${SYMBOLS} symbols`;
    return [
      { name: `HALT call to latch on disk, median of ${under}`, value: median(latches), unit: 'ms', aim: '50 ms' },
      { name: 'the same, slowest', value: Math.max(...latches), unit: 'ms', aim: '50 ms' },
      { name: 'HALT call to first cancel sent, median', value: median(cancels), unit: 'ms', aim: '250 ms' },
      { name: 'the same, slowest', value: Math.max(...cancels), unit: 'ms', aim: '250 ms' },
      { name: `HALT call to its answer, ${RESTING} cancels sent, median`, value: median(answers), unit: 'ms' },
    ];
  } finally {
    await engine.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
