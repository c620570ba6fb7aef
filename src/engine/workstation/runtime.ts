import { randomBytes } from 'node:crypto';
import type { SessionStatus } from '../../contract/types.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Fill } from '../../domain/fill.ts';
import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { OrderEvent } from '../../domain/order-event.ts';
import { messageOf, type Refusal } from '../../domain/refusal.ts';
import type { Signal } from '../../domain/signal.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { AuditRecord, CommandRecord } from '../../journal/journal.ts';
import type { MarketStore } from '../../journal/market-store.ts';
import type { SqliteJournal } from '../../journal/sqlite-journal.ts';
import { EquityHighs } from '../../risk/equity-highs.ts';
import type { KillLatch } from '../../risk/kill-latch.ts';
import type { StateChange } from '../../risk/monitor.ts';
import type { CauseSet } from '../../risk/trading-state.ts';
import type { StrategyRun } from '../strategy-run.ts';
import type { TradingCore } from '../trading-core.ts';
import type { AlertLog } from './alert-log.ts';
import { Emitter } from './emitter.ts';
import type { LimitsDesk } from './limits-desk.ts';
import type { MarketSource } from './markets.ts';
import type { TradeBook } from './trade-book.ts';

const FAULT_QUIET_MS = 60_000;

export interface SessionFacts {
  readonly id: string;
  readonly mode: NonNullable<SessionStatus['mode']>;
  readonly seed: number;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly state: SessionStatus['state'];
  readonly sentence: string | null;
}

interface RuntimeParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly wallClock: () => EpochMs;
  readonly journal: SqliteJournal;
  readonly store: MarketStore | null;
  readonly latch: KillLatch;
  readonly limits: LimitsDesk;
  readonly alerts: AlertLog;
}

/** What the desks of the workstation share: the running core, where it writes, and the news of it. */
export class Runtime implements RuntimeParts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly wallClock: () => EpochMs;
  readonly journal: SqliteJournal;
  readonly store: MarketStore | null;
  readonly latch: KillLatch;
  readonly limits: LimitsDesk;
  readonly alerts: AlertLog;
  readonly highs: EquityHighs;
  markets: readonly MarketSource[] = [];
  /** Null where the file of the closed trades could not be opened. */
  trades: TradeBook | null = null;
  session: SessionFacts | null = null;
  closing = false;

  readonly #onFault = (error: unknown): void => this.fault('A part of the engine', error);
  readonly onOrder = new Emitter<[Order, OrderEvent | null]>(this.#onFault);
  readonly onFill = new Emitter<[Fill, Order]>(this.#onFault);
  readonly onSignal = new Emitter<[StrategyRun, Signal]>(this.#onFault);
  readonly onCauses = new Emitter<[CauseSet, StateChange]>(this.#onFault);
  readonly onAudit = new Emitter<[AuditRecord]>(this.#onFault);
  /** Something in the state of session, feeds or strategies changed that no other news tells. */
  readonly onState = new Emitter<[]>(this.#onFault);
  readonly #faultAt = new Map<string, EpochMs>();
  #core: TradingCore | null = null;
  #stopListening: (() => void) | null = null;
  #commands = 0;

  constructor(parts: RuntimeParts) {
    this.dataDir = parts.dataDir;
    this.clock = parts.clock;
    this.wallClock = parts.wallClock;
    this.journal = parts.journal;
    this.store = parts.store;
    this.latch = parts.latch;
    this.limits = parts.limits;
    this.alerts = parts.alerts;
    this.highs = new EquityHighs(parts.dataDir);
  }

  get core(): TradingCore {
    if (this.#core === null) throw new Error('the engine has no core yet');
    return this.#core;
  }

  now(): EpochMs {
    return this.clock.now();
  }

  instrument(id: InstrumentId): Instrument | undefined {
    return this.core.instruments.get(id);
  }

  /** A new session runs on a new core; the news go on. `commands`: how many the session has already. */
  install(core: TradingCore, commands: number): void {
    this.#stopListening?.();
    this.#core?.orders.stop();
    this.#core = core;
    this.#commands = commands;
    this.#stopListening = core.listen({
      onOrder: (order, event) => this.onOrder.emit(order, event),
      onFill: (fill, order) => this.onFill.emit(fill, order),
      onSignal: (run, signal) => this.onSignal.emit(run, signal),
      onCauses: (causes, change) => this.onCauses.emit(causes, change),
      onAudit: (audit) => this.onAudit.emit(audit),
    });
  }

  /** A bug: the part that failed is named, journalled with a reference, and shown; the rest goes on. */
  fault(part: string, error: unknown): void {
    const at = this.now();
    const message = messageOf(error);
    const key = `${part} ${message}`;
    // A fault at every tick must not fill the disk.
    if (at - (this.#faultAt.get(key) ?? Number.NEGATIVE_INFINITY) < FAULT_QUIET_MS) return;
    this.#faultAt.set(key, at);
    const reference = randomBytes(4).toString('hex');
    const sentence = `${part} failed (reference ${reference}): ${message}`;
    const detail = JSON.stringify({ reference, stack: error instanceof Error ? (error.stack ?? null) : null });
    this.core.commit([
      { kind: 'audit', audit: { at, actor: 'engine', action: 'ENGINE_FAULT', reason: sentence, detail } },
    ]);
    this.alerts.raise({ at, severity: 'critical', code: 'ENGINE_FAULT', sentence });
  }

  /** Null, or why no command is taken now. */
  refusesCommands(): Refusal | null {
    if (this.closing) return { code: 'ENGINE_STOPPED', sentence: 'The engine is closing; start it again first.' };
    const state = this.session?.state;
    if (state === 'running' || state === 'paused') return null;
    return { code: 'SESSION_NOT_RUNNING', sentence: 'No session is running; start one before you trade.' };
  }

  /** Writes a user's command down before it is carried out. Null when it is durable. */
  record(name: string, input: unknown, reason = 'asked by the user'): Refusal | null {
    const at = this.now();
    const text = JSON.stringify(input);
    const command: CommandRecord = { sequence: this.#commands + 1, at, name, input: text };
    const audit: AuditRecord = { at, actor: 'user', action: name, reason, detail: text };
    try {
      this.journal.commit([
        { kind: 'command', command },
        { kind: 'audit', audit },
      ]);
    } catch (error) {
      const sentence = messageOf(error);
      this.core.monitor.onJournalFailure(sentence, at);
      return {
        code: 'JOURNAL_FAILED',
        sentence: `Nothing was done, because it could not be written down: ${sentence}`,
      };
    }
    this.#commands += 1;
    this.onAudit.emit(audit);
    return null;
  }
}
