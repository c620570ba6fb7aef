import { Popover } from '@base-ui/react/popover';
import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Check } from '../controls/check.tsx';
import { INDICATOR_KINDS, indicatorFacts, readParams, type IndicatorChoice, type IndicatorKind } from './indicators.ts';

interface RowProps {
  readonly kind: IndicatorKind;
  readonly chosen: IndicatorChoice | undefined;
  readonly onChange: (choice: IndicatorChoice | null) => void;
}

function IndicatorRow({ kind, chosen, onChange }: RowProps) {
  const facts = indicatorFacts(kind);
  const [typed, setTyped] = useState((chosen?.params ?? facts.defaults).join(', '));
  const [problem, setProblem] = useState<string | null>(null);
  const apply = (text: string) => {
    setTyped(text);
    const read = readParams(kind, text);
    setProblem(typeof read === 'string' ? read : null);
    if (typeof read !== 'string' && chosen !== undefined) onChange({ kind, params: read });
  };
  return (
    <li className="flex flex-col gap-0.5">
      <div className="flex items-center justify-between gap-2">
        <Check
          label={facts.name}
          checked={chosen !== undefined}
          onChange={(on) => {
            const read = readParams(kind, typed);
            onChange(on ? { kind, params: typeof read === 'string' ? facts.defaults : read } : null);
          }}
        />
        {facts.labels.length === 0 ? null : (
          <input
            value={typed}
            onChange={(event) => apply(event.target.value)}
            aria-label={`${facts.name}: ${facts.labels.join(', ')}`}
            aria-invalid={problem === null ? undefined : true}
            title={facts.labels.join(', ')}
            spellCheck={false}
            className="h-6 w-24 rounded-sm border border-line-strong bg-canvas px-1.5 text-right text-xs text-ink aria-invalid:border-halt"
          />
        )}
      </div>
      {problem === null ? null : <p className="text-2xs text-warn">{problem}</p>}
    </li>
  );
}

interface IndicatorMenuProps {
  readonly indicators: readonly IndicatorChoice[];
  readonly onChange: (indicators: readonly IndicatorChoice[]) => void;
}

export function IndicatorMenu({ indicators, onChange }: IndicatorMenuProps) {
  const change = (kind: IndicatorKind, choice: IndicatorChoice | null) => {
    const at = indicators.findIndex((each) => each.kind === kind);
    if (choice === null) onChange(indicators.filter((each) => each.kind !== kind));
    else if (at < 0) onChange([...indicators, choice]);
    else onChange(indicators.with(at, choice));
  };
  return (
    <Popover.Root>
      <Popover.Trigger render={<Button size="small" tone="quiet" />}>
        <span className="@sm:hidden">Ind.</span>
        <span className="hidden @sm:inline">Indicators</span> {indicators.length}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="z-50">
          <Popover.Popup className="w-72 rounded-sm border border-line-strong bg-raised p-2 text-xs text-ink">
            <Popover.Title className="pb-1 text-2xs font-semibold text-ink-2">
              Indicators and their numbers
            </Popover.Title>
            <ul className="flex flex-col gap-1">
              {INDICATOR_KINDS.map((kind) => (
                <IndicatorRow
                  key={kind}
                  kind={kind}
                  chosen={indicators.find((each) => each.kind === kind)}
                  onChange={(choice) => change(kind, choice)}
                />
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
