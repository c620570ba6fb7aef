import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
let folder: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewright-start-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly text: { out: string; err: string };
  /** Resolves to the exit status, or to the signal. */
  readonly ended: Promise<number | string | null>;
}
function start(environment: Readonly<Record<string, string>>, ...args: readonly string[]): Started {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, npm_lifecycle_event: _npm, ...clean } = process.env;
  const child = spawn(process.execPath, ['src/cli/start.ts', ...args], {
    cwd: ROOT,
    env: {
      ...clean,
      TRADEWRIGHT_HOME: join(folder, 'data'),
      TRADEWRIGHT_NO_DOWNLOAD: '1',
      PATH: folder,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (text.err += String(chunk)));
  return { child, text, ended: new Promise((settle) => child.on('close', (code, signal) => settle(code ?? signal))) };
}
async function served({ text, ended }: Started): Promise<string> {
  const tooEarly = ended.then((how) => {
    throw new Error(`ended with ${how} before it was ready: ${text.err}`);
  });
  const ready = expect.poll(() => text.out, { timeout: 30_000 }).toMatch(/^ready http/m);
  await Promise.race([ready, tooEarly]);
  // Later it may end.
  tooEarly.catch(() => undefined);
  return /^ready (http:\/\/127\.0\.0\.1:\d+)\//m.exec(text.out)?.[1] ?? '';
}
/** A program in place of Electron. */
function program(body: string): string {
  const file = join(folder, 'electron');
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}
const WITH_PATH = { PATH: `${process.env['PATH']}` };

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  test('without a display: one line says why, the window is served, and SIGTERM ends it in order', async () => {
    const started = start({});
    const url = await served(started);
    expect(started.text.err).toBe(
      'No Electron window because there is no display; serving the same window on this machine only.\n',
    );
    const page = await fetch(url);
    expect(page.status).toBe(200);
    if (existsSync(join(ROOT, 'out/renderer/index.html'))) expect(await page.text()).toContain('<div id="root">');
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
    // Closed in order: nothing is left in the write-ahead log, and the folder is free.
    const left = readdirSync(join(folder, 'data'));
    expect(left.filter((name) => name.endsWith('-wal') || name === 'writer.pid')).toEqual([]);
  });

  test('with a display but no binary: says so, serves, and says that no browser could be opened', async () => {
    const started = start({ DISPLAY: ':77', ELECTRON_PATH: join(folder, 'nothing') });
    await served(started);
    await expect.poll(() => started.text.err, { timeout: 5_000 }).toContain('Could not open the default browser');
    expect(started.text.err).toContain(`because ELECTRON_PATH names ${join(folder, 'nothing')}, which does not exist;`);
    started.child.kill('SIGINT');
    expect(await started.ended).toBe(0);
  });

  test('with options of the served window: that is what it opens', async () => {
    const started = start({ DISPLAY: ':77', ELECTRON_PATH: program('exit 0') }, '--port', '0');
    await served(started);
    expect(started.text.err).toContain('because the options given are those of the served window;');
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(0);
  });

  test('a taken port and a misspelt option are sentences', async () => {
    const taken = createServer();
    const port = await new Promise<number>((listening) => {
      taken.listen(0, '127.0.0.1', () => {
        const address = taken.address();
        listening(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const started = start({}, '--port', String(port));
    expect(await started.ended).toBe(1);
    expect(started.text.err).toContain(`Port ${port} is in use`);
    taken.close();
    const misspelt = start({}, '--prot', '1');
    expect(await misspelt.ended).toBe(2);
    for (const { text } of [started, misspelt]) expect(text.err).not.toMatch(/^\s+at /m);
  });
});

describe.skipIf(process.platform !== 'linux')('npm start with Electron', () => {
  test('runs it on the product, not as Node, on the data folder that was named, and ends with its status', async () => {
    const log = join(folder, 'log');
    const electron = program(`echo "$1|$TRADEWRIGHT_HOME|\${ELECTRON_RUN_AS_NODE-unset}" > "${log}"; exit 0`);
    const named = { ...WITH_PATH, DISPLAY: ':77', ELECTRON_PATH: electron, ELECTRON_RUN_AS_NODE: '1' };
    const started = start(named, '--data-dir', '/somewhere/else');
    expect(await started.ended).toBe(0);
    expect(started.text).toEqual({ out: '', err: 'Opening Tradewright in its Electron window.\n' });
    expect(readFileSync(log, 'utf8').trim()).toBe(`${ROOT}|/somewhere/else|unset`);
  });

  test('its refusal is the end: the shell has shown why', async () => {
    const started = start({ ...WITH_PATH, DISPLAY: ':77', ELECTRON_PATH: program('exit 1') });
    expect(await started.ended).toBe(1);
    expect(started.text.out).toBe('');
  });

  test.each([
    ['system libraries are missing', 'exit 127', 'status 127'],
    ['it crashes at once', 'kill -TRAP $$', 'SIGTRAP'],
  ])('the served window instead when %s', async (_name, body, reason) => {
    const started = start({ ...WITH_PATH, DISPLAY: ':77', ELECTRON_PATH: program(body) });
    await served(started);
    expect(started.text.err).toContain(`because Electron ended at its start (${reason}); serving`);
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(0);
  });

  test('a file that cannot be run is no reason to fail', async () => {
    const electron = program('exit 0');
    chmodSync(electron, 0o644);
    const started = start({ DISPLAY: ':77', ELECTRON_PATH: electron });
    await served(started);
    expect(started.text.err).toMatch(/because Electron could not be run \(.*EACCES\)/);
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(0);
  });

  test('a signal reaches it once, and its orderly end is waited for', async () => {
    const log = join(folder, 'signals');
    const electron = program(
      `trap 'echo TERM >> "${log}"; sleep 0.5; echo drained >> "${log}"; exit 0' TERM\necho up > "${log}"\nwhile :; do sleep 0.05; done`,
    );
    const started = start({ ...WITH_PATH, DISPLAY: ':77', ELECTRON_PATH: electron });
    await expect.poll(() => existsSync(log), { timeout: 20_000 }).toBe(true);
    started.child.kill('SIGTERM');
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(0);
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(['up', 'TERM', 'drained']);
  });
});
