import { join } from 'node:path';
import { app, BrowserWindow, ipcMain, Menu, MessageChannelMain, protocol, session } from 'electron/main';
import { createLog } from '../src/api/log.ts';
import { createRpcHandler, serveMessagePort } from '../src/api/message-port.ts';
import { createApi } from '../src/api/router.ts';
import { createWorkstation } from '../src/engine/create-workstation.ts';
import { lockApp, lockSession } from './lockdown.ts';
import { menuTemplate } from './menu.ts';
import { registerAppScheme, servePages } from './pages.ts';
import { APP_ORIGIN, isTrustedSender, REFUSED_SWITCHES, WEB_PREFERENCES } from './policy.ts';

lockApp(app);
registerAppScheme(protocol);
const debugged = app.isPackaged && REFUSED_SWITCHES.some((name) => app.commandLine.hasSwitch(name));
if (debugged || !app.requestSingleInstanceLock()) app.quit();
else await start();

async function start(): Promise<void> {
  await app.whenReady();
  lockSession(session.defaultSession);
  servePages(protocol, join(import.meta.dirname, '../renderer'));

  const log = createLog();
  const workstation = await createWorkstation({ dataDir: app.getPath('userData') });
  const { router, close: closeApi } = createApi(workstation);
  const handler = createRpcHandler(router, log);
  const connections = new Map<number, { close(reason: string): void }>();

  // The one door into this process: a page asks for a port, and only our own main frame gets one.
  ipcMain.on('rpc:connect', (event) => {
    const frame = event.senderFrame;
    if (frame === null || !isTrustedSender(frame)) return;
    connections.get(event.sender.id)?.close('the page connected again');
    const { port1, port2 } = new MessageChannelMain();
    connections.set(event.sender.id, serveMessagePort(port1, handler, log));
    frame.postMessage('rpc:port', null, [port2]);
  });

  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(() => workstation.risk.halt('halted from the menu'), process.platform)),
  );
  const window = new BrowserWindow({
    show: false,
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    title: 'Tradewright',
    backgroundColor: '#0B0E14',
    webPreferences: {
      ...WEB_PREFERENCES,
      devTools: !app.isPackaged,
      preload: join(import.meta.dirname, '../preload/index.cjs'),
    },
  });
  const { id } = window.webContents;
  window.webContents.on('render-process-gone', () => {
    // The engine goes on and every stop stays; the page is loaded again and asks for a new port.
    connections.get(id)?.close('the page is gone');
    connections.delete(id);
    window.reload();
  });
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  window.once('ready-to-show', () => window.show());

  let closing = false;
  app.on('before-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    for (const connection of connections.values()) connection.close('the application quits');
    closeApi();
    void workstation.close().finally(() => app.quit());
  });
  app.on('window-all-closed', () => app.quit());
  await window.loadURL(`${APP_ORIGIN}/index.html`);
}
