import { create } from 'zustand';
import { persist, type PersistStorage } from 'zustand/middleware';
import { readSettings, VERSION, writtenSettings, type Settings } from './stored-settings.ts';

export type { Density, Palette, Settings, Theme } from './stored-settings.ts';

const KEY = 'tradewright.settings';
/** What could not be understood is kept here, so that nothing is lost by starting anew. */
const UNREADABLE_KEY = 'tradewright.settings.unreadable';

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const first = readSettings(stored());
if (first.notice !== null) {
  try {
    localStorage.setItem(UNREADABLE_KEY, stored() ?? '');
  } catch {
    // Without storage there is nothing to keep.
  }
}

/** What was wrong with the stored settings when this window opened. */
export const settingsNotice: string | null = first.notice;

const storage: PersistStorage<Settings> = {
  getItem: () => ({ state: readSettings(stored()).settings, version: VERSION }),
  setItem: (key, { state }) => {
    try {
      localStorage.setItem(key, writtenSettings(state));
    } catch {
      // A full or forbidden storage costs the choice after a restart, nothing else.
    }
  },
  removeItem: (key) => localStorage.removeItem(key),
};

export const useSettings = create<Settings>()(
  persist((): Settings => first.settings, { name: KEY, version: VERSION, storage }),
);

export function applyAppearance({ theme, palette, density, motion }: Settings): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = theme;
  dataset['palette'] = palette;
  dataset['density'] = density;
  dataset['motion'] = motion;
}

/** No movement: asked for here, or by the system. */
export function isStill(): boolean {
  return useSettings.getState().motion === 'none' || matchMedia('(prefers-reduced-motion: reduce)').matches;
}
