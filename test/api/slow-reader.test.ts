import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Pipe, serveConnection } from '../../src/api/connection.ts';
import { EventLog } from '../../src/api/event-log.ts';
import { UNHINDERED } from '../../src/api/flow.ts';
import { SOCKET_LIMITS } from '../../src/api/http/sockets.ts';
import { createRpcHandler } from '../../src/api/message-port.ts';
import { createApi } from '../../src/api/router.ts';
import { readLog } from '../../src/api/log-stream.ts';
import { readState } from '../../src/api/state-stream.ts';
import { FakeLog, FakeState, fakeWorkstation } from '../fakes/workstation.ts';
import { barView, BTC, orderView, quoteView, riskStatus } from '../fakes/workstation-values.ts';
import { nextEvent } from './next-event.ts';
import { collectingLog, openHost, openPort, socketClient } from './transports.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A client that upgrades, asks, and then reads not one byte. */
async function deafClient(port: number, token: string, frame: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(
    `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: tradewright, ${token}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  const body = Buffer.from(frame);
  // A masked text frame with a mask of zero.
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]));
  return socket;
}

function longestTurn(): { stop(): number } {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}

describe('a reader that does not read', () => {
  test('does not keep others on their WebSockets from every event', async () => {
    const fake = fakeWorkstation();
    const { host, close } = await openHost(fake.workstation, {
      socketLimits: { ...SOCKET_LIMITS, maxBacklog: 64 * 1024 },
    });
    closing.push(close);
    const deaf = await deafClient(host.port, host.token, '{"i":"1","p":{"u":"/orders/stream","b":{"json":{}}}}');
    const { client } = socketClient(host);
    const stream = await client.orders.stream({});
    await stream.next();
    const total = 30_000;
    let read = 0;
    const reading = (async () => {
      for (let expected = 1; expected <= total; expected += 1) {
        const { sequence } = await nextEvent(stream);
        if (sequence !== expected) throw new Error(`expected ${expected}, got ${sequence}`);
        read = expected;
      }
    })();
    let failed = false;
    reading.catch(() => {
      failed = true;
    });
    for (let index = 0; index < total; index += 1) {
      fake.control.orderLog.append(orderView(`O-${index}`));
      if (index % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      // The engine waits for nobody, but this test must not outrun the window of the healthy reader.
      while (!failed && index - read > 2_000) await new Promise((resolve) => setImmediate(resolve));
    }
    await reading;
    deaf.destroy();
  });

  test.each(['/orders/stream', '/market/quotes', '/market/book', '/market/trades', '/market/bars', '/risk/status'])(
    'makes %s stand still until it reads again',
    async (path) => {
      const fake = fakeWorkstation();
      const api = createApi(fake.workstation);
      let backlog = 0;
      let sent = 0;
      let deliver: (frame: unknown) => void = () => undefined;
      let hangUp: () => void = () => undefined;
      const pipe: Pipe = {
        send: () => {
          sent += 1;
          backlog = 1000;
        },
        onFrame: (listener) => (deliver = listener),
        onClose: (listener) => (hangUp = listener),
        close: () => undefined,
        backlog: () => backlog,
      };
      const limits = { ...SOCKET_LIMITS, maxBacklog: 100 };
      serveConnection(pipe, createRpcHandler(api.router, collectingLog()), limits, collectingLog());
      const json = path === '/market/bars' ? { instrument: BTC, timeframe: '1m' } : { instrument: BTC };
      const needsInstrument = path.startsWith('/market/') && path !== '/market/quotes';
      deliver(JSON.stringify({ i: '1', p: { u: path, b: { json: needsInstrument ? json : {} } } }));
      await vi.waitFor(() => expect(sent).toBeGreaterThanOrEqual(1));
      const news = (index: number): void => {
        fake.control.orderLog.append(orderView('O-1'));
        fake.control.quote(BTC, `${index + 1}`);
        fake.control.bookListeners.emit();
        fake.control.tradeListeners.emit({ id: `${index}`, ts: 1, price: '1', size: '1', aggressor: null });
        fake.control.barListeners.emit(barView(index, '1'));
        fake.control.riskState.set(riskStatus(), 'state');
      };
      for (let index = 0; index < 20; index += 1) {
        news(index);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      // The answer that opens the stream and at most one event that was under way.
      expect(sent).toBeLessThanOrEqual(2);
      await vi.waitFor(() => {
        backlog = 0;
        news(99);
        expect(sent).toBeGreaterThanOrEqual(3);
      });
      hangUp();
      api.close();
    },
  );

  test('is ended when it does not answer pings', async () => {
    const fake = fakeWorkstation();
    const { host, close } = await openHost(fake.workstation, { socketLimits: { ...SOCKET_LIMITS, pingMs: 50 } });
    closing.push(close);
    const deaf = await deafClient(host.port, host.token, '{"i":"1","p":{"u":"/market/quotes","b":{"json":{}}}}');
    await vi.waitFor(() => expect(fake.control.quoteListeners.size).toBe(1));
    const ended = new Promise((resolve) => deaf.once('close', resolve));
    await vi.waitFor(() => expect(fake.control.quoteListeners.size).toBe(0));
    deaf.resume();
    await ended;
  });

  test('costs one quote per instrument, however many there were', async () => {
    const fake = fakeWorkstation();
    for (let index = 0; index < 1000; index += 1)
      fake.control.quotes.set(`S${index}.SIM`, quoteView(`S${index}.SIM`, '1'));
    const { client, close } = await openPort(fake.workstation);
    closing.push(close);
    const turn = longestTurn();
    const stream = await client.market.quotes({ intervalMs: 20 });
    let seen = 0;
    const snapshot = new Set<string>();
    while (snapshot.size < 1002) for (const quote of (await nextEvent(stream)).quotes) snapshot.add(quote.instrument);
    // Generous, for a shared machine.
    expect(turn.stop()).toBeLessThan(100);
    for (let round = 1; round <= 200; round += 1) {
      for (let index = 0; index < 1000; index += 1) fake.control.quoteListeners.emit(`S${index}.SIM`);
    }
    const again = new Set<string>();
    while (again.size < 1000) {
      const { quotes } = await nextEvent(stream);
      for (const quote of quotes) {
        again.add(quote.instrument);
        seen += 1;
      }
    }
    expect(seen).toBe(1000);
    await stream.return?.();
  });
});

describe('an event log', () => {
  const events = {
    snapshot: (sequence: number, recent: readonly number[], complete: boolean) => ({
      type: 'snapshot' as const,
      sequence,
      recent,
      complete,
    }),
    update: (sequence: number, event: number) => ({ type: 'update' as const, sequence, event }),
  };

  test('a reader that fell out of the window gets a snapshot that says so, then goes on', async () => {
    const source = new FakeLog<number>();
    const log = new EventLog(source, 8);
    const stream = readLog(log, 'run', undefined, { signal: undefined, flow: UNHINDERED }, events);
    expect((await stream.next()).value).toEqual({ type: 'snapshot', sequence: 0, recent: [], complete: true });
    for (let index = 1; index <= 20; index += 1) source.append(index);
    expect((await stream.next()).value).toMatchObject({ type: 'snapshot', sequence: 20, complete: false });
    source.append(21);
    expect((await stream.next()).value).toEqual({ type: 'update', sequence: 21, event: 21 });
    await stream.return();
  });

  test('exactly the window is still complete', async () => {
    const source = new FakeLog<number>();
    const log = new EventLog(source, 8);
    const stream = readLog(log, 'run', undefined, { signal: undefined, flow: UNHINDERED }, events);
    await stream.next();
    for (let index = 1; index <= 8; index += 1) source.append(index);
    for (let index = 1; index <= 8; index += 1) {
      expect((await stream.next()).value).toEqual({ type: 'update', sequence: index, event: index });
    }
    await stream.return();
  });

  test.each(['run-99', 'run--1', 'run-1e3', 'run-', 'other-0', ''])('event id "%s" is not believed', async (id) => {
    const source = new FakeLog<number>();
    const log = new EventLog(source, 8);
    source.append(1);
    const stream = readLog(log, 'run', id, { signal: undefined, flow: UNHINDERED }, events);
    expect((await stream.next()).value).toMatchObject({ type: 'snapshot', sequence: 1, complete: false });
    await stream.return();
  });

  test('lets go of the source when closed', () => {
    const source = new FakeLog<number>();
    const log = new EventLog(source, 8);
    expect(source.listeners.size).toBe(1);
    log.close();
    expect(source.listeners.size).toBe(0);
  });
});

describe('a state stream', () => {
  test('repeats itself when nothing happens, so that quiet is not taken for dead', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const source = new FakeState(riskStatus());
      const stream = readState(source, (state) => state, 100, { signal: undefined, flow: UNHINDERED });
      await stream.next();
      const second = stream.next();
      await vi.advanceTimersByTimeAsync(5100);
      expect((await second).value).toEqual(riskStatus());
      await stream.return();
    } finally {
      vi.useRealTimers();
    }
  });

  test('reads no more often than it may send', async () => {
    const source = new FakeState(riskStatus());
    const stream = readState(source, (state) => state, 50, { signal: undefined, flow: UNHINDERED });
    await stream.next();
    const second = stream.next();
    for (let index = 0; index < 10_000; index += 1) source.set(riskStatus());
    await second;
    expect(source.reads).toBe(2);
    await stream.return();
  });

  test('ends when its caller has gone while it slept', async () => {
    const source = new FakeState(riskStatus());
    const gone = new AbortController();
    const stream = readState(source, (state) => state, 50, { signal: gone.signal, flow: UNHINDERED });
    await stream.next();
    const second = stream.next();
    gone.abort();
    expect((await second).done).toBe(true);
    expect(source.listeners.size).toBe(0);
  });
});

test('a quote of an instrument nobody asked for wakes nobody', async () => {
  const fake = fakeWorkstation();
  const { client, close } = await openPort(fake.workstation);
  closing.push(close);
  const stream = await client.market.quotes({ instruments: [BTC], intervalMs: 20 });
  await stream.next();
  const second = nextEvent(stream);
  fake.control.quote('ETHUSDT.BINANCE', '1');
  fake.control.quote(BTC, '2');
  expect((await second).quotes.map((quote) => quote.instrument)).toEqual([BTC]);
});
