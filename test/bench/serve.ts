import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { type Figure, median } from './figure.ts';

const root = resolve(import.meta.dirname, '../..');
const ROUNDS = 5;
const run = promisify(execFile);

/** From the start of the process to the line that says the engine serves. */
function readyTime(args: readonly string[], dataDir: string): Promise<number> {
  return new Promise((done, fail) => {
    const start = performance.now();
    const child = spawn(process.execPath, [...args, ...(args.length > 1 ? ['--data-dir', dataDir] : [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.once('data', () => {
      done(performance.now() - start);
      child.kill('SIGTERM');
    });
    child.once('error', fail);
  });
}

export async function benchServe(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tradewright-bench-'));
  try {
    const times: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const bare = performance.now();
      await run(process.execPath, ['-e', '0']);
      floors.push(performance.now() - bare);
      times.push(
        await readyTime([join(root, 'src/cli/tradewright.mjs'), 'serve', '--json'], join(folder, `ready-${round}`)),
      );
    }
    // As `npm start` runs it: from a bundle, which needs no type stripping in memory.
    const bundle = join(root, 'node_modules/.cache/tradewright/bench');
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true, external: ['better-sqlite3', '@napi-rs/keyring'] },
      build: { ssr: join(import.meta.dirname, 'serve-child.ts'), outDir: bundle, emptyOutDir: true },
    });
    const { stdout } = await run(process.execPath, [
      join(bundle, 'serve-child.js'),
      join(folder, 'many'),
      '1000',
      '20',
    ]);
    const memory = JSON.parse(stdout) as { rss: number; peak: number; instruments: number };
    return [
      {
        name: 'serve ready, first start in an empty folder',
        value: median(times),
        unit: 'ms',
        floor: median(floors),
        floorName: 'an empty Node process',
        aim: '1,000 ms',
      },
      {
        name: `engine and API with ${memory.instruments} streaming symbols, RSS after 20 s`,
        value: memory.rss / 1e6,
        unit: 'MB',
        aim: '120 MB, ceiling 170 MB',
      },
      { name: 'the same, highest RSS', value: memory.peak / 1e6, unit: 'MB', aim: 'ceiling 170 MB' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
