import { SimulatedClock } from '../clock/simulated.ts';
import type { Account } from '../domain/account.ts';
import type { DataReport, MarketEvent } from '../domain/market-data.ts';
import type { Fill } from '../domain/fill.ts';
import { type Refusal, RefusalError } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import type { Journal, JournalRecord, SessionRecord } from '../journal/journal.ts';
import { TickValidator } from '../market/tick-validator.ts';
import { parseTimeframe, type Timeframe } from '../market/timeframe.ts';
import { RESEARCH_LIMITS } from '../risk/limits.ts';
import type { StateChange } from '../risk/monitor.ts';
import { findStrategy } from '../strategies/registry.ts';
import { EventPump } from './event-pump.ts';
import { ExecutionQuality } from './execution-quality.ts';
import { GrowingSeries } from './growing-series.ts';
import { MarginWatch } from './margin-watch.ts';
import { LossBreaker } from './loss-breaker.ts';
import { Pacer } from './pacer.ts';
import { paperAccounts, paperVenues, type SessionConfig, settledProduct, withoutLatency } from './session-config.ts';
import { openSessionFeed } from './session-feeds.ts';
import { SquareOff } from './square-off.ts';
import { TradingCore } from './trading-core.ts';

const SNAPSHOT_EVERY_MS = 60_000;
const SAMPLE_EVERY_MS = 1_000;

export interface PaperSessionOptions {
  readonly id: string;
  readonly config: SessionConfig;
  readonly journal: Journal;
  /** Data time per wall time; Infinity runs as fast as the machine can. */
  readonly speed: number;
  /** Wall clock, for the session record only. */
  readonly startedAt: EpochMs;
  readonly wallClock: () => EpochMs;
  readonly signal: AbortSignal;
  readonly onProgress?: (events: number, at: EpochMs) => void;
}

export interface PaperSessionOutcome {
  readonly id: string;
  /** As it ran: with everything settled that the data decide. */
  readonly config: SessionConfig;
  readonly fingerprint: string;
  readonly core: TradingCore;
  readonly accounts: readonly Account[];
  readonly data: DataReport;
  readonly fills: readonly Fill[];
  readonly quality: ExecutionQuality;
  readonly changes: readonly StateChange[];
  readonly refusals: readonly Refusal[];
  readonly times: ReadonlyMap<string, GrowingSeries>;
  readonly equity: ReadonlyMap<string, GrowingSeries>;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly stopped: 'end-of-data' | 'duration' | 'asked' | 'failed';
  /** Journal failure that ended the run early, in words. */
  readonly failure: string | null;
}

/** Runs one paper session from its config to its end. The only input besides the config is the wall clock's pace. */
export async function runPaperSession(options: PaperSessionOptions): Promise<PaperSessionOutcome> {
  const feed = await openSessionFeed(options.config);
  const instruments = feed.instruments;
  const batches = feed.batches(options.signal)[Symbol.asyncIterator]();
  const first = await batches.next();
  const firstEvent = first.done === true ? undefined : first.value[0];
  if (first.done === true || firstEvent === undefined) {
    throw new RefusalError({
      code: 'NO_DATA',
      sentence: `${feed.id} holds no usable rows; look at the counts of "tradewright bars --data ..." for the reasons.`,
    });
  }
  const config = settledProduct(options.config, firstEvent);
  const accounts = paperAccounts(instruments, config.capital, config);
  const timeframe = readTimeframe(config.timeframe);
  const start = firstEvent.kind === 'bar' ? firstEvent.start : firstEvent.at;
  // A session written down before a limit existed runs again without it.
  const limits = { ...RESEARCH_LIMITS, ...config.limits };
  const core = new TradingCore({
    clock: new SimulatedClock(start),
    journal: options.journal,
    accounts,
    instruments,
    venues: paperVenues(firstEvent.kind === 'bar' ? withoutLatency(config.models) : config.models),
    seed: config.seed,
    limits: () => limits,
    sessions: true,
    staleAfterMs: config.staleAfterMs,
    orderPrefix: 'o',
    barFill: 'next-open',
    ...(config.nse === undefined ? {} : { intraday: config.nse.intraday }),
  });
  const margin = config.margin === undefined ? null : new MarginWatch(core, config.margin);
  if (config.nse?.product === 'intraday') new SquareOff(core, { terms: config.nse.intraday }).arm();
  margin?.armFunding();
  const record = (status: SessionRecord['status'], fingerprint: string | null): SessionRecord => ({
    id: options.id,
    mode: 'paper',
    status,
    startedAt: options.startedAt,
    endedAt: status === 'running' ? null : options.wallClock(),
    seed: config.seed,
    config: JSON.stringify(options.config),
    fingerprint,
  });
  const opening: JournalRecord[] = [
    { kind: 'session', session: record('running', null) },
    ...instruments.map((instrument): JournalRecord => ({ kind: 'instrument', instrument })),
    ...accounts.map((account): JournalRecord => ({ kind: 'account', account })),
  ];
  options.journal.commit(opening);

  const fills: Fill[] = [];
  const changes: StateChange[] = [];
  const refusals: Refusal[] = [];
  const quality = new ExecutionQuality(core.board);
  let journalFailure: string | null = null;
  const breaker = new LossBreaker(core);
  core.listen({
    onFill: (fill) => {
      fills.push(fill);
      quality.onFill(fill);
    },
    onOrder: (order, event) => {
      quality.onOrder(order, event);
      if (event !== null && (event.type === 'denied' || event.type === 'rejected')) refusals.push(event);
    },
    onSignal: (_run, _signal, refused) => refusals.push(...refused),
    onCauses: (_causes, change) => {
      changes.push(change);
      breaker.onChange(change);
      if (change.kind === 'raised' && change.cause.code === 'JOURNAL_FAILURE') journalFailure = change.cause.sentence;
    },
  });
  for (const { id, parameters } of config.strategies) {
    const definition = findStrategy(id);
    if (!definition.ok) throw new RefusalError(definition.error);
    for (const instrument of instruments) {
      const account = accounts.find((one) => one.currency === instrument.quote);
      const added = core.addStrategy(
        {
          definition: definition.value,
          parameters,
          instrument,
          accountId: account?.id ?? '',
          timeframe,
          plan: config.plan,
        },
        `${id}@${instrument.symbol}`,
      );
      if (!added.ok) throw new RefusalError(added.error);
    }
  }

  const validator = new TickValidator(instruments);
  const pump = new EventPump(core, margin?.isNeeded === true ? margin : null);
  const pacer = new Pacer(options.speed);
  const times = new Map(accounts.map(({ id }) => [id, new GrowingSeries()]));
  const equity = new Map(accounts.map(({ id }) => [id, new GrowingSeries()]));
  const end = config.durationMs === null ? Number.POSITIVE_INFINITY : start + config.durationMs;
  let nextSample = start;
  let nextSnapshot = start + SNAPSHOT_EVERY_MS;
  let now = start;
  let events = 0;
  let stopped: PaperSessionOutcome['stopped'] = 'end-of-data';

  const sample = (at: EpochMs): void => {
    for (const { id } of accounts) {
      times.get(id)?.push(at);
      equity.get(id)?.push(core.portfolio.equityNumber(id));
    }
  };
  const snapshot = (at: EpochMs): void => {
    core.commit(
      accounts.flatMap(({ id }): JournalRecord[] => {
        const figures = core.portfolio.snapshot(id, at);
        return figures === null ? [] : [{ kind: 'snapshot', snapshot: figures }];
      }),
    );
  };
  const take = (event: MarketEvent): void => {
    now = event.at;
    if (!validator.accept(event)) return;
    pump.push(event);
    if (now >= nextSample) {
      sample(now);
      nextSample = now + SAMPLE_EVERY_MS;
    }
    if (now >= nextSnapshot) {
      snapshot(now);
      nextSnapshot = now + SNAPSHOT_EVERY_MS;
    }
  };

  let batch: readonly MarketEvent[] = first.value;
  run: for (;;) {
    for (const event of batch) {
      if (event.at >= end) {
        stopped = 'duration';
        break run;
      }
      if (pacer.early(event.at)) await pacer.until(event.at, options.signal);
      if (options.signal.aborted || journalFailure !== null) {
        stopped = journalFailure === null ? 'asked' : 'failed';
        break run;
      }
      take(event);
    }
    events += batch.length;
    options.onProgress?.(events, now);
    const next = await batches.next();
    if (next.done === true) break;
    batch = next.value;
  }
  await batches.return?.();
  pump.flush();
  for (const account of accounts) core.orders.cancelAll({ accountId: account.id }, 'The session ended');
  core.advanceTo(Math.max(now, core.options.clock.now()) + 60_000);
  sample(now);
  snapshot(now);
  const fingerprint = options.journal.fingerprint();
  if (journalFailure === null) options.journal.commit([{ kind: 'session', session: record('stopped', fingerprint) }]);
  core.orders.stop();
  return {
    id: options.id,
    config,
    fingerprint,
    core,
    accounts,
    data: combine(feed.report(), validator.report()),
    fills,
    quality,
    changes,
    refusals,
    times,
    equity,
    from: start,
    to: now,
    stopped,
    failure: journalFailure,
  };
}

function readTimeframe(name: string | null): Timeframe | null {
  if (name === null) return null;
  const read = parseTimeframe(name);
  if (!read.ok) throw new RefusalError(read.error);
  return read.value;
}

/** Rows that the file reader kept and the tick validator then refused are dropped rows all the same. */
function combine(read: DataReport, refused: Readonly<Record<string, number>>): DataReport {
  const dropped: Record<string, number> = { ...read.dropped };
  let count = 0;
  for (const [reason, number] of Object.entries(refused)) {
    dropped[reason] = (dropped[reason] ?? 0) + number;
    count += number;
  }
  return { ...read, kept: read.kept - count, dropped };
}
