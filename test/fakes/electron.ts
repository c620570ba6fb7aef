// Stands in for 'electron/main' under plain Node. It proves what the shell calls and in which order, not what Electron does;
// but it refuses what Electron is known to refuse: calls on the wrong side of `ready`, folders that are not there.
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { type MessagePort, MessageChannel } from 'node:worker_threads';
import type {
  App,
  BrowserWindow as RealWindow,
  BrowserWindowConstructorOptions,
  Dialog,
  IpcMain,
  Menu as RealMenu,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  MessageChannelMain as RealChannel,
  MessagePortMain as RealPort,
  Protocol,
  Session,
  WebContents as RealContents,
  WebRequest,
} from 'electron/main';

/** The members K of T as they are in Electron's own types, so that a change there fails the type check here. */
type Faked<T, K extends keyof T> = {
  [P in K]: T[P] extends (...args: infer A) => infer R ? (...args: A) => R extends T ? unknown : R : T[P];
};
type RequestHandler = Parameters<Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Session['setPermissionCheckHandler']>[0];
type DeviceHandler = Parameters<Session['setDevicePermissionHandler']>[0];
type OpenHandler = Parameters<RealContents['setWindowOpenHandler']>[0];
type SchemeHandler = Parameters<Protocol['handle']>[1];

/** What the shell did, for the test to read, and what it will meet, for the test to set. */
export const seen = {
  calls: [] as string[],
  boxes: [] as { title: string; content: string }[],
  messages: [] as MessageBoxOptions[],
  exits: [] as number[],
  /** Quits that nothing prevented. */
  quits: 0,
  windows: [] as BrowserWindow[],
  schemes: [] as unknown[],
  handlers: new Map<string, SchemeHandler>(),
  request: null as RequestHandler,
  check: null as CheckHandler,
  device: null as DeviceHandler,
  refusedUrls: [] as readonly string[],
  menu: [] as readonly MenuItemConstructorOptions[],
  channels: [] as MessageChannelMain[],
};
export const world = {
  packaged: false,
  switches: [] as readonly string[],
  otherInstance: false,
  /** Answers of message boxes to come, by button; -1 leaves one open. */
  answers: [] as number[],
  loadFails: false,
};

let ready = false;
const { promise: readiness, resolve: nowReady } = Promise.withResolvers<void>();
/** Electron becomes ready when the main module has loaded, never before: a module that waits for it hangs for ever. */
export function becomeReady(): void {
  ready = true;
  nowReady();
}
function call(name: string, side: 'before' | 'after' | 'any' = 'any'): void {
  seen.calls.push(name);
  if (side === 'before' && ready) throw new Error(`${name} must be called before app is ready`);
  if (side === 'after' && !ready) throw new Error(`${name} cannot be called before app is ready`);
}

class FakeApp
  extends EventEmitter
  implements
    Faked<
      App,
      'enableSandbox' | 'whenReady' | 'isPackaged' | 'setPath' | 'requestSingleInstanceLock' | 'quit' | 'exit'
    >
{
  readonly commandLine: Faked<App['commandLine'], 'hasSwitch'> = {
    hasSwitch: (name) => world.switches.includes(name),
  };
  get isPackaged(): boolean {
    return world.packaged;
  }
  enableSandbox(): void {
    call('enableSandbox', 'before');
  }
  whenReady(): Promise<void> {
    return readiness;
  }
  setPath(name: string, path: string): void {
    call(`setPath ${name}`);
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist`);
  }
  requestSingleInstanceLock(): boolean {
    call('requestSingleInstanceLock');
    return !world.otherInstance;
  }
  quit(): void {
    let prevented = false;
    this.emit('before-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) seen.quits += 1;
  }
  exit(code = 0): void {
    seen.exits.push(code);
  }
}
export const app = new FakeApp();

export const dialog: Faked<Dialog, 'showErrorBox' | 'showMessageBox'> = {
  showErrorBox(title, content) {
    seen.boxes.push({ title, content });
  },
  showMessageBox: (options) => {
    call('showMessageBox', 'after');
    seen.messages.push(options as unknown as MessageBoxOptions);
    const response = world.answers.shift() ?? 0;
    return response < 0 ? new Promise(() => {}) : Promise.resolve({ response, checkboxChecked: false });
  },
};

export const protocol: Faked<Protocol, 'registerSchemesAsPrivileged' | 'handle'> = {
  registerSchemesAsPrivileged(schemes) {
    call('registerSchemesAsPrivileged', 'before');
    seen.schemes.push(...schemes);
  },
  handle(scheme, handler) {
    call(`handle ${scheme}`, 'after');
    seen.handlers.set(scheme, handler);
  },
};

const defaultSession: Faked<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
> & { readonly webRequest: Faked<WebRequest, 'onBeforeRequest'> } = {
  setPermissionRequestHandler(handler) {
    call('setPermissionRequestHandler');
    seen.request = handler;
  },
  setPermissionCheckHandler(handler) {
    call('setPermissionCheckHandler');
    seen.check = handler;
  },
  setDevicePermissionHandler(handler) {
    seen.device = handler;
  },
  webRequest: {
    onBeforeRequest(...args: readonly unknown[]) {
      seen.refusedUrls = (args[0] as { urls: readonly string[] }).urls;
    },
  },
};
export const session = {
  get defaultSession(): typeof defaultSession {
    call('defaultSession', 'after');
    return defaultSession;
  },
};

class FakeIpc extends EventEmitter {}
export const ipcMain: Faked<IpcMain, never> & EventEmitter = new FakeIpc();

/** Like Electron's: `on` but no addEventListener, the data inside an event, nothing delivered before `start`. */
class FakePort extends EventEmitter implements Faked<RealPort, 'postMessage' | 'start' | 'close'> {
  readonly #port: MessagePort;
  isClosed = false;
  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on('close', () => {
      this.isClosed = true;
      this.emit('close');
    });
  }
  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
  }
  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }
  close(): void {
    this.#port.close();
  }
}
export class MessageChannelMain {
  readonly port1: FakePort;
  /** The page's end, as the page has it. */
  readonly port2: MessagePort;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new FakePort(port1);
    this.port2 = port2;
    seen.channels.push(this);
  }
}
void (0 as unknown as keyof RealChannel satisfies keyof MessageChannelMain);

let contentsMade = 0;
class FakeContents extends EventEmitter implements Faked<RealContents, 'id' | 'setWindowOpenHandler'> {
  readonly id = ++contentsMade;
  openHandler: OpenHandler | null = null;
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }
}

export class BrowserWindow
  extends EventEmitter
  implements Faked<RealWindow, 'loadURL' | 'show' | 'focus' | 'isMinimized' | 'restore' | 'isDestroyed'>
{
  readonly webContents = new FakeContents();
  readonly options: BrowserWindowConstructorOptions;
  readonly urls: string[] = [];
  readonly shown: string[] = [];
  minimized = false;
  destroyed = false;
  constructor(options: BrowserWindowConstructorOptions) {
    super();
    call('new BrowserWindow', 'after');
    this.options = options;
    seen.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.urls.push(url);
    this.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false, url });
    await Promise.resolve();
    if (world.loadFails) throw new Error('ERR_FAILED (-2)');
    this.emit('ready-to-show');
  }
  show(): void {
    this.shown.push('show');
  }
  focus(): void {
    this.shown.push('focus');
  }
  restore(): void {
    this.shown.push('restore');
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
}

type Built = ReturnType<typeof RealMenu.buildFromTemplate>;
export const Menu: Faked<typeof RealMenu, 'buildFromTemplate' | 'setApplicationMenu'> = {
  buildFromTemplate: (template) => ({ template }) as unknown as Built,
  setApplicationMenu(menu) {
    call('setApplicationMenu', 'after');
    seen.menu = (menu as unknown as { template: readonly MenuItemConstructorOptions[] }).template;
  },
};
