import type { SerializedDockview } from 'dockview-react';
import { PANEL_NAMES } from './panels.tsx';
import { readLayoutText, type StoredLayout } from './stored-layout.ts';

const KEY = 'tradewright.layout.1';

export function readLayout(storage: Storage): StoredLayout {
  return readLayoutText(storage.getItem(KEY), PANEL_NAMES);
}

export function writeLayout(storage: Storage, layout: SerializedDockview): void {
  try {
    storage.setItem(KEY, JSON.stringify(layout));
  } catch {
    // A full or forbidden storage costs the arrangement of the panels, nothing else.
  }
}

export function forgetLayout(storage: Storage): void {
  storage.removeItem(KEY);
}
