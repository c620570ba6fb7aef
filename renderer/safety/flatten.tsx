import { useEffect, useRef, useState } from 'react';
import type { FlattenStep } from '../../src/contract/types.ts';
import { Choice } from '../controls/choice.tsx';
import { cx } from '../controls/cx.ts';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { timeOf } from '../format/time.ts';
import { useRowCount } from '../market/use-rows.ts';
import { useSettings } from '../settings/settings.ts';
import { HoldButton } from './hold-button.tsx';

const MARKS: Readonly<Record<FlattenStep['status'], string>> = { started: '…', done: '✓', failed: '✕', waiting: '⏳' };

function StepLine({ step }: { readonly step: FlattenStep }) {
  const zone = useSettings((settings) => settings.zone);
  return (
    <li className="flex gap-2">
      <span className={cx('w-4 text-center', step.status === 'failed' && 'font-bold text-halt')}>
        {MARKS[step.status]}
      </span>
      <span className="min-w-0 flex-1">{step.sentence}</span>
      <span className="text-ink-2" title={`${Math.round(step.elapsedMs)} ms after the press`}>
        {timeOf(step.at, zone)}
      </span>
    </li>
  );
}

function Result({ step }: { readonly step: FlattenStep }) {
  const zone = useSettings((settings) => settings.zone);
  if (step.outcome === 'FLAT') {
    return (
      <p role="status" className="rounded-sm border border-up p-2 text-sm font-semibold text-up">
        FLAT ✓ verified {timeOf(step.at, zone)} {zone} · {(step.elapsedMs / 1000).toFixed(1)} s
      </p>
    );
  }
  return (
    <div role="alert" className="halt-hatch rounded-sm p-2 text-sm font-semibold">
      NOT FLAT
      <ul className="mt-1 text-xs font-medium">
        {step.open.map((open) => (
          <li key={`${open.account} ${open.instrument}`}>
            {open.instrument} {open.quantity} on {open.account}
          </li>
        ))}
        {step.open.length === 0 ? <li>{step.sentence}</li> : null}
      </ul>
    </div>
  );
}

/** Closes everything and proves it. Says FLAT only after the engine has read the positions again. */
export function Flatten() {
  const desk = useDesk();
  const accounts = useWindow((state) => state.accounts);
  const positions = useRowCount(desk.positions);
  const [scope, setScope] = useState('all');
  const [steps, setSteps] = useState<readonly FlattenStep[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);

  const run = async () => {
    setSteps([]);
    setProblem(null);
    setRunning(true);
    const outcome = await desk.connection.call(async (client) => {
      // No time limit: a flatten is as long as the venues need, and the heartbeat ends it when the engine is gone.
      const events = await client.risk.flatten(scope === 'all' ? {} : { account: scope });
      for await (const step of events) if (alive.current) setSteps((before) => [...before, step]);
    });
    if (!alive.current) return;
    setRunning(false);
    if (outcome.kind !== 'ok')
      setProblem(`${outcome.sentence} Check the positions: flattening may go on in the engine.`);
  };

  const last = steps.at(-1);
  const what = `${positions} ${positions === 1 ? 'position' : 'positions'}`;
  return (
    <section aria-label="Flatten" className="flex flex-col gap-2">
      <h3 className="text-2xs font-semibold text-ink-2">
        Flatten: halt, cancel everything, close every position, verify
      </h3>
      {accounts.length > 1 ? (
        <Choice
          label="Accounts to flatten"
          value={scope}
          options={[
            { value: 'all', label: 'All accounts' },
            ...accounts.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={setScope}
        />
      ) : null}
      <HoldButton
        label={running ? 'Flattening…' : `Hold to FLATTEN ${what}`}
        confirmLabel={`flatten ${what}`}
        disabled={running}
        onConfirm={() => void run()}
      />
      {steps.length === 0 ? null : (
        <ol className="flex max-h-44 flex-col gap-1 overflow-auto" aria-live="polite">
          {steps.map((step) => (
            <StepLine key={`${step.at}/${step.step}/${step.status}/${step.sentence}`} step={step} />
          ))}
        </ol>
      )}
      {last?.step === 'result' ? <Result step={last} /> : null}
      {problem === null ? null : (
        <p role="alert" className="text-halt">
          {problem}
        </p>
      )}
    </section>
  );
}
