import { Menu } from '@base-ui/react/menu';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { NameDialog } from '../dialogs/name-dialog.tsx';
import { layoutNames, readNamed, removeNamed, writeNamed } from './layout-storage.ts';
import {
  addPanel,
  applyLayout,
  exportLayout,
  importLayout,
  layoutNow,
  resetLayout,
  setCharts,
} from './workspace-api.ts';

const ITEM =
  'flex min-h-7 items-center gap-2 px-3 outline-none select-none data-[highlighted]:bg-hover data-[disabled]:text-ink-3';
const LABEL = 'px-3 pt-2 pb-1 text-2xs font-semibold text-ink-2';

function openNamed(name: string): void {
  if (applyLayout(readNamed(localStorage, name))) return;
  toast.warning(`The layout "${name}" could not be read`, { description: 'The present layout stays.' });
}

function saveAs(name: string): string | null {
  const layout = layoutNow();
  if (layout === null || !writeNamed(localStorage, name, layout))
    return 'The layout could not be stored: the storage of this window is full or forbidden. Export it.';
  toast(`Layout saved as "${name}"`);
  return null;
}

/** Panels and layouts: what is on the screen, kept under names and in files. */
export function WorkspaceMenu() {
  const [saving, setSaving] = useState(false);
  const [names, setNames] = useState<readonly string[]>([]);
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      <Menu.Root
        modal={false}
        onOpenChange={(open) => {
          if (open) setNames(layoutNames(localStorage));
        }}
      >
        <Menu.Trigger className="inline-flex h-7 items-center rounded-sm px-2 font-medium text-ink-2 hover:bg-hover hover:text-ink">
          Workspace
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end" className="z-50">
            <Menu.Popup className="max-h-[calc(100vh-80px)] w-64 overflow-auto rounded-sm border border-line-strong bg-raised pb-1 text-xs text-ink">
              <Menu.Group>
                <Menu.GroupLabel className={LABEL}>Charts</Menu.GroupLabel>
                <Menu.Item className={ITEM} onClick={() => setCharts(1)}>
                  One chart
                </Menu.Item>
                <Menu.Item className={ITEM} onClick={() => setCharts(2)}>
                  Two charts
                </Menu.Item>
                <Menu.Item className={ITEM} onClick={() => setCharts(4)}>
                  Four charts
                </Menu.Item>
              </Menu.Group>
              <Menu.Group>
                <Menu.GroupLabel className={LABEL}>Add</Menu.GroupLabel>
                <Menu.Item className={ITEM} onClick={() => addPanel('chart')}>
                  New chart
                </Menu.Item>
                <Menu.Item className={ITEM} onClick={() => addPanel('depth')}>
                  New depth ladder
                </Menu.Item>
                <Menu.Item className={ITEM} onClick={() => addPanel('tape')}>
                  New time and sales
                </Menu.Item>
              </Menu.Group>
              <Menu.Group>
                <Menu.GroupLabel className={LABEL}>Saved layouts</Menu.GroupLabel>
                {names.length === 0 ? <p className="px-3 py-1 text-ink-2">None yet.</p> : null}
                {names.map((name) => (
                  <Menu.Item key={name} className={`${ITEM} justify-between`} onClick={() => openNamed(name)}>
                    <span className="truncate">{name}</span>
                  </Menu.Item>
                ))}
                <Menu.Separator className="my-1 h-px bg-line" />
                <Menu.Item className={ITEM} onClick={() => setSaving(true)}>
                  Save layout as…
                </Menu.Item>
                {names.length === 0 ? null : (
                  <Menu.SubmenuRoot>
                    <Menu.SubmenuTrigger className={`${ITEM} justify-between`}>
                      Delete a layout <span aria-hidden>▸</span>
                    </Menu.SubmenuTrigger>
                    <Menu.Portal>
                      <Menu.Positioner className="z-50" sideOffset={2}>
                        <Menu.Popup className="w-56 rounded-sm border border-line-strong bg-raised py-1 text-xs text-ink">
                          {names.map((name) => (
                            <Menu.Item
                              key={name}
                              className={ITEM}
                              onClick={() => {
                                removeNamed(localStorage, name);
                                toast(`Layout "${name}" deleted`);
                              }}
                            >
                              <span className="truncate">Delete {name}</span>
                            </Menu.Item>
                          ))}
                        </Menu.Popup>
                      </Menu.Positioner>
                    </Menu.Portal>
                  </Menu.SubmenuRoot>
                )}
                <Menu.Item className={ITEM} onClick={() => exportLayout('tradewright')}>
                  Export layout
                </Menu.Item>
                <Menu.Item className={ITEM} onClick={() => file.current?.click()}>
                  Import layout…
                </Menu.Item>
                <Menu.Item className={ITEM} onClick={resetLayout}>
                  Reset layout
                </Menu.Item>
              </Menu.Group>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        aria-label="Layout file"
        className="hidden"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = '';
          if (chosen !== undefined) void importLayout(chosen);
        }}
      />
      {saving ? (
        <NameDialog
          title="Save the layout"
          taken={layoutNames(localStorage)}
          replaces="A layout of this name exists and will be replaced."
          onName={saveAs}
          onClose={() => setSaving(false)}
        />
      ) : null}
    </>
  );
}
