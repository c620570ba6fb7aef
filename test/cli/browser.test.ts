import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser, launch, launchOf } from '../../src/cli/browser.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tradewright-browser-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function program(path: string, mode = 0o755): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, mode);
  return file;
}

describe.skipIf(process.platform === 'win32')('the browser that is found', () => {
  test('is CHROMIUM_PATH, then the newest of Playwright, then Chromium, Chrome, Edge', () => {
    const edge = program('bin/microsoft-edge');
    const environment = { PATH: join(root, 'bin'), PLAYWRIGHT_BROWSERS_PATH: join(root, 'pw') };
    const find = (given?: string): string | null =>
      findBrowser(given === undefined ? environment : { ...environment, CHROMIUM_PATH: given }, 'linux', root);
    expect(find()).toBe(edge);
    const chrome = program('bin/google-chrome');
    expect(find()).toBe(chrome);
    const chromium = program('bin/chromium');
    expect(find()).toBe(chromium);
    program('pw/chromium-999/chrome-linux/chrome');
    const newest = program('pw/chromium-1200/chrome-linux/chrome');
    program('pw/chromium_headless_shell-1300/chrome-linux/chrome');
    expect(find()).toBe(newest);
    const own = program('own/chrome');
    expect(find(own)).toBe(own);
    expect(find(join(root, 'nothing'))).toBe(newest);
  });

  test('is none where there is none, or where it cannot be run', () => {
    program('bin/chromium', 0o644);
    mkdirSync(join(root, 'bin', 'google-chrome'));
    expect(findBrowser({ PATH: join(root, 'bin') }, 'linux', root)).toBeNull();
    expect(findBrowser({}, 'linux', root)).toBeNull();
  });
});

describe('what is started', () => {
  const url = 'http://127.0.0.1:1/open/a;rm -rf $HOME&';
  test('an app window with its own profile', () => {
    expect(launchOf(url, '/data/window', '/usr/bin/chromium', 'linux')).toMatchObject({
      file: '/usr/bin/chromium',
      args: [`--app=${url}`, '--user-data-dir=/data/window', '--no-first-run', '--no-default-browser-check'],
    });
  });
  test.each([
    ['darwin', 'open'],
    ['linux', 'xdg-open'],
    ['win32', 'rundll32'],
  ] as const)('on %s the default browser by %s, the address as one argument', (platform, file) => {
    const started = launchOf(url, '/data/window', null, platform);
    expect(started.file).toBe(file);
    expect(started.args.at(-1)).toBe(url);
  });
  test('a program that is not there is a reason, not a crash', async () => {
    expect(await launch({ file: join(tmpdir(), 'no-such-browser'), args: [], what: '' })).toContain('ENOENT');
    expect(await launch({ file: process.execPath, args: ['-e', ''], what: '' })).toBeNull();
  });
});
