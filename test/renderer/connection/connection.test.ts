import { ORPCError } from '@orpc/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ContractClient } from '../../../src/contract/types.ts';
import type { Link } from '../../../renderer/connection/client.ts';
import { Connection } from '../../../renderer/connection/connection.ts';
import { failure } from '../../../renderer/connection/outcome.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface FakeLink extends Link {
  readonly drop: (reason: string) => void;
  answers: boolean;
}

/** Only what a connection uses of a client. */
function fakeLink(): FakeLink {
  let drop: (reason: string) => void = () => {};
  const ended = new Promise<string>((end) => {
    drop = end;
  });
  const link: FakeLink = {
    answers: true,
    ended,
    drop,
    close: () => drop('closed'),
    client: {
      app: {
        hello: (_input: unknown, options: { signal: AbortSignal }) =>
          link.answers
            ? Promise.resolve({})
            : new Promise((_resolve, reject) => {
                setTimeout(() => reject(new DOMException('late', 'TimeoutError')), 4_000);
                options.signal.addEventListener('abort', () => reject(new DOMException('late', 'TimeoutError')));
              }),
      },
    } as unknown as ContractClient,
  };
  return link;
}

describe('a connection', () => {
  test('opens again after a drop, with a pause, and restarts its streams with a new snapshot', async () => {
    const links: FakeLink[] = [];
    const connection = new Connection(() => {
      const link = fakeLink();
      links.push(link);
      return Promise.resolve(link);
    });
    const phases: string[] = [];
    connection.onState(({ phase }) => {
      if (phases.at(-1) !== phase) phases.push(phase);
    });
    let opened = 0;
    const events: number[] = [];
    connection.follow(
      (_client, { signal }) => {
        opened += 1;
        const round = opened;
        return Promise.resolve(
          (async function* () {
            yield round;
            await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
          })(),
        );
      },
      (event) => {
        events.push(event);
      },
    );
    connection.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(connection.state.phase).toBe('open');
    expect(events).toEqual([1]);
    links[0]?.drop('gone');
    await vi.advanceTimersByTimeAsync(1);
    expect(connection.state).toMatchObject({ phase: 'lost', sentence: 'gone' });
    expect((await connection.call(() => Promise.resolve(1))).kind).toBe('not-sent');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(phases).toEqual(['connecting', 'open', 'lost', 'open']);
    connection.stop();
  });

  test('a link that stops answering is given up, since a dead port says nothing', async () => {
    const links: FakeLink[] = [];
    const connection = new Connection(() => {
      const link = fakeLink();
      links.push(link);
      return Promise.resolve(link);
    });
    connection.start();
    await vi.advanceTimersByTimeAsync(10);
    const [first] = links;
    if (first === undefined) throw new Error('no link');
    first.answers = false;
    await vi.advanceTimersByTimeAsync(2_000 + 4_000 + 600);
    expect(links.length).toBeGreaterThan(1);
    connection.stop();
  });

  test('an engine that is not there is tried again with growing pauses', async () => {
    const tries: number[] = [];
    const connection = new Connection(() => {
      tries.push(Date.now());
      return Promise.reject(new Error('no engine'));
    });
    connection.start();
    await vi.advanceTimersByTimeAsync(20_000);
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses.slice(0, 4)).toEqual([500, 1_000, 2_000, 5_000]);
    expect(connection.state).toMatchObject({ phase: 'connecting', sentence: 'no engine' });
    connection.stop();
  });
});

describe('the outcome of a call that failed', () => {
  const refusal = { code: 'ORDER_NOTIONAL', sentence: 'Too large.' };
  test.each([
    ['a refusal', new ORPCError('REFUSED', { defined: true, status: 422, data: refusal }), 'refused'],
    ['bad input', new ORPCError('BAD_REQUEST', { status: 400 }), 'refused'],
    ['a failure inside the engine', new ORPCError('INTERNAL_SERVER_ERROR', { status: 500 }), 'unknown'],
    ['a time-out', new DOMException('late', 'TimeoutError'), 'unknown'],
    ['a dropped connection', new DOMException('gone', 'AbortError'), 'unknown'],
    ['anything else', new Error('?'), 'unknown'],
  ])('%s is %s', (_what, error, kind) => {
    expect(failure(error).kind).toBe(kind);
  });
});
