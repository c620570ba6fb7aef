import { useEffect, useState, type ReactNode } from 'react';
import { age } from '../format/time.ts';
import { Button } from './button.tsx';

interface EmptyProps {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Says why there is nothing and offers one thing to do. */
export function Empty({ title, hint, action }: EmptyProps) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 p-4 text-center">
      <p className="text-sm text-ink-2">{title}</p>
      {hint === undefined ? null : <p className="max-w-80 text-xs text-ink-3">{hint}</p>}
      {action === undefined ? null : <Button onClick={action.run}>{action.label}</Button>}
    </div>
  );
}

/** Skeleton rows at first; after 300 ms the seconds that have passed. */
export function Loading({ what }: { readonly what: string }) {
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setElapsed(performance.now() - start), 300);
    return () => clearInterval(timer);
  }, []);
  return (
    <div role="status" className="flex h-full flex-col gap-2 p-2">
      {[72, 56, 64, 40].map((width) => (
        <span
          key={width}
          className="h-3 animate-pulse rounded-sm bg-raised"
          style={{ width: `${width}%` }}
          aria-hidden
        />
      ))}
      <p className="text-ink-2">
        Loading {what}
        {elapsed >= 300 ? ` · ${age(elapsed)}` : ''}
      </p>
    </div>
  );
}

interface FailedProps {
  readonly what: string;
  readonly since?: string;
  readonly stillSafe?: string;
  readonly details?: string;
  readonly onRetry?: () => void;
}

/** What failed, since when, what is still safe, and the two things to do about it. */
export function Failed({ what, since, stillSafe, details, onRetry }: FailedProps) {
  return (
    <div role="alert" className="flex h-full flex-col items-start gap-2 overflow-auto p-3">
      <p className="text-sm font-semibold text-ink">
        <span className="text-halt" aria-hidden>
          ■{' '}
        </span>
        {what}
        {since === undefined ? '' : ` · since ${since}`}
      </p>
      {stillSafe === undefined ? null : <p className="text-ink-2">{stillSafe}</p>}
      <div className="flex gap-2">
        {onRetry === undefined ? null : <Button onClick={onRetry}>Retry</Button>}
        {details === undefined ? null : (
          <Button tone="quiet" onClick={() => void navigator.clipboard.writeText(details)}>
            Copy diagnostics
          </Button>
        )}
      </div>
    </div>
  );
}
