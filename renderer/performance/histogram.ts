import { niceScale } from './scale.ts';

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Equal bins on round bounds, one of which is zero where there are gains and losses: no bin mixes them. */
export function histogram(values: readonly number[], wanted: number): Bin[] {
  if (values.length === 0) return [];
  const scale = niceScale(Math.min(0, ...values), Math.max(0, ...values), wanted);
  const width = (scale.ticks[1] ?? 1) - (scale.ticks[0] ?? 0);
  const counts = Array.from({ length: Math.max(1, scale.ticks.length - 1) }, () => 0);
  for (const value of values) {
    // A gain belongs above its lower bound, a loss below its upper one, and exactly zero counts as no gain.
    const place = (value - scale.min) / width;
    const index = value > 0 ? Math.ceil(place - 1e-9) - 1 : Math.floor(place + 1e-9);
    const held = Math.min(counts.length - 1, Math.max(0, index));
    counts[held] = (counts[held] ?? 0) + 1;
  }
  return counts.map((count, index) => ({
    from: scale.min + index * width,
    to: scale.min + (index + 1) * width,
    count,
  }));
}
