import { useCallback, useSyncExternalStore } from 'react';
import type { Alert } from '../../src/contract/types.ts';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { cx } from '../controls/cx.ts';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { bothZones, timeOf } from '../format/time.ts';
import type { RowStore } from '../market/row-store.ts';
import { useRowShape } from '../market/use-rows.ts';
import { useSettings } from '../settings/settings.ts';

const MOST = 200;
const MARKS = { info: 'i', warning: '▲', critical: '■' } as const;
const TONES = { info: 'text-ink-2', warning: 'text-warn', critical: 'text-halt' } as const;

const snapshots = new WeakMap<RowStore<Alert>, readonly Alert[]>();

/** Newest first. Alerts are rare, so React may render them; the snapshot is kept so that it only changes with a flush. */
function useAlerts(store: RowStore<Alert>): readonly Alert[] {
  return useSyncExternalStore(
    useCallback(
      (listener) =>
        store.subscribe(() => {
          snapshots.delete(store);
          listener();
        }),
      [store],
    ),
    () => {
      const known = snapshots.get(store);
      if (known !== undefined) return known;
      const rows = store
        .rows()
        .sort((a, b) => b.at - a.at)
        .slice(0, MOST);
      snapshots.set(store, rows);
      return rows;
    },
  );
}

export function AlertsPanel() {
  const desk = useDesk();
  const shape = useRowShape(desk.alerts);
  const alerts = useAlerts(desk.alerts);
  const zone = useSettings((settings) => settings.zone);
  const trouble = useWindow((state) => state.troubles['alerts']);
  if (trouble !== undefined && shape !== 'rows') return <Failed what="Alerts cannot be read" stillSafe={trouble} />;
  if (shape === 'loading') return <Loading what="alerts" />;
  if (alerts.length === 0)
    return <Empty title="No alerts" hint="Halts, denied orders, lost feeds and strategy failures are told here." />;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys
    <div className="h-full overflow-y-auto" tabIndex={0} role="log" aria-label="Alerts">
      <ul>
        {alerts.map((alert) => (
          <li key={alert.id} className="flex min-h-7 items-baseline gap-2 border-b border-line px-2 py-1.5">
            <span className={cx('w-3 text-center font-bold', TONES[alert.severity])} title={alert.severity}>
              {MARKS[alert.severity]}
            </span>
            <span className="text-ink-2" title={bothZones(alert.at)}>
              {timeOf(alert.at, zone)}
            </span>
            <span className={cx('min-w-0 flex-1', alert.severity === 'critical' && 'font-semibold')}>
              {alert.sentence}
            </span>
            <span className="text-2xs text-ink-2">{alert.instrument ?? ''}</span>
            <span className="text-2xs text-ink-2">{alert.code}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
