import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'vitest';
import { findElectron, missingDisplay } from '../../src/cli/node-modules.ts';
import type { Questions } from '../electron/boot/child.ts';

const ROOT = resolve(import.meta.dirname, '../..');
export const BUILT_MAIN = join(ROOT, 'out/main/index.js');
export const BUILT_PRELOAD = join(ROOT, 'out/preload/index.cjs');
export const BUILT_WINDOW = join(ROOT, 'out/renderer');

/** A suite over the build, which `npm test` makes first. Without it the suite is skipped and says so. */
export function describeBuilt(name: string, files: readonly string[], suite: () => void): void {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) describe(name, suite);
  else describe.skip(`${name} [SKIPPED: not built, run "npm run build"]`, suite);
}

/** A suite that needs Electron itself. Without it a visible skip, and with REQUIRE_ELECTRON=1 a failure. */
export function describeRealElectron(name: string, suite: (binary: string) => void): void {
  const electron = findElectron(process.env);
  const lacking = electron.path === null ? electron.reason : missingDisplay(process.env, process.platform);
  if (electron.path !== null && lacking === null) {
    const { path } = electron;
    describe(name, () => suite(path));
  } else if (process.env['REQUIRE_ELECTRON'] === '1') {
    test(name, () => {
      throw new Error(`REQUIRE_ELECTRON=1, but ${lacking}`);
    });
  } else {
    describe.skip(`${name} [SKIPPED: ${lacking}; REQUIRE_ELECTRON=1 makes this a failure]`, () => suite(''));
  }
}

export interface ShellOptions {
  /** The file of the main process. */
  readonly entry: string;
  /** Left out: the real engine in a folder of its own. Only for the sources. */
  readonly engine?: 'fake' | 'fails' | 'close-throws';
  readonly dataDir?: string;
  readonly world?: Parameters<Questions['load']>[0];
}

type Answer<Q extends keyof Questions> = Awaited<ReturnType<Questions[Q]>>;

/** The desktop shell, booted by plain Node on the fake Electron. */
export class Shell implements AsyncDisposable {
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  readonly #ownsFolder: boolean;
  #asked = 0;
  stderr = '';

  private constructor({ entry, engine, dataDir }: ShellOptions) {
    this.#ownsFolder = dataDir === undefined;
    this.dataDir = dataDir ?? mkdtempSync(join(tmpdir(), 'tradewright-shell-'));
    this.#child = fork(join(ROOT, 'test/electron/boot/child.ts'), [entry], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      execArgv: [],
      env: {
        ...process.env,
        TRADEWRIGHT_HOME: this.dataDir,
        ...(engine === undefined ? {} : { TEST_ENGINE: engine }),
      },
    });
    this.#child.stderr?.on('data', (text: Buffer) => (this.stderr += text.toString('utf8')));
    this.#child.on('message', ({ id, answer, error }: { id: number; answer?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(error));
    });
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the shell ended with ${code}: ${this.stderr}`));
    });
  }

  static async start(options: ShellOptions): Promise<Shell> {
    const shell = new Shell(options);
    await new Promise((settle, reject) => shell.#waiting.set(0, { resolve: settle, reject }));
    const { loaded, error } = await shell.ask('load', options.world ?? {});
    if (!loaded) throw new Error(`the main process did not load: ${error ?? 'it waits for "ready"'}`);
    return shell;
  }

  ask<Q extends keyof Questions>(question: Q, ...input: Parameters<Questions[Q]>): Promise<Answer<Q>> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((settle, reject) => {
      this.#waiting.set(id, { resolve: (answer) => settle(answer as Answer<Q>), reject });
      this.#child.send({ id, question, input: input[0] });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) {
      const ended = new Promise((settle) => this.#child.once('exit', settle));
      this.#child.disconnect();
      await ended;
    }
    if (this.#ownsFolder) rmSync(this.dataDir, { recursive: true, force: true });
  }
}
