import type { StrategyRun } from '../../src/contract/types.ts';
import { nameOf } from '../blotter/cells.ts';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import type { Desk } from '../desk/desk.ts';
import { report } from './use-strategies.ts';

export type Verb = 'start' | 'pause' | 'stop';

/** In words, before the press: what becomes of orders and of the position. */
export const CONSEQUENCES: Readonly<Record<Verb, string>> = {
  start: 'Opens positions on its next signal.',
  pause: 'Opens nothing new. Its position stays, with its stops and targets, and its exits go on.',
  stop: 'Ends the run and cancels its opening orders. Its position stays open with its stops and targets; nothing closes it by itself.',
};

export function isOn({ state }: Pick<StrategyRun, 'state'>): boolean {
  return state === 'running' || state === 'warming-up';
}

export async function runCommand(desk: Desk, run: StrategyRun, verb: Verb): Promise<void> {
  const { strategy, instrument, account, parameters, id } = run;
  const outcome = await desk.connection.call(
    (client, options): Promise<StrategyRun> =>
      verb === 'start'
        ? client.strategies.start({ strategy, instrument, account, parameters }, options)
        : verb === 'pause'
          ? client.strategies.pause({ id }, options)
          : client.strategies.stop({ id }, options),
    COMMAND_TIMEOUT_MS,
  );
  report(`${verb} ${run.title} on ${nameOf(instrument)}`, outcome);
}
