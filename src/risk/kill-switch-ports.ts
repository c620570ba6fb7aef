import type { Clock } from '../clock/clock.ts';
import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { AccountKind, Order, OrderId, OrderIntent } from '../domain/order.ts';
import type { Result } from '../domain/refusal.ts';
import type { EpochMs, QuantityUnits } from '../domain/units.ts';
import type { ReferencePrice } from './gate.ts';

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
  /** Blocks new orders in memory. */
  readonly block: (actor: string, reason: string, at: EpochMs) => void;
  /** Protective exits stop re-arming, so that they do not come back while their orders are cancelled. */
  readonly standDown: () => void;
  /** Everything not closed, of all accounts in scope, UNKNOWN included. */
  readonly openOrders: () => readonly Order[];
  readonly findOrder: (id: OrderId) => Order | null;
  readonly cancel: (id: OrderId, reason: string) => Result<unknown>;
  /** Asks the venue about an order whose cancel got no answer. */
  readonly inquire: (id: OrderId) => void;
  /** Positions as the venue has them now; may ask it. Rejects when the venue cannot be asked. */
  readonly readPositions: () => Promise<readonly OpenRisk[]>;
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
  readonly rounds: number;
  readonly cancelTimeoutMs: number;
  readonly closeTimeoutMs: number;
  /** Between two rounds, for new liquidity to show. */
  readonly pauseMs: number;
  /** Collar of the closing limit orders by round, as fractions of the touch; after the last one a market order. */
  readonly collars: readonly number[];
}

export const DEFAULT_KILL_SWITCH: KillSwitchSettings = {
  rounds: 5,
  cancelTimeoutMs: 5_000,
  closeTimeoutMs: 5_000,
  pauseMs: 250,
  collars: [0.005, 0.02],
};

export interface KillStep {
  readonly at: EpochMs;
  readonly ok: boolean;
  readonly sentence: string;
}

export interface HaltReport {
  readonly latched: boolean;
  readonly cancelled: number;
  readonly steps: readonly KillStep[];
}

export interface Residual {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  /** Signed position left, as decimal text; "unknown" when it could not be read. */
  readonly quantity: string;
  readonly code: string;
  readonly sentence: string;
}

export interface FlattenReport extends HaltReport {
  /** True only after positions and orders were read again and nothing was left. */
  readonly flat: boolean;
  readonly verifiedAt: EpochMs | null;
  readonly rounds: number;
  readonly residuals: readonly Residual[];
}
