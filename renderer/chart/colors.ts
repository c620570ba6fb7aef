import type { ChartColors } from './price-chart.ts';

/** The tokens as the canvas needs them: resolved. */
export function chartColors(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    up: token('--up'),
    down: token('--down'),
    text: token('--text'),
    muted: token('--text-2'),
    grid: token('--border'),
    panel: token('--panel'),
    raised: token('--raised'),
    accent: token('--accent'),
    warn: token('--warn'),
    buy: token('--buy'),
    sell: token('--sell'),
    onSide: token('--on-side'),
    violet: token('--link-b'),
    rose: token('--link-c'),
    cyan: token('--link-d'),
  };
}
