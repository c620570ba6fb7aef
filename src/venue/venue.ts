import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { MarketEvent } from '../domain/market-data.ts';
import type { Order, OrderId } from '../domain/order.ts';
import type { VenueEvent } from '../domain/order-event.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { TradedProduct } from './charges/order-charges.ts';
import type { VenueModel } from './model.ts';
import type { Listing } from './rules/listing.ts';

/** The matching simulator. Paper, simulation and backtest use this one; it knows no account money except reduce-only positions. */
export interface Venue {
  submit(order: Order, now: EpochMs): void;
  cancel(orderId: OrderId, now: EpochMs): void;
  modify(
    orderId: OrderId,
    change: { price: PriceUnits | null; trigger: PriceUnits | null; quantity: QuantityUnits },
    now: EpochMs,
  ): void;
  /** Applies market data and matches. Commands whose latency ends before `event.ts` take effect first. */
  onMarket(event: MarketEvent): void;
  /**
   * A bar in two steps, so that a decision made at the open can fill at the open: first the open price alone, then the
   * whole bar through onMarket. `volume` of the bar is needed when the model caps fills by it; without it such a bar
   * fills nothing before onMarket.
   */
  openBar(instrument: InstrumentId, open: PriceUnits, at: EpochMs, volume?: number): void;
  /** Time passes without data: latency queues, GTD and DAY expiry. */
  advanceTo(now: EpochMs): void;
  working(): readonly Order[];
  /** Puts a working order back after a restart without emitting an event (no queue position: it goes to the back). */
  restore(order: Order): void;
}

export interface VenueOptions {
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly model: VenueModel;
  readonly seed: number;
  /** Called synchronously for every outcome, in order. The receiver may call back into submit/cancel/modify: such calls are queued and run before the outermost call returns. */
  readonly emit: (event: VenueEvent) => void;
  /** Signed position, for reduce-only. It must already count every fill that was emitted. */
  readonly position: (accountId: string, instrument: InstrumentId) => QuantityUnits;
  /** End of the trading day an instant belongs to, for DAY orders; null when the instrument trades round the clock (then the UTC day). */
  readonly dayEnd: (instrument: Instrument, now: EpochMs) => EpochMs;
  /** Why the market is closed, as a sentence, or null while it is open. Orders sent to a closed market are rejected. */
  readonly marketClosed?: (instrument: Instrument, now: EpochMs) => string | null;
  /** Calendar time of a venue time, for rules and charges by date; the same where left out. */
  readonly calendarTime?: (at: EpochMs) => EpochMs;
  /** Product an account trades by, for itemised charges; null = the model's own. */
  readonly product?: (accountId: string) => TradedProduct | null;
  /** Contract file of the exchange, for its rules; null = a large share with derivatives. */
  readonly listing?: (instrument: InstrumentId) => Listing | null;
  /** The feed is known to hold bars only: an order sent before the first bar waits for its open instead of being rejected. */
  readonly barsOnly?: boolean;
}
