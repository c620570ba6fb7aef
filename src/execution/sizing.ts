import { Decimal, ZERO, type DecimalString } from '../domain/decimal.ts';
import { notional, quantityText, type Instrument } from '../domain/instrument.ts';
import { wholeQuotient } from '../domain/quotient.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';
import { parseUnits, powerOfTen, type PriceUnits, type QuantityUnits } from '../domain/units.ts';
import { commonLot, lotsAtRisk, lotsForVolatility } from '../risk/sizing/arithmetic.ts';

/** How much a new position takes. Fractions are of the account after the old position is closed. */
export type SizingRule =
  | { readonly kind: 'all-in' }
  | { readonly kind: 'fraction'; readonly fraction: DecimalString }
  | { readonly kind: 'units'; readonly quantity: DecimalString }
  /** A stop-out loses this fraction of equity, fees and gaps aside. */
  | { readonly kind: 'risk'; readonly fraction: DecimalString }
  /** The position's annualised volatility is this fraction of equity. */
  | { readonly kind: 'volatility'; readonly target: DecimalString };

/** Which quantities are allowed, on top of the instrument's own step. */
export type UnitsRule =
  | { readonly kind: 'integer' }
  | { readonly kind: 'fractional' }
  | { readonly kind: 'step'; readonly step: DecimalString };

/** Charged on entry and on exit: `rate` of the notional plus `fixed` per order, in quote currency. */
export interface Commission {
  readonly rate: DecimalString;
  readonly fixed: DecimalString;
}

/** The account as the new position finds it. */
interface Funds {
  /** Cash free for the position, the old one closed; quote currency. */
  readonly available: Decimal;
  readonly equity: Decimal;
}

export interface SizingInput extends Funds {
  /** What one unit is expected to cost: the next open in a backtest, the ask or bid in paper. */
  readonly price: PriceUnits;
  readonly stop: PriceUnits | null;
  /** Annualised, as a fraction of price (0.6 = 60 %); null when not known. */
  readonly volatility: number | null;
}

export interface Sizer {
  /** False where only the available money decides, so that the caller need not work the equity out. */
  readonly needsEquity: boolean;
  /**
   * A quantity on the grid, within the buying power and the instrument's maximum. Refuses SIZE_ZERO, SIZE_BELOW_MINIMUM,
   * SIZE_NEEDS_STOP, SIZE_NEEDS_VOLATILITY, SIZE_PRICE.
   */
  size(input: SizingInput): Result<QuantityUnits>;
  /** Fees of one order of this size, in quote currency. */
  fees(price: PriceUnits, quantity: QuantityUnits): Decimal;
}

export interface SizerTerms {
  readonly instrument: Instrument;
  readonly sizing: SizingRule;
  readonly units: UnitsRule;
  readonly commission: Commission;
  /** Buying power per unit of own money; "1" = no borrowing. */
  readonly leverage: DecimalString;
}

/** Quantity units per allowed lot: the smallest quantity that is on both the instrument's step and the rule. */
function gridOf(instrument: Instrument, rule: UnitsRule): Result<QuantityUnits> {
  if (rule.kind === 'fractional') return ok(instrument.step);
  const whole = powerOfTen(instrument.quantityDigits);
  const wanted = rule.kind === 'integer' ? whole : parseUnits(rule.step, instrument.quantityDigits);
  if (!(wanted > 0)) {
    return refuse(
      'UNITS_STEP',
      `The unit step ${rule.kind === 'step' ? rule.step : '1'} is not a positive multiple of ${quantityText(instrument, 1)}, the finest quantity of ${instrument.symbol}.`,
    );
  }
  return ok(commonLot(wanted, instrument.step));
}

/** Refuses UNITS_STEP or SIZING_TERMS. */
export function createSizer(terms: SizerTerms): Result<Sizer> {
  const grid = gridOf(terms.instrument, terms.units);
  if (!grid.ok) return grid;
  const leverage = new Decimal(terms.leverage);
  const rate = new Decimal(terms.commission.rate);
  const fixed = new Decimal(terms.commission.fixed);
  const share = shareOf(terms.sizing);
  if (!leverage.greaterThan(0) || rate.isNegative() || fixed.isNegative() || !share.greaterThan(0)) {
    return refuse('SIZING_TERMS', 'Leverage and size must be above zero and commissions not below it.');
  }
  return ok(new GridSizer(terms, grid.value, leverage, rate, fixed, share));
}

function shareOf(sizing: SizingRule): Decimal {
  switch (sizing.kind) {
    case 'all-in':
      return new Decimal(1);
    case 'units':
      return new Decimal(sizing.quantity);
    case 'volatility':
      return new Decimal(sizing.target);
    default:
      return new Decimal(sizing.fraction);
  }
}

class GridSizer implements Sizer {
  readonly needsEquity: boolean;
  readonly #instrument: Instrument;
  readonly #sizing: SizingRule;
  readonly #grid: QuantityUnits;
  /** Null where it changes nothing: backtests size often, and a multiplication by one costs as much as any other. */
  readonly #leverage: Decimal | null;
  readonly #rate: Decimal | null;
  readonly #costFactor: Decimal;
  readonly #fixed: Decimal | null;
  readonly #share: Decimal;
  readonly #minNotional: Decimal;

  constructor(
    terms: SizerTerms,
    grid: QuantityUnits,
    leverage: Decimal,
    rate: Decimal,
    fixed: Decimal,
    share: Decimal,
  ) {
    this.needsEquity = terms.sizing.kind === 'risk' || terms.sizing.kind === 'volatility';
    this.#instrument = terms.instrument;
    this.#sizing = terms.sizing;
    this.#grid = grid;
    this.#leverage = leverage.equals(1) ? null : leverage;
    this.#rate = rate.isZero() ? null : rate;
    this.#costFactor = rate.plus(1);
    this.#fixed = fixed.isZero() ? null : fixed;
    this.#share = share;
    this.#minNotional = new Decimal(terms.instrument.minNotional);
  }

  fees(price: PriceUnits, quantity: QuantityUnits): Decimal {
    if (quantity === 0) return ZERO;
    const charged = this.#rate === null ? ZERO : notional(this.#instrument, price, quantity).times(this.#rate);
    return this.#fixed === null ? charged : charged.plus(this.#fixed);
  }

  size(input: SizingInput): Result<QuantityUnits> {
    const { price } = input;
    if (!(price > 0)) {
      return refuse('SIZE_PRICE', `There is no price of ${this.#instrument.symbol} to size with; wait for a quote.`);
    }
    const wanted = this.#wanted(input);
    if (!wanted.ok) return wanted;
    const { kind } = this.#sizing;
    // `units` is an order for an exact quantity: whether it can be paid is for risk to say.
    if (kind === 'all-in' || kind === 'units') return this.#onGrid(wanted.value, input);
    return this.#onGrid(Math.min(wanted.value, this.#affordable(input, null)), input);
  }

  /** Whole lots the sizing asks for. */
  #wanted(input: SizingInput): Result<number> {
    const sizing = this.#sizing;
    const { price, stop, volatility, equity } = input;
    switch (sizing.kind) {
      case 'all-in':
        return ok(this.#affordable(input, null));
      case 'fraction':
        return ok(this.#affordable(input, this.#share));
      case 'units': {
        const lot = new Decimal(this.#grid).times(new Decimal(10).pow(-this.#instrument.quantityDigits));
        return ok(wholeQuotient(this.#share, lot));
      }
      case 'risk': {
        if (stop === null || stop === price) {
          return refuse(
            'SIZE_NEEDS_STOP',
            'Sizing by risk needs a stop away from the entry price, and the signal has none; add a stop or size otherwise.',
          );
        }
        const lossPerLot = notional(this.#instrument, Math.abs(price - stop), this.#grid);
        return ok(lotsAtRisk(equity, this.#share, lossPerLot).toNumber());
      }
      case 'volatility': {
        if (volatility === null || !Number.isFinite(volatility) || volatility <= 0) {
          return refuse(
            'SIZE_NEEDS_VOLATILITY',
            'Sizing by volatility needs a measured volatility above zero; wait for enough bars or size otherwise.',
          );
        }
        const valuePerLot = notional(this.#instrument, price, this.#grid);
        return ok(lotsForVolatility(equity, this.#share, valuePerLot, volatility).toNumber());
      }
    }
  }

  /** floor(available x leverage x share / price with commission), in lots. */
  #affordable(input: SizingInput, share: Decimal | null): number {
    let budget = input.available;
    if (this.#leverage !== null) budget = budget.times(this.#leverage);
    if (share !== null) budget = budget.times(share);
    if (this.#fixed !== null) budget = budget.minus(this.#fixed);
    if (!budget.greaterThan(0)) return 0;
    const lot = notional(this.#instrument, input.price, this.#grid);
    return wholeQuotient(budget, this.#rate === null ? lot : lot.times(this.#costFactor));
  }

  #onGrid(lots: number, input: SizingInput): Result<QuantityUnits> {
    const instrument = this.#instrument;
    let quantity = lots * this.#grid;
    if (!(quantity > 0)) {
      return refuse(
        'SIZE_ZERO',
        `${this.#sizing.kind} sizing with ${input.available.toFixed()} ${instrument.quote} available gives less than ${quantityText(instrument, this.#grid)} ${instrument.symbol}; nothing is ordered.`,
        { value: '0', limit: quantityText(instrument, this.#grid) },
      );
    }
    const max = Math.min(instrument.maxQuantity ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    if (quantity > max) quantity = Math.floor(max / this.#grid) * this.#grid;
    const value = this.#minNotional.isZero() ? null : notional(instrument, input.price, quantity);
    if (quantity < instrument.minQuantity || (value !== null && value.lessThan(this.#minNotional))) {
      return refuse(
        'SIZE_BELOW_MINIMUM',
        `${quantityText(instrument, quantity)} ${instrument.symbol} is below what the venue takes (quantity ${quantityText(instrument, instrument.minQuantity)}, value ${instrument.minNotional} ${instrument.quote}); nothing is ordered.`,
        { value: quantityText(instrument, quantity), limit: quantityText(instrument, instrument.minQuantity) },
      );
    }
    return ok(quantity);
  }
}
