import type { Account } from '../domain/account.ts';
import type { DecimalString } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Position } from '../domain/position.ts';
import { RefusalError } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';

/** A trading session as written down: enough to run it again. */
export interface SessionRecord {
  readonly id: string;
  readonly mode: 'paper' | 'live' | 'simulation' | 'backtest';
  readonly status: 'running' | 'stopped' | 'interrupted' | 'failed';
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly seed: number;
  /** JSON: strategies with parameters, risk limits, venue models, feeds with file hashes. The replay reads nothing else. */
  readonly config: string;
  readonly fingerprint: string | null;
}

/** An input of the deterministic core other than market data: a user's command, with its place in the input order. */
export interface CommandRecord {
  readonly sequence: number;
  readonly at: EpochMs;
  readonly name: string;
  readonly input: string;
}

export interface BalanceRecord {
  readonly accountId: string;
  readonly currency: string;
  readonly cash: DecimalString;
  readonly at: EpochMs;
}

export interface SnapshotRecord {
  readonly accountId: string;
  readonly at: EpochMs;
  readonly equity: DecimalString;
  readonly cash: DecimalString;
  readonly realised: DecimalString;
  readonly unrealised: DecimalString;
  readonly fees: DecimalString;
  readonly exposure: DecimalString;
}

export interface SignalRecord {
  readonly at: EpochMs;
  readonly strategyId: string;
  readonly instrument: string;
  readonly direction: string;
  readonly detail: string;
}

/** Decisions and state changes that are nobody's order: risk state, kill switch, limit edits, feed faults, refusals. */
export interface AuditRecord {
  readonly at: EpochMs;
  readonly actor: 'user' | 'engine' | 'risk' | 'strategy' | 'broker';
  readonly action: string;
  readonly reason: string;
  /** JSON. Never a secret. */
  readonly detail: string;
}

/** Latency in ms from submit to first acknowledgement and from submit to fill, measured by the order manager; null unknown. */
export interface ExecutionRecord {
  readonly fill: Fill;
  readonly ackLatencyMs: number | null;
  readonly fillLatencyMs: number | null;
  /** Calibrated confidence of the model behind the signal, 0..1; null or absent when no model spoke. */
  readonly mlConfidence?: number | null;
}

export type JournalRecord =
  | { readonly kind: 'session'; readonly session: SessionRecord }
  | { readonly kind: 'account'; readonly account: Account }
  /** Before the first order, fill or position in it: its digits turn units into the decimals that are stored. */
  | { readonly kind: 'instrument'; readonly instrument: Instrument }
  | { readonly kind: 'command'; readonly command: CommandRecord }
  /** The order as it is after `event` (null for the intent itself, written before anything is sent). */
  | { readonly kind: 'order'; readonly order: Order; readonly event: OrderEvent | null }
  | { readonly kind: 'execution'; readonly execution: ExecutionRecord }
  | { readonly kind: 'position'; readonly position: Position }
  | { readonly kind: 'balance'; readonly balance: BalanceRecord }
  | { readonly kind: 'snapshot'; readonly snapshot: SnapshotRecord }
  | { readonly kind: 'signal'; readonly signal: SignalRecord }
  | { readonly kind: 'audit'; readonly audit: AuditRecord };

/**
 * Where the engine writes before it acts. Everything passed to one `commit` is durable together or not at all.
 * Throws JournalFailure (disk full, locked, corrupt): the caller must then send nothing.
 */
export interface Journal {
  commit(records: readonly JournalRecord[]): void;
  /** SHA-256 over every committed record of the running session in order, without session id, wall-clock fields and paths. */
  fingerprint(): string;
  close(): void;
}

/**
 * NEWER_SCHEMA: written by a later version of the program. INVALID_RECORD: the records contradict the journal (an
 * instrument or account it has never heard of, a fill it already has); nothing of the commit was written.
 */
export type JournalFailureCode =
  | 'DISK_FULL'
  | 'LOCKED'
  | 'CORRUPT'
  | 'READ_ONLY'
  | 'IO'
  | 'MISSING'
  | 'NEWER_SCHEMA'
  | 'INVALID_RECORD';

/** A refusal of the storage: the command line prints its sentence like any other refusal. */
export class JournalFailure extends RefusalError {
  readonly code: JournalFailureCode;

  constructor(code: JournalFailureCode, sentence: string, options?: { cause: unknown }) {
    super({ code, sentence });
    this.name = 'JournalFailure';
    this.code = code;
    if (options !== undefined) this.cause = options.cause;
  }
}
