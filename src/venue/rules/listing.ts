import type { DecimalString } from '../../domain/decimal.ts';
import type { QuantityUnits } from '../../domain/units.ts';

export type ListedSegment = 'cash' | 'etf' | 'stock-futures' | 'index-futures' | 'options';

/** What the exchange's contract file says of one security beyond tick, lot and name. */
export interface Listing {
  readonly segment: ListedSegment;
  /**
   * Fixed price band in percent of the base price (2, 5, 10 or 20); "range" = the flexible operating range of securities
   * with derivatives; null = no band.
   */
  readonly band: number | 'range' | null;
  /** Largest quantity of one order; null = the contract file states none. It changes monthly and is never guessed. */
  readonly freezeQuantity: QuantityUnits | null;
  /** Whether derivative contracts exist on it: then it takes part in the closing auction. */
  readonly hasDerivatives: boolean;
  /** Close of the last trading day of the month before, which sets the tick size; null = the instrument's own tick holds. */
  readonly tickReference: DecimalString | null;
  /** Base price of the day's band; null = the last price of the day before that the venue has seen. */
  readonly previousClose: DecimalString | null;
}

/** The large shares of the default universe: all have derivatives. */
export const LISTED_SHARE: Listing = {
  segment: 'cash',
  band: 'range',
  freezeQuantity: null,
  hasDerivatives: true,
  tickReference: null,
  previousClose: null,
};
