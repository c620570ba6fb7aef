import type { WebFrameMain, WebPreferences } from 'electron/main';

// SECURITY REGION: every window, frame and URL of the app is judged here. Changes need a test that attacks them first.

export const APP_PAGE = 'app://terminal/index.html';

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

/** The path of one of our own URLs; null for every other URL. */
export function ownPath(rawUrl: string): string | null {
  if (!URL.canParse(rawUrl)) return null;
  const url = new URL(rawUrl);
  return url.protocol === 'app:' && url.host === 'terminal' ? url.pathname : null;
}

/** Only the main frame of our own page may ask for the engine's port. */
export function isTrustedSender(frame: Pick<WebFrameMain, 'url' | 'parent'> | null): boolean {
  return frame !== null && frame.parent === null && ownPath(frame.url) !== null;
}

/** Electron grants everything unless told otherwise; the window needs to copy text and nothing else. */
export function allowPermission(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/** What no page may load, whatever its policy says: everything that is on a network or on the disk. */
export const REFUSED_REQUESTS = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file:///*'];

/** Switches that would open the packaged app to a debugger. */
export const REFUSED_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'inspect',
  'inspect-brk',
  'inspect-wait',
  'inspect-port',
  'inspect-publish-uid',
  'js-flags',
] as const;
