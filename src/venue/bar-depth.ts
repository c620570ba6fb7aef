import type { Instrument } from '../domain/instrument.ts';
import type { PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { TouchLadder } from './touch-ladder.ts';

/**
 * How much one point of a bar holds when depth is assumed behind it. What our earlier orders took at the same point of
 * the same bar is gone.
 */
export class BarDepth {
  readonly ladder: TouchLadder;
  private readonly step: QuantityUnits;
  private bar = -1;
  private point: PriceUnits = 0;
  private takenByBuys: QuantityUnits = 0;
  private takenBySells: QuantityUnits = 0;

  constructor(ladder: TouchLadder, instrument: Instrument) {
    this.ladder = ladder;
    this.step = instrument.step;
  }

  /** The ladder at `point` of bar number `bar`; null while no volume is known. */
  at(bar: number, point: PriceUnits, sign: 1 | -1, volume: number): TouchLadder | null {
    if (bar !== this.bar || point !== this.point) {
      this.bar = bar;
      this.point = point;
      this.takenByBuys = 0;
      this.takenBySells = 0;
    }
    if (!(volume > 0)) return null;
    const touch = Math.floor((volume * this.ladder.terms.barTouchShare) / this.step + 1e-9) * this.step;
    return this.ladder.behind(sign, point, Math.max(this.step, touch));
  }

  /** Quantity already taken at this point by orders of `sign`. */
  taken(sign: 1 | -1): QuantityUnits {
    return sign === 1 ? this.takenByBuys : this.takenBySells;
  }

  take(sign: 1 | -1, quantity: QuantityUnits): void {
    if (sign === 1) this.takenByBuys += quantity;
    else this.takenBySells += quantity;
  }
}
