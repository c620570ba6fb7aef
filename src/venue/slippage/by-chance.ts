import type { Random } from '../../domain/random.ts';
import type { Slippage } from './slippage.ts';

/** `ticks` in `probability` of the fills, none in the others. */
export function slipByChance(probability: number, ticks: number, random: Random): Slippage | null {
  if (probability <= 0 || ticks === 0) return null;
  return {
    suffix: '+chance',
    shift: (market) => (random.next() < probability ? ticks * market.instrument.tick : 0),
  };
}
