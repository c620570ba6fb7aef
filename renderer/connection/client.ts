import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractClient } from '../../src/contract/types.ts';

/** One living transport. It ends once; a new one is opened for a new connection. */
export interface Link {
  readonly client: ContractClient;
  /** Resolves when the transport ended, with a reason for the user. */
  readonly ended: Promise<string>;
  readonly close: () => void;
}

export type OpenLink = (signal: AbortSignal) => Promise<Link>;

declare global {
  interface Window {
    /** Set by the desktop preload: asks the shell for one port, which then comes as the message "rpc:port". */
    readonly terminalHost?: { connect(): void };
  }
}

const SUBPROTOCOL = 'tradewright';
const TOKEN_KEY = 'tradewright.token';

/** The token comes in the fragment, which no server sees, and leaves the address bar at once. A reload finds it in this tab's memory. */
function takeToken(page: Window): string | null {
  const fragment = page.location.hash.slice(1);
  const token = new URLSearchParams(fragment).get('token') ?? (/^[\w-]{16,}$/.test(fragment) ? fragment : null);
  if (token !== null) {
    page.sessionStorage.setItem(TOKEN_KEY, token);
    page.history.replaceState(null, '', page.location.pathname + page.location.search);
  }
  return token ?? page.sessionStorage.getItem(TOKEN_KEY);
}

function openSocket(url: string, token: string | null): OpenLink {
  return (signal) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, token === null ? [SUBPROTOCOL] : [SUBPROTOCOL, token]);
      const abort = () => socket.close();
      signal.addEventListener('abort', abort, { once: true });
      const ended = new Promise<string>((end) => {
        socket.addEventListener('close', (event) => {
          signal.removeEventListener('abort', abort);
          reject(new Error('The engine did not answer on its address.'));
          end(event.reason === '' ? 'The engine closed the connection.' : event.reason);
        });
      });
      socket.addEventListener('open', () => {
        const client: ContractClient = createORPCClient(new SocketLink({ websocket: socket }));
        resolve({ client, ended, close: () => socket.close() });
      });
    });
}

/**
 * A dead port says nothing: Chromium has no close event for it. The heartbeat of the connection calls `close`, which
 * tells the link, so that everything pending is rejected.
 */
function openPort(page: Window, host: { connect(): void }): OpenLink {
  return (signal) =>
    new Promise((resolve, reject) => {
      const done = () => {
        page.removeEventListener('message', onMessage);
        clearTimeout(timer);
      };
      const onMessage = (event: MessageEvent) => {
        const port = event.ports[0];
        if (event.source !== page || event.data !== 'rpc:port' || port === undefined) return;
        done();
        const ended = new Promise<string>((end) =>
          port.addEventListener('close', () => end('The engine closed the connection.')),
        );
        const client: ContractClient = createORPCClient(new PortLink({ port }));
        port.start();
        const close = () => {
          port.dispatchEvent(new Event('close'));
          port.close();
        };
        signal.addEventListener('abort', close, { once: true });
        resolve({ client, ended, close });
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error('The desktop shell did not hand over a connection.'));
      }, 5_000);
      page.addEventListener('message', onMessage);
      host.connect();
    });
}

/** Desktop: a message port of the shell. Browser: a WebSocket to the address that served this page. */
export function chooseTransport(page: Window): OpenLink {
  if (page.terminalHost !== undefined) return openPort(page, page.terminalHost);
  const url = new URL('/rpc', page.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return openSocket(url.href, takeToken(page));
}
