import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ConnectionLimits, serveConnection } from '../connection.ts';
import type { ApiLog } from '../failures.ts';
import { MAX_FRAME } from '../frames.ts';
import { createRpcHandler } from '../message-port.ts';
import type { ApiRouter } from '../router.ts';
import { isLocalRequest, isToken, socketToken, SUBPROTOCOL } from './guard.ts';

export interface SocketLimits extends ConnectionLimits {
  /** Between two pings; a socket that left one unanswered is ended. */
  readonly pingMs: number;
  /** A reader that lets this many bytes pile up is ended. */
  readonly overflowBytes: number;
  readonly maxSockets: number;
}

export const SOCKET_LIMITS: SocketLimits = {
  maxBacklog: 1024 * 1024,
  quietMs: null,
  deadMs: 60_000,
  maxBadFrames: 50,
  pingMs: 15_000,
  overflowBytes: 16 * 1024 * 1024,
  maxSockets: 64,
};

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** WebSockets at /rpc: the same frames as on a MessagePort. */
export function acceptSockets(
  server: Server,
  options: {
    readonly router: ApiRouter;
    readonly token: string;
    readonly port: () => number;
    readonly log: ApiLog;
    readonly limits: SocketLimits;
  },
): { close(): void } {
  const { limits, log } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  const handler = createRpcHandler(options.router, log);

  const serve = (socket: WebSocket): void => {
    let answered = true;
    // Without a listener an oversized or malformed frame would end the process.
    socket.on('error', (error) => log.warn({ reason: error.message }, 'a WebSocket failed'));
    socket.on('pong', () => {
      answered = true;
    });
    const ping = setInterval(() => {
      if (!answered) {
        socket.terminate();
        return;
      }
      answered = false;
      socket.ping();
    }, limits.pingMs);
    ping.unref();
    serveConnection(
      {
        send(frame) {
          if (socket.bufferedAmount > limits.overflowBytes) socket.terminate();
          else socket.send(frame);
        },
        onFrame(listener) {
          socket.on('message', (data, isBinary) =>
            listener(!isBinary && Buffer.isBuffer(data) ? data.toString('utf8') : null),
          );
        },
        onClose(listener) {
          socket.on('close', () => {
            clearInterval(ping);
            listener();
          });
        },
        close(reason) {
          socket.close(1008, reason);
        },
        backlog: () => socket.bufferedAmount,
      },
      handler,
      limits,
      log,
    );
  };

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (!isLocalRequest(request.headers, options.port())) return refuse(socket, '403 Forbidden');
    if (request.url !== '/rpc') return refuse(socket, '404 Not Found');
    if (!isToken(socketToken(request.headers), options.token)) return refuse(socket, '401 Unauthorized');
    if (sockets.clients.size >= limits.maxSockets) return refuse(socket, '503 Service Unavailable');
    return sockets.handleUpgrade(request, socket, head, serve);
  });

  return {
    close() {
      for (const socket of sockets.clients) {
        socket.close(1001, 'The engine is shutting down.');
        // A reader that does not answer must not delay the end.
        setTimeout(() => socket.terminate(), 500).unref();
      }
      sockets.close();
    },
  };
}
