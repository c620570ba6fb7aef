import { Menu } from '@base-ui/react/menu';
import type { IDockviewHeaderActionsProps, IDockviewPanel } from 'dockview-react';
import { useEffect, useState } from 'react';
import { LINKS, readLink, symbolOf, type LinkChoice } from '../desk/links.ts';
import { chooseInstrument, useWindow } from '../desk/window-state.ts';
import { PANEL_NAMES, panelKind } from './panels.tsx';
import { setPanelParams } from './panel-params.ts';
import { kindOfPanel } from './stored-layout.ts';

const DOTS: Readonly<Record<LinkChoice, string>> = {
  A: 'bg-[var(--link-a)] text-[var(--on-link)]',
  B: 'bg-[var(--link-b)] text-[var(--on-link)]',
  C: 'bg-[var(--link-c)] text-[var(--on-link)]',
  D: 'bg-[var(--link-d)] text-[var(--on-link)]',
  none: 'border border-line-strong text-ink-2',
};
const CHOICES: readonly LinkChoice[] = [...LINKS, 'none'];

function Dot({ link }: { readonly link: LinkChoice }) {
  return (
    <span
      aria-hidden
      className={`inline-flex size-4 items-center justify-center rounded-full text-2xs leading-none font-bold ${DOTS[link]}`}
    >
      {link === 'none' ? '–' : link}
    </span>
  );
}

/** A joining panel shows the symbol of the group at once; the first one in an empty group brings its own along. */
function join(panel: IDockviewPanel, link: LinkChoice): void {
  const state = useWindow.getState();
  const before = readLink(panel.params?.['link']);
  const own = panel.params?.['instrument'];
  const shown = before === 'none' ? (typeof own === 'string' ? own : state.instrument) : symbolOf(state, before);
  if (link !== 'none' && link !== 'A' && state.linked[link] === null && shown !== null) chooseInstrument(shown, link);
  setPanelParams(panel.api, {
    ...panel.params,
    link,
    ...(link === 'none' && shown !== null ? { instrument: shown } : {}),
  });
}

function LinkMenu({ panel }: { readonly panel: IDockviewPanel }) {
  const [link, setLink] = useState<LinkChoice>(() => readLink(panel.params?.['link']));
  useEffect(() => {
    const read = () => setLink(readLink(panel.params?.['link']));
    read();
    const listening = panel.api.onDidParametersChange((params: { link?: unknown }) => setLink(readLink(params.link)));
    return () => listening.dispose();
  }, [panel]);
  const name = panel.title ?? '';
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        aria-label={`${name}: ${link === 'none' ? 'not linked' : `link group ${link}`}`}
        title="Panels with the same letter show the same symbol"
        className="inline-flex size-6 items-center justify-center rounded-sm hover:bg-hover"
      >
        <Dot link={link} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="z-50">
          <Menu.Popup className="w-40 rounded-sm border border-line-strong bg-raised py-1 text-xs text-ink">
            <Menu.RadioGroup value={link} onValueChange={(next: LinkChoice) => join(panel, next)}>
              {CHOICES.map((choice) => (
                <Menu.RadioItem
                  key={choice}
                  value={choice}
                  closeOnClick
                  className="flex min-h-7 items-center gap-2 px-3 outline-none select-none data-[checked]:font-semibold data-[highlighted]:bg-hover"
                >
                  <Dot link={choice} />
                  {choice === 'none' ? 'Not linked' : `Group ${choice}`}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** At the end of a header, for the panel in front: its link group, and closing for a further chart, ladder or tape. */
export function PanelActions({ activePanel }: IDockviewHeaderActionsProps) {
  if (activePanel === undefined) return null;
  const name = PANEL_NAMES.find((each) => each === kindOfPanel(activePanel.id));
  if (name === undefined) return null;
  const further = panelKind(name).several === true && activePanel.id !== name;
  return (
    <div className="flex h-full items-center gap-0.5 pr-1">
      {panelKind(name).linked === true ? <LinkMenu key={activePanel.id} panel={activePanel} /> : null}
      {further ? (
        <button
          type="button"
          aria-label={`Close ${activePanel.title ?? ''}`}
          title="Close"
          onClick={() => activePanel.api.close()}
          className="inline-flex size-6 items-center justify-center rounded-sm text-ink-2 hover:bg-hover hover:text-ink"
        >
          ×
        </button>
      ) : null}
    </div>
  );
}
