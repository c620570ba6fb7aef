import { defineInstrument, type Instrument, type InstrumentTerms } from '../../domain/instrument.ts';
import { RefusalError } from '../../domain/refusal.ts';
import { decimalsOf, formatUnits } from '../../domain/units.ts';
import { type JsonObject } from '../what-if/script-json.ts';
import { statedTerms } from '../what-if/script-instrument.ts';
import { orderFault } from './order-fields.ts';

const QUOTES = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'TUSD', 'USD', 'EUR', 'INR', 'BTC', 'ETH', 'BNB'];

/** Figures of one instrument: its digits suffice for all of them, so that one off the tick reaches the check for it. */
export interface Figures {
  readonly prices: readonly (string | null)[];
  readonly quantities: readonly (string | null)[];
}

/** An instrument from the terms a file states; without a tick or step the finest decimals of the file are taken. */
export function fileInstrument(
  stated: JsonObject | string,
  figures: Figures,
  assume: { readonly quote: string | null; readonly isMargin: boolean },
): Instrument {
  const { symbol: given, ...terms } =
    typeof stated === 'string' ? { symbol: stated } : (statedTerms(stated) ?? { symbol: '' });
  const [name = '', dotted] = given.split('.');
  const [left = '', right] = name.toUpperCase().split('/');
  const symbol = right === undefined ? left : `${left}${right}`;
  if (symbol === '' || symbol === 'TEST') throw orderFault('The file does not name its symbol.');
  const venue = ('venue' in terms ? terms.venue : undefined) ?? dotted?.toLowerCase() ?? 'sim';
  const isNse = venue.toLowerCase() === 'nse';
  const quote = quoteOf(symbol, right, isNse, assume.quote, 'quote' in terms ? terms.quote : undefined);
  const priceDigits = digitsOf(figures.prices, 'price');
  const quantityDigits = digitsOf(figures.quantities, 'quantity');
  const all: InstrumentTerms = {
    kind: isNse ? 'equity' : assume.isMargin ? 'crypto-perpetual' : 'crypto-spot',
    base: right === undefined ? symbol.split(quote)[0] || symbol : left,
    tick: formatUnits(1, priceDigits),
    step: isNse ? '1' : formatUnits(1, quantityDigits),
    calendar: isNse ? 'nse' : 'always',
    ...terms,
    venue,
    symbol,
    quote,
    priceDigits,
    quantityDigits,
  };
  const made = defineInstrument(all);
  if (!made.ok) throw new RefusalError(made.error);
  return made.value;
}

function quoteOf(
  symbol: string,
  slashed: string | undefined,
  isNse: boolean,
  currency: string | null,
  stated: string | undefined,
): string {
  if (stated !== undefined) return stated;
  if (slashed !== undefined && slashed !== '') return slashed;
  if (isNse) return 'INR';
  return QUOTES.find((name) => symbol.endsWith(name) && symbol !== name) ?? currency ?? 'USD';
}

function digitsOf(texts: readonly (string | null)[], what: string): number {
  let digits = 0;
  for (const text of texts) {
    if (text === null) continue;
    const own = decimalsOf(text);
    if (!(own <= 12)) throw orderFault(`The ${what} ${text} has more than 12 decimals.`);
    digits = Math.max(digits, own);
  }
  return digits;
}
