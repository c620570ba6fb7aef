import { Empty, Failed, Loading } from '../controls/states.tsx';
import { openScreen } from '../screens/screen-state.ts';
import { RunTable } from './run-table.tsx';
import { SessionControls } from './session-controls.tsx';
import { Button } from '../controls/button.tsx';
import { useStrategies } from './use-strategies.ts';

/** The runs beside the chart; starting and looking into them is the work of the screen. */
export function StrategiesPanel() {
  const { listed, session, problem, reload } = useStrategies();
  if (problem !== null && listed === null)
    return <Failed what="Strategies cannot be read" stillSafe={problem} onRetry={reload} />;
  if (listed === null) return <Loading what="strategies" />;
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-8 shrink-0 items-center gap-2 border-b border-line px-2">
        {session === null ? null : <SessionControls session={session} reload={reload} />}
        <span className="flex-1" />
        <Button size="small" onClick={() => openScreen('strategies')}>
          Start a strategy…
        </Button>
      </div>
      {listed.runs.length === 0 ? (
        <Empty title="No strategy runs" hint="Start one on the Strategies screen." />
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys
        <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Runs">
          <RunTable runs={listed.runs} chosen={null} onChoose={() => openScreen('strategies')} onDone={reload} />
        </div>
      )}
    </div>
  );
}
