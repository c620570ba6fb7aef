import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tradewright } from '../support/command-line.ts';

// The launcher in a house of its own, with a command line that only tells whether it is the bundle or the sources.

const CLI = resolve(import.meta.dirname, '../../src/cli');
let house: string;
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'tradewright-launcher-'));
  for (const file of ['tradewright.mjs', 'launch.mjs', 'freshness.mjs']) {
    put(`src/cli/${file}`, '');
    cpSync(join(CLI, file), join(house, 'src/cli', file));
  }
  put('package.json', '{"type":"module"}');
  put('src/cli/main.ts', 'export const main = (args: readonly string[]): void => console.log("sources", ...args);\n');
  put('out/main/cli.js', 'export const main = (args) => console.log("bundle", ...args);\n');
  put('src/engine/core.ts', '');
  ageEverything();
});
afterEach(() => rmSync(house, { recursive: true, force: true }));

function put(path: string, text: string): string {
  const file = join(house, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const at = (path: string, seconds: number): void => utimesSync(join(house, path), seconds, seconds);
/** Sources from the time 1000, the bundle from 2000. */
function ageEverything(): void {
  for (const path of [
    'src/cli/tradewright.mjs',
    'src/cli/launch.mjs',
    'src/cli/freshness.mjs',
    'src/cli/main.ts',
    'src/engine/core.ts',
    'src/engine',
    'src/cli',
    'src',
  ]) {
    at(path, 1000);
  }
  at('out/main/cli.js', 2000);
}
function launch(...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(house, 'src/cli/tradewright.mjs'), ...args], {
    encoding: 'utf8',
  });
  return (stdout + stderr).trim();
}

describe('which command line runs', () => {
  test('the bundle when nothing changed since it was made', () => {
    expect(launch('calendar', '--json')).toBe('bundle calendar --json');
  });
  test.each([
    ['a source changed', () => at('src/engine/core.ts', 3000)],
    ['a source came', () => at(put('src/engine/new.ts', '').slice(house.length + 1), 3000)],
    ['a source went, which changes its folder', () => at('src/engine', 3000)],
    ['the dependencies changed', () => at(put('package-lock.json', '').slice(house.length + 1), 3000)],
    ['the build changed', () => at(put('electron.vite.config.ts', '').slice(house.length + 1), 3000)],
    ['it was made in the same instant', () => at('out/main/cli.js', 1000)],
    ['there is no bundle', () => rmSync(join(house, 'out'), { recursive: true })],
  ])('the sources when %s', (_name, change) => {
    change();
    expect(launch('calendar')).toBe('sources calendar');
  });
});

const fresh = (await import(`${CLI}/freshness.mjs`)) as {
  isFresh(root: string, outputs: readonly string[], inputs: readonly string[]): boolean;
  readonly BUILT_COMMAND_LINE: string;
  readonly COMMAND_LINE_INPUTS: readonly string[];
};
const root = resolve(CLI, '../..');
const isBuilt = fresh.isFresh(root, [fresh.BUILT_COMMAND_LINE], fresh.COMMAND_LINE_INPUTS);

describe.skipIf(!isBuilt)(`the bundle of the product${isBuilt ? '' : ' [SKIPPED: stale, run "npm run build"]'}`, () => {
  const bundle = (...args: readonly string[]): string =>
    spawnSync(process.execPath, [join(CLI, 'tradewright.mjs'), ...args], { encoding: 'utf8' }).stdout;
  test('knows every command, each loaded from its own chunk', async () => {
    const { out } = await tradewright('help');
    expect(bundle('help')).toBe(out);
  });
  test('finds the product it belongs to: the built window, the modules beside it', () => {
    const found = JSON.parse(bundle('doctor', '--data-dir', house, '--json')) as Record<string, unknown>;
    expect(found).toMatchObject({ window: true, sqlite: expect.stringMatching(/^3\./) });
  });
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Runs the launcher as npm does, below a shell that keeps every signal to itself; tells the launcher's process. */
async function belowShell(
  environment: Readonly<Record<string, string>>,
): Promise<{ shell: ChildProcess; pid: number }> {
  put(
    'out/main/cli.js',
    'export const main = () => { process.on("SIGTERM", () => { console.log("in order"); process.exit(0); }); setInterval(() => {}, 1000); console.log(process.pid); };\n',
  );
  at('out/main/cli.js', 2000);
  const script = put('shell.sh', `"${process.execPath}" src/cli/tradewright.mjs serve &\nwait\n`);
  chmodSync(script, 0o755);
  const { npm_lifecycle_event: _own, ...clean } = process.env;
  const shell = spawn('sh', [script], {
    cwd: house,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...clean, ...environment },
  });
  const pid = await new Promise<number>((found) =>
    shell.stdout.once('data', (text: Buffer) => found(Number(String(text)))),
  );
  return { shell, pid };
}

describe.skipIf(process.platform === 'win32')('no engine is left behind', () => {
  test('below npm or npx: it ends in order when the shell above it is gone', async () => {
    const { shell, pid } = await belowShell({ npm_lifecycle_event: 'npx' });
    let out = '';
    shell.stdout?.on('data', (text: Buffer) => (out += String(text)));
    expect(isAlive(pid)).toBe(true);
    shell.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
    expect(out).toContain('in order');
  });

  test('by itself it stays, for whoever put it into the background meant it', async () => {
    const { shell, pid } = await belowShell({});
    shell.kill('SIGKILL');
    await new Promise((done) => setTimeout(done, 1_000));
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });
});
