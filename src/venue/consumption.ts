import type { PriceUnits, QuantityUnits } from '../domain/units.ts';

interface Taken {
  displayed: QuantityUnits;
  taken: QuantityUnits;
}

/**
 * What has been taken of the displayed quantity of each level of one side. A level is whole again when the venue
 * displays another quantity there; the same quantity shown again proves nothing.
 */
export class Consumption {
  private readonly levels = new Map<PriceUnits, Taken>();

  get isEmpty(): boolean {
    return this.levels.size === 0;
  }

  available(price: PriceUnits, displayed: QuantityUnits): QuantityUnits {
    if (this.levels.size === 0) return displayed;
    const level = this.levels.get(price);
    if (level === undefined || level.displayed !== displayed) return displayed;
    return level.taken >= displayed ? 0 : displayed - level.taken;
  }

  take(price: PriceUnits, displayed: QuantityUnits, quantity: QuantityUnits): void {
    const level = this.levels.get(price);
    if (level === undefined) this.levels.set(price, { displayed, taken: quantity });
    else if (level.displayed === displayed) level.taken += quantity;
    else {
      level.displayed = displayed;
      level.taken = quantity;
    }
  }

  /** The venue displays `displayed` at `price`; 0 = the level is gone. */
  shown(price: PriceUnits, displayed: QuantityUnits): void {
    const level = this.levels.get(price);
    if (level !== undefined && level.displayed !== displayed) this.levels.delete(price);
  }

  /** After a whole new book: forget every level that does not display what it did. */
  compare(displayedAt: (price: PriceUnits) => QuantityUnits): void {
    for (const [price, level] of this.levels) if (displayedAt(price) !== level.displayed) this.levels.delete(price);
  }

  clear(): void {
    this.levels.clear();
  }
}
