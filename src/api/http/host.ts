import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { type FastifyError, fastify } from 'fastify';
import { RefusalError, messageOf } from '../../domain/refusal.ts';
import type { Workstation } from '../../engine/workstation.ts';
import type { ApiLog } from '../failures.ts';
import { createApi } from '../router.ts';
import { bearerToken, createToken, isLinkFollowed, isLocalRequest, isToken, SECURITY_HEADERS } from './guard.ts';
import type { AnswerRest } from './rest.ts';
import { acceptSockets, SOCKET_LIMITS, type SocketLimits } from './sockets.ts';
import { readWindowFile } from './window-files.ts';

const BODY_LIMIT = 64 * 1024;
const LAUNCH_MS = 60_000;

export interface HostOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Folder of the built window. */
  readonly windowFolder: string;
  readonly log: ApiLog;
  /** Written with mode 0600 and removed at the end. */
  readonly tokenFile?: string | undefined;
  readonly socketLimits?: SocketLimits;
}

export interface Host {
  readonly port: number;
  readonly token: string;
  /** Of the window; the fragment with the token stays in the browser. */
  readonly url: string;
  /**
   * Leads to `url` once, within a minute. For command lines, which every user of the machine can read: by the time
   * somebody does, the address is spent.
   */
  launchUrl(): string;
  close(): Promise<void>;
}

function errorBody(status: number, code: string, message: string): Readonly<Record<string, unknown>> {
  return { defined: false, code, status, message };
}

const BODY_ERRORS: ReadonlyMap<string, readonly [number, string, string]> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', [413, 'PAYLOAD_TOO_LARGE', `A request body is ${BODY_LIMIT / 1024} kB at most.`]],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send application/json.']],
  ['FST_ERR_CTP_INVALID_JSON_BODY', [400, 'BAD_REQUEST', 'The request body is not JSON.']],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', [400, 'BAD_REQUEST', 'The request body is empty.']],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', [400, 'BAD_REQUEST', 'Content-Length does not fit the body.']],
]);

function writeToken(file: string, token: string): void {
  try {
    // The mode of writeFile counts for a new file only.
    writeFileSync(file, '', { mode: 0o600 });
    chmodSync(file, 0o600);
    writeFileSync(file, token);
  } catch (error) {
    throw new RefusalError({
      code: 'TOKEN_FILE',
      sentence: `The token file ${file} cannot be written (${messageOf(error)}); choose another with --token-file.`,
    });
  }
}

function listenRefusal(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new RefusalError({
      code: 'PORT_TAKEN',
      sentence: `Port ${port} is in use, perhaps by a Tradewright that already runs; choose another with --port, or leave --port out.`,
      value: String(port),
    });
  }
  if (code === 'EACCES') {
    return new RefusalError({
      code: 'PORT_FORBIDDEN',
      sentence: `This user may not listen on port ${port}; choose one above 1023 with --port.`,
      value: String(port),
    });
  }
  return error;
}

/** The loopback host: window, REST, events and WebSocket on 127.0.0.1, for the bearer of one token. */
export async function startHost(workstation: Workstation, options: HostOptions): Promise<Host> {
  const { log } = options;
  const token = createToken();
  const api = createApi(workstation);
  const server = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true, logger: false });
  // Forms and text can be posted by any site without asking first.
  server.removeContentTypeParser('text/plain');
  let port = options.port;

  server.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (!isLocalRequest(request.headers, port) && !isLinkFollowed(request.headers, request.url, port)) {
      return reply.code(403).send(errorBody(403, 'FORBIDDEN', 'This address is for this machine only.'));
    }
    if (/^\/api(?:[/?]|$)/.test(request.url) && !isToken(bearerToken(request.headers), token)) {
      return reply.code(401).send(errorBody(401, 'UNAUTHORIZED', 'Send the token as "Authorization: Bearer ...".'));
    }
    return undefined;
  });

  let document: Promise<string> | null = null;
  server.get('/api/openapi.json', async (_request, reply) => {
    document ??= import('./openapi.ts').then(({ describeApi }) => describeApi(workstation.version));
    return reply.type('application/json').send(await document);
  });
  let rest: Promise<AnswerRest> | null = null;
  server.all('/api/*', async (request, reply) => {
    rest ??= import('./rest.ts').then(({ createRest }) => createRest(api.router, log));
    const answer = await rest;
    if (!(await answer(request, reply))) {
      return reply.code(404).send(errorBody(404, 'NOT_FOUND', 'There is no such call; see /api/openapi.json.'));
    }
    return reply;
  });
  const launchCodes = new Map<string, number>();
  server.get<{ Params: { code: string } }>('/open/:code', async (request, reply) => {
    const until = launchCodes.get(request.params.code);
    launchCodes.delete(request.params.code);
    if (until === undefined || performance.now() > until) {
      return reply.code(404).send(errorBody(404, 'NOT_FOUND', 'This address was good for one opening.'));
    }
    return reply.redirect(`/#token=${token}`, 303);
  });
  server.get('/*', async (request, reply) => {
    const file = await readWindowFile(options.windowFolder, request.url.split('?', 1)[0] ?? '/');
    if (file === null) return reply.code(404).send(errorBody(404, 'NOT_FOUND', 'There is no such page.'));
    return reply.headers(file.headers).send(file.body);
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody(404, 'NOT_FOUND', 'There is no such page.')),
  );
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const known = BODY_ERRORS.get(error.code);
    if (known !== undefined) return reply.code(known[0]).send(errorBody(...known));
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return reply.code(error.statusCode).send(errorBody(error.statusCode, 'BAD_REQUEST', 'The request is malformed.'));
    }
    log.error({ err: error }, 'the HTTP host failed to answer');
    return reply.code(500).send(errorBody(500, 'INTERNAL_SERVER_ERROR', 'Unexpected failure; see the log.'));
  });

  const sockets = acceptSockets(server.server, {
    router: api.router,
    token,
    port: () => port,
    log,
    limits: options.socketLimits ?? SOCKET_LIMITS,
  });
  const { tokenFile } = options;
  try {
    await server.listen({ host: '127.0.0.1', port });
    const address = server.server.address();
    if (typeof address === 'object' && address !== null) ({ port } = address);
    if (tokenFile !== undefined) writeToken(tokenFile, token);
  } catch (error) {
    api.close();
    sockets.close();
    await server.close();
    throw listenRefusal(error, options.port);
  }

  return {
    port,
    token,
    url: `http://127.0.0.1:${port}/#token=${token}`,
    launchUrl() {
      const code = createToken();
      launchCodes.set(code, performance.now() + LAUNCH_MS);
      return `http://127.0.0.1:${port}/open/${code}`;
    },
    async close() {
      sockets.close();
      await server.close();
      api.close();
      if (tokenFile !== undefined) rmSync(tokenFile, { force: true });
    },
  };
}
