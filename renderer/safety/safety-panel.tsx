import type { TradingState } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';
import { useConnected, useWindow } from '../desk/window-state.ts';
import { bothZones } from '../format/time.ts';
import { HaltChecklist } from './checklist.tsx';
import { Drill } from './drill.tsx';
import { Flatten } from './flatten.tsx';
import { Lock } from './lock.tsx';
import { Resume } from './resume.tsx';

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
      <HaltChecklist />
      <Flatten />
      {state === 'HALTED' || state === 'REDUCING' ? <Resume /> : null}
      <Lock />
      <Drill />
    </aside>
  );
}
