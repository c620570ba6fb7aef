import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { useDesk } from '../desk/desk.ts';
import { displayName } from '../desk/instruments.ts';
import { chooseInstrument, useWindow } from '../desk/window-state.ts';
import { WORKSPACE_COMMANDS } from '../layout/workspace-commands.ts';
import { showPanel } from '../layout/dock.ts';
import { PANEL_NAMES, PANELS } from '../layout/panels.tsx';
import { halt } from '../safety/safety.ts';
import { useSettings } from '../settings/settings.ts';
import { focusTicket } from '../app/focus.ts';

const GROUP =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-ink-2';
const ITEM = 'flex h-8 items-center justify-between gap-2 rounded-sm px-2 data-[selected=true]:bg-hover';

interface ActionProps {
  readonly name: string;
  readonly keys?: string;
  readonly run: () => void;
}

function close(): void {
  useWindow.setState({ paletteOpen: false });
}

function Action({ name, keys, run }: ActionProps) {
  return (
    <Command.Item
      value={name}
      className={ITEM}
      onSelect={() => {
        close();
        // After the dialog has given the focus back, so that a command may move it.
        setTimeout(run, 0);
      }}
    >
      {name}
      {keys === undefined ? null : <kbd className="font-sans text-2xs text-ink-2">{keys}</kbd>}
    </Command.Item>
  );
}

export function Palette() {
  const desk = useDesk();
  const open = useWindow((state) => state.paletteOpen);
  const instruments = useWindow((state) => state.instruments);
  const frozen = useWindow((state) => state.frozen);
  return (
    <Dialog.Root open={open} modal={false} onOpenChange={(next) => useWindow.setState({ paletteOpen: next })}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 top-12 z-50 bg-scrim" />
        <Dialog.Popup className="fixed top-24 left-1/2 z-50 w-[560px] -translate-x-1/2 rounded-sm border border-line-strong bg-raised text-xs text-ink">
          <Dialog.Title className="sr-only">Command palette</Dialog.Title>
          <Command label="Command palette" loop>
            <Command.Input
              autoFocus
              placeholder="Symbol or command"
              className="h-10 w-full border-b border-line bg-transparent px-3 text-sm outline-none placeholder:text-ink-3"
            />
            <Command.List className="max-h-96 overflow-auto p-1" tabIndex={-1}>
              <Command.Empty className="p-4 text-center text-ink-2">Nothing matches.</Command.Empty>
              <Command.Group heading="Trade" className={GROUP}>
                <Action name="Buy: open the ticket" keys="B" run={() => focusTicket('buy')} />
                <Action name="Sell: open the ticket" keys="S" run={() => focusTicket('sell')} />
                <Action name="HALT now" keys="Ctrl Shift H" run={() => void halt(desk)} />
                <Action name="Safety: flatten, resume" run={() => useWindow.setState({ safetyOpen: true })} />
                <Action name={frozen ? 'Unfreeze quotes' : 'Freeze quotes'} keys="F" run={() => desk.freeze(!frozen)} />
              </Command.Group>
              <Command.Group heading="Symbols" className={GROUP}>
                {[...instruments.values()].map((instrument) => (
                  <Command.Item
                    key={instrument.id}
                    value={`${displayName(instrument)} ${instrument.id}`}
                    className={ITEM}
                    onSelect={() => {
                      close();
                      chooseInstrument(instrument.id);
                    }}
                  >
                    <span className="font-semibold">{displayName(instrument)}</span>
                    <span className="text-ink-2">{instrument.venue.toUpperCase()}</span>
                  </Command.Item>
                ))}
              </Command.Group>
              <Command.Group heading="Panels" className={GROUP}>
                {PANEL_NAMES.map((name) => (
                  <Action key={name} name={`Show ${PANELS[name].title}`} run={() => showPanel(name)} />
                ))}
                {WORKSPACE_COMMANDS.map(({ name, run }) => (
                  <Action key={name} name={name} run={run} />
                ))}
              </Command.Group>
              <Command.Group heading="View" className={GROUP}>
                <Action name="Theme: dark" run={() => useSettings.setState({ theme: 'dark' })} />
                <Action name="Theme: light" run={() => useSettings.setState({ theme: 'light' })} />
                <Action name="Prices: green and red" run={() => useSettings.setState({ palette: 'green-red' })} />
                <Action name="Prices: blue and orange" run={() => useSettings.setState({ palette: 'blue-orange' })} />
                <Action name="Times in IST" run={() => useSettings.setState({ zone: 'IST' })} />
                <Action name="Times in UTC" run={() => useSettings.setState({ zone: 'UTC' })} />
                <Action name="Times of this computer" run={() => useSettings.setState({ zone: 'local' })} />
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
