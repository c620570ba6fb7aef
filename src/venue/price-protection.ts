import type { Instrument } from '../domain/instrument.ts';
import type { PriceUnits } from '../domain/units.ts';
import type { PriceProtectionTerms } from './model.ts';
import { ratioOf, type Ratio } from './slippage/whole-ticks.ts';

/** The worst price a market or stop order may take, counted from the best opposite price when it takes. */
export class PriceProtection {
  private readonly points: number;
  private readonly ratio: Ratio | null;

  constructor(terms: Exclude<PriceProtectionTerms, { readonly kind: 'none' }>) {
    this.points = terms.kind === 'points' ? terms.points : 0;
    this.ratio = terms.kind === 'fraction' ? ratioOf(terms.fraction) : null;
  }

  /** Never below one tick. A fraction is rounded towards the best price. */
  limit(instrument: Instrument, best: PriceUnits, sign: 1 | -1): PriceUnits {
    const { tick } = instrument;
    const room =
      this.ratio === null
        ? this.points * tick
        : Math.floor((best * this.ratio.numerator) / (this.ratio.denominator * tick) + 1e-9) * tick;
    return Math.max(tick, best + sign * room);
  }
}

export function createPriceProtection(terms: PriceProtectionTerms): PriceProtection | null {
  return terms.kind === 'none' ? null : new PriceProtection(terms);
}
