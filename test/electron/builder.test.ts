import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

interface Config {
  readonly [key: string]: unknown;
}
interface ConfigTools {
  getConfig(folder: string, file: string, given: null): Promise<Config>;
  validateConfiguration(config: Config, log: { add(): void; isEnabled: boolean }): Promise<void>;
}
const QUIET = { add: () => undefined, isEnabled: false };

let tools: ConfigTools;
let config: Config;
beforeAll(async () => {
  // The packager's own reader, which is a dependency of the packager and not of this product.
  const library = createRequire(require.resolve('electron-builder/package.json')).resolve(
    'app-builder-lib/package.json',
  );
  const file = pathToFileURL(join(dirname(library), 'out/util/config/config.js')).href;
  const module = (await import(/* @vite-ignore */ file)) as { default: ConfigTools };
  tools = module.default;
  const quiet = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  config = await tools.getConfig(ROOT, 'electron-builder.yml', null);
  quiet.mockRestore();
});

describe('electron-builder.yml', () => {
  test('is valid for the packager that is installed, which refuses misspelt keys', async () => {
    await tools.validateConfiguration(config, QUIET);
    await expect(tools.validateConfiguration({ ...config, runAsNod: false }, QUIET)).rejects.toThrow(/runAsNod/);
    const fuses = { ...(config['electronFuses'] as object), runAsNod: false };
    await expect(tools.validateConfiguration({ ...config, electronFuses: fuses }, QUIET)).rejects.toThrow(/Fuses/);
  });

  test('19: the fuses are exactly these', () => {
    expect(config['electronFuses']).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
      resetAdHocDarwinSignature: true,
    });
  });

  test('26: an update is checked against its publisher', () => {
    expect(config['win']).toMatchObject({
      verifyUpdateCodeSignature: true,
      signtoolOptions: { publisherName: [expect.stringMatching(/\w/)] },
    });
  });

  test('packs the build, the production modules and no sources; natives stay outside the archive', () => {
    expect(config['asar']).toBe(true);
    expect(config['npmRebuild']).toBe(false);
    expect(config['asarUnpack']).toContain('**/*.node');
    const [{ filter = [] } = {}] = config['files'] as readonly { filter?: readonly string[] }[];
    const taken = filter.filter((pattern) => !pattern.startsWith('!'));
    expect(taken).toEqual(['out/**', 'package.json']);
    expect(filter).toContain('!out/**/*.map');
  });

  test('names files that exist', () => {
    const { entitlements } = config['mac'] as { entitlements: string };
    expect(existsSync(join(ROOT, entitlements))).toBe(true);
    const rights = [...readFileSync(join(ROOT, entitlements), 'utf8').matchAll(/<key>([^<]+)<\/key>/g)];
    expect(new Set(rights.map(([, name]) => name))).toEqual(
      new Set(['com.apple.security.cs.allow-jit', 'com.apple.security.network.client']),
    );
  });
});

describe('16: Electron itself', () => {
  test('is pinned, and the versions of its types and of its binary are the same', () => {
    const { main, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      main: string;
      devDependencies: Record<string, string>;
    };
    expect(main).toBe('out/main/index.js');
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
    const installed = JSON.parse(readFileSync(require.resolve('electron/package.json'), 'utf8')) as { version: string };
    expect(installed.version).toBe(devDependencies['electron']);
  });
});
