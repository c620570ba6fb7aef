import type { RPCHandler } from '@orpc/server/message-port';
import type { ApiLog } from './failures.ts';
import type { CallContext, Flow } from './flow.ts';
import { isReadableFrame } from './frames.ts';
import { Wakeup } from './wakeup.ts';

/** A transport of text frames, whatever carries them. */
export interface Pipe {
  send(frame: string): void;
  onFrame(listener: (frame: unknown) => void): void;
  onClose(listener: () => void): void;
  close(reason: string): void;
  /** Bytes taken by `send` that the other end has not taken from us; 0 where that cannot be known. */
  backlog(): number;
}

/** What this end allows the other. */
export interface ConnectionLimits {
  /** Streams stand still above this many waiting bytes ... */
  readonly maxBacklog: number;
  /** ... or when nothing was heard for this long: the other end is asleep or gone. Null: the pipe has its own heartbeat. */
  readonly quietMs: number | null;
  /** Then the connection ends. */
  readonly deadMs: number;
  readonly maxBadFrames: number;
}

const BACKLOG_POLL_MS = 25;

class GuardedPort extends EventTarget {
  readonly #send: (frame: string) => void;
  constructor(send: (frame: string) => void) {
    super();
    this.#send = send;
  }
  postMessage(frame: unknown): void {
    // Strings only: no output of the contract is binary.
    if (typeof frame === 'string') this.#send(frame);
  }
  receive(frame: string): void {
    this.dispatchEvent(new MessageEvent('message', { data: frame }));
  }
  end(): void {
    this.dispatchEvent(new Event('close'));
  }
}

/**
 * Serves one client. oRPC sees a port that delivers only frames it can read, and that closes when the other end is
 * dead, so that the streams on it end; a MessagePort in Chromium does neither.
 */
export function serveConnection(
  pipe: Pipe,
  handler: RPCHandler<CallContext>,
  limits: ConnectionLimits,
  log: ApiLog,
): { close(reason: string): void } {
  let open = true;
  let heardAt = performance.now();
  let badFrames = 0;
  const heard = new Set<Wakeup>();
  const port = new GuardedPort((frame) => {
    if (!open) return;
    try {
      pipe.send(frame);
    } catch (error) {
      // A throw here would surface as an unhandled rejection inside the peer.
      log.warn({ err: error }, 'a frame could not be sent; the connection is closed');
      close('send failed');
    }
  });

  const silence = (): number => performance.now() - heardAt;
  const quiet = (): boolean => limits.quietMs !== null && silence() > limits.quietMs;
  const wait = async (signal: AbortSignal | undefined): Promise<void> => {
    const wakeup = new Wakeup();
    heard.add(wakeup);
    while (open && signal?.aborted !== true && (quiet() || pipe.backlog() > limits.maxBacklog)) {
      await wakeup.wait(signal, BACKLOG_POLL_MS);
    }
    heard.delete(wakeup);
  };
  const flow: Flow = {
    ready: (signal) => (quiet() || pipe.backlog() > limits.maxBacklog ? wait(signal) : undefined),
  };

  const end = (): void => {
    if (!open) return;
    open = false;
    clearInterval(watch);
    port.end();
    for (const wakeup of heard) wakeup.notify();
  };
  const close = (reason: string): void => {
    if (!open) return;
    end();
    pipe.close(reason);
  };
  const watch = setInterval(
    () => {
      if (limits.quietMs !== null && silence() > limits.deadMs) {
        log.warn({ silentMs: Math.round(silence()) }, 'a window went silent; its connection is closed');
        close('silent');
      }
    },
    Math.max(10, Math.min(limits.deadMs / 4, 5000)),
  );
  watch.unref();

  handler.upgrade(port, { context: { flow } });
  pipe.onFrame((frame) => {
    if (!open) return;
    heardAt = performance.now();
    if (isReadableFrame(frame)) {
      port.receive(frame);
      return;
    }
    badFrames += 1;
    if (badFrames === 1) log.warn({ kind: typeof frame }, 'a frame that is not part of the protocol was dropped');
    if (badFrames > limits.maxBadFrames) close('protocol');
  });
  pipe.onClose(end);
  return { close };
}
