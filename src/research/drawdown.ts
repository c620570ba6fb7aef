import type { Numbers } from './moments.ts';

/** One fall below a peak. Indices are into the series the depths came from; `to` is null while it lasts. */
export interface DrawdownEpisode {
  /** Deepest value, negative. */
  readonly depth: number;
  /** First value below the peak. */
  readonly from: number;
  readonly trough: number;
  /** First value back at or above the peak. */
  readonly to: number | null;
}

/** Growth of 1 from simple returns: element i is the wealth after return i. */
export function growthOfOne(returns: Numbers): Float64Array {
  let wealth = 1;
  return Float64Array.from(returns, (value) => (wealth *= 1 + value));
}

/** value / running peak - 1 at each point, 0 or negative; the peak starts at `start` when that is given. */
export function drawdownsOf(values: Numbers, start = Number.NEGATIVE_INFINITY): Float64Array {
  let peak = start;
  const depths = new Float64Array(values.length);
  for (let index = 0; index < depths.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (value >= peak) peak = value;
    else depths[index] = value / peak - 1;
  }
  return depths;
}

/** Deepest drawdown, 0 when there is none, NaN for an empty series. */
export function deepest(depths: Numbers): number {
  let worst = depths.length === 0 ? Number.NaN : 0;
  for (let index = 0; index < depths.length; index += 1) {
    const depth = depths[index] ?? 0;
    if (depth < worst) worst = depth;
  }
  return worst;
}

/** Every fall below a peak in order of time. */
export function drawdownEpisodes(depths: Numbers): DrawdownEpisode[] {
  const episodes: DrawdownEpisode[] = [];
  let from = -1;
  let trough = -1;
  for (let index = 0; index < depths.length; index += 1) {
    const depth = depths[index] ?? 0;
    if (depth < 0) {
      if (from === -1) from = trough = index;
      else if (depth < (depths[trough] ?? 0)) trough = index;
    } else if (from !== -1) {
      episodes.push({ depth: depths[trough] ?? 0, from, trough, to: index });
      from = -1;
    }
  }
  if (from !== -1) episodes.push({ depth: depths[trough] ?? 0, from, trough, to: null });
  return episodes;
}
