import { toast } from 'sonner';
import type { ContractOutputs, SessionStatus } from '../../src/contract/types.ts';
import type { Outcome } from '../connection/outcome.ts';
import { useAnswer } from '../connection/use-answer.ts';
import { useBeat } from '../connection/use-beat.ts';

const EVERY_MS = 2_000;
export type Listed = ContractOutputs['strategies']['list'];

export function report(what: string, outcome: Outcome<unknown>): void {
  if (outcome.kind === 'ok') toast(what);
  else toast.error(`Not done: ${what}`, { description: outcome.sentence, duration: 10_000 });
}

/** Asked for while it is looked at; a run changes by commands and by bars, not by ticks. */
export function useStrategies(): {
  readonly listed: Listed | null;
  readonly session: SessionStatus | null;
  readonly problem: string | null;
  readonly reload: () => void;
} {
  const beat = useBeat(EVERY_MS);
  const list = useAnswer('strategies', (client, options) => client.strategies.list({}, options), beat);
  const status = useAnswer('session', (client, options) => client.session.status({}, options), beat);
  const reload = () => {
    list.reload();
    status.reload();
  };
  return { listed: list.value, session: status.value, problem: list.problem, reload };
}
