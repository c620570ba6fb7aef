import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WEB_PREFERENCES } from '../../electron/policy.ts';
import { BUILT_MAIN, Shell } from '../support/electron.ts';

// Electron's security checklist by its numbers, against the main process as it boots: once from the sources and once from
// the build, both by plain Node on the typed fake of Electron and with the real engine.

const PAGE = 'app://terminal/index.html';
const SOURCES = resolve(import.meta.dirname, '../../electron/main.ts');

describe.each([
  { name: 'the shell from its sources', entry: SOURCES, built: false },
  existsSync(BUILT_MAIN)
    ? { name: 'the shell as built', entry: BUILT_MAIN, built: true }
    : { name: 'the shell as built [SKIPPED: not built, run "npm run build"]', entry: '', built: true },
])('$name', ({ entry, built }) => {
  let shell: Shell;
  beforeAll(async () => {
    if (entry !== '') shell = await Shell.start({ entry });
  });
  afterAll(async () => {
    if (entry !== '') await shell[Symbol.asyncDispose]();
  });
  const assert = (name: string, body: () => Promise<void>): void => {
    test.skipIf(entry === '')(name, { timeout: 30_000 }, body);
  };

  assert('1: nothing but our own page is loaded', async () => {
    const { windows, refusedUrls } = await shell.ask('seen');
    expect(windows.map(({ urls }) => urls)).toEqual([[PAGE]]);
    expect(windows[0]?.shown).toEqual(['show']);
    for (const scheme of ['http://', 'https://', 'ws://', 'wss://', 'file://']) {
      expect(refusedUrls.some((pattern) => pattern.startsWith(scheme))).toBe(true);
    }
  });

  assert('2-4: the sandbox before ready, the exact preferences', async () => {
    const { calls, windows } = await shell.ask('seen');
    expect(calls.indexOf('enableSandbox')).toBe(0);
    expect(windows).toHaveLength(1);
    const { preload, ...preferences } = windows[0]?.options.webPreferences ?? {};
    expect(preferences).toEqual({ ...WEB_PREFERENCES, devTools: true });
    expect(preload).toBe(join(entry, '../../preload/index.cjs'));
    if (built) expect(existsSync(preload ?? '')).toBe(true);
  });

  assert('5: both permission handlers are set before the window, and say no', async () => {
    const { calls } = await shell.ask('seen');
    for (const handler of ['setPermissionRequestHandler', 'setPermissionCheckHandler']) {
      expect(calls).toContain(handler);
      expect(calls.indexOf(handler)).toBeLessThan(calls.indexOf('new BrowserWindow'));
    }
    for (const name of ['geolocation', 'media', 'notifications', 'openExternal', 'fileSystem', 'usb', 'unknown']) {
      expect(await shell.ask('permission', name)).toEqual({ request: false, check: false, device: false });
    }
    expect(await shell.ask('permission', 'clipboard-sanitized-write')).toMatchObject({ request: true, check: true });
  });

  assert('6, 8-10: nothing that weakens the web is set', async () => {
    const { windows } = await shell.ask('seen');
    const preferences = windows[0]?.options.webPreferences ?? {};
    expect(preferences.webSecurity).toBe(true);
    for (const key of ['allowRunningInsecureContent', 'experimentalFeatures', 'enableBlinkFeatures', 'plugins']) {
      expect(preferences).not.toHaveProperty(key);
    }
  });

  assert('7: every page has the policy as a header, with a nonce of its own', async () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 3; i += 1) {
      const { status, headers, body } = await shell.ask('fetch', { url: PAGE });
      expect(status).toBe(200);
      const nonce = /'nonce-([\w-]+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? '';
      expect(nonce.length).toBeGreaterThanOrEqual(22);
      nonces.add(nonce);
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; ` +
          "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(body).not.toContain('__CSP_NONCE__');
      if (built) expect(body).toContain(`nonce="${nonce}"`);
    }
    expect(nonces.size).toBe(3);
  });

  assert('12: no webview', async () => {
    expect(await shell.ask('contents', { event: 'will-attach-webview' })).toBe(true);
  });

  assert('13: the page leads nowhere else', async () => {
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const url of ['https://evil.test/', 'https://evil.test/?next=app://terminal/', 'file:///etc/passwd', PAGE]) {
        expect(await shell.ask('contents', { event, args: [{ url, isMainFrame: true }] })).toBe(true);
      }
    }
  });

  assert('14: no second window', async () => {
    for (const url of [
      'https://evil.test/',
      'about:blank',
      'javascript:alert(1)',
      PAGE,
      'app://terminal/popout.html',
    ]) {
      expect(await shell.ask('open', url)).toEqual({ action: 'deny' });
    }
  });

  assert('17: a hostile frame gets no port', async () => {
    for (const frame of [
      null,
      { url: PAGE, child: true },
      { url: 'https://terminal/index.html' },
      { url: 'app://terminal.evil/' },
      { url: 'app://terminal@evil/' },
      { url: 'data:text/html,app://terminal/' },
      { url: 'about:srcdoc', child: true },
      { url: '' },
    ]) {
      expect(await shell.ask('connect', { frame })).toBe(false);
    }
    expect(await shell.ask('posted')).toEqual([]);
  });

  assert('18: app:// serves the bundle and nothing else', async () => {
    const { schemes, handled, calls } = await shell.ask('seen');
    expect(schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
    expect(calls).toContain('registerSchemesAsPrivileged');
    expect(handled).toEqual(['app']);
    for (const path of ['/', '/index.html']) {
      const { status, headers } = await shell.ask('fetch', { url: `app://terminal${path}` });
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
    }
    for (const url of [
      'app://terminal/..%2f..%2fpackage.json',
      'app://terminal/..%2Fmain%2Findex.js',
      'app://terminal/%2e%2e/main/index.js',
      'app://terminal/assets/..%2f..%2fmain/index.js',
      'app://terminal/..%5c..%5cpackage.json',
      'app://terminal/..%255cpackage.json',
      'app://terminal/index.html%00.js',
      'app://terminal/%00',
      'app://terminal//etc/passwd.html',
      'app://terminal/C:%5cWindows%5cwin.js',
      'app://terminal/.env.js',
      'app://terminal/nothing.html',
      'app://terminal/%E0%A4%A.html',
      'app://evil/index.html',
      'app://terminal.evil/index.html',
      'app://terminal:8080/index.html',
      'https://terminal/index.html',
    ]) {
      expect({ url, ...(await shell.ask('fetch', { url })) }).toMatchObject({ url, status: 404, body: '' });
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
      expect(await shell.ask('fetch', { url: PAGE, method })).toMatchObject({ status: 404 });
    }
  });

  assert('21: one channel; the page talks to the engine through its port, and only the newest port lives', async () => {
    const { channels, listeners } = await shell.ask('seen');
    expect({ channels, listeners }).toEqual({ channels: ['rpc:connect'], listeners: 1 });
    expect(await shell.ask('connect', { frame: { url: PAGE } })).toBe(true);
    expect(await shell.ask('posted')).toEqual([['rpc:port', null, 1]]);
    expect(await shell.ask('hello', 0)).toMatchObject({ product: 'Tradewright', protocol: 1 });

    expect(await shell.ask('connect', { frame: { url: PAGE } })).toBe(true);
    expect(await shell.ask('closed')).toEqual([true, false]);
    expect(await shell.ask('hello', 1)).toMatchObject({ product: 'Tradewright' });

    await shell.ask('contents', { event: 'did-start-navigation', args: [{ isMainFrame: true, isSameDocument: true }] });
    await shell.ask('contents', {
      event: 'did-start-navigation',
      args: [{ isMainFrame: false, isSameDocument: false }],
    });
    expect(await shell.ask('closed')).toEqual([true, false]);
    await shell.ask('contents', {
      event: 'did-start-navigation',
      args: [{ isMainFrame: true, isSameDocument: false }],
    });
    expect(await shell.ask('closed')).toEqual([true, true]);
  });

  assert('25: the page dies, the engine and its stop go on', async () => {
    await shell.ask('connect', { frame: { url: PAGE } });
    await shell.ask('clickHalt');
    expect(await shell.ask('halted')).toBe('HALTED');
    await shell.ask('crash', 'crashed');
    expect((await shell.ask('closed')).at(-1)).toBe(true);
    const { windows, quits, exits } = await shell.ask('seen');
    expect(windows[0]?.urls).toEqual([PAGE, PAGE]);
    expect({ quits, exits }).toEqual({ quits: 0, exits: [] });
    await shell.ask('connect', { frame: { url: PAGE } });
    expect(await shell.ask('halted')).toBe('HALTED');
  });

  assert('quitting drains: no more ports, the engine ends, then the application', async () => {
    await shell.ask('quit');
    expect(await shell.ask('connect', { frame: { url: PAGE } })).toBe(false);
    await expect.poll(async () => (await shell.ask('seen')).quits, { timeout: 5_000 }).toBe(1);
    expect((await shell.ask('closed')).every((isClosed) => isClosed)).toBe(true);
    expect((await shell.ask('seen')).exits).toEqual([]);
  });
});
