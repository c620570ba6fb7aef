import { RPCHandler } from '@orpc/server/message-port';
import { type ConnectionLimits, type Pipe, serveConnection } from './connection.ts';
import { type ApiLog, concealing } from './failures.ts';
import type { CallContext } from './flow.ts';
import type { ApiRouter } from './router.ts';

/** Electron's MessagePortMain: `on` gives an event with `data`. */
export interface MainPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: string): void;
  start(): void;
  close(): void;
}
/** A port of the browser or of Node. */
export interface StandardPort {
  addEventListener(event: 'message', listener: (event: MessageEvent) => void): void;
  addEventListener(event: 'close', listener: () => void): void;
  postMessage(message: string): void;
  start(): void;
  close(): void;
}

function pipeOf(port: MainPort | StandardPort): Pipe {
  return {
    send: (frame) => port.postMessage(frame),
    onFrame(listener) {
      if ('addEventListener' in port) port.addEventListener('message', (event) => listener(event.data));
      else port.on('message', (event) => listener(event.data));
      port.start();
    },
    onClose(listener) {
      if ('addEventListener' in port) port.addEventListener('close', listener);
      else port.on('close', listener);
    },
    close: () => port.close(),
    backlog: () => 0,
  };
}

/**
 * A window beats at least every few seconds (any call counts). Hidden windows beat once a minute, so a silent one is
 * left without news after 15 s and given up after 3 minutes.
 */
export const PORT_LIMITS: ConnectionLimits = {
  maxBacklog: 0,
  quietMs: 15_000,
  deadMs: 180_000,
  maxBadFrames: 50,
};

export function createRpcHandler(router: ApiRouter, log: ApiLog): RPCHandler<CallContext> {
  return new RPCHandler(router, { clientInterceptors: [concealing(log)] });
}

/** Serves one window of the desktop shell over its port. */
export function serveMessagePort(
  port: MainPort | StandardPort,
  handler: RPCHandler<CallContext>,
  log: ApiLog,
  limits: ConnectionLimits = PORT_LIMITS,
): { close(reason: string): void } {
  return serveConnection(pipeOf(port), handler, limits, log);
}
