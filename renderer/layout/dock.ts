import type { DockviewApi } from 'dockview-react';

/** The dock of this window. Apart from the list of panels, so that panels may open each other. */
let current: DockviewApi | null = null;
let add: (api: DockviewApi, name: string) => void = () => {};

export function offerDock(api: DockviewApi, addMissing: (api: DockviewApi, name: string) => void): void {
  current = api;
  add = addMissing;
}

export function currentDock(): DockviewApi | null {
  return current;
}

/** Brings a panel to the front; one that this layout does not have is added. */
export function showPanel(name: string): void {
  if (current === null) return;
  if (current.getPanel(name) === undefined) add(current, name);
  current.getPanel(name)?.api.setActive();
}
