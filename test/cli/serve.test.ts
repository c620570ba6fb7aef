import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { command, serve, type ServeOptions } from '../../src/cli/commands/serve.ts';
import { UsageError } from '../../src/cli/command.ts';
import { RefusalError } from '../../src/domain/refusal.ts';
import { fakeWorkstation } from '../fakes/workstation.ts';

const folder = mkdtempSync(join(tmpdir(), 'tradewright-serve-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function collectingIo() {
  const texts = { out: '', err: '' };
  return {
    texts,
    out: (text: string) => {
      texts.out += text;
    },
    err: (text: string) => {
      texts.err += text;
    },
    isErrTty: false,
    stdin: () => Promise.resolve(''),
  };
}
function fakeEngine() {
  const closed: number[] = [];
  const { workstation } = fakeWorkstation();
  return {
    closed,
    build: () =>
      Promise.resolve({
        ...workstation,
        close: () => {
          closed.push(1);
          return Promise.resolve();
        },
      }),
  };
}
const OPTIONS: ServeOptions = { port: 0, open: false, dataDir: folder, tokenFile: undefined, json: false };

describe('serve', () => {
  test('prints one ready line with the address, answers, and ends in order', async () => {
    const io = collectingIo();
    const engine = fakeEngine();
    const stop = new AbortController();
    const tokenFile = join(folder, 'token');
    const running = serve({ ...OPTIONS, tokenFile }, io, stop.signal, engine.build);
    await vi.waitFor(() => expect(io.texts.out).toContain('ready'), 10_000);
    const [, url, token] = /^ready (http:\/\/127\.0\.0\.1:\d+)\/#token=([\w-]+)\n$/.exec(io.texts.out) ?? [];
    expect(readFileSync(tokenFile, 'utf8')).toBe(token);
    const answer = await fetch(`${url}/api/app/hello`, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.json()).toMatchObject({ product: 'Tradewright' });
    stop.abort();
    expect(await running).toBe(0);
    expect(engine.closed).toEqual([1]);
    expect(() => statSync(tokenFile)).toThrow(/ENOENT/);
    await expect(fetch(`${url}/`)).rejects.toThrow();
  });

  test('--json prints one document', async () => {
    const io = collectingIo();
    const stop = new AbortController();
    const running = serve({ ...OPTIONS, json: true }, io, stop.signal, fakeEngine().build);
    await vi.waitFor(() => expect(io.texts.out).toContain('\n'), 10_000);
    expect(JSON.parse(io.texts.out)).toMatchObject({ ready: true, pid: process.pid, dataDir: folder });
    stop.abort();
    await running;
  });

  test('a taken port is a refusal; the engine is closed', async () => {
    const taken: Server = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => {
        const address = taken.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const engine = fakeEngine();
    const failure = await serve({ ...OPTIONS, port }, collectingIo(), new AbortController().signal, engine.build).catch(
      (error: unknown) => error,
    );
    expect((failure as RefusalError).refusal).toMatchObject({ code: 'PORT_TAKEN' });
    expect(engine.closed).toEqual([1]);
    taken.close();
  });

  test.each([['--port', 'x'], ['--port', '70000'], ['--port', '-1'], ['--prot', '1'], ['extra']])(
    'wrong usage: %s %s',
    async (...args) => {
      await expect(command.run(args, collectingIo())).rejects.toBeInstanceOf(UsageError);
    },
  );

  test('--help', async () => {
    const io = collectingIo();
    expect(await command.run(['--help'], io)).toBe(0);
    expect(io.texts.out).toContain('--token-file');
  });
});
