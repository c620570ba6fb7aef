import { dayText, istDay, parseDay } from '../clock/ist.ts';
import type { ChargedTrade, Exchange, Product } from '../venue/charges/charge-terms.ts';
import { type ExactJson, FileFigures, readDecimal } from './exact-json.ts';

/** What brokers call the products, beside our own words. */
const PRODUCT_WORDS: Readonly<Record<string, Product>> = {
  delivery: 'delivery',
  cnc: 'delivery',
  intraday: 'intraday',
  mis: 'intraday',
  futures: 'futures',
  fut: 'futures',
  options: 'options',
  opt: 'options',
  exercise: 'exercise',
  'options-exercised': 'exercise',
};

export function productOf(word: string): Product | null {
  const key = word.trim().toLowerCase().replaceAll(/[ _]/g, '-');
  return Object.hasOwn(PRODUCT_WORDS, key) ? (PRODUCT_WORDS[key] ?? null) : null;
}

export interface DayTrades {
  readonly date: string;
  readonly trades: readonly ChargedTrade[];
}

/** India's calendar day of a trade time: epoch ms, an ISO instant (without offset in India's time), or null for "09:15:00". */
function dayOf(text: string, what: string, file: FileFigures): string | null {
  const plain = readDecimal(text);
  if (plain !== null) return dayText(istDay(plain.toNumber()));
  if (/^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text)) return null;
  const shape = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  const date = shape?.[1];
  if (date === undefined || Number.isNaN(parseDay(date)))
    throw file.fault(`${what} must be epoch milliseconds, an ISO instant or a time of day, not "${text}".`);
  if (shape?.[2] === undefined) return date;
  const at = Date.parse(text.replace(' ', 'T'));
  if (Number.isNaN(at)) throw file.fault(`${what} "${text}" is not a time.`);
  return dayText(istDay(at));
}

/** Reads [{time, symbol, side, qty, price, product, exchange?, order?}, ...] of one day. Throws RefusalError TRADES_INVALID. */
export function readDayTrades(json: ExactJson, name: string, givenDate: string | null, exchange: Exchange): DayTrades {
  const file = new FileFigures(name, 'TRADES_INVALID');
  const rows = Array.isArray(json)
    ? file.list(json, 'the file')
    : file.list(file.object(json, 'the file')['trades'], 'trades');
  let date = givenDate;
  const trades = rows.map((row, index): ChargedTrade => {
    const at = `trade ${index + 1}`;
    const trade = file.object(row, at);
    const time = trade['time'] ?? trade['date'] ?? null;
    const day = time === null ? null : dayOf(file.text(time, `${at}: time`), `${at}: time`, file);
    if (day !== null && date !== null && day !== date)
      throw file.fault(
        `${at} is of ${day}, the note is of ${date}; a contract note covers one day, so split the file.`,
      );
    date ??= day;
    const word = file.text(trade['product'], `${at}: product`);
    const product = productOf(word);
    if (product === null)
      throw file.fault(`${at}: product must be delivery, intraday, futures, options or exercise, not "${word}".`);
    const order = trade['order'] ?? trade['orderId'] ?? null;
    return {
      symbol: file.text(trade['symbol'], `${at}: symbol`).toUpperCase(),
      side: file.word(trade['side'], `${at}: side`, ['buy', 'sell']),
      quantity: file.decimal(trade['qty'] ?? trade['quantity'], `${at}: qty`),
      price: file.decimal(trade['price'], `${at}: price`),
      product,
      exchange:
        trade['exchange'] === undefined ? exchange : file.word(trade['exchange'], `${at}: exchange`, ['NSE', 'BSE']),
      order: order === null ? null : file.text(order, `${at}: order`),
    };
  });
  if (date === null)
    throw file.fault('no trade carries its date; add times with a date, or give the day with --date 2026-11-20.');
  return { date, trades };
}
