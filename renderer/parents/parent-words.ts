import type { ParentOrderView } from '../../src/contract/types.ts';
import { compare } from '../format/decimal-text.ts';

const STATES: Readonly<Record<ParentOrderView['status'], string>> = {
  working: 'Working',
  paused: 'Paused',
  ending: 'Ending',
  filled: 'Filled',
  cancelled: 'Cancelled',
  expired: 'Time is up',
  failed: 'Failed',
};

export function parentState(status: ParentOrderView['status']): string {
  return STATES[status];
}

export function isActive({ status }: Pick<ParentOrderView, 'status'>): boolean {
  return status === 'working' || status === 'paused' || status === 'ending';
}

/** Filled share of the whole, 0 to 1, for the bar beside the figures. */
export function filledShare({ filled, quantity }: Pick<ParentOrderView, 'filled' | 'quantity'>): number {
  const whole = Number(quantity);
  return whole > 0 ? Math.min(1, Number(filled) / whole) : 0;
}

/** Against its schedule; null where there is none or it has ended. */
export function pace(parent: Pick<ParentOrderView, 'status' | 'filled' | 'working' | 'scheduled'>): string | null {
  if (parent.scheduled === null || !isActive(parent)) return null;
  const order = compare(parent.filled, parent.scheduled) ?? 0;
  return order >= 0 ? 'on schedule' : `behind: ${parent.scheduled} due`;
}
