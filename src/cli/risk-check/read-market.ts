import { type Json, type JsonObject, listOf, objectOf, pick, timeOf } from '../what-if/script-json.ts';
import { maybeDecimal, onlyKnown, orderFault } from './order-fields.ts';

export type FileLevel = readonly [price: string, quantity: string];

/** Prices of the order's instrument as the file states them. */
export interface FileMarket {
  readonly bid: string | null;
  readonly bidQuantity: string | null;
  readonly ask: string | null;
  readonly askQuantity: string | null;
  readonly last: string | null;
  readonly ageMs: number | null;
  /** Best first. */
  readonly book: { readonly bids: readonly FileLevel[]; readonly asks: readonly FileLevel[] } | null;
}

const QUOTE = ['bid', 'bidQty', 'bidSize', 'ask', 'askQty', 'askSize', 'last', 'mark', 'price', 'ageMs', 't', 'at'];

/** `at`: the time the file judges at, for the age of a quote that has a time of its own. */
export function readMarket(json: JsonObject, at: number | null): FileMarket {
  const whole = pick(json, 'market');
  const market = whole === undefined ? {} : objectOf(whole, 'market');
  onlyKnown(market, [...QUOTE, 'quote', 'book'], 'market');
  const stated = pick(json, 'quote') ?? pick(market, 'quote');
  const quote = stated === undefined ? market : objectOf(stated, 'quote');
  if (stated !== undefined) onlyKnown(quote, QUOTE, 'quote');
  const book = readBook(pick(json, 'book') ?? pick(market, 'book'));
  const last = maybeDecimal(json, 'last', 'last') ?? maybeDecimal(quote, 'last', 'last', 'mark', 'price');
  return {
    bid: maybeDecimal(quote, 'bid', 'bid') ?? book?.bids[0]?.[0] ?? null,
    bidQuantity: maybeDecimal(quote, 'bidQty', 'bidQty', 'bidSize'),
    ask: maybeDecimal(quote, 'ask', 'ask') ?? book?.asks[0]?.[0] ?? null,
    askQuantity: maybeDecimal(quote, 'askQty', 'askQty', 'askSize'),
    last,
    ageMs: ageOf(quote, at),
    book,
  };
}

function ageOf(quote: JsonObject, at: number | null): number | null {
  const age = maybeDecimal(quote, 'ageMs', 'ageMs');
  if (age !== null) {
    if (Number(age) < 0) throw orderFault('ageMs must not be negative.');
    return Number(age);
  }
  const time = pick(quote, 't', 'at');
  if (time === undefined) return null;
  if (at === null) throw orderFault('The quote has a time but the file has none to judge at; give "at", or "ageMs".');
  return Math.max(0, at - timeOf(time, 'quote.t', 'event'));
}

function readBook(value: Json | undefined): FileMarket['book'] {
  if (value === undefined) return null;
  const book = objectOf(value, 'book');
  onlyKnown(book, ['bids', 'asks'], 'book');
  const side = (name: 'bids' | 'asks', sign: 1 | -1): FileLevel[] =>
    listOf(book[name] ?? [], `book.${name}`)
      .map((entry): FileLevel => {
        const level = listOf(entry, `A level of book.${name}`);
        const price = maybeDecimal({ price: level[0] ?? null }, `A price of book.${name}`, 'price');
        const quantity = maybeDecimal({ quantity: level[1] ?? null }, `A quantity of book.${name}`, 'quantity');
        if (price === null || quantity === null || !(Number(price) > 0) || !(Number(quantity) >= 0)) {
          throw orderFault(`A level of book.${name} must be ["price", "quantity"], both above zero.`);
        }
        return [price, quantity];
      })
      .filter(([, quantity]) => Number(quantity) > 0)
      .sort(([a], [b]) => sign * (Number(a) - Number(b)));
  return { bids: side('bids', -1), asks: side('asks', 1) };
}
