import { Decimal, ZERO } from '../domain/decimal.ts';
import type { VenueModel } from './model.ts';

/** Fees of the model, prepared once. */
export class Costs {
  private readonly maker: Decimal;
  private readonly taker: Decimal;
  private readonly fixed: Decimal;
  private readonly makerFree: boolean;
  private readonly takerFree: boolean;

  constructor(model: VenueModel) {
    this.maker = new Decimal(model.fees.maker);
    this.taker = new Decimal(model.fees.taker);
    this.fixed = new Decimal(model.fees.fixed);
    this.makerFree = this.maker.isZero();
    this.takerFree = this.taker.isZero();
  }

  /** Fee of one fill in quote currency; the fixed part is charged on an order's first fill. */
  fee(notional: Decimal, liquidity: 'maker' | 'taker', first: boolean): Decimal {
    const free = liquidity === 'maker' ? this.makerFree : this.takerFree;
    const fee = free ? ZERO : notional.times(liquidity === 'maker' ? this.maker : this.taker);
    return first && !this.fixed.isZero() ? fee.plus(this.fixed) : fee;
  }
}
