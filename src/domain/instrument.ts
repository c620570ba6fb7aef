import { Decimal, type DecimalString } from './decimal.ts';
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

/** One unit beside a whole is still counted exactly: 10^15 is below 2^53. */
const MOST_DIGITS = 15;

/** Builds an instrument from its terms. Refuses INSTRUMENT_TERMS when an increment is not a positive decimal or too fine. */
export function defineInstrument(terms: InstrumentTerms): Result<Instrument> {
  const priceDigits = Math.max(terms.priceDigits ?? 0, decimalsOf(terms.tick));
  const quantityDigits = Math.max(terms.quantityDigits ?? 0, decimalsOf(terms.step));
  if (priceDigits > MOST_DIGITS || quantityDigits > MOST_DIGITS) {
    return refuse(
      'INSTRUMENT_TERMS',
      `${terms.symbol}: tick "${terms.tick}" and step "${terms.step}" may have at most ${MOST_DIGITS} decimals.`,
    );
  }
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

/** Reads a user's price. Refuses PRICE_INVALID, PRICE_NOT_POSITIVE, PRICE_TOO_LARGE or PRICE_OFF_TICK. */
export function readPrice(instrument: Instrument, text: DecimalString): Result<PriceUnits> {
  return readOnGrid(PRICE, instrument, text, instrument.priceDigits, instrument.tick);
}

/** Reads a user's quantity. Refuses QUANTITY_INVALID, QUANTITY_NOT_POSITIVE, QUANTITY_TOO_LARGE or QUANTITY_OFF_STEP. */
export function readQuantity(instrument: Instrument, text: DecimalString): Result<QuantityUnits> {
  return readOnGrid(QUANTITY, instrument, text, instrument.quantityDigits, instrument.step);
}

interface GridWords {
  readonly code: 'PRICE' | 'QUANTITY';
  readonly noun: string;
  readonly grid: string;
  readonly gridCode: 'OFF_TICK' | 'OFF_STEP';
  readonly example: string;
}

const PRICE: GridWords = { code: 'PRICE', noun: 'Price', grid: 'tick size', gridCode: 'OFF_TICK', example: '61826.01' };
const QUANTITY: GridWords = { code: 'QUANTITY', noun: 'Quantity', grid: 'step', gridCode: 'OFF_STEP', example: '0.25' };

function readOnGrid(
  { code, noun, grid, gridCode, example }: GridWords,
  { symbol }: Instrument,
  text: DecimalString,
  digits: number,
  gridUnits: number,
): Result<number> {
  const units = parseUnits(text, digits);
  const gridText = formatUnits(gridUnits, digits);
  if (Number.isNaN(units)) {
    if (!/^-?\d+(\.\d+)?$/.test(text)) {
      return refuse(
        `${code}_INVALID`,
        `"${text}" is not a ${noun.toLowerCase()}; write it as a plain decimal such as ${example}.`,
        { value: text },
      );
    }
    const largest = formatUnits(Number.MAX_SAFE_INTEGER, digits);
    if (new Decimal(text).abs().gt(largest)) {
      return refuse(`${code}_TOO_LARGE`, `${noun} ${text} is beyond ${largest}, the largest of ${symbol}.`, {
        value: text,
        limit: largest,
      });
    }
    return refuse(
      `${code}_${gridCode}`,
      `${noun} ${text} is finer than the ${grid} ${gridText} of ${symbol}; use a multiple of it.`,
      { value: text, limit: gridText },
    );
  }
  if (units <= 0)
    return refuse(`${code}_NOT_POSITIVE`, `${noun} ${text} must be above zero.`, { value: text, limit: '0' });
  if (units % gridUnits !== 0) {
    return refuse(`${code}_${gridCode}`, `${noun} ${text} is not a multiple of the ${grid} ${gridText} of ${symbol}.`, {
      value: text,
      limit: gridText,
    });
  }
  return ok(units);
}
