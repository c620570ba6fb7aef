import { useHotkeys } from 'react-hotkeys-hook';
import { useDesk } from '../desk/desk.ts';
import { useWindow } from '../desk/window-state.ts';
import { halt } from '../safety/safety.ts';
import { openScreen, SCREEN_NAMES } from '../screens/screen-state.ts';
import { keysOf, SCREEN_KEYS, type KeyActionId } from '../settings/keys.ts';
import { useSettings } from '../settings/settings.ts';
import { focusFilter, focusTicket } from './focus.ts';

const ANYWHERE = { enableOnFormTags: true, enableOnContentEditable: true, preventDefault: true } as const;

function isIdle(): boolean {
  return !useWindow.getState().paletteOpen && document.querySelector('[role="dialog"], [data-captures-keys]') === null;
}

/** While the settings listen for new keys, no key does what it did before, except HALT's. */
function isCapturing(): boolean {
  return document.querySelector('[data-captures-keys]') !== null;
}

/** HALT and the palette work while typing; what is in the scope "window" never does. */
export function useWindowHotkeys(): void {
  const desk = useDesk();
  const changes = useSettings((settings) => settings.keys);
  const bound = (id: KeyActionId) => {
    const keys = keysOf(id, changes);
    return { keys: keys ?? 'f24', enabled: keys !== null };
  };
  const everywhere = (id: KeyActionId) => ({ ...ANYWHERE, enabled: bound(id).enabled });
  const idle = (id: KeyActionId) => ({ preventDefault: true, enabled: bound(id).enabled });

  useHotkeys(
    bound('halt').keys,
    (event) => {
      if (!event.repeat) void halt(desk);
    },
    ANYWHERE,
  );
  useHotkeys(
    bound('palette').keys,
    () => !isCapturing() && useWindow.setState((state) => ({ paletteOpen: !state.paletteOpen })),
    everywhere('palette'),
  );
  useHotkeys(bound('settings').keys, () => !isCapturing() && openScreen('settings'), everywhere('settings'));
  useHotkeys(
    SCREEN_KEYS,
    (_, { keys }) => {
      const name = SCREEN_NAMES[Number(keys?.at(-1)) - 1];
      if (name !== undefined && !isCapturing()) openScreen(name);
    },
    ANYWHERE,
  );
  useHotkeys(bound('buy').keys, () => isIdle() && focusTicket('buy'), idle('buy'));
  useHotkeys(bound('sell').keys, () => isIdle() && focusTicket('sell'), idle('sell'));
  useHotkeys(bound('filter').keys, () => isIdle() && focusFilter(), idle('filter'));
  useHotkeys(bound('freeze').keys, () => isIdle() && desk.freeze(!useWindow.getState().frozen), idle('freeze'));
}
