import { defineInstrument, type Instrument, type InstrumentTerms } from '../../domain/instrument.ts';
import type { Result } from '../../domain/refusal.ts';
import { formatUnits } from '../../domain/units.ts';
import { knownGrid } from './known-grids.ts';
import { natureOf, type NameHints } from './name-hints.ts';

/** Terms somebody states for a symbol; what is stated is not inferred. */
export type StatedTerms = Partial<InstrumentTerms> & { readonly symbol: string };

/** What the data itself shows of an instrument. */
export interface GridEvidence {
  priceDigits: number;
  quantityDigits: number;
  largestPrice: number;
  /** Every price is a multiple of 0.05, the tick of most NSE shares. */
  allOnFivePaise: boolean;
  indianTime: boolean;
}

/**
 * An instrument for recorded data: stated terms first, then the exchange's published grid, then the data (tick = finest
 * decimals seen, `assumedGrid` true). Digits always suffice for the data, even where it lies off the tick grid.
 */
export function inferInstrument(
  symbol: string,
  hints: NameHints,
  evidence: GridEvidence,
  stated: StatedTerms | undefined,
): Result<Instrument> {
  const nature = natureOf(symbol, hints, evidence.indianTime);
  const known = knownGrid(symbol, stated?.venue ?? nature.venue, stated?.kind ?? nature.kind);
  const crypto = nature.kind === 'crypto-spot' || nature.kind === 'crypto-perpetual';
  const quantityDigits = crypto
    ? Math.max(evidence.quantityDigits, fineStepDigits(evidence.largestPrice))
    : evidence.quantityDigits;
  const fivePaise = nature.calendar === 'nse' && evidence.allOnFivePaise && evidence.priceDigits <= 2;
  return defineInstrument({
    ...nature,
    tick: fivePaise ? '0.05' : formatUnits(1, evidence.priceDigits),
    step: formatUnits(1, quantityDigits),
    assumedGrid: known === null && (stated?.tick === undefined || stated.step === undefined),
    ...known,
    ...stated,
    symbol,
    priceDigits: Math.max(evidence.priceDigits, stated?.priceDigits ?? 0),
    quantityDigits: Math.max(evidence.quantityDigits, stated?.quantityDigits ?? 0),
  });
}

/**
 * Coarse volumes (whole units, or turnover in dollars) say nothing about the step of an expensive coin: one step is made
 * worth at most one unit of the quote currency, as the exchanges do (BTC 0.00001, ETH 0.0001, DOGE 1).
 */
function fineStepDigits(largestPrice: number): number {
  let digits = 0;
  while (digits < 8 && largestPrice > 10 ** digits) digits += 1;
  return digits;
}
