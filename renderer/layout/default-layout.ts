import type { DockviewApi } from 'dockview-react';
import { panelKind, PANELS, type PanelName } from './panels.tsx';

interface Place {
  readonly name: PanelName;
  readonly beside?: PanelName;
  readonly direction?: 'right' | 'left' | 'above' | 'below' | 'within';
  readonly width?: number;
  readonly height?: number;
}

/** Watchlist and chart above the blotters; ladder and tape, ticket and risk in columns of full height at the right. */
const PLACES: readonly Place[] = [
  { name: 'chart' },
  // The column of both; the ticket then takes its part from it.
  { name: 'depth', beside: 'chart', direction: 'right', width: 606 },
  { name: 'ticket', beside: 'depth', direction: 'right', width: 328 },
  { name: 'positions', beside: 'chart', direction: 'below', height: 240 },
  { name: 'working', beside: 'positions', direction: 'within' },
  { name: 'parents', beside: 'positions', direction: 'within' },
  { name: 'history', beside: 'positions', direction: 'within' },
  { name: 'fills', beside: 'positions', direction: 'within' },
  { name: 'strategies', beside: 'positions', direction: 'within' },
  { name: 'alerts', beside: 'positions', direction: 'within' },
  { name: 'watchlist', beside: 'chart', direction: 'left', width: 304 },
  { name: 'tape', beside: 'depth', direction: 'below', height: 240 },
  { name: 'risk', beside: 'ticket', direction: 'below', height: 236 },
];

function place(api: DockviewApi, { name, beside, direction, width, height }: Place): void {
  const anchored = beside !== undefined && direction !== undefined && api.getPanel(beside) !== undefined;
  api.addPanel({
    id: name,
    component: name,
    title: PANELS[name].title,
    renderer: 'always',
    ...(anchored ? { position: { referencePanel: beside, direction } } : {}),
    ...(width === undefined ? {} : { initialWidth: width }),
    ...(height === undefined ? {} : { initialHeight: height }),
    ...(direction === 'within' ? { inactive: true } : {}),
  });
}

export function buildDefaultLayout(api: DockviewApi): void {
  api.clear();
  for (const each of PLACES) place(api, each);
}

/** A panel that this layout does not have yet, where the default layout has it. */
export function addMissing(api: DockviewApi, name: PanelName): void {
  place(api, PLACES.find((each) => each.name === name) ?? { name, beside: 'positions', direction: 'within' });
}

/** "chart-2", the first number that is free. */
export function addAnother(
  api: DockviewApi,
  name: PanelName,
  params: Record<string, unknown>,
  position?: { referencePanel: string; direction: 'right' | 'below' },
): string {
  let number = 1;
  const idOf = () => (number === 1 ? name : `${name}-${number}`);
  while (api.getPanel(idOf()) !== undefined) number += 1;
  const id = idOf();
  const before = position ?? { referencePanel: api.activePanel?.id ?? name, direction: 'right' };
  const { title } = panelKind(name);
  api.addPanel({
    id,
    component: name,
    title: number === 1 ? title : `${title} ${number}`,
    renderer: 'always',
    params,
    ...(api.getPanel(before.referencePanel) === undefined ? {} : { position: before }),
  });
  return id;
}
