import type { InstrumentId } from '../../domain/instrument.ts';
import type { DataReport, MarketEvent } from '../../domain/market-data.ts';
import type { Feed } from '../feed.ts';

/** The part of a feed that concerns some symbols; the rows of the others are accounted for as `other-symbol`. */
export function onlySymbols(feed: Feed, symbols: ReadonlySet<string>): Feed {
  const instruments = feed.instruments.filter(({ symbol }) => symbols.has(symbol));
  if (instruments.length === feed.instruments.length) return feed;
  const kept = new Set<InstrumentId>(instruments.map(({ id }) => id));
  let others = 0;
  return {
    id: feed.id,
    instruments,
    async *batches(signal) {
      for await (const batch of feed.batches(signal)) {
        const mine: MarketEvent[] = [];
        for (const event of batch) {
          if (kept.has(event.instrument)) mine.push(event);
          else others += 1;
        }
        if (mine.length > 0) yield mine;
      }
    },
    report: () => withoutOthers(feed.report(), others),
  };
}

/** A row gives one event, so events left out are rows left out. */
function withoutOthers(report: DataReport, others: number): DataReport {
  const left = Math.min(others, report.kept);
  if (left === 0) return report;
  const before = report.dropped['other-symbol'] ?? 0;
  return { ...report, kept: report.kept - left, dropped: { ...report.dropped, 'other-symbol': before + left } };
}
