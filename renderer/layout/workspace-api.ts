import type { DockviewApi, IDockviewPanel } from 'dockview-react';
import { toast } from 'sonner';
import { NO_SYMBOLS } from '../desk/links.ts';
import { useWindow } from '../desk/window-state.ts';
import { addAnother, addMissing, buildDefaultLayout } from './default-layout.ts';
import { currentDock } from './dock.ts';
import { PANEL_NAMES, type PanelName } from './panels.tsx';
import { kindOfPanel, readLayoutText, symbolsOf, type StoredLayout, type WorkspaceLayout } from './stored-layout.ts';

export function resetLayout(): void {
  const current = currentDock();
  if (current !== null) buildDefaultLayout(current);
}

export function layoutNow(): WorkspaceLayout | null {
  const current = currentDock();
  if (current === null) return null;
  const { instrument, linked } = useWindow.getState();
  return { ...current.toJSON(), symbols: { A: instrument, ...linked } };
}

/** Puts a layout on the screen. When it cannot be read, the one before stays; false then. */
export function applyLayout(stored: StoredLayout): boolean {
  const current = currentDock();
  if (current === null || stored.kind !== 'layout') return false;
  const before = current.totalPanels > 0 ? current.toJSON() : null;
  try {
    current.fromJSON(stored.layout);
  } catch {
    current.clear();
    if (before === null) buildDefaultLayout(current);
    else current.fromJSON(before);
    return false;
  }
  const { A, linked } = symbolsOf(stored.layout);
  const { instruments } = useWindow.getState();
  // Before the instruments are known every name is taken; the first list sorts it out.
  const known = (id: string | null) => (id !== null && (instruments.size === 0 || instruments.has(id)) ? id : null);
  useWindow.setState((state) => ({
    instrument: known(A) ?? state.instrument,
    linked: { ...NO_SYMBOLS, B: known(linked.B), C: known(linked.C), D: known(linked.D) },
  }));
  return true;
}

const SEVERAL_TIMEFRAMES = ['1m', '5m', '15m', '1h'] as const;

/** Another chart, ladder or tape beside the active panel, in the same link group until told otherwise. */
export function addPanel(name: PanelName): void {
  const current = currentDock();
  if (current === null) return;
  const id = addAnother(current, name, {});
  current.getPanel(id)?.api.setActive();
}

/** So many charts in a grid of the first one: beside it, then below both. */
export function setCharts(count: 1 | 2 | 4): void {
  const current = currentDock();
  if (current === null) return;
  const api = current;
  if (api.getPanel('chart') === undefined) addMissing(api, 'chart');
  const list = api.getPanel('watchlist')?.group;
  const listWidth = list?.api.width;
  for (const panel of charts(api)) if (panel.id !== 'chart') panel.api.close();
  const add = (referencePanel: string, direction: 'right' | 'below', index: number) =>
    addAnother(api, 'chart', { timeframe: SEVERAL_TIMEFRAMES[index] }, { referencePanel, direction });
  if (count > 1) {
    const second = add('chart', 'right', 1);
    if (count === 4) {
      add('chart', 'below', 2);
      add(second, 'below', 3);
    }
  }
  // The charts share the place of the charts; the list beside them keeps its own.
  if (list !== undefined && listWidth !== undefined && list.id !== api.getPanel('chart')?.group.id)
    list.api.setSize({ width: listWidth });
}

function charts(api: DockviewApi): IDockviewPanel[] {
  return api.panels.filter((panel) => kindOfPanel(panel.id) === 'chart');
}

export function closeActivePanel(): void {
  currentDock()?.activePanel?.api.close();
}

type Direction = 'left' | 'right' | 'above' | 'below';

/** Keyboard docking: the active panel joins the nearest group on that side, or gets a place of its own at the edge. */
export function moveActivePanel(direction: Direction): void {
  const current = currentDock();
  const panel = current?.activePanel;
  if (current === null || panel === undefined) return;
  const from = panel.group.element.getBoundingClientRect();
  const distance = (box: DOMRect): number => {
    const gap = {
      left: from.left - box.right,
      right: box.left - from.right,
      above: from.top - box.bottom,
      below: box.top - from.bottom,
    }[direction];
    const aside =
      direction === 'left' || direction === 'right'
        ? Math.abs(box.top + box.bottom - from.top - from.bottom)
        : Math.abs(box.left + box.right - from.left - from.right);
    return gap < -4 ? Number.POSITIVE_INFINITY : gap * 4 + aside;
  };
  const nearest = current.groups
    .filter((group) => group.id !== panel.group.id)
    .map((group) => ({ group, far: distance(group.element.getBoundingClientRect()) }))
    .filter(({ far }) => Number.isFinite(far))
    .toSorted((a, b) => a.far - b.far)[0];
  const group = nearest?.group ?? current.addGroup({ direction });
  panel.api.moveTo({ group, position: 'center' });
  panel.api.setActive();
}

/** Hands the layout over as a file. */
export function exportLayout(name: string): void {
  const layout = layoutNow();
  if (layout === null) return;
  const url = URL.createObjectURL(new Blob([JSON.stringify(layout, null, 1)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replaceAll(/[^\w-]+/g, '-')}.layout.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const LARGEST_FILE = 1_000_000;

/** A file that is no layout changes nothing and says so. */
export async function importLayout(file: File): Promise<boolean> {
  const text = file.size > LARGEST_FILE ? '' : await file.text();
  const applied = applyLayout(readLayoutText(text, PANEL_NAMES));
  if (!applied) {
    toast.warning(`${file.name} is no layout of this version`, {
      description: 'The present layout stays. Choose a file written by "Export layout".',
    });
  }
  return applied;
}
