import type { Clock } from '../clock/clock.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { AccountKind, Order, OrderId, OrderIntent } from '../domain/order.ts';
import type { Result } from '../domain/refusal.ts';
import type { EpochMs, QuantityUnits } from '../domain/units.ts';
import type { ReferencePrice } from './gate.ts';

/** Who executes for accounts; the broker's id. */
export type VenueId = string;

export interface OpenRisk {
  readonly accountId: string;
  readonly accountKind: AccountKind;
  readonly instrument: InstrumentId;
  /** Signed. */
  readonly quantity: QuantityUnits;
}

/** What the kill switch needs of the rest. It trusts nobody: a port that throws is a line in the report, never the end. */
export interface KillSwitchPorts {
  readonly clock: Clock;
  /** Writes the on-disk latch; first effect of every halt. */
  readonly latch: (actor: string, reason: string, at: EpochMs) => Result<unknown>;
  /** Blocks new orders in memory. A practice run, which blocks nothing, says so instead. */
  readonly block: (actor: string, reason: string, at: EpochMs) => string | void;
  /** Protective exits stop re-arming, so that they do not come back while their orders are cancelled. */
  readonly standDown: () => void;
  /** Each is cancelled, closed and verified on its own, so that one that is down or closed holds up none of the others. */
  readonly venues: () => readonly VenueId[];
  /** Everything not closed, of all accounts in scope that this venue serves, UNKNOWN included. */
  readonly openOrders: (venue: VenueId) => readonly Order[];
  readonly findOrder: (id: OrderId) => Order | null;
  readonly cancel: (id: OrderId, reason: string) => Result<unknown>;
  /** Asks the venue about an order whose cancel got no answer. */
  readonly inquire: (id: OrderId) => void;
  /** Positions as the venue has them now; may ask it. Rejects when the venue cannot be asked. */
  readonly readPositions: (venue: VenueId) => Promise<readonly OpenRisk[]>;
  readonly submit: (intent: OrderIntent) => Result<Order>;
  readonly instrument: (id: InstrumentId) => Instrument | null;
  readonly reference: (id: InstrumentId) => ReferencePrice | null;
  readonly marketClosed: (id: InstrumentId) => string | null;
  /** Calls back after every order event, until the returned function is called. */
  readonly onOrder: (callback: () => void) => () => void;
  /** Progress for the window's checklist. */
  readonly onStep?: (step: KillStep) => void;
}

export interface KillSwitchSettings {
  /** Rounds in a row that change nothing after which a venue is given up. */
  readonly idleRounds: number;
  /** Rounds in all. */
  readonly rounds: number;
  readonly cancelTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly readTimeoutMs: number;
  /** Between two rounds, for new liquidity to show. */
  readonly pauseMs: number;
  /** How far through the touch a closing limit goes, as fractions: one per failed try of a position, then the market. */
  readonly collars: readonly number[];
}

export const DEFAULT_KILL_SWITCH: KillSwitchSettings = {
  idleRounds: 5,
  rounds: 40,
  cancelTimeoutMs: 5_000,
  closeTimeoutMs: 5_000,
  readTimeoutMs: 5_000,
  pauseMs: 250,
  collars: [0.005, 0.02],
};

export type KillPhase = 'latch' | 'cancel' | 'await-cancels' | 'read-positions' | 'close' | 'verify';

export interface KillStep {
  readonly at: EpochMs;
  readonly phase: KillPhase;
  /** Null for a step that concerns all of them. */
  readonly venue: VenueId | null;
  readonly ok: boolean;
  readonly sentence: string;
}

/** In ms from the call. */
export interface KillTimes {
  /** Null when the disk took no latch. */
  readonly latchMs: number | null;
  /** Null when there was nothing to cancel. */
  readonly firstCancelMs: number | null;
}

export interface HaltReport {
  readonly latched: boolean;
  readonly cancelled: number;
  readonly times: KillTimes;
  readonly steps: readonly KillStep[];
}

export interface Residual {
  readonly venue: VenueId;
  readonly accountId: string;
  readonly instrument: InstrumentId;
  /** Signed position left, as decimal text; "unknown" when it could not be read. */
  readonly quantity: string;
  readonly code: string;
  readonly sentence: string;
}

export interface VenueReport {
  readonly venue: VenueId;
  readonly flat: boolean;
  readonly rounds: number;
  readonly residuals: readonly Residual[];
}

export interface FlattenReport extends HaltReport {
  /** True only after positions and orders of every venue were read again and nothing was left. */
  readonly flat: boolean;
  readonly verifiedAt: EpochMs | null;
  /** Of the venue that took most. */
  readonly rounds: number;
  readonly tookMs: number;
  readonly venues: readonly VenueReport[];
  readonly residuals: readonly Residual[];
}

/** Cancelling these adds risk, so a halt leaves them: every exit of the engine's own, and stops that somebody placed. */
export function isProtective(order: Pick<Order, 'reduceOnly' | 'source' | 'trigger'>): boolean {
  if (!order.reduceOnly) return false;
  return order.source === 'exit' || order.source === 'flatten' || order.trigger !== null;
}
