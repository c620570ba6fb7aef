import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Zone } from '../format/time.ts';

export type Theme = 'dark' | 'light';
export type Palette = 'green-red' | 'red-green' | 'blue-orange';
export type Density = 'compact' | 'default' | 'comfortable';

export interface Settings {
  readonly theme: Theme;
  readonly palette: Palette;
  readonly density: Density;
  readonly zone: Zone;
}

/** Looks only. Nothing that decides about an order is ever kept in the window. */
export const useSettings = create<Settings>()(
  persist((): Settings => ({ theme: 'dark', palette: 'green-red', density: 'default', zone: 'IST' }), {
    name: 'tradewright.settings',
    version: 1,
  }),
);

export function applyAppearance({ theme, palette, density }: Settings): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = theme;
  dataset['palette'] = palette;
  dataset['density'] = density;
}
