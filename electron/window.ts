import type { BrowserWindow, BrowserWindowConstructorOptions, Dialog } from 'electron/main';
import type { ApiLog } from '../src/api/failures.ts';
import { APP_PAGE, WEB_PREFERENCES } from './policy.ts';

/** A page that dies twice within this time would die again and again: the user decides. */
const CRASH_LOOP_MS = 10_000;

export interface WindowOptions {
  readonly preload: string;
  readonly developer: boolean;
  readonly log: ApiLog;
  /** The page was replaced or has died; its port leads nowhere. */
  readonly onPageGone: (reason: string) => void;
  readonly onGiveUp: () => void;
}

/** The one window. When its page dies the engine goes on, every stop stays, and the page is loaded again. */
export function openWindow(
  Window: new (options: BrowserWindowConstructorOptions) => BrowserWindow,
  dialog: Pick<Dialog, 'showMessageBox'>,
  { preload, developer, log, onPageGone, onGiveUp }: WindowOptions,
): BrowserWindow {
  const window = new Window({
    show: false,
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    title: 'Tradewright',
    backgroundColor: '#0B0E14',
    webPreferences: { ...WEB_PREFERENCES, devTools: developer, preload },
  });
  const load = (): void => {
    if (window.isDestroyed()) return;
    window.loadURL(APP_PAGE).catch((error: unknown) => {
      log.error({ err: error }, 'the page did not load');
      // Its menu has HALT and Reload.
      window.show();
    });
  };
  let diedAt = Number.NEGATIVE_INFINITY;
  const mayRevive = async (reason: string): Promise<boolean> => {
    const diedBefore = diedAt;
    diedAt = performance.now();
    if (diedAt - diedBefore > CRASH_LOOP_MS) return true;
    const detail = `Reason: ${reason}. The engine goes on and keeps every order, position and stop.`;
    const buttons = ['Open the window again', 'Quit Tradewright'];
    const answer = await dialog.showMessageBox({ type: 'error', message: 'The window keeps failing', detail, buttons });
    return answer.response === 0;
  };

  window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) onPageGone('the page is loaded again');
  });
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.error({ reason, exitCode }, 'the page is gone; the engine goes on');
    onPageGone('the page is gone');
    void mayRevive(reason).then((open) => (open ? load() : onGiveUp()));
  });
  window.once('ready-to-show', () => window.show());
  load();
  return window;
}
