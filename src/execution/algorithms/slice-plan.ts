import { createRandom, seedOf } from '../../domain/random.ts';
import type { QuantityUnits } from '../../domain/units.ts';

/** Flat: offset from the start in ms, quantity, offset, quantity, ... in time order. The quantities add up to the parent. */
export type SlicePlan = readonly number[];

export interface SliceGrid {
  readonly step: QuantityUnits;
  /** No slice is smaller, unless the whole parent is. */
  readonly minimum: QuantityUnits;
}

export interface PlanTerms {
  readonly horizonMs: number;
  readonly intervalMs: number;
  readonly end: 'open' | 'closed';
  readonly remainder: 'early' | 'last';
  readonly sizeVariation: number;
  readonly timeVariation: number;
  readonly seed: number;
}

export function slotCount(terms: Pick<PlanTerms, 'horizonMs' | 'intervalMs' | 'end'>): number {
  // 0.3 / 0.1 must be 3: durations are decimals to the user and binary here.
  const whole = Math.floor(terms.horizonMs / terms.intervalMs + 1e-9);
  return terms.end === 'closed' ? whole + 1 : whole;
}

/**
 * Splits `quantity` (a multiple of the step) by weights over slots `intervalMs` apart, the first at once. Early remainder:
 * every slot gets its share rounded down to the step, the steps left over go to the largest cut-off fractions, the earlier
 * slot first among equals, and a slot below the minimum is joined to the slot before it. Last: equal slots rounded down and
 * what is left as one more slice after them (the convention of NautilusTrader's example); slots below the step or the
 * minimum make it one slice at once.
 */
export function planSlices(
  quantity: QuantityUnits,
  weights: readonly number[],
  grid: SliceGrid,
  terms: PlanTerms,
): SlicePlan {
  if (terms.remainder === 'last') return withLastRemainder(quantity, weights.length, grid, terms);
  const shares = joinSmall(shareOut(quantity / grid.step, varied(weights, terms)), grid);
  const plan: number[] = [];
  const times = offsets(weights.length, terms);
  for (const [slot, steps] of shares.entries()) {
    if (steps > 0) plan.push(times[slot] ?? 0, steps * grid.step);
  }
  return plan;
}

function withLastRemainder(quantity: QuantityUnits, slots: number, grid: SliceGrid, terms: PlanTerms): SlicePlan {
  const each = Math.floor(quantity / grid.step / slots) * grid.step;
  if (each === quantity || each < grid.step || each < grid.minimum) return [0, quantity];
  const plan: number[] = [];
  for (let slot = 0; slot < slots; slot += 1) plan.push(slot * terms.intervalMs, each);
  const left = quantity - each * slots;
  if (left > 0) plan.push(slots * terms.intervalMs, left);
  return plan;
}

/** Whole steps by weight; they add up to `steps`. */
function shareOut(steps: number, weights: readonly number[]): number[] {
  const count = weights.length;
  if (weights.every((weight) => weight === weights[0])) {
    const each = Math.floor(steps / count);
    return weights.map((_, slot) => (slot < steps - each * count ? each + 1 : each));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => Math.floor((steps / total) * weight + 1e-9));
  const cut = weights.map((weight, slot) => (steps / total) * weight - (shares[slot] ?? 0));
  const order = cut.map((_, slot) => slot).sort((a, b) => difference(cut[b] ?? 0, cut[a] ?? 0) || a - b);
  let left = steps - shares.reduce((sum, share) => sum + share, 0);
  for (let at = 0; left > 0; at = (at + 1) % order.length) {
    const slot = order[at] ?? 0;
    shares[slot] = (shares[slot] ?? 0) + 1;
    left -= 1;
  }
  for (let slot = shares.length - 1; left < 0 && slot >= 0; slot -= 1) {
    const back = Math.min(-left, shares[slot] ?? 0);
    shares[slot] = (shares[slot] ?? 0) - back;
    left += back;
  }
  return shares;
}

/** Fractions that differ by rounding alone are equal. */
function difference(a: number, b: number): number {
  return Math.abs(a - b) < 1e-6 ? 0 : a - b;
}

/** Slots below the minimum wait for the next ones until they reach it; a last stub goes to the slot before. */
function joinSmall(shares: readonly number[], { step, minimum }: SliceGrid): number[] {
  const least = Math.max(1, Math.ceil(minimum / step));
  const joined = shares.map(() => 0);
  let first = -1;
  let sum = 0;
  let last = -1;
  for (const [slot, share] of shares.entries()) {
    if (share > 0 && first === -1) first = slot;
    sum += share;
    if (sum < least) continue;
    joined[first] = sum;
    last = first;
    first = -1;
    sum = 0;
  }
  if (sum > 0) {
    const target = last === -1 ? Math.max(0, first) : last;
    joined[target] = (joined[target] ?? 0) + sum;
  }
  return joined;
}

function varied(weights: readonly number[], { sizeVariation, seed }: PlanTerms): readonly number[] {
  if (sizeVariation === 0) return weights;
  const random = createRandom(seedOf('slice-size', seed));
  return weights.map((weight) => weight * (1 + sizeVariation * (2 * random.next() - 1)));
}

/** Grid times moved by up to the variation; never before the start, never beyond the last slot of the grid. */
function offsets(slots: number, { intervalMs, timeVariation, seed }: PlanTerms): number[] {
  const random = createRandom(seedOf('slice-time', seed));
  const times: number[] = [];
  for (let slot = 0; slot < slots; slot += 1) {
    const at = slot * intervalMs;
    if (timeVariation === 0) times.push(at);
    else {
      const moved = at + timeVariation * intervalMs * (2 * random.next() - 1);
      times.push(Math.round(Math.min(Math.max(0, moved), (slots - 1) * intervalMs)));
    }
  }
  return times;
}
