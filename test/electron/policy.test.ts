import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { WebFrameMain } from 'electron/main';
import { describe, expect, test } from 'vitest';
import { allowPermission, isTrustedSender, ownPath, REFUSED_SWITCHES, WEB_PREFERENCES } from '../../electron/policy.ts';

// The numbers are those of Electron's security checklist, as the architecture lists it.

const electronFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
/** Every permission that this version of Electron can ask for, from its own types: a new one is in the table at once. */
const PERMISSIONS = [
  ...(/setPermissionRequestHandler\(handler: \(\(webContents: WebContents, permission: ([^,]+),/
    .exec(readFileSync(join(electronFolder, 'electron.d.ts'), 'utf8'))?.[1]
    ?.matchAll(/'([^']+)'/g) ?? []),
].map(([, name = '']) => name);

describe('5: permissions', () => {
  test('the table is whole', () => {
    expect(PERMISSIONS.length).toBeGreaterThan(30);
    expect(PERMISSIONS).toContain('geolocation');
  });
  test.each(PERMISSIONS)('%s', (name) => {
    expect(allowPermission(name)).toBe(name === 'clipboard-sanitized-write');
  });
});

describe('2-4, 6, 8-10: the preferences of every window', () => {
  test('are exactly these', () => {
    expect(WEB_PREFERENCES).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: false,
    });
  });
});

const frame = (url: string, parent: unknown = null): Pick<WebFrameMain, 'url' | 'parent'> => ({
  url,
  parent: parent as WebFrameMain | null,
});

describe('17: who may ask for the port', () => {
  test.each(['app://terminal/index.html', 'app://terminal/', 'app://terminal/index.html#risk', 'app://terminal/?x=1'])(
    'our main frame: %s',
    (url) => expect(isTrustedSender(frame(url))).toBe(true),
  );
  test.each([
    'https://terminal/index.html',
    'http://terminal/',
    'app://terminal.evil/',
    'app://evil/?app://terminal',
    'app://terminal@evil/',
    'app://terminal:80@evil/',
    'app://evil/terminal',
    'app:terminal/index.html',
    'app:///terminal/index.html',
    'app://terminal:1234/',
    'apps://terminal/',
    'file:///app://terminal/index.html',
    'data:text/html,app://terminal/',
    'blob:app://terminal/1234',
    'javascript:app://terminal/',
    'about:blank',
    'about:srcdoc',
    'chrome-error://chromewebdata/',
    'devtools://devtools/bundled/inspector.html',
    '',
    'terminal',
  ])('nobody else: %s', (url) => {
    expect(isTrustedSender(frame(url))).toBe(false);
    expect(ownPath(url)).toBeNull();
  });
  test('no frame inside our page, and no frame that is gone', () => {
    expect(isTrustedSender(frame('app://terminal/index.html', {}))).toBe(false);
    expect(isTrustedSender(null)).toBe(false);
  });
});

test('22: switches that open the application to a debugger', () => {
  expect([...REFUSED_SWITCHES].sort()).toEqual([
    'inspect',
    'inspect-brk',
    'inspect-port',
    'inspect-publish-uid',
    'inspect-wait',
    'js-flags',
    'remote-debugging-address',
    'remote-debugging-pipe',
    'remote-debugging-port',
  ]);
});
