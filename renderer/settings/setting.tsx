import type { ReactNode } from 'react';

interface SettingProps {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}

/** One line of the settings: what it is, what it does, and its control at the right. */
export function Setting({ title, hint, children }: SettingProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,26rem)] items-start gap-6 border-b border-line px-4 py-2.5">
      <div className="flex min-w-0 flex-col gap-0.5 pt-1">
        <h4 className="font-semibold">{title}</h4>
        {hint === undefined ? null : <p className="text-ink-2">{hint}</p>}
      </div>
      <div className="flex min-w-0 flex-col items-start gap-2">{children}</div>
    </div>
  );
}

export function SettingsGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col">
      <h3 className="px-4 pt-4 pb-2 text-base font-semibold">{title}</h3>
      {children}
    </section>
  );
}
