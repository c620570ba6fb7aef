import { parseArgs } from 'node:util';
import { type Instrument, priceText } from '../../domain/instrument.ts';
import type { Bar, DataReport } from '../../domain/market-data.ts';
import { RefusalError } from '../../domain/refusal.ts';
import { formatUnits } from '../../domain/units.ts';
import { BarAggregator, checkAggregable } from '../../market/bar-aggregator.ts';
import type { Feed } from '../../market/feed.ts';
import { parseTimeframe, type Timeframe } from '../../market/timeframe.ts';
import { accepted } from '../backtest-options.ts';
import { type Command, type CommandIo, UsageError } from '../command.ts';
import { openData } from '../data-files.ts';
import { reportDropped } from '../dropped-rows.ts';
import { usageOf } from '../usage.ts';

const help = `tradewright bars --data FILE[:SYMBOL] [--data ...] --to TIMEFRAME [options]

Aggregates recorded trades, NSE ticks, quotes or finer bars into bars, as CSV on stdout.

  --data FILE[:SYMBOL]  recorded market data of any known format, plain or gzip; repeat for files that continue
                        each other
  --to TIMEFRAME        1s 5s 10s 1m 3m 5m 15m 30m 1h 4h 1d 1w; crypto is cut in UTC, NSE from 09:15 IST
  --from-quotes         use mid prices of quotes where the data has trades as well
  --fill-gaps           a flat bar for an interval without data (default: no bar)
  --strict              a bad line is an error instead of being left out and counted
  --json                one JSON document on stdout

Columns: open_time (ms since 1970, UTC), open, high, low, close, volume, with the symbol first when there are several.
Rows read, kept and dropped by reason are told on stderr.`;

const OPTIONS = {
  data: { type: 'string', multiple: true },
  to: { type: 'string' },
  'from-quotes': { type: 'boolean', default: false },
  'fill-gaps': { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Bars are told as they are finished, so that a long file needs no memory for its output. */
const FLUSH_LINES = 2000;

type Source = 'bar' | 'trade' | 'quote';

interface Sink {
  bar(bar: Bar, instrument: Instrument): void;
  end(report: DataReport): void;
}

export const command: Command = {
  name: 'bars',
  summary: 'aggregate recorded trades, ticks or bars into bars (CSV)',
  help,
  async run(args, io) {
    const { values } = usageOf(() => parseArgs({ args: [...args], options: OPTIONS, strict: true }));
    if (values.help) {
      io.out(`${help}\n`);
      return 0;
    }
    if (values.data === undefined || values.data.length === 0) throw new UsageError('Name the data: --data FILE.');
    if (values.to === undefined) throw new UsageError('Name the timeframe: --to 5m.');
    const timeframe = parseTimeframe(values.to);
    if (!timeframe.ok) throw new UsageError(timeframe.error.sentence);
    const feed = await openData(values.data, values.strict);
    const sink = values.json ? jsonSink(feed, timeframe.value, io) : csvSink(feed, io);
    const gaps = values['fill-gaps'] ? 'carry' : 'none';
    const late = await aggregate(feed, timeframe.value, { gaps, fromQuotes: values['from-quotes'] }, sink);
    const report = feed.report();
    sink.end(report);
    summary(report, late, io);
    return 0;
  },
};

/** Returns how many events came too late for their bar. */
async function aggregate(
  feed: Feed,
  timeframe: Timeframe,
  options: { gaps: 'none' | 'carry'; fromQuotes: boolean },
  sink: Sink,
): Promise<number> {
  const aggregators = new Map<string, { aggregator: BarAggregator; source: Source | null }>();
  for (const instrument of feed.instruments) {
    const emit = (bar: Bar): void => sink.bar(bar, instrument);
    const aggregator = new BarAggregator({ instrument, timeframe, emit, gaps: options.gaps });
    aggregators.set(instrument.id, { aggregator, source: null });
  }
  for await (const batch of feed.batches()) {
    for (const event of batch) {
      const entry = aggregators.get(event.instrument);
      if (entry === undefined) continue;
      if (event.kind === 'bar') {
        entry.source = source(entry.source, 'bar');
        accepted(checkAggregable(event, timeframe));
        entry.aggregator.onBar(event);
      } else if (event.kind === 'trade' && !options.fromQuotes) {
        entry.source = source(entry.source, 'trade');
        entry.aggregator.onTrade(event);
      } else if (event.kind === 'quote' && options.fromQuotes) {
        entry.source = source(entry.source, 'quote');
        entry.aggregator.onQuote(event);
      }
    }
  }
  let late = 0;
  let sources = 0;
  for (const { aggregator, source: used } of aggregators.values()) {
    aggregator.flush();
    late += aggregator.late;
    if (used !== null) sources += 1;
  }
  if (sources === 0) {
    const wanted = options.fromQuotes ? 'quotes' : 'bars or trades';
    const sentence = `The data holds no ${wanted} to make bars of${options.fromQuotes ? '' : '; for quotes add --from-quotes'}.`;
    throw new RefusalError({ code: 'DATA_NO_TRADES', sentence });
  }
  return late;
}

function source(before: Source | null, now: Source): Source {
  if (before === null || before === now) return now;
  throw new RefusalError({
    code: 'DATA_MIXED',
    sentence: `The files hold both ${before}s and ${now}s of one symbol; give files of one kind.`,
  });
}

function csvSink(feed: Feed, io: CommandIo): Sink {
  const several = feed.instruments.length > 1;
  const lines = [`${several ? 'symbol,' : ''}open_time,open,high,low,close,volume`];
  const flush = (): void => {
    if (lines.length > 0) io.out(`${lines.join('\n')}\n`);
    lines.length = 0;
  };
  return {
    bar(bar, instrument) {
      const prices = [bar.open, bar.high, bar.low, bar.close].map((price) => priceText(instrument, price));
      const figures = [bar.start, ...prices, volumeText(bar, instrument)].join(',');
      lines.push(several ? `${instrument.symbol},${figures}` : figures);
      if (lines.length >= FLUSH_LINES) flush();
    },
    end: flush,
  };
}

function jsonSink(feed: Feed, timeframe: Timeframe, io: CommandIo): Sink {
  const bars: unknown[] = [];
  return {
    bar(bar, instrument) {
      bars.push({
        symbol: instrument.symbol,
        openTime: bar.start,
        open: priceText(instrument, bar.open),
        high: priceText(instrument, bar.high),
        low: priceText(instrument, bar.low),
        close: priceText(instrument, bar.close),
        volume: volumeText(bar, instrument),
      });
    },
    end({ read, kept, dropped }) {
      const symbols = feed.instruments.map((instrument) => instrument.symbol);
      io.out(`${JSON.stringify({ timeframe: timeframe.name, symbols, bars, data: { read, kept, dropped } })}\n`);
    },
  };
}

/** A volume beyond 2^53 units is approximate by definition; it is still printed as a plain decimal. */
function volumeText(bar: Bar, instrument: Instrument): string {
  if (Number.isSafeInteger(bar.volume)) return formatUnits(bar.volume, instrument.quantityDigits);
  return (bar.volume / 10 ** instrument.quantityDigits).toFixed(0);
}

function summary(report: DataReport, late: number, io: CommandIo): void {
  io.err(`${report.read} rows read, ${report.kept} kept.\n`);
  reportDropped(report, io);
  if (late > 0) io.err(`${late} events came after their bar was finished and were left out.\n`);
}
