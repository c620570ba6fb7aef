import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel as NodeMessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { contract } from '../../src/contract/contract.ts';
import type { ContractClient } from '../../src/contract/types.ts';
import type { ConnectionLimits } from '../../src/api/connection.ts';
import type { ApiLog } from '../../src/api/failures.ts';
import { type Host, startHost } from '../../src/api/http/host.ts';
import type { SocketLimits } from '../../src/api/http/sockets.ts';
import { createRpcHandler, type MainPort, PORT_LIMITS, serveMessagePort } from '../../src/api/message-port.ts';
import { createApi } from '../../src/api/router.ts';
import type { Workstation } from '../../src/engine/workstation.ts';
import { createHttpClient } from './http-client.ts';

export interface LogLine {
  readonly level: 'error' | 'warn';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}
export function collectingLog(): ApiLog & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  return {
    lines,
    error: (fields, message) => lines.push({ level: 'error', fields, message }),
    warn: (fields, message) => lines.push({ level: 'warn', fields, message }),
  };
}

export interface Opened {
  readonly client: ContractClient;
  readonly log: { readonly lines: readonly LogLine[] };
  /** Cuts the line the hard way. */
  readonly drop: () => void;
  readonly close: () => Promise<void>;
}

export function openPort(workstation: Workstation, limits: ConnectionLimits = PORT_LIMITS): Promise<Opened> {
  const log = collectingLog();
  const api = createApi(workstation);
  const { port1, port2 } = new NodeMessageChannel();
  serveMessagePort(port1 as unknown as MessagePort, createRpcHandler(api.router, log), log, limits);
  const client: ContractClient = createORPCClient(new PortLink({ port: port2 as unknown as MessagePort }));
  port2.start();
  const drop = (): void => port2.close();
  return Promise.resolve({
    client,
    log,
    drop,
    close: () => {
      drop();
      api.close();
      return Promise.resolve();
    },
  });
}

/** The port as Electron's main process has it: `on`, and the data inside an event. */
export function openMainPort(workstation: Workstation): Promise<Opened> {
  const log = collectingLog();
  const api = createApi(workstation);
  const { port1, port2 } = new NodeMessageChannel();
  const mainPort: MainPort = {
    on(event: 'message' | 'close', listener: ((message: { readonly data: unknown }) => void) | (() => void)) {
      if (event === 'message') port1.on('message', (data: unknown) => listener({ data }));
      else port1.on('close', () => listener({ data: undefined }));
    },
    postMessage: (message) => port1.postMessage(message),
    start: () => port1.start(),
    close: () => port1.close(),
  };
  serveMessagePort(mainPort, createRpcHandler(api.router, log), log);
  const client: ContractClient = createORPCClient(new PortLink({ port: port2 as unknown as MessagePort }));
  port2.start();
  const drop = (): void => port2.close();
  return Promise.resolve({
    client,
    log,
    drop,
    close: () => {
      drop();
      api.close();
      return Promise.resolve();
    },
  });
}

/** A folder as the window's build leaves it. */
export function windowFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'tradewright-window-'));
  writeFileSync(
    join(path, 'index.html'),
    '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><script nonce="__CSP_NONCE__" src="./app.js"></script>',
  );
  writeFileSync(join(path, 'app.js'), 'export const window = 1;\n');
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export async function openHost(
  workstation: Workstation,
  options: { readonly socketLimits?: SocketLimits; readonly tokenFile?: string } = {},
): Promise<{
  readonly host: Host;
  readonly log: ReturnType<typeof collectingLog>;
  readonly close: () => Promise<void>;
}> {
  const log = collectingLog();
  const folder = windowFolder();
  const host = await startHost(workstation, { port: 0, windowFolder: folder.path, log, ...options });
  return {
    host,
    log,
    async close() {
      await host.close();
      folder.remove();
    },
  };
}

export function socketClient(host: Host): { readonly client: ContractClient; readonly socket: WebSocket } {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/rpc`, ['tradewright', host.token]);
  return { client: createORPCClient(new SocketLink({ websocket: socket })), socket };
}

export async function openSocket(workstation: Workstation): Promise<Opened> {
  const { host, log, close } = await openHost(workstation);
  const { client, socket } = socketClient(host);
  const drop = (): void => socket.close();
  return {
    client,
    log,
    drop,
    close: async () => {
      drop();
      await close();
    },
  };
}

export async function openHttp(workstation: Workstation): Promise<Opened> {
  const { host, log, close } = await openHost(workstation);
  const gone = new AbortController();
  return {
    client: createHttpClient(contract, `http://127.0.0.1:${host.port}/api`, host.token, gone.signal),
    log,
    drop: () => gone.abort(),
    close: async () => {
      gone.abort();
      await close();
    },
  };
}
