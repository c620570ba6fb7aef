import type { SerializedDockview } from 'dockview-react';

export type StoredLayout =
  | { readonly kind: 'none' }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'layout'; readonly layout: SerializedDockview };

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Panels of the store must be panels of this version; anything else counts as corrupt. */
export function readLayoutText(text: string | null, known: readonly string[]): StoredLayout {
  if (text === null) return { kind: 'none' };
  let layout: unknown;
  try {
    layout = JSON.parse(text);
  } catch {
    return { kind: 'corrupt' };
  }
  if (!isObject(layout) || !('grid' in layout) || !('panels' in layout) || !isObject(layout.panels))
    return { kind: 'corrupt' };
  const names = Object.keys(layout.panels);
  if (names.length === 0 || names.some((name) => !known.includes(name))) return { kind: 'corrupt' };
  return { kind: 'layout', layout: layout as SerializedDockview };
}
