import type { Decimal, DecimalString } from '../../domain/decimal.ts';
import { notional, type Instrument } from '../../domain/instrument.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';

/** When perpetuals settle funding. `rate` is paid by longs to shorts per interval; negative = shorts pay. */
export interface FundingTerms {
  readonly intervalMs: number;
  readonly rate: DecimalString;
}

/** Eight hours from midnight UTC, as most venues. */
export const FUNDING_INTERVAL_MS = 8 * 3_600_000;

/** Cash that the holder receives (negative: pays): - rate x signed value at the mark price. */
export function fundingPayment(
  instrument: Instrument,
  quantity: QuantityUnits,
  mark: PriceUnits,
  rate: Decimal,
): Decimal {
  return notional(instrument, mark, quantity).times(rate).neg();
}

/** First funding time strictly after `at`. */
export function nextFunding(at: EpochMs, intervalMs: number): EpochMs {
  return (Math.floor(at / intervalMs) + 1) * intervalMs;
}
