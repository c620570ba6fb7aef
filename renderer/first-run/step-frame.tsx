import type { ReactNode } from 'react';
import { Button } from '../controls/button.tsx';

interface StepFrameProps {
  readonly title: string;
  readonly text: ReactNode;
  readonly children?: ReactNode;
  readonly nextLabel: string;
  /** Why it cannot go on yet; null when it can. */
  readonly waitsFor: string | null;
  readonly onNext: () => void;
}

/** One step: what to do, the controls for it, and the way on. */
export function StepFrame({ title, text, children, nextLabel, waitsFor, onNext }: StepFrameProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h3 className="text-base font-semibold">{title}</h3>
      <div className="flex flex-col gap-2 text-ink-2">{text}</div>
      {children}
      <div className="flex flex-col gap-1">
        <Button tone="accent" size="large" disabled={waitsFor !== null} onClick={onNext}>
          {nextLabel}
        </Button>
        {waitsFor === null ? null : <p className="text-ink-2">{waitsFor}</p>}
      </div>
    </section>
  );
}
