import type { ReactNode } from 'react';
import { cx } from '../controls/cx.ts';

interface CardProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** One part of a report with its title; parts touch each other, a line between them. */
export function Card({ title, note, children, className }: CardProps) {
  return (
    <section aria-label={title} className={cx('flex min-h-0 min-w-0 flex-col bg-panel', className)}>
      <header className="flex h-7 shrink-0 items-center justify-between gap-3 px-3">
        <h3 className="font-semibold whitespace-nowrap">{title}</h3>
        {note === undefined ? null : (
          <div className="flex min-w-0 items-center gap-2 truncate text-2xs text-ink-2">{note}</div>
        )}
      </header>
      {children}
    </section>
  );
}
