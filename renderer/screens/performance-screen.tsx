import { useMemo, useState, type FunctionComponent } from 'react';
import { Segmented } from '../controls/segmented.tsx';
import { Empty } from '../controls/states.tsx';
import { useAccount, useWindow } from '../desk/window-state.ts';
import { AccountChoice } from '../performance/account-choice.tsx';
import { Breakdown } from '../performance/breakdown.tsx';
import { Calendar } from '../performance/calendar.tsx';
import { Execution } from '../performance/execution.tsx';
import { Overview } from '../performance/overview.tsx';
import { PERIODS, rangeOf, zoneOf, type Period } from '../performance/period.ts';
import type { Scope } from '../performance/scope.ts';
import { useRevision } from '../performance/use-revision.ts';
import { isoDayOf } from '../format/time.ts';
import { ScreenHeader } from './screen-header.tsx';

const VIEWS = [
  { value: 'overview', label: 'Overview' },
  { value: 'calendar', label: 'Calendar' },
  { value: 'breakdown', label: 'Breakdown' },
  { value: 'execution', label: 'Execution' },
] as const;
type View = (typeof VIEWS)[number]['value'];

const BODIES: Readonly<Record<View, FunctionComponent<{ readonly scope: Scope }>>> = {
  overview: Overview,
  calendar: Calendar,
  breakdown: Breakdown,
  execution: Execution,
};

export function PerformanceScreen() {
  const chosen = useAccount();
  const accounts = useWindow((state) => state.accounts);
  const [id, setId] = useState<string | null>(null);
  const [period, setPeriod] = useState<Period>('all');
  const [view, setView] = useState<View>('overview');
  const revision = useRevision();
  const account = accounts.find((each) => each.id === id) ?? chosen;
  const zone = zoneOf(account?.currency ?? '');
  // The same all day long: a question that changed every second would never be answered.
  const today = useWindow((state) => (state.status === null ? null : isoDayOf(state.status.now, zone)));
  const range = useMemo(
    () => (today === null ? {} : rangeOf(period, Date.parse(`${today}T06:00:00Z`), account?.currency ?? '')),
    [period, today, account?.currency],
  );
  if (account === null) {
    return (
      <>
        <ScreenHeader title="Performance" />
        <Empty title="No account yet" hint="Results appear with the first account of a session." />
      </>
    );
  }
  const Body = BODIES[view];
  return (
    <>
      <ScreenHeader title="Performance">
        <Segmented label="View" value={view} segments={VIEWS} onChange={setView} />
        {view === 'calendar' ? null : (
          <Segmented label="Period" value={period} segments={PERIODS} onChange={setPeriod} />
        )}
        <AccountChoice account={account} onChange={setId} />
      </ScreenHeader>
      <div className="min-h-0 flex-1 bg-panel">
        <Body key={view} scope={{ account, range, revision }} />
      </div>
    </>
  );
}
