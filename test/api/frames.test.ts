import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isReadableFrame, MAX_FRAME } from '../../src/api/frames.ts';
import { createRpcHandler, PORT_LIMITS, serveMessagePort } from '../../src/api/message-port.ts';
import { createApi } from '../../src/api/router.ts';
import type { ContractClient } from '../../src/contract/types.ts';
import { fakeWorkstation } from '../fakes/workstation.ts';
import { collectingLog, openHost, openPort, socketClient } from './transports.ts';

const HOSTILE: readonly (readonly [string, unknown])[] = [
  ['no JSON', '{'],
  ['empty text', ''],
  ['a number', 1],
  ['null', null],
  ['an object', { i: '1', p: { u: '/app/hello' } }],
  ['bytes', new Uint8Array([123, 255, 0])],
  ['a JSON array', '[]'],
  ['a JSON string', '"x"'],
  ['JSON null', 'null'],
  ['no id', '{"p":{"u":"/app/hello"}}'],
  ['a numeric id', '{"i":1,"p":{"u":"/app/hello"}}'],
  ['a long id', JSON.stringify({ i: 'x'.repeat(41), p: { u: '/app/hello' } })],
  ['no payload', '{"i":"1"}'],
  ['a payload of null', '{"i":"1","p":null}'],
  ['a payload list', '{"i":"1","p":[]}'],
  ['no address', '{"i":"1","p":{}}'],
  ['a relative address', '{"i":"1","p":{"u":"app/hello"}}'],
  ['a foreign address', '{"i":"1","p":{"u":"http://[::bad"}}'],
  ['headers of another type', '{"i":"1","p":{"u":"/app/hello","h":7}}'],
  ['a multipart body', '{"i":"1","p":{"u":"/app/hello","h":{"content-type":"multipart/form-data; boundary=x"}}}'],
  ['an event stream as input', '{"i":"1","p":{"u":"/app/hello","h":{"content-type":"text/event-stream"}}}'],
  ['an event id list', '{"i":"1","p":{"u":"/app/hello","h":{"last-event-id":["a"]}}}'],
  ['an unknown method', '{"i":"1","p":{"u":"/app/hello","m":"TRACE"}}'],
  ['an unknown type', '{"i":"1","t":9,"p":{}}'],
  ['an input event', '{"i":"1","t":3,"p":null}'],
  ['a too long frame', JSON.stringify({ i: '1', p: { u: '/app/hello', b: 'x'.repeat(MAX_FRAME) } })],
];
/** Read by oRPC, refused by the contract. */
const READ_BUT_REFUSED: readonly string[] = [
  '{"i":"90","p":{"u":"/app/hello","b":{"json":{"__proto__":{"polluted":1}}}}}',
  '{"i":"91","p":{"u":"/app/hello","b":{"json":{},"meta":[[1,"__proto__","polluted"]]}}}',
  '{"i":"92","p":{"u":"/app/hello","b":{"json":{},"meta":[[8,"constructor","prototype","polluted"]]}}}',
  '{"i":"93","p":{"u":"/app/hello","b":{"json":{},"meta":7}}}',
  '{"i":"94","p":{"u":"/app/hello","b":{"json":{},"maps":[["a"]]}}}',
  '{"i":"95","p":{"u":"/__proto__/polluted"}}',
  '{"i":"96","p":{"u":"/constructor"}}',
  '{"i":"97","p":{"u":"//app//hello/%00"}}',
  '{"i":"98","p":{"u":"/app/hello","m":"GET"}}',
  '{"i":"99","p":{"u":"/app/hello?data=%7B","m":"GET"}}',
  '{"i":"nothing-of-that-id","t":4}',
];

describe('frames', () => {
  test.each(HOSTILE)('%s is not readable', (_what, frame) => {
    expect(isReadableFrame(frame)).toBe(false);
  });

  test('requests and aborts are readable', () => {
    expect(isReadableFrame('{"i":"1","p":{"u":"/app/hello","b":{"json":{}}}}')).toBe(true);
    expect(isReadableFrame('{"i":"1","p":{"u":"/x","h":{"last-event-id":"run-1"}}}')).toBe(true);
    expect(isReadableFrame('{"i":"1","t":4}')).toBe(true);
  });

  test('nothing throws', () => {
    fc.assert(fc.property(fc.anything(), (frame) => typeof isReadableFrame(frame) === 'boolean'));
    fc.assert(fc.property(fc.json(), (frame) => typeof isReadableFrame(frame) === 'boolean'));
  });
});

describe('hostile frames do not end the process and the line goes on', () => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => {
    rejections.push(reason);
  };
  beforeEach(() => {
    rejections.length = 0;
    process.on('unhandledRejection', onRejection);
    process.on('uncaughtException', onRejection);
  });
  afterEach(() => {
    process.off('unhandledRejection', onRejection);
    process.off('uncaughtException', onRejection);
  });

  test('on a MessagePort', async () => {
    const log = collectingLog();
    const api = createApi(fakeWorkstation().workstation);
    const { port1, port2 } = new MessageChannel();
    serveMessagePort(port1 as unknown as MessagePort, createRpcHandler(api.router, log), log);
    for (const [, frame] of HOSTILE) port2.postMessage(frame);
    for (const frame of READ_BUT_REFUSED) port2.postMessage(frame);
    const client: ContractClient = createORPCClient(new RPCLink({ port: port2 as unknown as MessagePort }));
    port2.start();
    expect(await client.app.hello({})).toMatchObject({ product: 'Tradewright' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(rejections).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(log.lines.filter((line) => line.message.startsWith('a frame'))).toHaveLength(1);
    port2.close();
    api.close();
  });

  test('on a WebSocket, binary frames too', async () => {
    const { host, close } = await openHost(fakeWorkstation().workstation);
    const { client, socket } = socketClient(host);
    await client.app.hello({});
    for (const [, frame] of HOSTILE) {
      if (typeof frame === 'string' && frame.length <= MAX_FRAME) socket.send(frame);
      else if (frame instanceof Uint8Array) socket.send(Uint8Array.from(frame));
    }
    for (const frame of READ_BUT_REFUSED) socket.send(frame);
    expect(await client.app.hello({})).toMatchObject({ product: 'Tradewright' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(rejections).toEqual([]);
    await close();
  });

  test('an oversized WebSocket frame ends that socket only', async () => {
    const { host, close } = await openHost(fakeWorkstation().workstation);
    const first = socketClient(host);
    const second = socketClient(host);
    await first.client.app.hello({});
    await second.client.app.hello({});
    const closed = new Promise<number>((resolve) => {
      first.socket.addEventListener('close', (event) => resolve(event.code));
    });
    first.socket.send('x'.repeat(MAX_FRAME + 1));
    expect(await closed).toBe(1009);
    expect(await second.client.app.hello({})).toMatchObject({ protocol: 1 });
    expect(rejections).toEqual([]);
    await close();
  });

  test('an end that sends nothing else is cut off', async () => {
    const log = collectingLog();
    const api = createApi(fakeWorkstation().workstation);
    const { port1, port2 } = new MessageChannel();
    serveMessagePort(port1 as unknown as MessagePort, createRpcHandler(api.router, log), log);
    const closed = new Promise((resolve) => port2.once('close', resolve));
    for (let count = 0; count <= PORT_LIMITS.maxBadFrames; count += 1) port2.postMessage('{');
    await closed;
    api.close();
  });
});

describe('a window that went silent', () => {
  test('gets no news, then its streams end; one that beats goes on', async () => {
    const fake = fakeWorkstation();
    const limits = { ...PORT_LIMITS, quietMs: 60, deadMs: 300 };
    const { client, log, close } = await openPort(fake.workstation, limits);
    const stream = await client.market.quotes({ intervalMs: 20 });
    await stream.next();
    // Beating: news arrives although far more time than deadMs passes.
    for (let beat = 0; beat < 12; beat += 1) {
      await client.app.hello({});
      fake.control.quote('BTCUSDT.BINANCE', `${beat + 1}`);
      await stream.next();
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    await new Promise((resolve) => setTimeout(resolve, 80));
    fake.control.quote('BTCUSDT.BINANCE', '99');
    let heard = false;
    const news = stream.next().then(
      () => {
        heard = true;
      },
      () => undefined,
    );
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(heard).toBe(false);
    await vi.waitFor(() => expect(fake.control.quoteListeners.size).toBe(0));
    expect(log.lines.map((line) => line.message)).toContain('a window went silent; its connection is closed');
    await close();
    await news;
  });
});
