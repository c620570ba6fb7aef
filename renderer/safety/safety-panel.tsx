import { useState, type ReactNode } from 'react';
import type { TradingState } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';
import { Field } from '../controls/field.tsx';
import { useDesk } from '../desk/desk.ts';
import { useConnected, useWindow } from '../desk/window-state.ts';
import { bothZones, timeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';
import { Flatten } from './flatten.tsx';
import { resume } from './safety.ts';

function Line({ done, children }: { readonly done: boolean; readonly children: ReactNode }) {
  return (
    <li className="flex gap-2">
      <span className={cx('w-4 text-center font-bold', done ? 'text-up' : 'text-warn')} aria-hidden>
        {done ? '✓' : '…'}
      </span>
      <span>{children}</span>
      <span className="sr-only">{done ? 'done' : 'in progress'}</span>
    </li>
  );
}

/** What HALT has done so far, from the engine's own state and not from the press. */
function Checklist() {
  const zone = useSettings((settings) => settings.zone);
  const { halt, latchedAt, cancelRequested } = useWindow((state) => state.safety);
  const risk = useWindow((state) => state.risk);
  const halted = risk?.state === 'HALTED';
  const since = latchedAt ?? risk?.causes.find((cause) => cause.since > 0)?.since ?? null;
  if (!halted && halt === 'idle') return null;
  const working = risk?.workingOrders ?? 0;
  return (
    <ol className="flex flex-col gap-1" aria-live="polite" aria-label="Halt checklist">
      <Line done={halted || halt === 'latched'}>
        Halt latched on disk{since === null ? '' : ` at ${timeOf(since, zone)} ${zone}`}
      </Line>
      <Line done={halted}>Orders that add risk are refused, strategies are stopped</Line>
      <Line done={halted && working === 0}>
        {cancelRequested === null
          ? 'Working orders cancelled'
          : `${cancelRequested} ${cancelRequested === 1 ? 'cancel' : 'cancels'} requested`}
        {working === 0 ? ', none working' : `, ${working} still working (protective exits stay)`}
      </Line>
      <Line done={(risk?.openPositions ?? 0) === 0}>
        {risk?.openPositions === 0
          ? 'No open position'
          : `Open positions: ${risk?.openPositions ?? 'not known'}. HALT leaves them, FLATTEN closes them`}
      </Line>
    </ol>
  );
}

function Resume() {
  const desk = useDesk();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ready = reason.trim().length >= 3;
  const submit = async () => {
    setBusy(true);
    setProblem(await resume(desk, reason.trim()));
    setBusy(false);
    setReason('');
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void submit();
      }}
    >
      <Field
        label="Reason to resume (goes into the audit log)"
        value={reason}
        onChange={setReason}
        inputMode="text"
        style={{ textAlign: 'left' }}
        maxLength={500}
        placeholder="What was wrong, and why it is safe now"
        problem={problem}
      />
      <Button type="submit" size="large" disabled={!ready || busy}>
        {ready ? 'RESUME trading' : 'RESUME needs a reason'}
      </Button>
    </form>
  );
}

function headline(state: TradingState | null, connected: boolean): string {
  if (state === null) return 'Trading state not known';
  return connected ? `Trading is ${state}` : `Trading state not known, last ${state}`;
}

export function SafetyPanel() {
  const open = useWindow((state) => state.safetyOpen);
  const risk = useWindow((state) => state.risk);
  const { problem } = useWindow((state) => state.safety);
  const connected = useConnected();
  if (!open) return null;
  const state = risk?.state ?? null;
  return (
    <aside
      id="safety-panel"
      aria-label="Safety"
      className="absolute top-11 right-1 z-[45] flex max-h-[calc(100%-80px)] w-[420px] flex-col gap-3 overflow-auto rounded-sm border border-line-strong bg-raised p-3"
      onKeyDown={(event) => {
        if (event.key === 'Escape') useWindow.setState({ safetyOpen: false });
      }}
    >
      <div className={cx('-m-3 mb-0 flex items-center justify-between px-3 py-2', state === 'HALTED' && 'halt-hatch')}>
        <h2 className="text-sm font-bold">{headline(state, connected)}</h2>
        <Button size="small" onClick={() => useWindow.setState({ safetyOpen: false })}>
          Close
        </Button>
      </div>
      {problem === null ? null : (
        <p role="alert" className="font-semibold text-halt">
          {problem}
        </p>
      )}
      {risk === null || risk.causes.length === 0 ? null : (
        <ul className="flex flex-col gap-1" aria-label="Causes">
          {risk.causes.map((cause) => (
            <li key={`${cause.code} ${cause.since}`} title={bothZones(cause.since)}>
              <span className="font-semibold">{cause.code}</span> · {cause.sentence}
            </li>
          ))}
        </ul>
      )}
      <Checklist />
      <Flatten />
      {state === 'HALTED' || state === 'REDUCING' ? <Resume /> : null}
    </aside>
  );
}
