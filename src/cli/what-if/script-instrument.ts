import { defineInstrument, type Instrument, type InstrumentKind } from '../../domain/instrument.ts';
import { RefusalError } from '../../domain/refusal.ts';
import { decimalsOf, formatUnits } from '../../domain/units.ts';
import type { StatedTerms } from '../../market/feeds/infer-instrument.ts';
import { LISTING_PARTS, slabTick } from './read-listing.ts';
import type { Script, StepAction } from './read-script.ts';
import { decimalText, type JsonObject, pick, scriptFault, wordOf } from './script-json.ts';

const KINDS: readonly InstrumentKind[] = ['crypto-spot', 'crypto-perpetual', 'equity', 'index', 'currency'];
/** Powers of ten that whole units can have. */
const MAX_DECIMALS = 15;
const QUOTES = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'TUSD', 'USD', 'EUR', 'INR', 'BTC', 'ETH', 'BNB'];
const KNOWN = new Set(
  (
    'symbol venue kind base quote tick step minNotional minQuantity maxQuantity calendar ' +
    // Other spellings, and a note.
    'tickSize size_step stepSize lot minQty maxQty min_notional currency name'
  )
    .split(' ')
    .concat(LISTING_PARTS),
);

/** The terms a script states; what it leaves out is missing here. */
export function statedTerms(instrument: JsonObject | null): StatedTerms | null {
  if (instrument === null) return null;
  for (const key of Object.keys(instrument)) {
    if (!KNOWN.has(key)) throw scriptFault(`instrument has an unknown part "${key}".`);
  }
  const text = (...names: string[]): string | undefined => {
    const value = pick(instrument, ...names);
    return value === undefined ? undefined : decimalText(value, `instrument.${names[0] ?? ''}`);
  };
  const word = (...names: string[]): string | undefined => {
    const value = pick(instrument, ...names);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw scriptFault(`instrument.${names[0] ?? ''} must be a word.`);
    return value;
  };
  const kind = pick(instrument, 'kind');
  const calendar = pick(instrument, 'calendar');
  return withoutHoles({
    symbol: word('symbol') ?? 'TEST',
    venue: word('venue'),
    kind: kind === undefined ? undefined : wordOf(kind, 'instrument.kind', KINDS),
    base: word('base'),
    quote: word('quote', 'currency')?.toUpperCase(),
    tick: text('tick', 'tickSize'),
    step: text('step', 'size_step', 'stepSize', 'lot'),
    minNotional: text('minNotional', 'min_notional'),
    minQuantity: text('minQuantity', 'minQty'),
    maxQuantity: text('maxQuantity', 'maxQty'),
    calendar: calendar === undefined ? undefined : wordOf(calendar, 'instrument.calendar', ['always', 'nse']),
  });
}

function withoutHoles(terms: Record<string, string | undefined> & { symbol: string }): StatedTerms {
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined)) as unknown as StatedTerms;
}

/**
 * The instrument of a script without a recording. Digits suffice for every figure of the script, so that a price off the
 * tick reaches the venue and is refused there. Without a stated tick or step the finest decimals of the script are taken.
 */
export function scriptInstrument(script: Script): Instrument {
  const terms = statedTerms(script.instrument) ?? { symbol: 'TEST' };
  const data = { prices: 0, quantities: 0 };
  const orders = { prices: 0, quantities: 0 };
  for (const { action } of script.steps)
    measure(action, action.kind === 'submit' || action.kind === 'modify' ? orders : data);
  const decimals = Math.max(data.prices, data.quantities, orders.prices, orders.quantities);
  const finest = Math.max(decimals, ...[terms.tick, terms.step].map((text) => decimalsOf(text ?? '0')));
  if (finest > MAX_DECIMALS) {
    throw scriptFault(`A price or quantity has ${finest} decimals; at most ${MAX_DECIMALS} can be kept.`);
  }
  const symbol = terms.symbol.toUpperCase();
  const nse = terms.venue?.toLowerCase() === 'nse';
  const slab = slabTick(script.listing);
  const inName = nse ? 'INR' : QUOTES.find((name) => symbol.includes(name) && !symbol.startsWith(name));
  const quote = terms.quote ?? inName ?? 'USD';
  const made = defineInstrument({
    venue: 'sim',
    kind: nse ? 'equity' : 'crypto-spot',
    base: nse ? symbol : (symbol.split(quote)[0] ?? symbol),
    tick: slab ?? formatUnits(1, Math.max(data.prices, orders.prices)),
    step: formatUnits(1, Math.max(data.quantities, orders.quantities)),
    assumedGrid: (terms.tick === undefined && slab === null) || terms.step === undefined,
    calendar: nse ? 'nse' : 'always',
    ...terms,
    quote,
    // Rupees have two decimals, whatever the figures of the script have.
    priceDigits: Math.max(nse ? 2 : 0, data.prices, orders.prices),
    quantityDigits: Math.max(data.quantities, orders.quantities),
  });
  if (!made.ok) throw new RefusalError(made.error);
  return made.value;
}

function measure(action: StepAction, digits: { prices: number; quantities: number }): void {
  const prices = (...texts: (string | null)[]): void => {
    for (const text of texts) if (text !== null) digits.prices = Math.max(digits.prices, decimalsOf(text));
  };
  const quantities = (...texts: (string | null)[]): void => {
    for (const text of texts) if (text !== null) digits.quantities = Math.max(digits.quantities, decimalsOf(text));
  };
  switch (action.kind) {
    case 'book':
      for (const [price, quantity] of [...action.bids, ...action.asks]) {
        prices(price);
        quantities(quantity);
      }
      break;
    case 'level':
    case 'trade':
      prices(action.price);
      quantities(action.quantity);
      break;
    case 'quote':
      prices(action.bid[0], action.ask[0]);
      quantities(action.bid[1], action.ask[1]);
      break;
    case 'bar':
      prices(action.open, action.high, action.low, action.close);
      break;
    case 'submit': {
      const { order } = action;
      const { bracket, condition, trailing } = order.links;
      prices(order.price, order.trigger, bracket?.stopLoss ?? null, bracket?.takeProfit ?? null);
      prices(condition?.price ?? null, trailing?.activation ?? null);
      if (trailing?.offsetType === 'price') prices(trailing.offset);
      quantities(order.quantity, order.algorithm?.display ?? null);
      break;
    }
    case 'modify':
      prices(action.price, action.trigger);
      quantities(action.quantity);
      break;
    case 'funding':
      if (action.mark !== null) prices(action.mark);
      break;
    case 'cancel':
    case 'observe':
      break;
  }
}
