import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, protocol, session } from 'electron/main';
import { createLog } from '../src/api/log.ts';
import { createRpcHandler, serveMessagePort } from '../src/api/message-port.ts';
import { createApi } from '../src/api/router.ts';
import { defaultDataDir } from '../src/cli/data-dir.ts';
import { createWorkstation } from '../src/engine/create-workstation.ts';
import { type Door, openDoor } from './door.ts';
import { lockApp, lockSession } from './lockdown.ts';
import { menuTemplate } from './menu.ts';
import { registerAppScheme, servePages } from './pages.ts';
import { REFUSED_SWITCHES } from './policy.ts';
import { openWindow } from './window.ts';

/** An engine that does not end must not keep the machine from shutting down; its journal is safe at any instant. */
const DRAIN_MS = 10_000;

/** The same folder as the command line's, so that `tradewright kill` stops this engine. */
const dataDir = defaultDataDir(process.env, process.platform, homedir());
const log = createLog();

// Everything up to `ready` must happen while this module loads, and nothing here may wait for `ready`: Electron does not
// become ready before the module has loaded.
try {
  lockApp(app);
  registerAppScheme(protocol);
  refuseDebugger();
  ownProfile();
  if (app.requestSingleInstanceLock()) void app.whenReady().then(start).catch(fail);
  else app.quit();
} catch (error) {
  fail(error);
}

function refuseDebugger(): void {
  const given = REFUSED_SWITCHES.find((name) => app.isPackaged && app.commandLine.hasSwitch(name));
  if (given !== undefined) throw new Error(`The switch --${given} is not allowed; start Tradewright without it.`);
}

/** Chromium's files beside the journal, and with them the lock that makes this the only window on that journal. */
function ownProfile(): void {
  const profile = join(dataDir, 'electron');
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Error(`The data folder ${dataDir} cannot be written; choose another with TRADEWRIGHT_HOME.`, { cause });
  }
  app.setPath('userData', profile);
}

/** Never a blank window: the sentence in a native box, then the end. */
function fail(error: unknown): void {
  log.error({ err: error }, 'the desktop shell could not start');
  dialog.showErrorBox('Tradewright cannot start', error instanceof Error ? error.message : String(error));
  app.exit(1);
}

type Engine = Awaited<ReturnType<typeof createWorkstation>>;

async function start(): Promise<void> {
  lockSession(session.defaultSession);
  servePages(protocol, join(import.meta.dirname, '../renderer'));
  const engine = await createWorkstation({ dataDir });
  const api = createApi(engine);
  const handler = createRpcHandler(api.router, log);
  const door = openDoor(
    ipcMain,
    () => new MessageChannelMain(),
    (port) => serveMessagePort(port, handler, log),
  );
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, () => halt(engine))));
  quitInOrder(engine, door, api);
  const window = openWindow(BrowserWindow, dialog, {
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    developer: !app.isPackaged,
    log,
    onPageGone: (reason) => door.close(window.webContents.id, reason),
    onGiveUp: () => app.quit(),
  });
  app.on('second-instance', () => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
}

function halt(engine: Engine): void {
  try {
    const { cancelRequested, latched } = engine.risk.halt('HALT was chosen in the menu');
    const lasts = latched
      ? ''
      : ' The disk took no halt latch, so a restart would not know of it: free the disk and halt again.';
    const detail = `No order is accepted until you resume. Orders being cancelled: ${cancelRequested}.${lasts}`;
    void dialog.showMessageBox({ type: 'warning', message: 'All trading is halted', detail });
  } catch (error) {
    log.error({ err: error }, 'HALT from the menu failed');
    const why = error instanceof Error ? error.message : String(error);
    dialog.showErrorBox('HALT failed', `${why} Trading may go on: quit Tradewright to stop it.`);
  }
}

/** The engine ends first, then the windows: a quit while it is still ending waits for it. */
function quitInOrder(engine: Engine, door: Door, api: { close(): void }): void {
  let stage: 'running' | 'ending' | 'ended' = 'running';
  const end = async (): Promise<void> => {
    setTimeout(() => app.exit(1), DRAIN_MS).unref();
    door.shut('the application quits');
    api.close();
    try {
      await engine.close();
    } catch (error) {
      log.error({ err: error }, 'the engine did not end in order');
    }
    stage = 'ended';
    app.quit();
  };
  app.on('before-quit', (event) => {
    if (stage === 'ended') return;
    event.preventDefault();
    if (stage === 'ending') return;
    stage = 'ending';
    void end();
  });
  app.on('window-all-closed', () => app.quit());
}
