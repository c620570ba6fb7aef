import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';
import { useDesk } from '../desk/desk.ts';
import { useConnected, useWindow } from '../desk/window-state.ts';
import { HaltChecklist } from '../safety/checklist.tsx';
import { Drill } from '../safety/drill.tsx';
import { Flatten } from '../safety/flatten.tsx';
import { Lock } from '../safety/lock.tsx';
import { Resume } from '../safety/resume.tsx';
import { halt } from '../safety/safety.ts';
import { useSettings } from '../settings/settings.ts';
import { stateWords } from './state-words.ts';

type Tool = 'flatten' | 'lock' | 'drill' | 'resume';
const TOOLS: readonly { readonly name: Tool; readonly label: string }[] = [
  { name: 'flatten', label: 'FLATTEN…' },
  { name: 'lock', label: 'LOCK…' },
  { name: 'drill', label: 'Drill…' },
];
const BODIES = { flatten: Flatten, lock: Lock, drill: Drill, resume: Resume } as const;
const WORDS = { OK: 'text-ink', WARN: 'text-warn', REDUCING: 'text-warn', HALTED: '' } as const;
const LEVELS = { LOW: 'text-ink', MEDIUM: 'text-warn', HIGH: 'text-halt' } as const;

/** The trading state in large type, why it is so, and the four controls that change it. */
export function StateBanner() {
  const desk = useDesk();
  const connected = useConnected();
  const risk = useWindow((state) => state.risk);
  const pending = useWindow((state) => state.safety.halt === 'pending');
  const zone = useSettings((settings) => settings.zone);
  const [open, setOpen] = useState<Tool | null>(null);
  if (risk === null) return null;
  const { word, why } = stateWords(risk, zone);
  const halted = risk.state === 'HALTED';
  const shown = open === 'resume' && risk.state === 'ACTIVE' ? null : open;
  const Body = shown === null ? null : BODIES[shown];
  return (
    <div className="shrink-0 border-b border-line bg-panel">
      <div className={cx('flex min-h-14 items-center gap-4 px-3 py-1', halted && 'halt-hatch')}>
        <p className={cx('text-xl font-bold tracking-wide', WORDS[word])} role="status" aria-label="Trading state">
          {word}
        </p>
        <div className="min-w-0 flex-1">
          <p className="line-clamp-2 text-sm">{why}</p>
          <p className={halted ? '' : 'text-ink-2'}>
            Risk level <span className={cx('font-semibold', halted ? '' : LEVELS[risk.level])}>{risk.level}</span> ·{' '}
            {risk.openPositions} open {risk.openPositions === 1 ? 'position' : 'positions'} · {risk.workingOrders}{' '}
            working {risk.workingOrders === 1 ? 'order' : 'orders'}
            {connected ? '' : ' · last known: the engine is not reachable'}
          </p>
        </div>
        <div className="flex items-center gap-1.5">
          {halted ? null : (
            <Button tone="halt" size="large" onClick={() => void halt(desk)}>
              {pending ? 'HALTING…' : 'HALT all trading'}
            </Button>
          )}
          {risk.state === 'ACTIVE' ? null : (
            <Button
              size="large"
              aria-expanded={shown === 'resume'}
              onClick={() => setOpen(shown === 'resume' ? null : 'resume')}
            >
              RESUME…
            </Button>
          )}
          {TOOLS.map(({ name, label }) => (
            <Button
              key={name}
              size="large"
              aria-expanded={shown === name}
              onClick={() => setOpen(shown === name ? null : name)}
            >
              {label}
            </Button>
          ))}
        </div>
      </div>
      {Body === null ? null : (
        <div className="grid max-h-[22rem] grid-cols-2 gap-4 overflow-auto border-t border-line p-3">
          <Body />
          <div className="flex flex-col gap-2">
            {halted ? <h3 className="text-2xs font-semibold text-ink-2">What the halt has done</h3> : null}
            <HaltChecklist />
          </div>
        </div>
      )}
    </div>
  );
}
