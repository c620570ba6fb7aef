import type { InstrumentId } from './instrument.ts';
import type { EpochMs, PriceUnits } from './units.ts';

/** A strategy's opinion. `long`/`short` = be on that side, `flat` = be out. */
export interface Signal {
  readonly strategyId: string;
  readonly instrument: InstrumentId;
  readonly direction: 'long' | 'short' | 'flat';
  /** Estimated chance of a profitable outcome, 0..1; null when the strategy has no estimate. */
  readonly probability: number | null;
  /** Expected return as a fraction, null when not estimated. */
  readonly expectedReturn: number | null;
  readonly stop: PriceUnits | null;
  readonly target: PriceUnits | null;
  /** Intended holding time in ms, null when open. */
  readonly horizonMs: number | null;
  readonly ts: EpochMs;
  readonly reason: string;
}
