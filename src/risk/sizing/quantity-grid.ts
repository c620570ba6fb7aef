import { Decimal } from '../../domain/decimal.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import { commonLot } from './arithmetic.ts';

/** Which quantities are allowed. */
export interface QuantityGrid {
  /** Quantities are whole multiples of it. */
  readonly lot: Decimal;
  readonly min: Decimal | null;
  readonly max: Decimal | null;
}

export interface GridTerms {
  /** Contracts or shares per lot; null = 1 unless a step is given. */
  readonly lot: Decimal | null;
  /** The venue's quantity step. */
  readonly step: Decimal | null;
  readonly min: Decimal | null;
  readonly max: Decimal | null;
}

/** The grid of a lot size and a step together: their smallest common multiple. Refuses SIZE_GRID. */
export function quantityGrid(terms: GridTerms): Result<QuantityGrid> {
  for (const [name, figure] of Object.entries(terms) as [string, Decimal | null][]) {
    if (figure !== null && !figure.greaterThan(0))
      return refuse('SIZE_GRID', `The ${name} of quantities must be above zero, not ${figure.toFixed()}.`);
  }
  const { step, min, max } = terms;
  const lot = terms.lot ?? step ?? new Decimal(1);
  if (step === null || lot.equals(step)) return ok({ lot, min, max });
  const scale = new Decimal(10).pow(Math.max(lot.decimalPlaces(), step.decimalPlaces()));
  const common = commonLot(lot.times(scale).toNumber(), step.times(scale).toNumber());
  if (!Number.isSafeInteger(common))
    return refuse('SIZE_GRID', `Lot ${lot.toFixed()} and step ${step.toFixed()} have no usable common multiple.`);
  return ok({ lot: new Decimal(common).div(scale), min, max });
}
