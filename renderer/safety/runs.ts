import { create } from 'zustand';
import type { FlattenStep } from '../../src/contract/types.ts';
import type { Desk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { soundAlarm } from './alarm.ts';

export interface Run {
  readonly steps: readonly FlattenStep[];
  readonly running: boolean;
  readonly problem: string | null;
}

interface Runs {
  readonly flatten: Run;
  readonly drill: Run;
  /** NOT FLAT sounds until somebody has said that it was seen. */
  readonly alarmed: boolean;
  /** Accounts of the last flatten, for its repetition. */
  readonly scope: string;
}

const IDLE: Run = { steps: [], running: false, problem: null };

/** Outlives the panel: closing it must not lose the result of a flatten. */
export const useRuns = create<Runs>()(() => ({ flatten: IDLE, drill: IDLE, alarmed: false, scope: 'all' }));

type Kind = 'flatten' | 'drill';
type Options = { signal?: AbortSignal };
type Stream = AsyncIterable<FlattenStep>;
let stopAlarm: (() => void) | null = null;

export function acknowledge(): void {
  stopAlarm?.();
  stopAlarm = null;
  useRuns.setState({ alarmed: false });
}

function alarm(): void {
  acknowledge();
  stopAlarm = soundAlarm();
  useRuns.setState({ alarmed: true });
  useWindow.setState({ safetyOpen: true });
}

async function follow(
  desk: Desk,
  kind: Kind,
  lost: string,
  begin: (client: Parameters<Parameters<Desk['connection']['call']>[0]>[0], options: Options) => Promise<Stream>,
): Promise<void> {
  const set = (change: Partial<Run>) =>
    useRuns.setState((state) => ({ ...state, [kind]: { ...state[kind], ...change } }));
  set({ steps: [], running: true, problem: null });
  const outcome = await desk.connection.call(async (client) => {
    // No time limit: a flatten is as long as the venues need, and the heartbeat ends it when the engine is gone.
    for await (const step of await begin(client, {})) {
      set({ steps: [...useRuns.getState()[kind].steps, step] });
      if (step.step === 'result' && step.outcome === 'NOT_FLAT') alarm();
    }
  });
  set({
    running: false,
    problem:
      outcome.kind === 'ok' ? null : outcome.kind === 'refused' ? outcome.sentence : `${outcome.sentence} ${lost}`,
  });
}

/** Halts, cancels, closes, verifies. `queue`: what cannot be closed now is closed when its market opens. */
export function flatten(desk: Desk, scope: string, queue: boolean): Promise<void> {
  acknowledge();
  useRuns.setState({ scope });
  return follow(desk, 'flatten', 'Check the positions: flattening may go on in the engine.', (client) =>
    client.risk.flatten({ queue, ...(scope === 'all' ? {} : { account: scope }) }),
  );
}

export function drill(desk: Desk, account: string): Promise<void> {
  acknowledge();
  return follow(desk, 'drill', 'The drill goes on in the engine; its result is among the alerts.', (client) =>
    client.risk.drill({ account }),
  );
}
