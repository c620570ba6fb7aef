import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { InstrumentView } from '../../src/contract/types.ts';
import { compare, readTyped, signOf } from '../format/decimal-text.ts';

/** The preset size of one click per instrument. Whether the ladder is armed is never kept. */
export const useLadderSizes = create<{ readonly sizes: Readonly<Record<string, string>> }>()(
  persist(() => ({ sizes: {} }), { name: 'tradewright.ladder-sizes', version: 1 }),
);

export function setLadderSize(instrument: string, size: string): void {
  useLadderSizes.setState(({ sizes }) => ({ sizes: { ...sizes, [instrument]: size } }));
}

/** What is typed as a size, or what is wrong with it. The engine judges steps and limits of the order itself again. */
export function readSize(
  typed: string,
  instrument: InstrumentView,
): { readonly size: string } | { readonly problem: string } {
  if (typed.trim() === '') return { problem: 'Enter the size of one click.' };
  const size = readTyped(typed);
  if (size === null) return { problem: `"${typed.trim()}" is not a number.` };
  if (signOf(size) <= 0) return { problem: 'It must be above zero.' };
  if ((compare(size, instrument.minQuantity) ?? 0) < 0)
    return { problem: `The smallest is ${instrument.minQuantity}.` };
  if (instrument.maxQuantity !== null && (compare(size, instrument.maxQuantity) ?? 0) > 0)
    return { problem: `The largest is ${instrument.maxQuantity}.` };
  const steps = Number(size) / Number(instrument.step);
  if (Math.abs(steps - Math.round(steps)) > 1e-6) return { problem: `It goes in steps of ${instrument.step}.` };
  return { size };
}
