import type { ScreenName } from './screen-state.ts';

/** Paths on a grid of 16 x 16, drawn as lines. */
export const RAIL_ICONS: Readonly<Record<ScreenName, string>> = {
  workspace: 'M2 2h12v12H2zM2 9.5h12M9.5 2v7.5',
  positions: 'M2 14h12M4 11V7M8 11V3M12 11V5.5',
  orders: 'M3 4h10M3 8h10M3 12h6',
  risk: 'M8 1.8 14 4v4c0 3.2-2.5 5.3-6 6.4C4.5 13.3 2 11.2 2 8V4z',
  performance: 'M2 2v12h12M4.5 10.5l2.5-3 2.5 1.5L14 4',
  journal: 'M3.5 2h9v12h-9zM6 5h4M6 8h4M6 11h2.5',
  settings: 'M2 4.5h6M11.5 4.5H14M9.75 2.75v3.5M2 11.5h2.5M8 11.5h6M6.25 9.75v3.5',
  strategies: 'M2 12l3.5-4 3 2.5L14 3.5M10.5 3.5H14V7',
};
