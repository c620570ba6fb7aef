import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { WindowHost } from './host.ts';

const launcher = resolve(import.meta.dirname, '../../../src/cli/tradewright.mjs');

export interface EngineHost extends WindowHost {
  readonly dataDir: string;
  readonly pid: number;
  /** SIGKILL, as a crash or a power cut would end it. Resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

/** The product as a user starts it: `tradewright serve` in a process of its own, on simulated markets. */
export async function startEngineHost(
  dataDir = mkdtempSync(join(tmpdir(), 'tradewright-window-')),
): Promise<EngineHost> {
  const child = spawn(process.execPath, [launcher, 'serve', '--json', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += String(chunk)));
  const ready = await new Promise<{ url: string; pid: number }>((done, fail) => {
    child.stdout.once('data', (line) => done(JSON.parse(String(line)) as { url: string; pid: number }));
    child.once('exit', () => fail(new Error(`the engine ended before it served: ${complaint}`)));
  });
  return {
    url: ready.url,
    dataDir,
    pid: ready.pid,
    kill: async () => {
      process.kill(ready.pid, 'SIGKILL');
      await gone;
    },
    close: async () => {
      child.kill('SIGTERM');
      await gone;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
