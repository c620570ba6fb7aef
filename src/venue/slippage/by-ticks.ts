import type { Slippage } from './slippage.ts';

export function slipByTicks(ticks: number): Slippage | null {
  if (ticks === 0) return null;
  return { suffix: '', shift: (market) => ticks * market.instrument.tick };
}
