import { Decimal, type DecimalString, ZERO } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import { powerOfTen } from '../../domain/units.ts';
import type { ParentTicket, Stage } from './algorithm-terms.ts';

/** ending: children are being taken back; the parent ends as `endAs` once the last of them is closed. */
export type ParentStatus = 'working' | 'paused' | 'ending' | 'filled' | 'cancelled' | 'expired' | 'failed';
export type ParentEnd = 'filled' | 'cancelled' | 'expired' | 'failed';

/** new: the intent is written, the venue has not answered. unknown: only the venue knows. Both count in full. */
export type ChildStatus = 'new' | 'working' | 'unknown' | 'closed';

export interface ChildState {
  readonly n: number;
  /** As sent; less where risk or the venue took less. */
  readonly quantity: QuantityUnits;
  readonly price: PriceUnits | null;
  readonly type: 'market' | 'limit';
  readonly stage: Stage;
  readonly sentAt: EpochMs;
  readonly status: ChildStatus;
  readonly filled: QuantityUnits;
  /** Sum of price x quantity of its fills, quote currency. */
  readonly value: DecimalString;
  readonly fees: DecimalString;
  readonly cancelAsked: boolean;
  readonly closedAt: EpochMs | null;
}

export interface Pause {
  readonly code: 'USER' | 'HALTED' | 'REDUCING' | 'STALE' | 'CLOSED' | 'RESTART';
  readonly sentence: string;
  readonly since: EpochMs;
  /** True: only a person resumes. False: by itself as soon as the cause has ended. */
  readonly needsResume: boolean;
}

/** The grid a parent's children must keep to, plain numbers. */
export interface ParentGrid {
  readonly tick: PriceUnits;
  readonly step: QuantityUnits;
  readonly minQuantity: QuantityUnits;
  readonly maxQuantity: QuantityUnits | null;
  /** Minimum order value in price units x quantity units; 0 = none. */
  readonly minValue: number;
  readonly priceDigits: number;
  readonly quantityDigits: number;
}

/** Everything about one parent, plain JSON: what is written down after each step, and read back by a restart. */
export interface ParentState extends ParentTicket {
  readonly format: 1;
  readonly grid: ParentGrid;
  /** Of TWAP and VWAP, offsets from startedAt; empty for the others. */
  readonly slices: readonly number[];
  readonly startedAt: EpochMs;
  readonly deadline: EpochMs | null;
  /** Mid price in price units (a half is possible) when the parent was made, and when its first child was sent. */
  readonly decisionMid: number | null;
  readonly arrivalMid: number | null;
  readonly arrivalAt: EpochMs | null;
  readonly status: ParentStatus;
  readonly endAs: ParentEnd | null;
  readonly endedAt: EpochMs | null;
  readonly pause: Pause | null;
  readonly children: readonly ChildState[];
  /** Refusals since the last child that was taken. */
  readonly refusals: number;
  /** Children in a row that found nothing offered. */
  readonly empties: number;
  readonly retryAt: EpochMs;
  /** What others traded since the start, for a participation. */
  readonly observed: QuantityUnits;
  /** Since when the present stage of a resting child counts. */
  readonly stageSince: EpochMs | null;
  readonly reasonCode: string | null;
  readonly reason: string | null;
}

export const ENDED: ReadonlySet<ParentStatus> = new Set<ParentStatus>(['filled', 'cancelled', 'expired', 'failed']);

export function gridOf(instrument: Instrument): ParentGrid {
  const { tick, step, minQuantity, maxQuantity, priceDigits, quantityDigits } = instrument;
  const scale = new Decimal(powerOfTen(Math.min(18, priceDigits + quantityDigits)));
  const minValue = new Decimal(instrument.minNotional).times(scale).ceil().toNumber();
  return { tick, step, minQuantity, maxQuantity, minValue, priceDigits, quantityDigits };
}

/** Smallest quantity that may be sent at `price` (0 = not known, then the value is not judged). */
export function minimumAt(grid: ParentGrid, price: PriceUnits): QuantityUnits {
  const byValue = price > 0 && grid.minValue > 0 ? Math.ceil(grid.minValue / price) : 0;
  return Math.ceil(Math.max(grid.minQuantity, byValue, grid.step) / grid.step) * grid.step;
}

export function filledOf(state: ParentState): QuantityUnits {
  let sum = 0;
  for (const child of state.children) sum += child.filled;
  return sum;
}

/** What children may still fill: everything not closed, and what a cancel freed too recently to trust. */
export function reservedOf(state: ParentState, now: EpochMs): QuantityUnits {
  let sum = 0;
  for (const child of state.children) if (isReserved(state, child, now)) sum += child.quantity - child.filled;
  return sum;
}

export function isReserved(state: ParentState, child: ChildState, now: EpochMs): boolean {
  if (child.status !== 'closed') return true;
  return child.cancelAsked && child.closedAt !== null && now < child.closedAt + state.terms.settleMs;
}

/** What may still be sent. */
export function leftOf(state: ParentState, now: EpochMs): QuantityUnits {
  return state.quantity - filledOf(state) - reservedOf(state, now);
}

export function hasLive(state: ParentState): boolean {
  return state.children.some((child) => child.status !== 'closed');
}

/** Average fill price in quote currency; null before the first fill. */
export function averageOf(state: ParentState): Decimal | null {
  const filled = filledOf(state);
  if (filled === 0) return null;
  const value = state.children.reduce((sum, child) => sum.plus(child.value), ZERO);
  return value.div(new Decimal(filled).times(new Decimal(10).pow(-state.grid.quantityDigits)));
}

export function feesOf(state: ParentState): Decimal {
  return state.children.reduce((sum, child) => sum.plus(child.fees), ZERO);
}

/** Planned quantity of all slices that are due at `now`, of those before the current one, and when the next one is (null: none left). */
export function planAt(
  state: ParentState,
  now: EpochMs,
): { due: QuantityUnits; earlier: QuantityUnits; current: EpochMs; next: EpochMs | null } {
  let due = 0;
  let earlier = 0;
  let current = state.startedAt;
  for (let at = 0; at < state.slices.length; at += 2) {
    const time = state.startedAt + (state.slices[at] ?? 0);
    if (time > now) return { due, earlier, current, next: time };
    earlier = due;
    due += state.slices[at + 1] ?? 0;
    current = time;
  }
  return { due, earlier, current, next: null };
}
