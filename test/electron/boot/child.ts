// A process of plain Node 24 in which the desktop shell boots on the fake Electron. Its parent (test/support/electron.ts)
// asks one question at a time.
import { registerHooks } from 'node:module';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractClient } from '../../../src/contract/types.ts';
import * as electron from '../../fakes/electron.ts';
import { engine } from './engine.ts';

const [entry = ''] = process.argv.slice(2);
const fakeUrl = new URL('../../fakes/electron.ts', import.meta.url).href;
const engineUrl = new URL('./engine.ts', import.meta.url).href;
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'electron' || specifier.startsWith('electron/')) return { url: fakeUrl, shortCircuit: true };
    if (process.env['TEST_ENGINE'] !== undefined && specifier.endsWith('/engine/create-workstation.ts')) {
      return { url: engineUrl, shortCircuit: true };
    }
    return next(specifier, context);
  },
});

const { seen, world, app } = electron;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
interface Opened {
  readonly channel: electron.MessageChannelMain;
  readonly client: ContractClient;
}
const opened: Opened[] = [];
const posted: unknown[][] = [];

function firstWindow(): electron.BrowserWindow {
  const [window] = seen.windows;
  if (window === undefined) throw new Error('no window was opened');
  return window;
}

const QUESTIONS = {
  async load(given: Partial<typeof world>): Promise<{ loaded: boolean; error: string | null }> {
    Object.assign(world, given);
    let error: string | null = null;
    // A main module that waits for `ready` never finishes loading in Electron; so here.
    const loading = import(entry).then(
      () => true,
      (cause: unknown) => {
        error = String(cause);
        return false;
      },
    );
    const loaded = await Promise.race([loading, wait(20_000).then(() => false)]);
    if (loaded) {
      electron.becomeReady();
      const isSettled = (): boolean => seen.windows[0]?.shown.length === 1 || seen.exits.length > 0 || seen.quits > 0;
      for (let i = 0; i < 400 && !isSettled(); i += 1) await wait(25);
    }
    return { loaded, error };
  },
  seen: () => ({
    calls: seen.calls,
    boxes: seen.boxes,
    messages: seen.messages,
    exits: seen.exits,
    quits: seen.quits,
    schemes: seen.schemes,
    handled: [...seen.handlers.keys()],
    refusedUrls: seen.refusedUrls,
    channels: electron.ipcMain.eventNames().map(String),
    listeners: electron.ipcMain.listenerCount('rpc:connect'),
    menu: JSON.stringify(seen.menu),
    windows: seen.windows.map(({ options, urls, shown }) => ({ options, urls, shown })),
    engine,
  }),
  async fetch({ url, method = 'GET' }: { url: string; method?: string }) {
    const handler = seen.handlers.get('app');
    if (handler === undefined) throw new Error('no handler for app:');
    const answer = await handler(new Request(url, { method }) as never);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  },
  permission(name: string) {
    let granted: boolean | null = null;
    const decide = (yes: boolean): void => {
      granted = yes;
    };
    seen.request?.({} as never, name as never, decide, {} as never);
    return {
      request: granted,
      check: seen.check?.(null, name as never, 'app://terminal', {} as never),
      device: seen.device?.({} as never),
    };
  },
  /** Whether the shell prevented an event of the web contents. */
  contents({ event, args = [] }: { event: string; args?: readonly unknown[] }): boolean {
    let prevented = false;
    const preventDefault = (): void => {
      prevented = true;
    };
    firstWindow().webContents.emit(event, { preventDefault, ...(args[0] as object | undefined) }, ...args.slice(1));
    return prevented;
  },
  open: (url: string) =>
    firstWindow().webContents.openHandler?.({
      url,
      frameName: '',
      features: '',
      disposition: 'new-window',
      referrer: { url: '', policy: 'default' },
    }),
  /** A frame asks for a port. Tells whether it got one. */
  connect({ frame, sender = 1 }: { frame: { url: string; child?: boolean } | null; sender?: number }): boolean {
    const before = posted.length;
    const senderFrame =
      frame === null
        ? null
        : { url: frame.url, parent: frame.child ? {} : null, postMessage: (...args: unknown[]) => posted.push(args) };
    electron.ipcMain.emit('rpc:connect', { sender: { id: sender }, senderFrame });
    const channel = seen.channels.at(-1);
    if (posted.length === before || channel === undefined) return false;
    const client: ContractClient = createORPCClient(new RPCLink({ port: channel.port2 as unknown as MessagePort }));
    channel.port2.start();
    opened.push({ channel, client });
    return true;
  },
  posted: () => posted.map(([channel, message, ports]) => [channel, message, (ports as unknown[]).length]),
  hello: (index: number) => opened.at(index)?.client.app.hello({}),
  halted: async () => {
    const states = await opened.at(-1)?.client.risk.status({ intervalMs: 1000 });
    for await (const { state } of states ?? []) return state;
    return null;
  },
  async closed(): Promise<boolean[]> {
    await wait(50);
    return opened.map(({ channel }) => channel.port1.isClosed);
  },
  async crash(reason: string) {
    firstWindow().webContents.emit('render-process-gone', {}, { reason, exitCode: 5 });
    await wait(50);
  },
  appEvent(name: string): void {
    app.emit(name, {});
  },
  quit(): void {
    app.quit();
  },
  window(state: { minimized?: boolean; destroyed?: boolean }): void {
    Object.assign(firstWindow(), state);
  },
  answer(button: number): void {
    world.answers.push(button);
  },
  clickHalt(): void {
    for (const { submenu } of seen.menu) {
      if (!Array.isArray(submenu)) continue;
      for (const item of submenu) if (item.id === 'halt') item.click?.({} as never, undefined, {} as never);
    }
  },
  wait,
};
export type Questions = typeof QUESTIONS;

async function answer(id: number, question: keyof Questions, input: unknown): Promise<void> {
  try {
    const found = await (QUESTIONS[question] as (given: unknown) => unknown)(input);
    process.send?.({ id, answer: found ?? null });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
}
process.on('message', (asked: { id: number; question: keyof Questions; input: unknown }) => {
  void answer(asked.id, asked.question, asked.input);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0, answer: null });
