import { defineInstrument } from '../../src/domain/instrument.ts';
import type { BookDelta, BookSnapshot } from '../../src/domain/market-data.ts';
import { OrderBook } from '../../src/market/order-book.ts';

export interface BookBench {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly floorName?: string;
  readonly aim?: number;
}

const ROUNDS = 7;
const DELTAS = 40_000;
const LEVELS_PER_DELTA = 25;
const LEVELS_PER_SIDE = 1000;
const SWEEPS = 100_000;
const MID = 6_180_000;
const AIM = 1_000_000;

/** Small deterministic generator (mulberry32), uniform in 0..1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Distance from the mid in ticks: most updates near it with a long tail, as in recorded books. */
function distance(random: () => number): number {
  return 1 + Math.floor(-Math.log(1 - random()) * (random() < 0.3 ? 4000 : 250));
}

function market(instrument: string): { snapshot: BookSnapshot; deltas: BookDelta[] } {
  const random = seeded(7);
  const size = (): number => 1 + Math.floor(random() * 1e6);
  const side = (sign: number): number[] => {
    const levels: number[] = [];
    for (let i = 1; i <= LEVELS_PER_SIDE; i += 1) levels.push(MID + sign * (3 * i), size());
    return levels;
  };
  const snapshot: BookSnapshot = { kind: 'book', instrument, ts: 0, at: 0, sequence: 0, bids: side(-1), asks: side(1) };
  const deltas = Array.from({ length: DELTAS }, (_, i): BookDelta => {
    const bids: number[] = [];
    const asks: number[] = [];
    for (let level = 0; level < LEVELS_PER_DELTA; level += 1) {
      const quantity = random() < 0.5 ? 0 : size();
      if (random() < 0.5) bids.push(MID - distance(random), quantity);
      else asks.push(MID + distance(random), quantity);
    }
    return { kind: 'delta', instrument, ts: i, at: i, firstSequence: i + 1, lastSequence: i + 1, bids, asks };
  });
  return { snapshot, deltas };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function perSecond(count: number, run: () => void): number {
  const start = performance.now();
  run();
  return count / ((performance.now() - start) / 1000);
}

/** The floor: the same updates into two plain maps, which keep no order and could not be swept. */
function intoMaps(deltas: readonly BookDelta[]): void {
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  const apply = (map: Map<number, number>, levels: readonly number[]): void => {
    for (let at = 0; at < levels.length; at += 2) {
      const price = levels[at] ?? 0;
      const quantity = levels[at + 1] ?? 0;
      if (quantity === 0) map.delete(price);
      else map.set(price, quantity);
    }
  };
  for (const delta of deltas) {
    apply(bids, delta.bids);
    apply(asks, delta.asks);
  }
}

/** Order-book speed: level updates with sequence checks, and market-order sweeps with exact notional. */
export async function benchBook(): Promise<BookBench[]> {
  const made = defineInstrument({
    symbol: 'X',
    venue: 'bench',
    kind: 'crypto-spot',
    quote: 'USDT',
    tick: '0.01',
    step: '0.00001',
  });
  if (!made.ok) throw new Error(made.error.sentence);
  const { snapshot, deltas } = market(made.value.id);
  const updates: number[] = [];
  const maps: number[] = [];
  const sweeps: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const book = new OrderBook(made.value);
    book.applySnapshot(snapshot);
    updates.push(perSecond(DELTAS * LEVELS_PER_DELTA, () => deltas.forEach((delta) => book.applyDelta(delta))));
    if (book.state !== 'live') throw new Error('the book broke');
    maps.push(perSecond(DELTAS * LEVELS_PER_DELTA, () => intoMaps(deltas)));
    const quantity = 3 * book.bestAskQuantity() + 1;
    sweeps.push(
      perSecond(SWEEPS, () => {
        for (let i = 0; i < SWEEPS; i += 1) book.sweep(i % 2 === 0 ? 'buy' : 'sell', quantity);
      }),
    );
    await Promise.resolve();
  }
  return [
    {
      name: 'order book, level updates',
      value: median(updates),
      unit: 'updates/s',
      floor: median(maps),
      floorName: 'two unordered Maps',
      aim: AIM,
    },
    { name: 'order book, exact sweeps', value: median(sweeps), unit: 'sweeps/s' },
  ];
}
