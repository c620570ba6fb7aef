import type { EpochMs } from '../../domain/units.ts';

export interface VolumeBucket {
  /** Start of the bucket, and its length. */
  readonly start: EpochMs;
  readonly lengthMs: number;
  readonly volume: number;
}

const DAY_MS = 86_400_000;

/**
 * Expected volume of each slot of a schedule from history: the mean volume of the same time of day over the days that
 * history covers, buckets cut where they straddle a slot. Slots without any history get the mean of the others; without
 * history at all every slot is 1, which makes it a TWAP. `dayOffsetMs` shifts the day to the venue's own zone.
 */
export function volumeCurve(
  history: readonly VolumeBucket[],
  startedAt: EpochMs,
  intervalMs: number,
  slots: number,
  dayOffsetMs = 0,
): number[] {
  const sums = new Float64Array(slots);
  const covered = new Float64Array(slots);
  const origin = timeOfDay(startedAt + dayOffsetMs);
  for (const { start, lengthMs, volume } of history) {
    if (!(lengthMs > 0) || !(volume >= 0) || start >= startedAt) continue;
    // Where the bucket lies in the schedule if its day were the schedule's day; a schedule may run over midnight.
    const lead = timeOfDay(start + dayOffsetMs) - origin;
    for (const from of [lead, lead + DAY_MS]) {
      const first = Math.max(0, Math.floor(from / intervalMs));
      const last = Math.min(slots - 1, Math.ceil((from + lengthMs) / intervalMs) - 1);
      for (let slot = first; slot <= last; slot += 1) {
        const overlap = Math.min(from + lengthMs, (slot + 1) * intervalMs) - Math.max(from, slot * intervalMs);
        if (overlap <= 0) continue;
        sums[slot] = (sums[slot] ?? 0) + (volume * overlap) / lengthMs;
        covered[slot] = (covered[slot] ?? 0) + overlap;
      }
    }
  }
  const rates: (number | null)[] = [];
  for (let slot = 0; slot < slots; slot += 1) {
    const time = covered[slot] ?? 0;
    rates.push(time > 0 ? ((sums[slot] ?? 0) / time) * intervalMs : null);
  }
  const known = rates.filter((rate) => rate !== null);
  const mean = known.length === 0 ? 0 : known.reduce((sum, rate) => sum + rate, 0) / known.length;
  return mean > 0 ? rates.map((rate) => rate ?? mean) : rates.map(() => 1);
}

function timeOfDay(at: EpochMs): number {
  return ((at % DAY_MS) + DAY_MS) % DAY_MS;
}

/** A curve given for other buckets than the slots, read as a rate over the horizon. */
export function resampleCurve(curve: readonly number[], slots: number): number[] {
  if (curve.length === slots) return [...curve];
  const sampled: number[] = [];
  const ratio = curve.length / slots;
  for (let slot = 0; slot < slots; slot += 1) {
    const from = slot * ratio;
    const to = from + ratio;
    let sum = 0;
    for (let bucket = Math.floor(from); bucket < to && bucket < curve.length; bucket += 1) {
      sum += (curve[bucket] ?? 0) * (Math.min(to, bucket + 1) - Math.max(from, bucket));
    }
    sampled.push(sum);
  }
  return sampled;
}
