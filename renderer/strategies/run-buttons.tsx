import { useState } from 'react';
import type { StrategyRun } from '../../src/contract/types.ts';
import { nameOf } from '../blotter/cells.ts';
import { Button } from '../controls/button.tsx';
import { useDesk } from '../desk/desk.ts';
import { useConnected } from '../desk/window-state.ts';
import { ConfirmDialog } from '../dialogs/frame.tsx';
import { CONSEQUENCES, isOn, runCommand } from './run-commands.ts';

interface RunButtonsProps {
  readonly run: StrategyRun;
  readonly onDone: () => void;
}

/** Start, pause and stop of one run. A stop says first what happens to the position. */
export function RunButtons({ run, onDone }: RunButtonsProps) {
  const desk = useDesk();
  const connected = useConnected();
  const [stopping, setStopping] = useState(false);
  const what = `${run.title} on ${nameOf(run.instrument)}`;
  const on = isOn(run);
  const act = async (verb: 'start' | 'pause' | 'stop') => {
    await runCommand(desk, run, verb);
    onDone();
  };
  return (
    <div className="flex justify-end gap-1">
      <Button
        size="small"
        disabled={!connected}
        title={CONSEQUENCES[on ? 'pause' : 'start']}
        aria-label={`${on ? 'Pause' : 'Start'} ${what}`}
        onClick={() => void act(on ? 'pause' : 'start')}
      >
        {on ? 'Pause' : 'Start'}
      </Button>
      <Button
        size="small"
        disabled={!connected || run.state === 'stopped'}
        title={CONSEQUENCES.stop}
        aria-label={`Stop ${what}`}
        onClick={() => setStopping(true)}
      >
        Stop
      </Button>
      {stopping ? (
        <ConfirmDialog
          title={`Stop ${what}`}
          confirmLabel="Stop the run"
          tone="halt"
          onClose={() => setStopping(false)}
          onConfirm={async () => {
            await act('stop');
            return null;
          }}
        >
          <p>{CONSEQUENCES.stop}</p>
          <p className="text-ink-2">To close the position, use Close in Positions.</p>
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
