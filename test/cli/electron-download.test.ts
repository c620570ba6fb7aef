import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { downloadElectron, type ElectronSource } from '../../src/cli/electron-download.ts';

let folder: string;
let failureFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewright-download-'));
  failureFile = join(folder, 'cache', 'failed.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NOW = 1_723_161_600_000;
const DAY = 86_400_000;
const never = new Promise<void>(() => {});

function source(fetchArchive: ElectronSource['fetchArchive']) {
  const seen = { fetches: 0, unpacked: 0, said: [] as string[] };
  const electron: ElectronSource = {
    fetchArchive(onBytes, signal) {
      seen.fetches += 1;
      return fetchArchive(onBytes, signal);
    },
    unpack() {
      seen.unpacked += 1;
      return Promise.resolve();
    },
  };
  const run = (now = NOW): Promise<string | null> =>
    downloadElectron(electron, {
      failureFile,
      now,
      say: (line) => seen.said.push(line),
      patienceMs: 60,
      stallMs: 120,
    });
  return { seen, run };
}
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a download is announced once, unpacked, and forgotten as a failure', async () => {
  const { seen, run } = source(async (onBytes) => {
    for (let i = 0; i < 5; i += 1) {
      onBytes();
      await wait(40);
    }
  });
  expect(await run()).toBeNull();
  expect(seen).toMatchObject({ fetches: 1, unpacked: 1, said: [expect.stringContaining('Downloading Electron')] });
  expect(existsSync(failureFile)).toBe(false);
});

test('a closed network fails at once and is not asked again for a day', async () => {
  const { seen, run } = source(() =>
    Promise.reject(new TypeError('fetch failed', { cause: new Error('no such host') })),
  );
  expect(await run()).toMatch(/could not be downloaded \(no such host\)/);
  expect(await run(NOW + DAY - 1)).toMatch(
    /failed within the last day \(no such host\); to try now: npx install-electron/,
  );
  expect(seen.fetches).toBe(1);
  expect(await run(NOW + DAY)).toMatch(/could not be downloaded/);
  expect(seen).toMatchObject({ fetches: 2, unpacked: 0, said: [] });
  // A clock that was set back is no reason to wait for years.
  expect(await run(NOW - 10 * DAY)).toMatch(/could not be downloaded/);
  expect(seen.fetches).toBe(3);
});

test('a network that swallows packets holds the start up for the patience only, and the request is given up', async () => {
  let given: AbortSignal | undefined;
  const { run } = source((_onBytes, signal) => {
    given = signal;
    return never;
  });
  const startedAt = performance.now();
  expect(await run()).toMatch(/could not be downloaded \(no answer\)/);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(given?.aborted).toBe(true);
});

test('a connection that stalls in the middle is given up', async () => {
  const { run } = source((onBytes) => {
    onBytes();
    return never;
  });
  expect(await run()).toMatch(/could not be downloaded \(the connection stalled\)/);
});

test('a folder that cannot be written, or a broken memory, only means another try', async () => {
  writeFileSync(join(folder, 'cache'), 'a file');
  const { seen, run } = source(() => Promise.reject(new Error('offline')));
  await run();
  await run();
  expect(seen.fetches).toBe(2);
  failureFile = join(folder, 'broken.json');
  writeFileSync(failureFile, '{"at":"yesterday"');
  await run();
  expect(seen.fetches).toBe(3);
});
