import type { ParentPreview } from '../../src/contract/types.ts';
import type { AlgorithmKind } from './algorithm-draft.ts';

export const ALGORITHMS = [
  { value: 'auto', label: 'Chosen for the order', detail: 'from size, depth and volume' },
  { value: 'twap', label: 'TWAP', detail: 'even slices over time' },
  { value: 'vwap', label: 'VWAP', detail: 'slices by usual volume' },
  { value: 'pov', label: 'Share of volume', detail: 'follows what others trade' },
  { value: 'iceberg', label: 'Iceberg', detail: 'shows a part of it' },
  { value: 'pegged', label: 'Pegged', detail: 'rests at the touch, then crosses' },
  { value: 'sniper', label: 'Sniper', detail: 'takes what comes to its price' },
  { value: 'guarded-market', label: 'Guarded market', detail: 'takes now, within a collar' },
] as const satisfies readonly { value: AlgorithmKind; label: string; detail: string }[];

/** "TWAP" of "twap"; the name itself for one that this window does not know. */
export function algorithmName(type: string): string {
  return ALGORITHMS.find(({ value }) => value === type)?.label ?? type;
}

export function spanText(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 6_000) / 10} min`;
  return `${Math.round(ms / 360_000) / 10} h`;
}

/** "12 orders over 11 min, 0.05 to 0.06 each"; null where the market decides. */
export function sliceText(slices: ParentPreview['slices']): string | null {
  const last = slices.at(-1);
  if (last === undefined) return null;
  const sizes = slices.map(({ quantity }) => quantity).sort((a, b) => Number(a) - Number(b));
  const [least, most] = [sizes[0] ?? '', sizes.at(-1) ?? ''];
  const each = least === most ? `${least} each` : `${least} to ${most} each`;
  return `${slices.length} ${slices.length === 1 ? 'order' : 'orders'} over ${spanText(last.afterMs)}, ${each}`;
}
