import { snapToTick, times } from '../format/decimal-text.ts';
import { quantityWorth } from '../ticket/default-quantity.ts';

export interface FirstOrder {
  readonly quantity: string;
  readonly stopLoss: string;
}

interface Terms {
  readonly capital: string;
  readonly price: string;
  readonly step: string;
  readonly tick: string;
}

/** A purchase worth a hundredth of the capital with a stop 1 % below: at most a ten-thousandth of it is at stake. */
export function firstOrder({ capital, price, step, tick }: Terms): FirstOrder | null {
  const worth = times(capital, '0.01');
  const quantity = worth === null ? null : (quantityWorth(worth, price, step) ?? step);
  const stopLoss = snapToTick(Number(price) * 0.99, tick);
  return quantity === null || stopLoss === null ? null : { quantity, stopLoss };
}
