import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarketEvent } from '../../src/domain/market-data.ts';
import type { Feed } from '../../src/market/feed.ts';
import { mergeFeeds } from '../../src/market/feeds/merge-feeds.ts';
import { testInstrument } from './support.ts';

/** A feed of trades at the given times; the price says which feed and which event it is. */
function feed(name: string, times: readonly number[], batchSize: number): Feed & { closed: boolean } {
  const instrument = testInstrument({ symbol: name });
  const events = times.map((at, index): MarketEvent => {
    return {
      kind: 'trade',
      instrument: instrument.id,
      ts: at,
      at,
      price: index + 1,
      quantity: 1,
      aggressor: null,
      tradeId: null,
    };
  });
  const made = {
    id: name,
    instruments: [instrument],
    closed: false,
    report: () => ({ source: name, read: times.length + 1, kept: times.length, dropped: { bad: 1 }, problems: [] }),
    async *batches() {
      try {
        for (let from = 0; from < events.length; from += batchSize) yield events.slice(from, from + batchSize);
      } finally {
        made.closed = true;
      }
    },
  };
  return made;
}
async function collect(merged: Feed, signal?: AbortSignal): Promise<MarketEvent[]> {
  const events: MarketEvent[] = [];
  for await (const batch of merged.batches(signal)) events.push(...batch);
  return events;
}

describe('merging feeds', () => {
  it('orders by time and, at equal times, by feed and then by place', async () => {
    const merged = mergeFeeds([feed('A', [1, 3, 3, 9], 1), feed('B', [0, 3, 4], 2), feed('C', [3], 5)]);
    const events = await collect(merged);
    expect(events.map((event) => [event.at, event.instrument[0]].join(''))).toEqual([
      '0B',
      '1A',
      '3A',
      '3A',
      '3B',
      '3C',
      '4B',
      '9A',
    ]);
    expect(merged.report()).toMatchObject({ source: 'A+B+C', read: 11, kept: 8, dropped: { bad: 3 } });
    expect(merged.instruments).toHaveLength(3);
  });

  it('equals a stable sort for any feeds and batch sizes', async () => {
    const times = fc
      .array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 })
      .map((list) => list.toSorted((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(times, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 5 }),
        async (sources) => {
          const feeds = sources.map(([list, size], index) => feed(`F${index}`, list, size));
          const all: MarketEvent[] = [];
          for (const source of feeds) all.push(...(await collect(source)));
          expect(await collect(mergeFeeds(feeds))).toEqual(all.toSorted((a, b) => a.at - b.at));
        },
      ),
    );
  });

  it('stops on the signal and closes its sources', async () => {
    const sources = [feed('A', [1, 2, 3], 1), feed('B', [1, 2, 3], 1)];
    expect(await collect(mergeFeeds(sources), AbortSignal.abort())).toEqual([]);
    expect(sources.every((source) => source.closed)).toBe(true);
  });
});
