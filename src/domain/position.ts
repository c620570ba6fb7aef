import type { Decimal } from './decimal.ts';
import type { InstrumentId } from './instrument.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from './units.ts';

/** Net position of one account in one instrument, average-cost method. */
export interface Position {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  /** Signed: negative is short. */
  readonly quantity: QuantityUnits;
  /** Signed cost of the open quantity in quote currency: average price x quantity. */
  readonly cost: Decimal;
  /** Since the position record began; fees are not in it. */
  readonly realised: Decimal;
  readonly fees: Decimal;
  readonly openedAt: EpochMs | null;
  /** Worst and best mark while open, in price units: MAE and MFE follow from them. */
  readonly lowest: PriceUnits | null;
  readonly highest: PriceUnits | null;
}
