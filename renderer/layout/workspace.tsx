import {
  DockviewDefaultTab,
  DockviewReact,
  type DockviewReadyEvent,
  type IDockviewPanelHeaderProps,
} from 'dockview-react';
import { toast } from 'sonner';
import { useWindow } from '../desk/window-state.ts';
import { addMissing, buildDefaultLayout } from './default-layout.ts';
import { offerDock } from './dock.ts';
import { onLayoutChanged } from './layout-changed.ts';
import { forgetLayout, readLayout, writeLayout } from './layout-storage.ts';
import { PanelActions } from './panel-actions.tsx';
import { PANEL_NAMES, panelComponents } from './panels.tsx';
import { applyLayout, layoutNow } from './workspace-api.ts';

/** A close button inside a tab would be a control within a control; it stands at the end of the header instead. */
function Tab(props: IDockviewPanelHeaderProps) {
  return <DockviewDefaultTab {...props} hideClose />;
}

const theme = { name: 'tradewright', className: 'dock-theme', gap: 2 } as const;
const SAVE_AFTER_MS = 400;

function ready({ api }: DockviewReadyEvent): void {
  offerDock(api, (dock, name) => {
    const kind = PANEL_NAMES.find((each) => each === name);
    if (kind !== undefined) addMissing(dock, kind);
  });
  const stored = readLayout(localStorage);
  const restored = applyLayout(stored);
  if (!restored && api.totalPanels === 0) buildDefaultLayout(api);
  if (!restored && stored.kind !== 'none') {
    forgetLayout(localStorage);
    toast.warning('The saved layout could not be read', {
      description: 'The default layout is back. Orders are not affected.',
    });
  }
  let timer: ReturnType<typeof setTimeout> | null = null;
  const write = () => {
    timer = null;
    const layout = layoutNow();
    if (layout !== null) writeLayout(localStorage, layout);
  };
  const save = () => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(write, SAVE_AFTER_MS);
  };
  // A window closed within that time loses nothing.
  window.addEventListener('pagehide', () => {
    if (timer === null) return;
    clearTimeout(timer);
    write();
  });
  api.onDidLayoutChange(save);
  onLayoutChanged(save);
  useWindow.subscribe((state, before) => {
    if (state.instrument !== before.instrument || state.linked !== before.linked) save();
  });
}

export function Workspace() {
  return (
    <DockviewReact
      className="min-h-0 flex-1"
      theme={theme}
      components={panelComponents}
      defaultTabComponent={Tab}
      rightHeaderActionsComponent={PanelActions}
      disableFloatingGroups
      onReady={ready}
    />
  );
}
