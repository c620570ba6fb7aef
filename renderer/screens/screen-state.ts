import { flushSync } from 'react-dom';
import { create } from 'zustand';

export const SCREEN_NAMES = [
  'workspace',
  'positions',
  'orders',
  'risk',
  'strategies',
  'performance',
  'journal',
  'settings',
] as const;
export type ScreenName = (typeof SCREEN_NAMES)[number];

export const SCREEN_TITLES: Readonly<Record<ScreenName, string>> = {
  workspace: 'Workspace',
  positions: 'Positions',
  orders: 'Orders',
  risk: 'Risk monitor',
  strategies: 'Strategies',
  performance: 'Performance',
  journal: 'Trade journal',
  settings: 'Settings',
};

/** The screen in view. A new window starts with the workspace: it is where orders are made. */
export const useScreen = create<{ readonly screen: ScreenName }>()(() => ({ screen: 'workspace' }));

/** At once: what the caller focuses next must not be behind another screen any more. */
export function openScreen(screen: ScreenName): void {
  if (useScreen.getState().screen !== screen) flushSync(() => useScreen.setState({ screen }));
}
