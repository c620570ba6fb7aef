import type { FlattenStep } from '../contract/types.ts';
import type { Workstation } from '../engine/workstation.ts';
import type { StreamCall } from './flow.ts';
import { Wakeup } from './wakeup.ts';

/** The checklist as it grows. The flattening itself does not depend on the reader: it goes on when the reader leaves. */
export async function* readFlatten(
  risk: Workstation['risk'],
  request: { readonly account?: string | undefined; readonly reason: string },
  call: StreamCall,
): AsyncGenerator<FlattenStep, void, void> {
  const wakeup = new Wakeup();
  const steps: FlattenStep[] = [];
  risk.flatten(request, (step) => {
    steps.push(step);
    wakeup.notify();
  });
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
