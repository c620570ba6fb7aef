import type { ReactNode } from 'react';

interface ScreenHeaderProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** Title of a screen, with what belongs to all of it at its right. */
export function ScreenHeader({ title, children }: ScreenHeaderProps) {
  return (
    <header className="flex min-h-11 shrink-0 items-center gap-4 border-b border-line bg-panel px-3">
      <h2 className="text-sm font-semibold">{title}</h2>
      <div className="flex min-w-0 flex-1 items-center justify-end gap-3">{children}</div>
    </header>
  );
}
