import type { SerializedDockview } from 'dockview-react';
import { PANEL_NAMES } from './panels.tsx';

const KEY = 'tradewright.layout.1';

export type StoredLayout =
  | { readonly kind: 'none' }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'layout'; readonly layout: SerializedDockview };

/** Panels of the store must be panels of this version; anything else counts as corrupt. */
export function readLayout(storage: Storage): StoredLayout {
  const text = storage.getItem(KEY);
  if (text === null) return { kind: 'none' };
  try {
    const layout: unknown = JSON.parse(text);
    if (typeof layout !== 'object' || layout === null || !('grid' in layout) || !('panels' in layout))
      return { kind: 'corrupt' };
    const { panels } = layout;
    if (typeof panels !== 'object' || panels === null) return { kind: 'corrupt' };
    const names = Object.keys(panels);
    const known: readonly string[] = PANEL_NAMES;
    if (names.length === 0 || names.some((name) => !known.includes(name))) return { kind: 'corrupt' };
    return { kind: 'layout', layout: layout as SerializedDockview };
  } catch {
    return { kind: 'corrupt' };
  }
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
