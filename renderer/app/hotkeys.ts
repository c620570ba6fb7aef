import { useHotkeys } from 'react-hotkeys-hook';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { halt } from '../safety/safety.ts';
import { openScreen, SCREEN_NAMES } from '../screens/screen-state.ts';
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
    SCREEN_NAMES.map((_, index) => `mod+${index + 1}`),
    (_, { keys }) => {
      const name = SCREEN_NAMES[Number(keys?.at(-1)) - 1];
      if (name !== undefined) openScreen(name);
    },
    anywhere,
  );
  const idle = () => !useWindow.getState().paletteOpen && document.querySelector('[role="dialog"]') === null;
  useHotkeys('b', () => idle() && focusTicket('buy'), { preventDefault: true });
  useHotkeys('s', () => idle() && focusTicket('sell'), { preventDefault: true });
  useHotkeys('slash', () => idle() && focusFilter(), { preventDefault: true });
  useHotkeys('f', () => idle() && desk.freeze(!useWindow.getState().frozen), { preventDefault: true });
}
