import { useHotkeys } from 'react-hotkeys-hook';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { PANEL_NAMES } from '../layout/panels.tsx';
import { showPanel } from '../layout/workspace-api.ts';
import { halt } from '../safety/safety.ts';
import { focusFilter, focusTicket } from './focus.ts';

/** HALT and the palette work while typing; single letters never do. */
export function useWindowHotkeys(): void {
  const desk = useDesk();
  const anywhere = { enableOnFormTags: true, enableOnContentEditable: true, preventDefault: true } as const;
  useHotkeys(
    'mod+shift+h',
    (event) => {
      if (!event.repeat) void halt(desk);
    },
    anywhere,
  );
  useHotkeys('mod+k', () => useWindow.setState((state) => ({ paletteOpen: !state.paletteOpen })), anywhere);
  useHotkeys(
    PANEL_NAMES.slice(0, 9).map((_, index) => `mod+${index + 1}`),
    (_, { keys }) => {
      const name = PANEL_NAMES[Number(keys?.at(-1)) - 1];
      if (name !== undefined) showPanel(name);
    },
    anywhere,
  );
  const idle = () => !useWindow.getState().paletteOpen && document.querySelector('[role="dialog"]') === null;
  useHotkeys('b', () => idle() && focusTicket('buy'), { preventDefault: true });
  useHotkeys('s', () => idle() && focusTicket('sell'), { preventDefault: true });
  useHotkeys('slash', () => idle() && focusFilter(), { preventDefault: true });
  useHotkeys('f', () => idle() && desk.freeze(!useWindow.getState().frozen), { preventDefault: true });
}
