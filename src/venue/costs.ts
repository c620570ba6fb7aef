import { Decimal, ZERO } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { PriceUnits } from '../domain/units.ts';
import type { VenueModel } from './model.ts';

/** Slippage and fees of the model, prepared once. */
export class Costs {
  private readonly maker: Decimal;
  private readonly taker: Decimal;
  private readonly fixed: Decimal;
  private readonly makerFree: boolean;
  private readonly takerFree: boolean;
  private readonly ticks: number;
  /** Slippage fraction as numerator / denominator, so that a whole number of ticks stays whole. */
  private readonly numerator: number;
  private readonly denominator: number;

  constructor(model: VenueModel) {
    this.maker = new Decimal(model.fees.maker);
    this.taker = new Decimal(model.fees.taker);
    this.fixed = new Decimal(model.fees.fixed);
    this.makerFree = this.maker.isZero();
    this.takerFree = this.taker.isZero();
    const slippage = model.slippage;
    this.ticks = slippage.kind === 'ticks' ? slippage.ticks : 0;
    const fraction = slippage.kind === 'fraction' ? new Decimal(slippage.fraction) : ZERO;
    this.denominator = 10 ** fraction.decimalPlaces();
    this.numerator = fraction.times(this.denominator).toNumber();
  }

  /**
   * Price of a taker fill after slippage: `price` made worse by whole ticks or by a fraction rounded up to the tick,
   * never worse than `limit` (0 = no limit) and never below one tick. `sign` +1 buy, -1 sell.
   */
  slip(instrument: Instrument, price: PriceUnits, sign: 1 | -1, limit: PriceUnits): PriceUnits {
    if (this.ticks === 0 && this.numerator === 0) return price;
    const tick = instrument.tick;
    let shift = this.ticks * tick;
    if (this.numerator !== 0) {
      const product = price * this.numerator;
      const ticks = Number.isSafeInteger(product)
        ? Math.ceil(product / (this.denominator * tick))
        : new Decimal(price).times(this.numerator).div(this.denominator).div(tick).ceil().toNumber();
      shift += ticks * tick;
    }
    const slipped = Math.max(tick, price + sign * shift);
    return limit !== 0 && sign * (slipped - limit) > 0 ? limit : slipped;
  }

  /** Fee of one fill in quote currency; the fixed part is charged on an order's first fill. */
  fee(notional: Decimal, liquidity: 'maker' | 'taker', first: boolean): Decimal {
    const free = liquidity === 'maker' ? this.makerFree : this.takerFree;
    const fee = free ? ZERO : notional.times(liquidity === 'maker' ? this.maker : this.taker);
    return first && !this.fixed.isZero() ? fee.plus(this.fixed) : fee;
  }
}
