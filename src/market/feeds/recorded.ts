import { basename } from 'node:path';
import type { Instrument } from '../../domain/instrument.ts';
import type { DataReport, MarketEvent } from '../../domain/market-data.ts';
import { ok, refuse, RefusalError, type Result } from '../../domain/refusal.ts';
import type { Feed } from '../feed.ts';
import { BarTable } from './bar-table.ts';
import { loadBars } from './bars-csv.ts';
import { BinanceRaw } from './binance-raw.ts';
import type { CsvSource } from './csv-source.ts';
import { detectFormat } from './detect-format.ts';
import type { TimeBase } from './event-time.ts';
import type { GridEvidence, StatedTerms } from './infer-instrument.ts';
import { MarketCsv } from './market-csv.ts';
import { mergeFeeds } from './merge-feeds.ts';
import { hintsFromName, plainSymbol, type NameHints } from './name-hints.ts';
import { loadNseTicks, type NseTicks } from './nse-ticks.ts';
import { RecentIds } from './recent-ids.ts';
import { RowTally, sumReports } from './row-tally.ts';
import { settleInstruments } from './settle-instruments.ts';

export interface DataSpec {
  readonly path: string;
  /** Takes only this symbol of a file with several; names the instrument where the file does not. */
  readonly symbol?: string;
}

export interface RecordedOptions {
  /** The first bad line is an error (DATA_LINE_BAD) instead of a count. */
  readonly strict?: boolean;
  /** Default: event time, unless the recorder's clock is the only one all files have. */
  readonly timeBase?: TimeBase;
  readonly instrumentTerms?: readonly StatedTerms[];
}

/** One opened file before the grids of its instruments are settled. */
interface Part {
  readonly name: string;
  readonly evidence: ReadonlyMap<string, GridEvidence>;
  readonly hints: NameHints;
  readonly batches: (
    instruments: ReadonlyMap<string, Instrument>,
    base: TimeBase,
  ) => AsyncIterable<readonly MarketEvent[]>;
  readonly report: () => DataReport;
  readonly clocks: { readonly event: boolean; readonly local: boolean };
}

/**
 * Opens recorded market data of any known format as one feed, merged by time; several files of one stream carry on from
 * each other. Refuses with DATA_FILE_UNREADABLE, DATA_FILE_DAMAGED, DATA_FORMAT_UNKNOWN, DATA_EMPTY, DATA_LINE_BAD,
 * DATA_SYMBOL_UNKNOWN or INSTRUMENT_TERMS. While batches are read, the same come as RefusalError.
 */
export async function openRecordedFeed(
  specs: readonly DataSpec[],
  options: RecordedOptions = {},
): Promise<Result<Feed>> {
  try {
    if (specs.length === 0) return refuse('DATA_EMPTY', 'No data file was given; name at least one.');
    const parts = await openParts(specs, options);
    const instruments = settleInstruments(parts, options.instrumentTerms ?? []);
    if (instruments.size === 0) return nothingUsable(specs, parts);
    const base = options.timeBase ?? defaultBase(parts);
    return ok(mergeFeeds(parts.map((part) => partFeed(part, instruments, base))));
  } catch (error) {
    if (error instanceof RefusalError) return { ok: false, error: error.refusal };
    throw error;
  }
}

async function openParts(specs: readonly DataSpec[], options: RecordedOptions): Promise<Part[]> {
  const strict = options.strict ?? false;
  const parts: Part[] = [];
  const ids = new Map<string, RecentIds>();
  const barTables = new Map<string, BarTable>();
  const barTallies: RowTally[] = [];
  let barHints: NameHints | null = null;
  for (const spec of specs) {
    const format = await detectFormat(spec.path);
    const hints = hintsFromName(spec.path);
    const wanted = spec.symbol === undefined ? null : plainSymbol(spec.symbol.split('.')[0] ?? spec.symbol);
    if (format.kind === 'raw') {
      parts.push(await rawPart(spec.path, wanted, hints, strict, ids));
      continue;
    }
    const source: CsvSource = { path: spec.path, layout: format.layout, hints, wanted };
    if (format.layout.format === 'bars') {
      const tally = new RowTally(spec.path, strict);
      const before = rowsOf(barTables);
      await loadBars(source, tally, barTables);
      if (wanted !== null && rowsOf(barTables) === before) throw unknownSymbol(spec, wanted, tally.report());
      barTallies.push(tally);
      barHints ??= hints;
    } else if (format.layout.format === 'nse-ticks') {
      const tally = new RowTally(spec.path, strict);
      parts.push(ticksPart(await loadNseTicks(source, tally), tally, hints));
    } else parts.push(await marketPart(source, strict, ids));
    const last = parts.at(-1);
    if (wanted !== null && last !== undefined && last.evidence.size === 0 && format.layout.format !== 'bars') {
      throw unknownSymbol(spec, wanted, last.report());
    }
  }
  if (barHints !== null) parts.unshift(barsPart(barTables, barTallies, barHints));
  for (const part of parts)
    for (const symbol of part.evidence.keys()) if (!ids.has(symbol)) ids.set(symbol, new RecentIds());
  return parts;
}

async function rawPart(
  path: string,
  wanted: string | null,
  hints: NameHints,
  strict: boolean,
  ids: ReadonlyMap<string, RecentIds>,
): Promise<Part> {
  const raw = new BinanceRaw(path, wanted, strict);
  const seen = await raw.evidence();
  if (wanted !== null && !seen.has(wanted)) {
    const known = [...seen.keys()].join(', ');
    const sentence = `${path} has no ${wanted}; it holds ${known === '' ? 'no usable message' : known}.`;
    throw new RefusalError({ code: 'DATA_SYMBOL_UNKNOWN', sentence, value: wanted });
  }
  const evidence = new Map([...seen].filter(([symbol]) => wanted === null || symbol === wanted));
  const futures = [...evidence.values()].some((one) => one.futures);
  // A REST snapshot line names no symbol: it can only be placed where the whole file has one.
  const only = seen.size === 1 ? [...seen.keys()][0] : undefined;
  return {
    name: path,
    evidence,
    hints: { ...hints, futures, venue: futures ? 'binance' : (hints.venue ?? 'binance') },
    batches: (instruments, base) =>
      raw.batches(instruments, only === undefined ? null : (instruments.get(only) ?? null), base, ids),
    report: () => raw.tally.report(),
    clocks: { event: true, local: true },
  };
}

async function marketPart(source: CsvSource, strict: boolean, ids: ReadonlyMap<string, RecentIds>): Promise<Part> {
  const file = new MarketCsv(source, strict);
  const evidence = await file.evidence();
  return {
    name: source.path,
    evidence,
    hints: source.hints,
    batches: (instruments, base) => file.batches(instruments, base, ids),
    report: () => file.tally.report(),
    clocks: { event: file.hasEventTime, local: file.hasLocalTime },
  };
}

function barsPart(tables: ReadonlyMap<string, BarTable>, tallies: readonly RowTally[], hints: NameHints): Part {
  return {
    name: tallies.map((tally) => tally.file).join(', '),
    evidence: new Map([...tables].map(([symbol, table]) => [symbol, table.evidence()])),
    hints,
    batches: (instruments) =>
      inOrder([...tables.values()].flatMap((table) => loaded(instruments, table, (i) => table.bars(i)))),
    report: () =>
      sumReports(
        'bars',
        tallies.map((tally) => tally.report()),
      ),
    clocks: { event: true, local: false },
  };
}

function ticksPart(all: readonly NseTicks[], tally: RowTally, hints: NameHints): Part {
  return {
    name: tally.file,
    evidence: new Map(all.map((ticks) => [ticks.symbol, ticks.evidence()])),
    hints,
    batches: (instruments) => inOrder(all.flatMap((ticks) => loaded(instruments, ticks, (i) => ticks.trades(i)))),
    report: () => tally.report(),
    clocks: { event: true, local: false },
  };
}

function loaded<T>(
  instruments: ReadonlyMap<string, Instrument>,
  source: { readonly symbol: string },
  make: (instrument: Instrument) => T[],
): T[] {
  const instrument = instruments.get(source.symbol);
  return instrument === undefined ? [] : make(instrument);
}

const BATCH = 4096;

/** Events of several symbols by time; equal times keep the order of the symbols. */
async function* inOrder(events: MarketEvent[]): AsyncGenerator<readonly MarketEvent[]> {
  const sorted = events.every((event, index) => index === 0 || (events[index - 1]?.at ?? 0) <= event.at);
  if (!sorted) events.sort((a, b) => a.at - b.at);
  for (let from = 0; from < events.length; from += BATCH) yield events.slice(from, from + BATCH);
}

/** Spot book tickers have no event time: with such a file among them, only the recorder's clock orders all alike. */
function defaultBase(parts: readonly Part[]): TimeBase {
  const lacking = parts.some((part) => !part.clocks.event);
  return lacking && parts.every((part) => part.clocks.local) ? 'local' : 'event';
}

function partFeed(part: Part, instruments: ReadonlyMap<string, Instrument>, base: TimeBase): Feed {
  const own = new Map([...instruments].filter(([symbol]) => part.evidence.has(symbol)));
  return {
    id: `file:${basename(part.name)}`,
    instruments: [...own.values()],
    batches: () => part.batches(own, base),
    report: part.report,
  };
}

function rowsOf(tables: ReadonlyMap<string, BarTable>): number {
  let rows = 0;
  for (const table of tables.values()) rows += table.length;
  return rows;
}

function unknownSymbol(spec: DataSpec, wanted: string, report: DataReport): RefusalError {
  const sentence = `${spec.path} has no usable row for ${wanted} (${report.read} rows read${droppedText(report)}).`;
  return new RefusalError({ code: 'DATA_SYMBOL_UNKNOWN', sentence, value: wanted });
}

function nothingUsable(specs: readonly DataSpec[], parts: readonly Part[]): Result<never> {
  const report = sumReports(
    '',
    parts.map((part) => part.report()),
  );
  const files = specs.map((spec) => spec.path).join(', ');
  return refuse('DATA_EMPTY', `${files}: no usable row (${report.read} rows read${droppedText(report)}).`);
}

function droppedText(report: DataReport): string {
  const reasons = Object.entries(report.dropped).map(([reason, count]) => `${count} ${reason}`);
  return reasons.length === 0 ? '' : `; dropped: ${reasons.join(', ')}`;
}
