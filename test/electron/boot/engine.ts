// In place of src/engine/create-workstation.ts, where a test needs an engine that fails or that is slow to end.
import { fakeWorkstation } from '../../fakes/workstation.ts';

export const engine = { closes: 0, haltReasons: [] as readonly string[] };

export function createWorkstation(): ReturnType<
  typeof import('../../../src/engine/create-workstation.ts').createWorkstation
> {
  const plan = process.env['TEST_ENGINE'];
  if (plan === 'fails') return Promise.reject(new Error('process 4711 is already writing to /data. Stop it first.'));
  const { workstation, control } = fakeWorkstation();
  engine.haltReasons = control.haltReasons;
  return Promise.resolve({
    ...workstation,
    async close() {
      engine.closes += 1;
      if (plan === 'close-throws') throw new Error('the disk is full');
      await new Promise((resolve) => setTimeout(resolve, 200));
    },
  });
}
