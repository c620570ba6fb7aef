import type { Desk } from '../desk/desk.ts';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import { useWindow, type SafetyState } from '../desk/window-state.ts';

function set(change: Partial<SafetyState>): void {
  useWindow.setState((state) => ({ safety: { ...state.safety, ...change } }));
}

let waitingForConnection: (() => void) | null = null;

/**
 * One press, no question asked. HALT is safe to repeat, so a press that could not be sent or whose answer was lost is
 * sent again until the engine confirms the latch; nothing else in this window is ever resent.
 */
export async function halt(desk: Desk): Promise<void> {
  useWindow.setState({ safetyOpen: true });
  set({ halt: 'pending', problem: null });
  const outcome = await desk.connection.call((client, options) => client.risk.halt({}, options), COMMAND_TIMEOUT_MS);
  if (outcome.kind === 'ok') {
    set({
      halt: 'latched',
      latchedAt: outcome.value.latchedAt,
      cancelRequested: outcome.value.cancelRequested,
      problem: outcome.value.latched
        ? null
        : 'The disk took no halt latch: trading is halted now, but not after a restart. Free the disk and press HALT again.',
    });
    return;
  }
  if (outcome.kind === 'refused') {
    set({ halt: 'idle', problem: `The engine refused to halt: ${outcome.sentence}` });
    return;
  }
  set({
    problem: `${outcome.sentence} HALT is sent as soon as the engine answers. Without this window: run "tradewright kill".`,
  });
  if (waitingForConnection !== null) return;
  waitingForConnection = desk.connection.onState((state) => {
    if (state.phase !== 'open') return;
    waitingForConnection?.();
    waitingForConnection = null;
    void halt(desk);
  });
  // An answer lost on a living connection: ask again shortly.
  if (desk.connection.state.phase === 'open') {
    waitingForConnection();
    waitingForConnection = null;
    setTimeout(() => void halt(desk), 1_000);
  }
}

/** Refused by the engine while a cause persists; the sentence says which. */
export async function resume(desk: Desk, reason: string): Promise<string | null> {
  const outcome = await desk.connection.call(
    (client, options) => client.risk.resume({ reason }, options),
    COMMAND_TIMEOUT_MS,
  );
  if (outcome.kind !== 'ok') return outcome.sentence;
  set({ halt: 'idle', latchedAt: null, cancelRequested: null, problem: null });
  return null;
}
