import type { StateSource } from '../engine/workstation.ts';
import type { StreamCall } from './flow.ts';
import { Wakeup } from './wakeup.ts';

/** Without news a state is repeated, so that a reader can tell quiet from dead. */
const HEARTBEAT_MS = 5000;
/** Changes of state kept for a reader that has not taken them yet. More are halts and resumes beyond any use. */
const MAX_PENDING = 256;

/** The newest value at most once per `intervalMs`; every 'state' change on its own and at once. */
export async function* readState<S, T>(
  source: StateSource<S>,
  view: (state: S) => T,
  intervalMs: number,
  call: StreamCall,
): AsyncGenerator<T, void, void> {
  const wakeup = new Wakeup();
  const states: T[] = [];
  let dirty = false;
  const unsubscribe = source.subscribe((change) => {
    if (change === 'state') {
      if (states.length === MAX_PENDING) states.shift();
      states.push(view(source.read()));
      dirty = false;
      wakeup.notify();
    } else if (!dirty) {
      dirty = true;
      wakeup.notify();
    }
  });
  try {
    yield view(source.read());
    let sentAt = performance.now();
    while (call.signal?.aborted !== true) {
      await call.flow.ready(call.signal);
      const sinceSent = performance.now() - sentAt;
      const state = states.shift();
      if (state !== undefined) {
        sentAt = performance.now();
        yield state;
      } else if (sinceSent >= (dirty ? intervalMs : HEARTBEAT_MS)) {
        dirty = false;
        sentAt = performance.now();
        yield view(source.read());
      } else {
        // setTimeout may fire a fraction of a millisecond early.
        await wakeup.wait(call.signal, Math.ceil((dirty ? intervalMs : HEARTBEAT_MS) - sinceSent) + 1);
      }
    }
  } finally {
    unsubscribe();
  }
}
