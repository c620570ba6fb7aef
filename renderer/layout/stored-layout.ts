import type { SerializedDockview } from 'dockview-react';
import { NO_SYMBOLS, type LinkedSymbols } from '../desk/links.ts';

/** The dock, and the symbols its link groups show. */
export type WorkspaceLayout = SerializedDockview & {
  readonly symbols?: { readonly A: string | null } & LinkedSymbols;
};

export type StoredLayout =
  | { readonly kind: 'none' }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'layout'; readonly layout: WorkspaceLayout };

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** "chart" of "chart-2": the kind of a panel. */
export function kindOfPanel(id: string): string {
  return id.replace(/-\d+$/, '');
}

function isPanel(id: string, panel: unknown, known: readonly string[]): boolean {
  if (!isObject(panel)) return false;
  const component = 'contentComponent' in panel ? panel.contentComponent : kindOfPanel(id);
  return typeof component === 'string' && known.includes(component) && component === kindOfPanel(id);
}

/** Panels of the store must be panels of this version; anything else counts as corrupt. */
export function readLayoutValue(layout: unknown, known: readonly string[]): StoredLayout {
  if (!isObject(layout) || !('grid' in layout) || !('panels' in layout) || !isObject(layout.panels))
    return { kind: 'corrupt' };
  const panels = Object.entries(layout.panels);
  if (panels.length === 0 || panels.some(([id, panel]) => !isPanel(id, panel, known))) return { kind: 'corrupt' };
  return { kind: 'layout', layout: layout as WorkspaceLayout };
}

export function readLayoutText(text: string | null, known: readonly string[]): StoredLayout {
  if (text === null) return { kind: 'none' };
  let layout: unknown;
  try {
    layout = JSON.parse(text);
  } catch {
    return { kind: 'corrupt' };
  }
  return readLayoutValue(layout, known);
}

/** The symbols of the groups; whatever is no name counts as none. */
export function symbolsOf({ symbols }: WorkspaceLayout): { readonly A: string | null; readonly linked: LinkedSymbols } {
  if (!isObject(symbols)) return { A: null, linked: NO_SYMBOLS };
  const name = (value: unknown) => (typeof value === 'string' ? value : null);
  return { A: name(symbols.A), linked: { B: name(symbols.B), C: name(symbols.C), D: name(symbols.D) } };
}
