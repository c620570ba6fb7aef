import type { Decimal } from '../domain/decimal.ts';
import { notional, type Instrument } from '../domain/instrument.ts';
import type { PriceUnits, QuantityUnits } from '../domain/units.ts';

/** Sum of price x quantity: whole units in a double while they are exact there, a Decimal only when somebody asks. */
export class ValueSum {
  #whole = 0;
  #rest: Decimal | null = null;

  add(instrument: Instrument, price: PriceUnits, quantity: QuantityUnits): void {
    const product = price * quantity;
    const sum = this.#whole + product;
    if (Number.isSafeInteger(product) && Number.isSafeInteger(sum)) this.#whole = sum;
    else this.addValue(notional(instrument, price, quantity));
  }

  /** Quote currency. */
  addValue(value: Decimal): void {
    this.#rest = this.#rest === null ? value : this.#rest.plus(value);
  }

  /** In quote currency, exact. */
  value(instrument: Instrument): Decimal {
    const whole = notional(instrument, this.#whole, 1);
    return this.#rest === null ? whole : whole.plus(this.#rest);
  }
}
