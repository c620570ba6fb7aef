import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { RunDetail } from '../strategies/run-detail.tsx';
import { RunTable } from '../strategies/run-table.tsx';
import { SessionControls } from '../strategies/session-controls.tsx';
import { StartForm } from '../strategies/start-form.tsx';
import { useStrategies } from '../strategies/use-strategies.ts';
import { ScreenHeader } from './screen-header.tsx';

export function StrategiesScreen() {
  const { listed, session, problem, reload } = useStrategies();
  /** Null: the form that starts one. */
  const [chosen, setChosen] = useState<string | null>(null);
  const run = listed?.runs.find(({ id }) => id === chosen) ?? null;
  return (
    <>
      <ScreenHeader title="Strategies">
        {session === null ? null : <SessionControls session={session} reload={reload} />}
        <Button tone="accent" disabled={run === null} onClick={() => setChosen(null)}>
          Start a strategy
        </Button>
      </ScreenHeader>
      {problem === null || listed === null ? null : (
        <p role="status" className="border-b border-line bg-panel px-3 py-1 text-warn">
          ▲ Not up to date: {problem}
        </p>
      )}
      {listed === null ? (
        problem === null ? (
          <Loading what="strategies" />
        ) : (
          <Failed what="Strategies cannot be read" stillSafe={problem} onRetry={reload} />
        )
      ) : (
        <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_28rem] gap-px bg-line">
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
          <div className="min-h-0 overflow-auto bg-panel" tabIndex={0} role="region" aria-label="Runs">
            {listed.runs.length === 0 ? (
              <Empty
                title="No strategy runs"
                hint="Choose a strategy at the right, look at its parameters and start it."
              />
            ) : (
              <RunTable runs={listed.runs} chosen={chosen} onChoose={setChosen} onDone={reload} />
            )}
          </div>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
          <div className="min-h-0 overflow-auto bg-panel" tabIndex={0} role="region" aria-label="Detail">
            {run === null ? (
              <StartForm
                available={listed.available}
                onStarted={(id) => {
                  reload();
                  setChosen(id);
                }}
              />
            ) : (
              <RunDetail key={run.id} run={run} />
            )}
          </div>
        </div>
      )}
    </>
  );
}
