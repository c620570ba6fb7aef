import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import { type Host, startHost } from '../../src/api/http/host.ts';
import { windowPath } from '../../src/api/http/window-files.ts';
import { RefusalError } from '../../src/domain/refusal.ts';
import { fakeWorkstation, type FakeControl } from '../fakes/workstation.ts';
import { collectingLog, windowFolder } from './transports.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let host: Host;
let control: FakeControl;
const folder = windowFolder();
const log = collectingLog();

/** Raw: no client library tidies path or headers. */
function ask(
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      {
        host: '127.0.0.1',
        port: host.port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        agent: false,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    call.on('error', reject);
    call.end(options.body);
  });
}
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${host.token}` });

function openSocket(headers: Record<string, string>, protocols: string[], path = '/rpc'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new NodeSocket(`ws://127.0.0.1:${host.port}${path}`, protocols, { headers });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('open', () => {
      resolve(socket.protocol === 'tradewright' ? 101 : -1);
      socket.close();
    });
    socket.on('error', () => resolve(0));
  });
}

beforeAll(async () => {
  mkdirSync(join(folder.path, 'assets'));
  writeFileSync(join(folder.path, 'assets', 'app-1a2b.css'), 'body{}');
  writeFileSync(join(folder.path, '.env.json'), '{"secret":1}');
  const outside = join(tmpdir(), `tradewright-outside-${process.pid}.json`);
  writeFileSync(outside, '{"secret":1}');
  symlinkSync(outside, join(folder.path, 'link.json'));
  const fake = fakeWorkstation();
  control = fake.control;
  host = await startHost(fake.workstation, { port: 0, windowFolder: folder.path, log });
});
afterAll(async () => {
  await host.close();
  folder.remove();
});

describe('token', () => {
  test('has 256 bits and is in the fragment, which no server sees', () => {
    expect(Buffer.from(host.token, 'base64url')).toHaveLength(32);
    expect(host.url).toBe(`http://127.0.0.1:${host.port}/#token=${host.token}`);
  });

  test.each([
    ['none', {}],
    ['wrong', { authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['empty', { authorization: 'Bearer ' }],
    ['of another scheme', { authorization: 'Basic dTpw' }],
    ['very long', { authorization: `Bearer ${'A'.repeat(4000)}` }],
  ])('%s: 401 for calls and for the description', async (_what, headers) => {
    for (const path of ['/api/accounts', '/api/openapi.json', '/api', '/api?x', '/api/nothing']) {
      expect(await ask(path, { headers })).toMatchObject({ status: 401 });
    }
    const haltsBefore = control.haltReasons.length;
    expect((await ask('/api/risk/halt', { method: 'POST', headers })).status).toBe(401);
    expect(control.haltReasons).toHaveLength(haltsBefore);
  });

  test('in the query or as a cookie is no token', async () => {
    expect((await ask(`/api/accounts?token=${host.token}`)).status).toBe(401);
    expect((await ask('/api/accounts', { headers: { cookie: `token=${host.token}` } })).status).toBe(401);
  });

  test('right: answered', async () => {
    const answer = await ask('/api/accounts', { headers: bearer() });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject([{ id: 'paper', kind: 'paper' }]);
  });

  test('is never in a response', async () => {
    for (const path of ['/', '/app.js', '/nothing', '/api/app/hello']) {
      const answer = await ask(path, { headers: bearer() });
      expect(JSON.stringify(answer)).not.toContain(host.token);
    }
  });
});

describe('who may ask', () => {
  const foreignHosts = [
    'evil.example',
    'evil.example:80',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost',
    '[::1]:80',
    '127.0.0.1.evil.example',
  ];
  test.each(foreignHosts)('Host "%s" is refused', async (name) => {
    for (const path of ['/', '/api/accounts']) {
      expect((await ask(path, { headers: { ...bearer(), host: name } })).status).toBe(403);
    }
    expect(await openSocket({ host: name }, ['tradewright', host.token])).toBe(403);
  });

  test('localhost with our port is us', async () => {
    expect((await ask('/api/accounts', { headers: { ...bearer(), host: `localhost:${host.port}` } })).status).toBe(200);
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost', 'file://'])(
    'Origin "%s" is refused',
    async (origin) => {
      expect((await ask('/api/accounts', { headers: { ...bearer(), origin } })).status).toBe(403);
      expect((await ask('/', { headers: { origin } })).status).toBe(403);
      expect(await openSocket({ origin }, ['tradewright', host.token])).toBe(403);
    },
  );

  test('a request that another site made the browser send is refused, a followed link is not', async () => {
    const site = { 'sec-fetch-site': 'cross-site' };
    expect((await ask('/api/accounts', { headers: { ...bearer(), ...site } })).status).toBe(403);
    expect((await ask('/', { headers: site })).status).toBe(403);
    const link = { ...site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await ask('/', { headers: link })).status).toBe(200);
    expect((await ask('/api/accounts', { headers: { ...bearer(), ...link } })).status).toBe(403);
    const frame = { ...site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' };
    expect((await ask('/', { headers: frame })).status).toBe(403);
  });

  test('no response lets another site read it', async () => {
    const answer = await ask('/api/accounts', { method: 'OPTIONS', headers: bearer() });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('WebSocket: token as the second subprotocol only', async () => {
    expect(await openSocket({}, ['tradewright', host.token])).toBe(101);
    expect(await openSocket({ origin: `http://127.0.0.1:${host.port}` }, ['tradewright', host.token])).toBe(101);
    expect(await openSocket({}, ['tradewright', 'AAAA'])).toBe(401);
    expect(await openSocket({}, ['tradewright'])).toBe(401);
    expect(await openSocket({}, [])).toBe(401);
    expect(await openSocket({}, [host.token])).toBe(401);
    expect(await openSocket(bearer(), [])).toBe(401);
    expect(await openSocket({}, ['tradewright', host.token], '/other')).toBe(404);
  });

  test('is listening on the loopback address only', async () => {
    expect(host.url.startsWith('http://127.0.0.1:')).toBe(true);
    const { networkInterfaces } = await import('node:os');
    const outer = Object.values(networkInterfaces())
      .flat()
      .find((address) => address !== undefined && !address.internal && address.family === 'IPv4');
    if (outer === undefined) return;
    const failure = await new Promise((resolve) => {
      const socket = connect(host.port, outer.address, () => resolve(null));
      socket.on('error', resolve);
    });
    expect(failure).not.toBeNull();
  });
});

describe('bodies', () => {
  const post = (headers: Record<string, string>, body: string): Promise<Answer> =>
    ask('/api/risk/halt', { method: 'POST', headers: { ...bearer(), ...headers }, body });

  test('too large: 413', async () => {
    const answer = await post({ 'content-type': 'application/json' }, JSON.stringify({ reason: 'x'.repeat(70_000) }));
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', status: 413 });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    '%s: 415, nothing done',
    async (type) => {
      const before = control.haltReasons.length;
      const answer = await post({ 'content-type': type }, '{"reason":"x"}');
      expect(answer.status).toBe(415);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
      expect(control.haltReasons).toHaveLength(before);
    },
  );

  test.each(['{', '[]', '"x"', '{"reason":7}', '{"reason":"x","force":true}', '{"__proto__":{"a":1}}'])(
    'body %s: 400 in our form',
    async (body) => {
      const before = control.haltReasons.length;
      const answer = await post({ 'content-type': 'application/json' }, body);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'BAD_REQUEST', status: 400 });
      expect(answer.body).not.toMatch(/node_modules|at .*\.ts/);
      expect(control.haltReasons).toHaveLength(before);
    },
  );

  test('a command without input needs no body', async () => {
    const answer = await ask('/api/risk/halt', { method: 'POST', headers: bearer() });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ state: 'HALTED' });
  });

  test('a command is not a GET', async () => {
    const before = control.haltReasons.length;
    expect((await ask('/api/risk/halt', { headers: bearer() })).status).toBe(404);
    expect(control.haltReasons).toHaveLength(before);
  });

  test.each([
    '/api/accounts?sort=1',
    '/api/market/history?instrument=BTCUSDT.BINANCE&timeframe=7m',
    '/api/market/history',
  ])('%s: 400', async (path) => {
    expect((await ask(path, { headers: bearer() })).status).toBe(400);
  });

  test('an unknown call is 404 in our form', async () => {
    const answer = await ask('/api/orders/nothing', { headers: bearer() });
    expect(answer).toMatchObject({ status: 404 });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('window files', () => {
  test('the page has a fresh nonce in header and text', async () => {
    const nonces = new Set<string>();
    for (let count = 0; count < 3; count += 1) {
      const { headers, body } = await ask('/');
      const policy = String(headers['content-security-policy']);
      const nonce = /'nonce-([\w-]+)'/.exec(policy)?.[1] ?? '';
      expect(policy).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self' data:; ` +
          "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      expect(body).toContain(`nonce="${nonce}"`);
      expect(body).not.toContain('__CSP_NONCE__');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  test('every response is guarded against sniffing and framing', async () => {
    for (const path of ['/', '/app.js', '/nothing', '/api/accounts']) {
      const { headers } = await ask(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(String(headers['content-security-policy'])).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
  });

  test('types and caching', async () => {
    expect((await ask('/app.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect((await ask('/app.js')).headers['cache-control']).toBe('no-store');
    expect((await ask('/assets/app-1a2b.css')).headers['cache-control']).toContain('immutable');
    expect((await ask('/app.js?v=1')).status).toBe(200);
  });

  const outside = [
    '/../../../etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%5c..%5cwindows%5cwin.ini',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/%252e%252e%252fpackage.json',
    '/app.js%00.html',
    '/%00',
    '/C:%5cwindows%5cwin.ini',
    '//etc/passwd',
    '/assets//app-1a2b.css',
    '/.env.json',
    '/link.json',
    '/%',
    '/%c0%ae%c0%ae/x.js',
    '/assets',
    '/app.js/',
    '/nothing.js',
    '/package.json',
  ];
  test.each(outside)('%s leads nowhere', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body).not.toMatch(/secret|root:|dependencies/);
  });

  test('paths are decoded once and stay inside', () => {
    expect(windowPath('/')).toBe('index.html');
    expect(windowPath('/a%20b.js')).toBe('a b.js');
    for (const path of outside.filter((entry) => !/nothing|link|package\.json$|app-1a2b|assets$/.test(entry))) {
      expect(windowPath(path)).toBeNull();
    }
  });

  test('writing methods do nothing', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await ask('/app.js', { method })).status).toBe(404);
  });

  test('without a build the page says what to do', async () => {
    const other = await startHost(fakeWorkstation().workstation, {
      port: 0,
      windowFolder: join(folder.path, 'none'),
      log,
    });
    const page = await fetch(`http://127.0.0.1:${other.port}/`);
    expect(await page.text()).toContain('npm run build');
    await other.close();
  });
});

describe('opening the window', () => {
  test('a launch address leads to the token once', async () => {
    const url = new URL(host.launchUrl());
    expect(url.href).not.toContain(host.token);
    const first = await ask(url.pathname);
    expect(first).toMatchObject({ status: 303, headers: { location: `/#token=${host.token}` } });
    expect((await ask(url.pathname)).status).toBe(404);
    expect((await ask('/open/AAAA')).status).toBe(404);
  });
});

describe('start and end', () => {
  test('a taken port is a refusal with a sentence', async () => {
    const failure = await startHost(fakeWorkstation().workstation, {
      port: host.port,
      windowFolder: folder.path,
      log,
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RefusalError);
    expect((failure as RefusalError).refusal).toMatchObject({ code: 'PORT_TAKEN', value: String(host.port) });
    expect((failure as RefusalError).message).toContain('--port');
  });

  test('the token file is for the owner only, also when it was there before, and goes at the end', async () => {
    const tokenFile = join(folder.path, 'token.txt');
    writeFileSync(tokenFile, 'old', { mode: 0o644 });
    const other = await startHost(fakeWorkstation().workstation, {
      port: 0,
      windowFolder: folder.path,
      log,
      tokenFile,
    });
    expect(readFileSync(tokenFile, 'utf8')).toBe(other.token);
    if (process.platform !== 'win32') expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
    expect(other.token).not.toBe(host.token);
    await other.close();
    expect(() => statSync(tokenFile)).toThrow(/ENOENT/);
  });

  test('a token file that cannot be written is a refusal, and nothing keeps listening', async () => {
    const tokenFile = join(folder.path, 'no', 'such', 'folder', 'token');
    const failure = await startHost(fakeWorkstation().workstation, {
      port: 0,
      windowFolder: folder.path,
      log,
      tokenFile,
    }).catch((error: unknown) => error);
    expect((failure as RefusalError).refusal).toMatchObject({ code: 'TOKEN_FILE' });
  });

  test('closing ends open streams and frees the port', async () => {
    const other = await startHost(fakeWorkstation().workstation, { port: 0, windowFolder: folder.path, log });
    const stream = await fetch(`http://127.0.0.1:${other.port}/api/app/status`, {
      headers: { authorization: `Bearer ${other.token}` },
    });
    const reading = stream.text().then(
      () => 'ended',
      () => 'cut',
    );
    await other.close();
    expect(['ended', 'cut']).toContain(await reading);
    const again = createServer();
    await new Promise<void>((resolve, reject) => {
      again.once('error', reject);
      again.listen(other.port, '127.0.0.1', resolve);
    });
    again.close();
  });

  test('the log holds no token', () => {
    expect(JSON.stringify(log.lines)).not.toContain(host.token);
  });
});
