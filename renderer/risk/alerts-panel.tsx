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
import { Button } from '../controls/button.tsx';
import { acknowledgeAlerts, alertKey, useAcknowledged } from './acknowledged.ts';

const MOST = 200;
const MARKS = { info: 'i', warning: '▲', critical: '■' } as const;
const TONES = { info: 'text-ink-2', warning: 'text-warn', critical: 'text-halt' } as const;

const EDGES = { info: 'border-l-transparent', warning: 'border-l-warn', critical: 'border-l-halt' } as const;

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

function AlertLine({ alert, seen }: { readonly alert: Alert; readonly seen: boolean }) {
  const zone = useSettings((settings) => settings.zone);
  const open = alert.severity !== 'info' && !seen;
  const about = [alert.code, alert.account, alert.instrument].filter((part) => part !== null).join(' · ');
  return (
    <li
      className={cx(
        'flex gap-2 border-b border-l-2 border-b-line px-2 py-1.5',
        open ? EDGES[alert.severity] : EDGES.info,
      )}
    >
      <span className={cx('w-3 shrink-0 text-center font-bold', TONES[alert.severity])} title={alert.severity}>
        {MARKS[alert.severity]}
      </span>
      <div className="min-w-0 flex-1">
        <p className={open && alert.severity === 'critical' ? 'font-semibold' : ''}>{alert.sentence}</p>
        <p className="text-2xs text-ink-2">
          <span title={bothZones(alert.at)}>
            {timeOf(alert.at, zone)} {zone}
          </span>{' '}
          · <span className="[overflow-wrap:anywhere]">{about}</span>
        </p>
      </div>
      {open ? (
        <Button
          size="small"
          tone="quiet"
          aria-label={`Ack ${alert.code} of ${timeOf(alert.at, zone)}`}
          onClick={() => acknowledgeAlerts([alert])}
        >
          Ack
        </Button>
      ) : null}
    </li>
  );
}

export function AlertsPanel() {
  const desk = useDesk();
  const shape = useRowShape(desk.alerts);
  const alerts = useAlerts(desk.alerts);
  const seen = useAcknowledged((state) => state.keys);
  const trouble = useWindow((state) => state.troubles['alerts']);
  if (trouble !== undefined && shape !== 'rows') return <Failed what="Alerts cannot be read" stillSafe={trouble} />;
  if (shape === 'loading') return <Loading what="alerts" />;
  if (alerts.length === 0)
    return <Empty title="No alerts" hint="Halts, denied orders, lost feeds and strategy failures are told here." />;
  const unseen = alerts.filter((alert) => alert.severity !== 'info' && !seen.has(alertKey(alert)));
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-9 shrink-0 items-center justify-between gap-2 border-b border-line px-2">
        <span className={unseen.length === 0 ? 'text-ink-2' : 'font-semibold'}>
          {unseen.length === 0 ? `${alerts.length} alerts, all acknowledged` : `${unseen.length} to acknowledge`}
        </span>
        <Button size="small" disabled={unseen.length === 0} onClick={() => acknowledgeAlerts(unseen)}>
          Acknowledge all
        </Button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
      <div className="min-h-0 flex-1 overflow-y-auto" tabIndex={0} role="log" aria-label="Alerts">
        <ul>
          {alerts.map((alert) => (
            <AlertLine key={alertKey(alert)} alert={alert} seen={seen.has(alertKey(alert))} />
          ))}
        </ul>
      </div>
    </div>
  );
}
