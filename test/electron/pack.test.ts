import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUILT_MAIN, BUILT_PRELOAD, BUILT_WINDOW, describeBuilt, Shell } from '../support/electron.ts';

// A rehearsal of packing without Electron: the real packager over a distribution that is only a name and a fuse wire.
// Installers, signatures and the start of the packed application need a real one.

const ROOT = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const run = promisify(execFile);
const tool = (name: string, ...args: readonly string[]) =>
  run(process.execPath, [join(ROOT, 'node_modules/.bin', name), ...args], { cwd: ROOT, maxBuffer: 64_000_000 });

function stubDistribution(folder: string): string {
  const version = (JSON.parse(readFileSync(require.resolve('electron/package.json'), 'utf8')) as { version: string })
    .version;
  for (const name of ['locales', 'resources']) mkdirSync(join(folder, name), { recursive: true });
  // The mark by which the fuse tool finds the wire, its version, its length, and Electron's defaults.
  const wire = Buffer.concat([
    Buffer.from('#!/bin/sh\nexit 0\ndL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, 9]),
    Buffer.from('101100100\n'),
  ]);
  writeFileSync(join(folder, 'electron'), wire);
  chmodSync(join(folder, 'electron'), 0o755);
  writeFileSync(join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak', 'locales/de.pak']) {
    writeFileSync(join(folder, name), 'stub');
  }
  return folder;
}

const isLinux = process.platform === 'linux';
describeBuilt(
  `a packed application${isLinux ? '' : ' [SKIPPED: the stub distribution is a Linux one]'}`,
  isLinux ? [BUILT_MAIN, BUILT_PRELOAD, BUILT_WINDOW] : ['not on this system'],
  () => {
    let folder: string;
    let unpacked: string;
    let archive: string;
    let listing: string[];
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tradewright-pack-'));
      const dist = stubDistribution(join(folder, 'dist'));
      const release = join(folder, 'release');
      await tool('electron-builder', '--linux', '--dir', `-c.electronDist=${dist}`, `-c.directories.output=${release}`);
      unpacked = join(release, 'linux-unpacked');
      archive = join(unpacked, 'resources', 'app.asar');
      listing = (await tool('asar', 'list', archive)).stdout.split('\n').filter((line) => line !== '');
    }, 120_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('holds the build and the native modules of this platform, no sources, tests, maps or secrets', () => {
      expect(listing).toEqual(
        expect.arrayContaining([
          '/package.json',
          '/out/main/index.js',
          '/out/preload/index.cjs',
          '/out/renderer/index.html',
        ]),
      );
      const top = new Set(listing.map((path) => path.split('/')[1]));
      expect(top).toEqual(new Set(['package.json', 'out', 'node_modules']));
      const modules = new Set(
        listing.flatMap((path) => /^\/node_modules\/(@[^/]+\/[^/]+|[^@/][^/]*)/.exec(path)?.[1] ?? []),
      );
      for (const name of modules) expect(name).toMatch(/^(better-sqlite3|@napi-rs\/keyring(-[\w-]+)?)$/);
      expect(listing.filter((path) => /\.(ts|tsx|map|md|c|cc|cpp|h|env|pem|key)$/.test(path))).toEqual([]);
      const natives = listing.filter((path) => path.endsWith('.node'));
      expect(natives.length).toBeGreaterThanOrEqual(2);
      for (const native of natives) expect(native).toContain(`linux-${process.arch}`);
      expect(statSync(archive).size).toBeLessThan(20_000_000);
    });

    test('19: the fuses read back from the program are the table', async () => {
      const { stdout } = await tool('electron-fuses', 'read', '--app', join(unpacked, 'tradewright'));
      const fuses = Object.fromEntries(
        [...stdout.matchAll(/(\w+) is (Enabled|Disabled)/g)].map(([, name, is]) => [name, is]),
      );
      expect(fuses).toMatchObject({
        RunAsNode: 'Disabled',
        EnableCookieEncryption: 'Enabled',
        EnableNodeOptionsEnvironmentVariable: 'Disabled',
        EnableNodeCliInspectArguments: 'Disabled',
        EnableEmbeddedAsarIntegrityValidation: 'Enabled',
        OnlyLoadAppFromAsar: 'Enabled',
        LoadBrowserProcessSpecificV8Snapshot: 'Disabled',
        GrantFileProtocolExtraPrivileges: 'Disabled',
      });
    });

    test('boots: what is in it is all that the main process needs to open its journal and serve its window', async () => {
      const extracted = join(folder, 'extracted');
      await tool('asar', 'extract', archive, extracted);
      await using shell = await Shell.start({ entry: join(extracted, 'out/main/index.js'), world: { packaged: true } });
      const page = 'app://terminal/index.html';
      expect(await shell.ask('seen')).toMatchObject({
        boxes: [],
        exits: [],
        windows: [{ urls: [page], shown: ['show'] }],
      });
      expect(await shell.ask('fetch', { url: page })).toMatchObject({ status: 200 });
      await shell.ask('connect', { frame: { url: page } });
      expect(await shell.ask('hello', 0)).toMatchObject({ product: 'Tradewright' });
      expect(statSync(join(shell.dataDir, 'journal.sqlite')).size).toBeGreaterThan(0);
    });
  },
);
