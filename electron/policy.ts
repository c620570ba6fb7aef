import { join, normalize, sep } from 'node:path';
import type { WebFrameMain, WebPreferences } from 'electron/main';

// SECURITY REGION: every window, frame and URL of the app is judged here. Changes need a test that attacks them first.

export const APP_ORIGIN = 'app://terminal';

/** Exactly these for every window; a misspelt key fails the type check. */
export const WEB_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  spellcheck: false,
  // Fills and the HALT state must be drawn although another window covers this one.
  backgroundThrottling: false,
} as const satisfies WebPreferences;

/** Only the main frame of our own page may ask for the engine's port. */
export function isTrustedSender(frame: Pick<WebFrameMain, 'url' | 'parent'> | null): boolean {
  if (frame === null || frame.parent !== null) return false;
  try {
    const url = new URL(frame.url);
    return url.protocol === 'app:' && url.host === 'terminal';
  } catch {
    return false;
  }
}

/** Electron grants everything unless told otherwise; the window needs to copy text and nothing else. */
export function allowPermission(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/** A chart popped out by the docking library; anything else that wants a window is refused. */
export function isPopout(url: string): boolean {
  try {
    const parsed = new URL(url);
    return (
      parsed.protocol === 'app:' &&
      parsed.host === 'terminal' &&
      parsed.pathname === '/popout.html' &&
      parsed.search === ''
    );
  } catch {
    return false;
  }
}

/** File of the bundle behind an app:// URL, undefined for anything outside it. */
export function resolveAsset(root: string, rawUrl: string): string | undefined {
  let path: string;
  try {
    const url = new URL(rawUrl);
    if (url.protocol !== 'app:' || url.host !== 'terminal') return undefined;
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0') || path.includes('\\')) return undefined;
  const file = normalize(join(root, path === '/' ? 'index.html' : path));
  return file.startsWith(root + sep) ? file : undefined;
}

/** Switches that would open the packaged app to a debugger. */
export const REFUSED_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'inspect',
  'inspect-brk',
  'js-flags',
] as const;
