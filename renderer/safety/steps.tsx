import type { FlattenStep } from '../../src/contract/types.ts';
import { cx } from '../controls/cx.ts';
import { timeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';

const MARKS: Readonly<Record<FlattenStep['status'], readonly [string, string]>> = {
  started: ['…', 'begun'],
  done: ['✓', 'done'],
  failed: ['✕', 'failed'],
  waiting: ['⏳', 'waiting'],
};

function StepLine({ step }: { readonly step: FlattenStep }) {
  const zone = useSettings((settings) => settings.zone);
  const [mark, word] = MARKS[step.status];
  return (
    <li className="flex gap-2">
      <span aria-hidden className={cx('w-4 text-center', step.status === 'failed' && 'font-bold text-halt')}>
        {mark}
      </span>
      <span className="min-w-0 flex-1">{step.sentence}</span>
      <span className="sr-only">{word}</span>
      <span className="text-ink-2" title={`${Math.round(step.elapsedMs)} ms after the press`}>
        {timeOf(step.at, zone)}
      </span>
    </li>
  );
}

/** The checklist of a flatten or a drill as the engine reports it; the result stands below it. */
export function Steps({ steps, label }: { readonly steps: readonly FlattenStep[]; readonly label: string }) {
  if (steps.length === 0) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys
    <ol tabIndex={0} className="flex max-h-44 flex-col gap-1 overflow-auto" aria-live="polite" aria-label={label}>
      {steps
        .filter(({ step }) => step !== 'result')
        .map((step, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the list only grows
          <StepLine key={index} step={step} />
        ))}
    </ol>
  );
}

export function timesText(step: FlattenStep): string {
  const { times } = step;
  if (times === null) return '';
  const parts = [
    times.latchMs === null ? null : `latch ${times.latchMs} ms`,
    times.firstCancelMs === null ? null : `first cancel ${times.firstCancelMs} ms`,
    times.flatMs === null ? null : `flat ${(times.flatMs / 1_000).toFixed(2)} s`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
