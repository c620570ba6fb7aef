import type { Account } from '../../domain/account.ts';
import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import { messageOf, ok, refuse, RefusalError, type Result } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits } from '../../domain/units.ts';
import type { OrderId } from '../../domain/order.ts';
import type { OrderOfJournal } from '../../execution/order-manager.ts';
import { journalSource } from '../../execution/journal-source.ts';
import { recover, type RecoveryReport } from '../../execution/recovery.ts';
import type { JournalReader } from '../../journal/journal-reader.ts';
import type { AuditRecord, JournalRecord, SessionRecord } from '../../journal/journal.ts';
import { type Cause, type CauseSet, raiseCause } from '../../risk/trading-state.ts';
import { PAPER_CRYPTO_MODEL, PAPER_NSE_MODEL, paperVenues } from '../session-config.ts';
import { type CoreOptions, TradingCore } from '../trading-core.ts';
import { dayRecord, highsUnreadable } from './day-records.ts';
import { isDeskSession, SESSION_PREFIX } from './desk-session.ts';
import type { IntradayTerms } from '../intraday.ts';
import type { MarketSource } from './markets.ts';
import { mismatches, positionSums } from './position-sums.ts';
import { rememberOrders, rememberStrategies } from './risk-memory.ts';
import type { Runtime } from './runtime.ts';

export { isDeskSession, SESSION_PREFIX } from './desk-session.ts';

/** Beyond this age of event time a price is stale for market orders and open risk. */
const STALE_AFTER_MS = 10_000;
/** Closed orders in memory; the journal has them all. */
const CLOSED_KEPT = 2_000;
export const VENUE_MODELS = { crypto: PAPER_CRYPTO_MODEL, nse: PAPER_NSE_MODEL } as const;

export interface LastPrice {
  readonly price: PriceUnits;
  readonly ts: EpochMs;
}

export interface SessionChoice {
  readonly mode: 'paper';
  readonly seed: number;
  readonly markets: readonly MarketSource[];
  /** Accounts of a first start, or added with this session. */
  readonly accounts: readonly Account[];
  readonly strategies: readonly unknown[];
  readonly intraday: IntradayTerms;
  readonly lastPrices: ReadonlyMap<InstrumentId, LastPrice>;
}

export interface OpenedSession {
  readonly record: SessionRecord;
  readonly resumed: boolean;
  readonly recovery: RecoveryReport;
}

/**
 * Starts a session where the last one ended. Working orders keep their session, which then goes on under its own id;
 * without any, a new session takes over cash and positions in the commit that opens it. Every step is one commit, so that
 * a crash between two of them is a restart like any other.
 */
export function openSession(runtime: Runtime, choice: SessionChoice): OpenedSession {
  const { journal } = runtime;
  const { read } = journal;
  const sessions = read.sessions();
  const previous = sessions.find(isDeskSession) ?? null;
  const open = previous === null ? [] : read.orders({ sessionId: previous.id, openOnly: true });
  const accounts = accountsOf(previous === null ? [] : read.accounts(previous.id), choice.accounts);
  const instruments = instrumentsOf(choice.markets, read, previous?.id ?? null);
  const positions = previous === null ? [] : read.positions(previous.id);
  const balances = previous === null ? [] : read.balances(previous.id);
  const resumed = previous !== null && open.length > 0;
  const record = resumed ? resumedRecord(previous) : newRecord(runtime, choice, previous);
  const records: JournalRecord[] = sessions
    .filter((session) => session.status === 'running')
    .map((session) => ({
      kind: 'session',
      session: { ...session, status: 'interrupted', endedAt: runtime.wallClock() },
    }));
  records.push({ kind: 'session', session: record });
  const known = new Map(read.instruments().map((instrument) => [instrument.id, JSON.stringify(instrument)]));
  for (const instrument of instruments) {
    if (known.get(instrument.id) !== JSON.stringify(instrument)) records.push({ kind: 'instrument', instrument });
  }
  for (const account of accounts) records.push({ kind: 'account', account });
  // Also of a session that goes on: what the fills after this opening are added to.
  for (const position of positions) records.push({ kind: 'position', position });
  for (const balance of balances) records.push({ kind: 'balance', balance });
  const at = runtime.now();
  const netFilled = previous === null ? undefined : positionSums(read, previous.id);
  const differ = netFilled === undefined ? [] : mismatches(read, positions, netFilled, at);
  const stored = storedCauses(read, runtime.latch.read().written);
  const causes = Array.isArray(stored) ? differ.reduce(raiseCause, stored as CauseSet) : stored;
  // In the commit after which the difference can no longer be seen.
  for (const cause of differ) records.push({ kind: 'audit', audit: mismatchAudit(cause, causes) });
  const first = firstOrder(read, record);
  if (!first.ok) throw new RefusalError(first.error);
  journal.commit(records);

  let monitored: TradingCore | null = null;
  const core = new TradingCore({
    // Nothing may move the clock but the clock itself.
    clock: { now: () => runtime.clock.now(), setTimer: (at, callback) => runtime.clock.setTimer(at, callback) },
    journal,
    accounts,
    instruments,
    venues: paperVenues(VENUE_MODELS),
    seed: choice.seed,
    limits: (accountId) => runtime.limits.inForce(accountId, monitored?.monitor.day(accountId)?.startEquity ?? null),
    sessions: true,
    intraday: choice.intraday,
    staleAfterMs: STALE_AFTER_MS,
    orderPrefix: orderPrefix(record),
    firstOrder: first.value,
    findByKey: (key) => read.orderByKey(key)?.order ?? null,
    retention: { keepClosed: CLOSED_KEPT, find: (id) => orderOfJournal(read, record.id, id) },
    barFill: 'next-open',
    ...roundTrips(runtime, instruments),
  });
  monitored = core;
  const restored = core.portfolio.restore(positions, balances);
  if (!restored.ok) throw new RefusalError(restored.error);
  mark(core, choice.lastPrices);
  const now = runtime.now();
  const highs = runtime.highs.load();
  const days = accounts.flatMap((account) => dayRecord(read, account, now, highs.records));
  core.monitor.restore(causes, days, now);
  core.monitor.keepDays((day) => runtime.highs.write(day));
  if (!highs.readable) core.monitor.raise(highsUnreadable(now), 'risk');
  rememberOrders(core, read);
  if (runtime.limits.scopes.some(({ scope }) => scope.kind === 'strategy')) rememberStrategies(core, read);
  runtime.install(core, resumed ? read.commands(record.id).length : 0);
  for (const { accountId, instrument, quantity } of positions) core.exits.syncNet(accountId, instrument, quantity);
  const brokers = new Map(
    accounts.flatMap((account) => {
      const broker = core.brokers.find((one) => one.id === account.broker);
      return broker === undefined ? [] : [[account.id, broker] as const];
    }),
  );
  const recovery = recover({
    source: journalSource(read, record.id, netFilled),
    manager: core.orders,
    brokers,
    instruments: core.instruments,
    clock: runtime.clock,
    journal,
  });
  runtime.session = {
    id: record.id,
    mode: 'paper',
    seed: record.seed,
    startedAt: record.startedAt,
    endedAt: null,
    state: 'running',
    sentence: null,
  };
  for (const cause of differ) {
    core.monitor.raise(cause, 'risk');
    const { sentence } = cause;
    runtime.alerts.raise({ at, severity: 'critical', code: cause.code, sentence, account: cause.scope });
  }
  return { record, resumed, recovery };
}

function mismatchAudit(cause: Cause, causes: unknown): AuditRecord {
  const { at, code, level, scope, latched, sentence } = cause;
  const detail = JSON.stringify({ level, scope, latched, causes });
  return { at, actor: 'risk', action: `STATE_RAISED_${code}`, reason: sentence, detail };
}

function resumedRecord(previous: SessionRecord): SessionRecord {
  return { ...previous, status: 'running', endedAt: null, fingerprint: null };
}

function newRecord(runtime: Runtime, choice: SessionChoice, previous: SessionRecord | null): SessionRecord {
  // Later than the one before by a second at least, also when the machine's clock was set back: the id comes from it.
  const startedAt = Math.max(runtime.wallClock(), previous === null ? 0 : previous.startedAt + 1_000);
  const config = {
    kind: 'workstation',
    markets: choice.markets.map(({ id, instruments }) => ({ id, instruments: instruments.length })),
    models: VENUE_MODELS,
    intraday: choice.intraday,
    strategies: choice.strategies,
    limits: runtime.limits.state().limits,
  };
  return {
    id: `${SESSION_PREFIX}${new Date(startedAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`,
    mode: choice.mode,
    status: 'running',
    startedAt,
    endedAt: null,
    seed: choice.seed,
    config: JSON.stringify(config),
    fingerprint: null,
  };
}

/** Short, and of one session only, since sessions start a second apart. */
function orderPrefix(record: SessionRecord): string {
  return `${Math.floor(record.startedAt / 1_000)
    .toString(36)
    .toUpperCase()}-`;
}

/** Refuses ORDER_NUMBERING: beginning at 1 again could give a new order the number of one that still works. */
function firstOrder(read: JournalReader, record: SessionRecord): Result<number> {
  const newest = read.ordersPage({ limit: 1 }, { sessionId: record.id }).rows[0]?.order.id;
  if (newest === undefined) return ok(1);
  const prefix = orderPrefix(record);
  const number = newest.startsWith(prefix) ? newest.slice(prefix.length) : '';
  if (/^[1-9]\d{0,14}$/.test(number)) return ok(Number(number) + 1);
  return refuse(
    'ORDER_NUMBERING',
    `The newest order of session ${record.id} is "${newest}", which is no number of that session, so a new order could take the number of an old one. Nothing was started: run "tradewright journal verify", and restore a backup or begin in another data folder.`,
    { value: newest, limit: `${prefix}N` },
  );
}

/** Of this session alone: what was open in an earlier one came over with its opening. */
function orderOfJournal(read: JournalReader, sessionId: string, id: OrderId): OrderOfJournal | null {
  const stored = read.order(id);
  if (stored === null || stored.sessionId !== sessionId) return null;
  return { order: stored.order, fills: read.fills({ sessionId, orderId: id }).map(({ execution }) => execution.fill) };
}

function accountsOf(stored: readonly Account[], added: readonly Account[]): readonly Account[] {
  const accounts = new Map(added.map((account) => [account.id, account]));
  for (const account of stored) accounts.set(account.id, account);
  return [...accounts.values()];
}

/** Those of the markets, and those in which something is held that no market has any more. */
function instrumentsOf(
  markets: readonly MarketSource[],
  read: JournalReader,
  sessionId: string | null,
): readonly Instrument[] {
  const instruments = new Map(markets.flatMap((market) => market.instruments).map((one) => [one.id, one]));
  if (sessionId === null) return [...instruments.values()];
  const needed = new Set([
    ...read.positions(sessionId).map((position) => position.instrument),
    ...read.orders({ sessionId, openOnly: true }).map(({ order }) => order.instrument),
  ]);
  for (const instrument of read.instruments()) {
    if (needed.has(instrument.id) && !instruments.has(instrument.id)) instruments.set(instrument.id, instrument);
  }
  return [...instruments.values()];
}

/** Last known prices value the positions until the market speaks; they carry their own time and so count as stale. */
function mark(core: TradingCore, lastPrices: ReadonlyMap<InstrumentId, LastPrice>): void {
  for (const [id, { price, ts }] of lastPrices) {
    const line = core.board.line(id);
    if (line === null || !(price > 0)) continue;
    line.last = price;
    line.ts = ts;
    core.portfolio.mark(id, 0, 0, price, ts);
  }
}

/**
 * Causes that only a person ends. The others come back by themselves while their condition holds. The latch is a file and
 * speaks for itself, unless it is gone while the journal knows of a halt. What cannot be understood is handed on as it is:
 * the monitor makes a halt of it.
 */
export function storedCauses(read: JournalReader, isLatchThere: boolean): unknown {
  const audit = read.lastAuditOf('STATE_', SESSION_PREFIX);
  if (audit === null) return [];
  try {
    const { causes } = JSON.parse(audit.detail) as { causes?: unknown };
    if (!Array.isArray(causes)) return null;
    return (causes as Cause[]).filter(
      (cause) => cause.latched !== false && (cause.code !== 'KILL_SWITCH' || !isLatchThere),
    );
  } catch {
    return null;
  }
}

/** Trading does not wait for figures about trading: where they cannot be read, the core keeps its own. */
function roundTrips(runtime: Runtime, instruments: readonly Instrument[]): Pick<CoreOptions, 'ledgers'> {
  if (runtime.trades === null) return {};
  try {
    return { ledgers: runtime.trades.open(instruments) };
  } catch (error) {
    runtime.trades.stop();
    runtime.alerts.raise({
      at: runtime.now(),
      severity: 'warning',
      code: 'ANALYTICS_UNAVAILABLE',
      sentence: `Closed trades are not kept: ${messageOf(error)}`,
    });
    return {};
  }
}
