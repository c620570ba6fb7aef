import { create } from 'zustand';
import type { Alert } from '../../src/contract/types.ts';

const KEY = 'tradewright.alerts.acknowledged';
const MOST = 500;

/** Ids start anew with the engine, so the time belongs to the name. */
export function alertKey(alert: Pick<Alert, 'id' | 'at'>): string {
  return `${alert.id} ${alert.at}`;
}

function stored(): ReadonlySet<string> {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return new Set(Array.isArray(read) ? read.filter((each): each is string => typeof each === 'string') : []);
  } catch {
    return new Set();
  }
}

/** Alerts that somebody at this window has seen. The engine keeps and logs every alert in any case. */
export const useAcknowledged = create<{ readonly keys: ReadonlySet<string> }>()(() => ({ keys: stored() }));

export function acknowledgeAlerts(alerts: readonly Pick<Alert, 'id' | 'at'>[]): void {
  const keys = new Set([...useAcknowledged.getState().keys, ...alerts.map(alertKey)]);
  const newest = [...keys].slice(-MOST);
  useAcknowledged.setState({ keys: new Set(newest) });
  try {
    localStorage.setItem(KEY, JSON.stringify(newest));
  } catch {
    // A full store only means that they come back as unseen after a reload.
  }
}
