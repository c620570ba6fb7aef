import type { Instrument } from '../domain/instrument.ts';
import type { DataReport, MarketEvent } from '../domain/market-data.ts';

/**
 * A source of market events, oldest first by `at`. Batches keep an asynchronous source from costing a promise per event;
 * a batch is consumed synchronously. The same interface serves recorded files, the simulated markets and (later) sockets.
 */
export interface Feed {
  readonly id: string;
  /** Known before the first batch. */
  readonly instruments: readonly Instrument[];
  /** May be called once. `signal` stops it early. */
  batches(signal?: AbortSignal): AsyncIterable<readonly MarketEvent[]>;
  /** Accounts for every row read so far. */
  report(): DataReport;
}
