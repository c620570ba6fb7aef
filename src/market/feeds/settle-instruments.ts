import type { Instrument } from '../../domain/instrument.ts';
import { RefusalError } from '../../domain/refusal.ts';
import { type GridEvidence, inferInstrument, type StatedTerms } from './infer-instrument.ts';
import { type NameHints, plainSymbol } from './name-hints.ts';

/** One instrument per symbol over all files: its digits suffice for each of them. */
export function settleInstruments(
  parts: readonly { readonly evidence: ReadonlyMap<string, GridEvidence>; readonly hints: NameHints }[],
  stated: readonly StatedTerms[],
): Map<string, Instrument> {
  const evidence = new Map<string, { hints: NameHints; grid: GridEvidence }>();
  for (const part of parts) {
    for (const [symbol, grid] of part.evidence) {
      const known = evidence.get(symbol);
      const both = known === undefined ? grid : widest(known.grid, grid);
      evidence.set(symbol, { hints: known?.hints ?? part.hints, grid: both });
    }
  }
  const instruments = new Map<string, Instrument>();
  for (const [symbol, { hints, grid }] of evidence) {
    const made = inferInstrument(symbol, hints, grid, termsOf(symbol, stated));
    if (!made.ok) throw new RefusalError(made.error);
    instruments.set(symbol, made.value);
  }
  return instruments;
}

function widest(a: GridEvidence, b: GridEvidence): GridEvidence {
  return {
    priceDigits: Math.max(a.priceDigits, b.priceDigits),
    quantityDigits: Math.max(a.quantityDigits, b.quantityDigits),
    largestPrice: Math.max(a.largestPrice, b.largestPrice),
    allOnFivePaise: a.allOnFivePaise && b.allOnFivePaise,
    indianTime: a.indianTime || b.indianTime,
  };
}

function termsOf(symbol: string, stated: readonly StatedTerms[]): StatedTerms | undefined {
  return stated.find((terms) => plainSymbol(terms.symbol) === symbol);
}
