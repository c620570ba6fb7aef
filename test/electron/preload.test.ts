import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { BUILT_PRELOAD, describeBuilt } from '../support/electron.ts';

/** Runs the built preload as the sandbox does: CommonJS with a `require` that knows `electron` and nothing else. */
function runPreload() {
  const exposed: [string, Record<string, unknown>][] = [];
  const sent: unknown[][] = [];
  const posted: unknown[][] = [];
  const required: string[] = [];
  const listeners: [string, (event: object) => void][] = [];
  const electron = {
    contextBridge: { exposeInMainWorld: (key: string, api: Record<string, unknown>) => exposed.push([key, api]) },
    ipcRenderer: {
      on: (channel: string, listener: (event: object) => void) => listeners.push([channel, listener]),
      send: (...args: unknown[]) => sent.push(args),
    },
  };
  const page: Record<string, unknown> = {
    require: (name: string) => {
      required.push(name);
      if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`);
      return electron;
    },
    window: { location: { origin: 'app://terminal' }, postMessage: (...args: unknown[]) => posted.push(args) },
  };
  const before = Object.keys(page);
  const context = createContext(page);
  runInContext(readFileSync(BUILT_PRELOAD, 'utf8'), context);
  const leaked = Object.keys(page).filter((key) => !before.includes(key) && key !== 'electron');
  return { exposed, sent, posted, required, listeners, leaked };
}

describeBuilt('the preload as built', [BUILT_PRELOAD], () => {
  test('20: exposes one key with one function, and nothing passes through it', () => {
    const { exposed, sent, required, leaked } = runPreload();
    expect(required).toEqual(['electron']);
    expect(leaked).toEqual([]);
    expect(exposed.map(([key]) => key)).toEqual(['terminalHost']);
    const [, api = {}] = exposed[0] ?? [];
    expect(Object.keys(api)).toEqual(['connect']);
    expect(typeof api['connect']).toBe('function');
    expect(sent).toEqual([]);
    expect((api['connect'] as (...args: unknown[]) => unknown)('rpc:other', { evil: true })).toBeUndefined();
    expect(sent).toEqual([['rpc:connect']]);
  });

  test('20: hands over the port and no part of the event; two calls in a row hand over two ports once each', () => {
    const { exposed, posted, listeners } = runPreload();
    const connect = exposed[0]?.[1]['connect'] as () => void;
    connect();
    connect();
    expect(listeners.map(([channel]) => channel)).toEqual(['rpc:port']);
    const arrive = (port: string): void => listeners.forEach(([, hear]) => hear({ sender: 'secret', ports: [port] }));
    arrive('first');
    arrive('second');
    expect(posted).toEqual([
      ['rpc:port', 'app://terminal', ['first']],
      ['rpc:port', 'app://terminal', ['second']],
    ]);
  });
});
