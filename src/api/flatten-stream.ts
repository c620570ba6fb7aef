import type { FlattenStep } from '../contract/types.ts';
import type { StreamCall } from './flow.ts';
import { Wakeup } from './wakeup.ts';

/**
 * The checklist as it grows. What it tells of does not depend on the reader: it goes on when the reader leaves. `start`
 * throws what refuses it, before the stream begins.
 */
export function readSteps(
  start: (report: (step: FlattenStep) => void) => void,
  call: StreamCall,
): AsyncGenerator<FlattenStep, void, void> {
  const wakeup = new Wakeup();
  const steps: FlattenStep[] = [];
  start((step) => {
    steps.push(step);
    wakeup.notify();
  });
  return read(steps, wakeup, call);
}

async function* read(steps: FlattenStep[], wakeup: Wakeup, call: StreamCall): AsyncGenerator<FlattenStep, void, void> {
  while (call.signal?.aborted !== true) {
    const step = steps.shift();
    if (step === undefined) {
      await wakeup.wait(call.signal);
      continue;
    }
    yield step;
    if (step.step === 'result') return;
  }
}
