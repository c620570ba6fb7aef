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

/** Switches that would open the packaged app to a debugger. */
export const REFUSED_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'inspect',
  'inspect-brk',
  'js-flags',
] as const;
