import type { Decimal, DecimalString } from './decimal.ts';
import { ok, refuse, type Result } from './refusal.ts';
import { decimalsOf, formatUnits, parseUnits, type PriceUnits, type QuantityUnits } from './units.ts';
import { unitsDecimal } from './units-decimal.ts';

/** "SYMBOL.VENUE" in capitals, e.g. "BTCUSDT.BINANCE", "RELIANCE.NSE". */
export type InstrumentId = string;
export type InstrumentKind = 'crypto-spot' | 'crypto-perpetual' | 'equity' | 'index' | 'currency';

export interface Instrument {
  readonly id: InstrumentId;
  readonly symbol: string;
  readonly venue: string;
  readonly kind: InstrumentKind;
  readonly base: string;
  /** Currency of prices, cash and profit. */
  readonly quote: string;
  /** One price unit is 10^-priceDigits of the quote currency. */
  readonly priceDigits: number;
  readonly quantityDigits: number;
  /** Price increment in price units. */
  readonly tick: PriceUnits;
  /** Quantity increment in quantity units. */
  readonly step: QuantityUnits;
  readonly minQuantity: QuantityUnits;
  readonly maxQuantity: QuantityUnits | null;
  readonly minNotional: DecimalString;
  readonly calendar: 'always' | 'nse';
  /** False where a sale beyond the holding is impossible (spot). */
  readonly shortable: boolean;
  /** True when tick and step were read off the data because nothing stated them. */
  readonly assumedGrid: boolean;
}

export interface InstrumentTerms {
  symbol: string;
  venue: string;
  kind: InstrumentKind;
  base?: string;
  quote: string;
  tick: DecimalString;
  step: DecimalString;
  minQuantity?: DecimalString;
  maxQuantity?: DecimalString;
  minNotional?: DecimalString;
  calendar?: 'always' | 'nse';
  shortable?: boolean;
  assumedGrid?: boolean;
  /** More digits than the tick needs, for data off the tick grid. */
  priceDigits?: number;
  quantityDigits?: number;
}

export function instrumentId(symbol: string, venue: string): InstrumentId {
  return `${symbol.toUpperCase()}.${venue.toUpperCase()}`;
}

/** Builds an instrument from its terms. Refuses INSTRUMENT_TERMS when an increment is not a positive decimal. */
export function defineInstrument(terms: InstrumentTerms): Result<Instrument> {
  const priceDigits = Math.max(terms.priceDigits ?? 0, decimalsOf(terms.tick));
  const quantityDigits = Math.max(terms.quantityDigits ?? 0, decimalsOf(terms.step));
  const tick = Number.isNaN(priceDigits) ? Number.NaN : parseUnits(terms.tick, priceDigits);
  const step = Number.isNaN(quantityDigits) ? Number.NaN : parseUnits(terms.step, quantityDigits);
  if (!(tick > 0) || !(step > 0)) {
    return refuse(
      'INSTRUMENT_TERMS',
      `${terms.symbol}: tick "${terms.tick}" and step "${terms.step}" must be positive decimals.`,
    );
  }
  return ok({
    id: instrumentId(terms.symbol, terms.venue),
    symbol: terms.symbol.toUpperCase(),
    venue: terms.venue.toLowerCase(),
    kind: terms.kind,
    base: terms.base ?? terms.symbol.toUpperCase(),
    quote: terms.quote,
    priceDigits,
    quantityDigits,
    tick,
    step,
    minQuantity: terms.minQuantity === undefined ? step : parseUnits(terms.minQuantity, quantityDigits),
    maxQuantity: terms.maxQuantity === undefined ? null : parseUnits(terms.maxQuantity, quantityDigits),
    minNotional: terms.minNotional ?? '0',
    calendar: terms.calendar ?? 'always',
    shortable: terms.shortable ?? terms.kind !== 'crypto-spot',
    assumedGrid: terms.assumedGrid ?? false,
  });
}

export function priceText(instrument: Instrument, price: PriceUnits): DecimalString {
  return formatUnits(price, instrument.priceDigits);
}

export function quantityText(instrument: Instrument, quantity: QuantityUnits): DecimalString {
  return formatUnits(quantity, instrument.quantityDigits);
}

/** Exact price as a decimal. `price` may carry a fraction of a unit (an average), which is kept. */
export function priceDecimal(instrument: Instrument, price: PriceUnits): Decimal {
  return unitsDecimal(price, instrument.priceDigits);
}

export function quantityDecimal(instrument: Instrument, quantity: QuantityUnits): Decimal {
  return unitsDecimal(quantity, instrument.quantityDigits);
}

/** price x quantity in quote currency, exact. The sign is the sign of the quantity. */
export function notional(instrument: Instrument, price: PriceUnits, quantity: QuantityUnits): Decimal {
  const digits = instrument.priceDigits + instrument.quantityDigits;
  const product = price * quantity;
  if (Number.isSafeInteger(product)) return unitsDecimal(product, digits);
  return unitsDecimal(price, instrument.priceDigits).times(unitsDecimal(quantity, instrument.quantityDigits));
}

/** Quote-currency value of one price unit times one quantity unit, as a double: for statistics and screening only. */
export function unitValue(instrument: Instrument): number {
  return 10 ** -(instrument.priceDigits + instrument.quantityDigits);
}

/** Reads a user's price. Refuses PRICE_INVALID, PRICE_NOT_POSITIVE or PRICE_OFF_TICK. */
export function readPrice(instrument: Instrument, text: DecimalString): Result<PriceUnits> {
  const units = parseUnits(text, instrument.priceDigits);
  const tick = formatUnits(instrument.tick, instrument.priceDigits);
  if (Number.isNaN(units)) {
    const finer = /^-?\d+(\.\d+)?$/.test(text);
    return finer
      ? refuse(
          'PRICE_OFF_TICK',
          `Price ${text} is finer than the tick size ${tick} of ${instrument.symbol}; use a multiple of it.`,
          { value: text, limit: tick },
        )
      : refuse('PRICE_INVALID', `"${text}" is not a price; write it as a plain decimal such as 61826.01.`, {
          value: text,
        });
  }
  if (units <= 0) return refuse('PRICE_NOT_POSITIVE', `Price ${text} must be above zero.`, { value: text, limit: '0' });
  if (units % instrument.tick !== 0) {
    return refuse(
      'PRICE_OFF_TICK',
      `Price ${text} is not a multiple of the tick size ${tick} of ${instrument.symbol}.`,
      { value: text, limit: tick },
    );
  }
  return ok(units);
}

/** Reads a user's quantity. Refuses QUANTITY_INVALID, QUANTITY_NOT_POSITIVE or QUANTITY_OFF_STEP. */
export function readQuantity(instrument: Instrument, text: DecimalString): Result<QuantityUnits> {
  const units = parseUnits(text, instrument.quantityDigits);
  const step = formatUnits(instrument.step, instrument.quantityDigits);
  if (Number.isNaN(units)) {
    const finer = /^-?\d+(\.\d+)?$/.test(text);
    return finer
      ? refuse(
          'QUANTITY_OFF_STEP',
          `Quantity ${text} is finer than the step ${step} of ${instrument.symbol}; use a multiple of it.`,
          { value: text, limit: step },
        )
      : refuse('QUANTITY_INVALID', `"${text}" is not a quantity; write it as a plain decimal such as 0.25.`, {
          value: text,
        });
  }
  if (units <= 0)
    return refuse('QUANTITY_NOT_POSITIVE', `Quantity ${text} must be above zero.`, { value: text, limit: '0' });
  if (units % instrument.step !== 0) {
    return refuse(
      'QUANTITY_OFF_STEP',
      `Quantity ${text} is not a multiple of the step ${step} of ${instrument.symbol}.`,
      { value: text, limit: step },
    );
  }
  return ok(units);
}
