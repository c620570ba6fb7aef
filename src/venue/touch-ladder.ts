import type { Instrument } from '../domain/instrument.ts';
import type { PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { BehindTouchTerms } from './model.ts';

type LadderTerms = Extract<BehindTouchTerms, { readonly kind: 'ladder' }>;

/** Levels behind a best price: what the loops that walk a book need of it. */
export interface DepthView {
  /** 0 when there is no level `index`. */
  priceAt(index: number): PriceUnits;
  quantityAt(index: number): QuantityUnits;
}

/** The levels assumed behind a touch that is all the data show. Level 0 is the touch itself. */
export class TouchLadder implements DepthView {
  readonly terms: LadderTerms;
  private readonly tick: PriceUnits;
  private readonly step: QuantityUnits;
  private readonly spacing: PriceUnits;
  private sign: 1 | -1 = 1;
  private touch: PriceUnits = 0;
  private quantity: QuantityUnits = 0;

  constructor(terms: LadderTerms, instrument: Instrument) {
    this.terms = terms;
    this.tick = instrument.tick;
    this.step = instrument.step;
    this.spacing = terms.spacingTicks * instrument.tick;
  }

  /** Stands behind `touch` on the side that an order of `sign` takes from. */
  behind(sign: 1 | -1, touch: PriceUnits, quantity: QuantityUnits): this {
    this.sign = sign;
    this.touch = touch;
    this.quantity = quantity;
    return this;
  }

  priceAt(index: number): PriceUnits {
    if (index > this.terms.levels || this.touch === 0) return 0;
    const price = this.touch + this.sign * index * this.spacing;
    return price >= this.tick ? price : 0;
  }

  quantityAt(index: number): QuantityUnits {
    if (index > this.terms.levels) return 0;
    return Math.floor((this.quantity * this.terms.decay ** index) / this.step + 1e-9) * this.step;
  }
}

export function createTouchLadder(terms: BehindTouchTerms, instrument: Instrument): TouchLadder | null {
  return terms.kind === 'ladder' ? new TouchLadder(terms, instrument) : null;
}
