import { withEventMeta } from '@orpc/server';
import type { EventLog } from './event-log.ts';
import type { StreamCall } from './flow.ts';
import { nextTurn, Wakeup } from './wakeup.ts';

/** Between two turns of the loop: a generator that never waits would block the process. */
const EVENTS_PER_TURN = 64;

export interface LogEvents<T, S extends object, U extends object> {
  /** `complete` false: events since the reader's last one have left the window. */
  snapshot(sequence: number, events: readonly T[], complete: boolean): S;
  update(sequence: number, event: T): U;
}

/** Places are worth something only within one run of the process, so ids carry its name. */
function eventId(run: string, place: number): string {
  return `${run}-${place}`;
}
function placeOf(run: string, id: string | undefined): number | null {
  const digits = id?.startsWith(`${run}-`) === true ? id.slice(run.length + 1) : '';
  return /^\d{1,15}$/.test(digits) ? Number(digits) : null;
}

/** Every event, in order: from a snapshot, or from where the reader left off. */
export async function* readLog<T, S extends object, U extends object>(
  log: EventLog<T>,
  run: string,
  lastEventId: string | undefined,
  call: StreamCall,
  events: LogEvents<T, S, U>,
): AsyncGenerator<S | U, void, void> {
  const wakeup = new Wakeup();
  const detach = log.attach(wakeup);
  try {
    // A snapshot is followed by the events after it: both are taken in one turn.
    const snapshot = (complete: boolean): S => {
      place = log.head;
      return withEventMeta(events.snapshot(place, log.source.recent(), complete), { id: eventId(run, place) });
    };
    let place = placeOf(run, lastEventId) ?? -1;
    if (place < log.tail || place > log.head) yield snapshot(lastEventId === undefined);
    let inTurn = 0;
    while (call.signal?.aborted !== true) {
      await call.flow.ready(call.signal);
      if (place < log.tail) yield snapshot(false);
      else if (place < log.head) {
        const event = events.update(place + 1, log.at(place));
        place += 1;
        yield withEventMeta(event, { id: eventId(run, place) });
        inTurn += 1;
        if (inTurn % EVENTS_PER_TURN === 0) await nextTurn();
      } else await wakeup.wait(call.signal);
    }
  } finally {
    detach();
  }
}
