import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { DataReport, MarketEvent } from '../../src/domain/market-data.ts';
import { type Refusal, RefusalError } from '../../src/domain/refusal.ts';
import { type DataSpec, openRecordedFeed, type RecordedOptions } from '../../src/market/feeds/recorded.ts';
import { defineInstrument, type Instrument, type InstrumentTerms } from '../../src/domain/instrument.ts';

/** A two-decimal, three-decimal-quantity spot pair unless told otherwise. */
export function testInstrument(terms: Partial<InstrumentTerms> = {}): Instrument {
  const made = defineInstrument({
    symbol: 'TESTUSDT',
    venue: 'binance',
    kind: 'crypto-spot',
    quote: 'USDT',
    tick: '0.01',
    step: '0.001',
    ...terms,
  });
  if (!made.ok) throw new Error(made.error.sentence);
  return made.value;
}

export interface OpenedData {
  readonly events: MarketEvent[];
  readonly instruments: readonly Instrument[];
  readonly report: DataReport;
}

/** Writes files into a folder of their own that is removed after the test file. */
export function dataFolder(): (name: string, content: string | Buffer) => string {
  const folder = mkdtempSync(join(tmpdir(), 'market-data-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
}

/** Reads recorded data to its end. */
export async function readAll(specs: string | readonly DataSpec[], options: RecordedOptions = {}): Promise<OpenedData> {
  const feed = await openRecordedFeed(typeof specs === 'string' ? [{ path: specs }] : specs, options);
  if (!feed.ok) throw new RefusalError(feed.error);
  const events: MarketEvent[] = [];
  for await (const batch of feed.value.batches()) events.push(...batch);
  const report = feed.value.report();
  const dropped = Object.values(report.dropped).reduce((sum, count) => sum + count, 0);
  if (report.read !== report.kept + dropped || report.kept !== events.length) {
    throw new Error(`rows not accounted for: ${JSON.stringify(report)}, ${events.length} events`);
  }
  return { events, instruments: feed.value.instruments, report };
}

export async function refusalOf(specs: string | readonly DataSpec[], options: RecordedOptions = {}): Promise<Refusal> {
  try {
    await readAll(specs, options);
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal;
    throw error;
  }
  throw new Error('the data was accepted');
}
