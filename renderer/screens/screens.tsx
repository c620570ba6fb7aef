import { type FunctionComponent, lazy, Suspense } from 'react';
import { PanelBoundary } from '../app/error-boundary.tsx';
import { cx } from '../controls/cx.ts';
import { Loading } from '../controls/states.tsx';
import { Workspace } from '../layout/workspace.tsx';
import { SCREEN_TITLES, useScreen, type ScreenName } from './screen-state.ts';

/** Loaded when first opened: the workspace must not wait for them. */
const BODIES: Readonly<Record<Exclude<ScreenName, 'workspace'>, FunctionComponent>> = {
  positions: lazy(async () => ({ default: (await import('./positions-screen.tsx')).PositionsScreen })),
  orders: lazy(async () => ({ default: (await import('./orders-screen.tsx')).OrdersScreen })),
  risk: lazy(async () => ({ default: (await import('./risk-screen.tsx')).RiskScreen })),
  performance: lazy(async () => ({ default: (await import('./performance-screen.tsx')).PerformanceScreen })),
  journal: lazy(async () => ({ default: (await import('./journal-screen.tsx')).JournalScreen })),
  settings: lazy(async () => ({ default: (await import('./settings-screen.tsx')).SettingsScreen })),
  strategies: lazy(async () => ({ default: (await import('./strategies-screen.tsx')).StrategiesScreen })),
};

function Opened({ name }: { readonly name: Exclude<ScreenName, 'workspace'> }) {
  const Body = BODIES[name];
  const title = SCREEN_TITLES[name];
  return (
    <section aria-label={title} data-screen={name} className="absolute inset-0 flex flex-col bg-canvas">
      <PanelBoundary title={title}>
        <Suspense fallback={<Loading what={title.toLowerCase()} />}>
          <Body />
        </Suspense>
      </PanelBoundary>
    </section>
  );
}

/** The workspace stays as it is behind the other screens, at its size: charts and half-written tickets survive a look elsewhere. */
export function Screens() {
  const screen = useScreen((state) => state.screen);
  const inWorkspace = screen === 'workspace';
  return (
    <div className="relative min-h-0 min-w-0 flex-1">
      <div
        inert={!inWorkspace}
        className={cx('absolute inset-0 flex flex-col', !inWorkspace && '[content-visibility:hidden]')}
      >
        <PanelBoundary title="Workspace">
          <Workspace />
        </PanelBoundary>
      </div>
      {screen === 'workspace' ? null : <Opened key={screen} name={screen} />}
    </div>
  );
}
