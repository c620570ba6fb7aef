import type { DockviewApi } from 'dockview-react';
import type { PanelName } from './panels.tsx';

interface Place {
  readonly name: PanelName;
  readonly title: string;
  readonly beside?: PanelName;
  readonly direction?: 'right' | 'left' | 'above' | 'below' | 'within';
  readonly width?: number;
  readonly height?: number;
}

/** Watchlist, chart and depth above the blotters; ticket and risk in a column of their own at the right. */
const PLACES: readonly Place[] = [
  { name: 'chart', title: 'Chart' },
  { name: 'ticket', title: 'Order ticket', beside: 'chart', direction: 'right', width: 348 },
  { name: 'positions', title: 'Positions', beside: 'chart', direction: 'below', height: 236 },
  { name: 'working', title: 'Working orders', beside: 'positions', direction: 'within' },
  { name: 'history', title: 'Order history', beside: 'positions', direction: 'within' },
  { name: 'fills', title: 'Fills', beside: 'positions', direction: 'within' },
  { name: 'strategies', title: 'Strategies', beside: 'positions', direction: 'within' },
  { name: 'alerts', title: 'Alerts', beside: 'positions', direction: 'within' },
  { name: 'watchlist', title: 'Watchlist', beside: 'chart', direction: 'left', width: 320 },
  { name: 'depth', title: 'Depth', beside: 'chart', direction: 'right', width: 216 },
  { name: 'risk', title: 'Risk', beside: 'ticket', direction: 'below', height: 236 },
];

export function buildDefaultLayout(api: DockviewApi): void {
  api.clear();
  for (const { name, title, beside, direction, width, height } of PLACES) {
    api.addPanel({
      id: name,
      component: name,
      title,
      renderer: 'always',
      ...(beside === undefined || direction === undefined ? {} : { position: { referencePanel: beside, direction } }),
      ...(width === undefined ? {} : { initialWidth: width }),
      ...(height === undefined ? {} : { initialHeight: height }),
      ...(direction === 'within' ? { inactive: true } : {}),
    });
  }
}
