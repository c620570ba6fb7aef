import {
  DockviewDefaultTab,
  DockviewReact,
  type DockviewReadyEvent,
  type IDockviewPanelHeaderProps,
} from 'dockview-react';
import { toast } from 'sonner';
import { buildDefaultLayout } from './default-layout.ts';
import { forgetLayout, readLayout, writeLayout } from './layout-storage.ts';
import { panelComponents } from './panels.tsx';
import { offerWorkspace } from './workspace-api.ts';

/** A close button inside a tab would be a control within a control; panels are always there anyway. */
function Tab(props: IDockviewPanelHeaderProps) {
  return <DockviewDefaultTab {...props} hideClose />;
}

const theme = { name: 'tradewright', className: 'dock-theme', gap: 2 } as const;
const SAVE_AFTER_MS = 400;

function ready({ api }: DockviewReadyEvent): void {
  const stored = readLayout(localStorage);
  let restored = false;
  if (stored.kind === 'layout') {
    try {
      api.fromJSON(stored.layout);
      restored = true;
    } catch {
      api.clear();
    }
  }
  if (!restored) buildDefaultLayout(api);
  if (stored.kind === 'corrupt' || (stored.kind === 'layout' && !restored)) {
    forgetLayout(localStorage);
    toast.warning('The saved layout could not be read', {
      description: 'The default layout is back. Orders are not affected.',
    });
  }
  let timer: ReturnType<typeof setTimeout> | null = null;
  api.onDidLayoutChange(() => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => writeLayout(localStorage, api.toJSON()), SAVE_AFTER_MS);
  });
  offerWorkspace(api, () => buildDefaultLayout(api));
}

export function Workspace() {
  return (
    <DockviewReact
      className="min-h-0 flex-1"
      theme={theme}
      components={panelComponents}
      defaultTabComponent={Tab}
      disableFloatingGroups
      onReady={ready}
    />
  );
}
