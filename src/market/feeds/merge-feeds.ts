import type { MarketEvent } from '../../domain/market-data.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Feed } from '../feed.ts';
import { sumReports } from './row-tally.ts';

const BATCH = 2048;

/** One feed of several, by `at`; events of the same instant come in the order of the feeds. */
export function mergeFeeds(feeds: readonly Feed[]): Feed {
  const [only] = feeds;
  if (feeds.length === 1 && only !== undefined) return stoppable(only);
  const instruments = new Map<string, Instrument>();
  for (const feed of feeds) {
    for (const instrument of feed.instruments)
      if (!instruments.has(instrument.id)) instruments.set(instrument.id, instrument);
  }
  const id = feeds.map((feed) => feed.id).join('+');
  return {
    id,
    instruments: [...instruments.values()],
    batches: (signal) => mergeBatches(feeds, signal),
    report: () =>
      sumReports(
        id,
        feeds.map((feed) => feed.report()),
      ),
  };
}

function stoppable(feed: Feed): Feed {
  return {
    id: feed.id,
    instruments: feed.instruments,
    report: () => feed.report(),
    async *batches(signal) {
      for await (const batch of feed.batches(signal)) {
        if (signal?.aborted === true) return;
        yield batch;
      }
    },
  };
}

/** The unread rest of one feed's current batch. */
class Head {
  batch: readonly MarketEvent[] = [];
  next = 0;
  private readonly source: AsyncIterator<readonly MarketEvent[]>;

  constructor(source: AsyncIterator<readonly MarketEvent[]>) {
    this.source = source;
  }

  /** Time of the next event; infinite when the feed is over. */
  at(): number {
    return this.batch[this.next]?.at ?? Number.POSITIVE_INFINITY;
  }

  async refill(): Promise<void> {
    while (this.next >= this.batch.length) {
      const step = await this.source.next();
      this.next = 0;
      this.batch = step.done === true ? [] : step.value;
      if (step.done === true) return;
    }
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }
}

async function* mergeBatches(
  feeds: readonly Feed[],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly MarketEvent[]> {
  const heads = feeds.map((feed) => new Head(feed.batches(signal)[Symbol.asyncIterator]()));
  try {
    for (const head of heads) await head.refill();
    let batch: MarketEvent[] = [];
    while (signal?.aborted !== true) {
      const first = earliest(heads);
      const head = heads[first];
      if (head === undefined || head.at() === Number.POSITIVE_INFINITY) break;
      // The run of this feed lasts until another feed's event is due; on equal times the earlier feed goes first.
      let limit = Number.POSITIVE_INFINITY;
      let limitFeed = heads.length;
      for (let other = 0; other < heads.length; other += 1) {
        const at = heads[other]?.at() ?? Number.POSITIVE_INFINITY;
        if (other !== first && at < limit) {
          limit = at;
          limitFeed = other;
        }
      }
      for (let event = head.batch[head.next]; event !== undefined; event = head.batch[head.next]) {
        if (event.at > limit || (event.at === limit && limitFeed < first)) break;
        batch.push(event);
        head.next += 1;
      }
      if (head.next >= head.batch.length) await head.refill();
      if (batch.length >= BATCH) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0 && signal?.aborted !== true) yield batch;
  } finally {
    for (const head of heads) await head.close();
  }
}

/** Index of the feed whose next event is due; the first of equals. */
function earliest(heads: readonly Head[]): number {
  let best = 0;
  let at = heads[0]?.at() ?? Number.POSITIVE_INFINITY;
  for (let index = 1; index < heads.length; index += 1) {
    const other = heads[index]?.at() ?? Number.POSITIVE_INFINITY;
    if (other < at) {
      at = other;
      best = index;
    }
  }
  return best;
}
