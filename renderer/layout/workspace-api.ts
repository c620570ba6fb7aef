import type { DockviewApi } from 'dockview-react';

let current: DockviewApi | null = null;
let rebuild: (() => void) | null = null;

/** The dock of this window, for the palette and for buttons outside of it. */
export function offerWorkspace(api: DockviewApi, buildDefault: () => void): void {
  current = api;
  rebuild = buildDefault;
}

export function showPanel(name: string): void {
  const panel = current?.getPanel(name);
  if (panel === undefined) return;
  panel.api.setActive();
}

export function resetLayout(): void {
  rebuild?.();
}
