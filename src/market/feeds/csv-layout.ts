import { columnName, separatorOf, splitRow } from './csv-rows.ts';

export type CsvFormat = 'bars' | 'trades' | 'quotes' | 'nse-ticks';

/** Where a CSV file keeps what; a column number of -1 means that the file has no such column. */
export interface CsvLayout {
  readonly format: CsvFormat;
  readonly separator: string;
  /** The header line as written, null when the file starts with data. */
  readonly header: string | null;
  readonly symbol: number;
  /** Exchange time: open time of a bar, trade time, event time of a quote. */
  readonly time: number;
  /** Used where `time` is empty (spot book tickers have no event times). */
  readonly localTime: number;
  readonly columns: Readonly<Record<string, number>>;
}

type Names = Readonly<Record<string, readonly string[]>>;

const SYMBOL = ['symbol', 'ticker', 'instrument', 'tradingsymbol', 'pair', 'coin'];
const BAR_TIME =
  'open_time timestamp date datetime minute time ts start open_time_ms timestamp_ms start_ms date_time unix'.split(' ');
const LOCAL_TIME = ['local_ns', 'local_timestamp', 'local_ts', 'received_ns', 'local_time'];
const TRADE_TIME =
  'trade_ms trade_time transact_time timestamp event_ms event_time time ts datetime date trans_ms timestamp_ms'.split(
    ' ',
  );
const QUOTE_TIME = 'event_ms event_time trans_ms transaction_time timestamp time ts datetime date timestamp_ms'.split(
  ' ',
);

const BARS: Names = {
  open: ['open', 'open_price'],
  high: ['high', 'high_price'],
  low: ['low', 'low_price'],
  close: ['close', 'close_price'],
};
const QUOTES: Names = {
  bid: ['bid', 'bid_price', 'best_bid', 'best_bid_price'],
  ask: ['ask', 'ask_price', 'best_ask', 'best_ask_price'],
  bidQuantity: ['bid_qty', 'bid_quantity', 'bid_size', 'best_bid_qty', 'bid_amount'],
  askQuantity: ['ask_qty', 'ask_quantity', 'ask_size', 'best_ask_qty', 'ask_amount'],
};
const TICKS: Names = {
  price: ['ltp', 'last_price', 'last_traded_price'],
  volume: ['volume', 'vol', 'vol_traded_today', 'volume_traded', 'cumulative_volume'],
};
const TRADES: Names = { price: ['price', 'p'], quantity: ['qty', 'quantity', 'amount', 'size', 'volume', 'q'] };
const MAKER = ['buyer_is_maker', 'is_buyer_maker', 'm'];
const SIDE = ['side', 'aggressor', 'taker_side'];
const TRADE_ID = ['trade_id', 'id', 'agg_trade_id', 'agg_id', 'tradeid'];

/** Binance kline dump columns, whose files had no header until 2025. */
const KLINE_COLUMNS = { open: 1, high: 2, low: 3, close: 4, volume: 5 };
const NUMERIC = /^-?\d+(\.\d+)?$/;

/** Reads the layout off the first line of a file; null when it is none of the known formats. */
export function csvLayout(firstLine: string): CsvLayout | null {
  const separator = separatorOf(firstLine);
  const cells = splitRow(firstLine, separator);
  return headerless(cells, separator) ?? withHeader(firstLine, cells.map(columnName), separator);
}

function headerless(cells: readonly string[], separator: string): CsvLayout | null {
  const numbers = cells.slice(0, 6).every((cell) => NUMERIC.test(cell.trim()));
  if (!numbers || !/^\d{10,19}$/.test((cells[0] ?? '').trim())) return null;
  if (cells.length !== 6 && cells.length !== 11 && cells.length !== 12) return null;
  return { format: 'bars', separator, header: null, symbol: -1, time: 0, localTime: -1, columns: KLINE_COLUMNS };
}

function withHeader(header: string, names: readonly string[], separator: string): CsvLayout | null {
  const base = { separator, header, symbol: find(names, SYMBOL), localTime: find(names, LOCAL_TIME) };
  const bars = findAll(names, BARS);
  const barTime = find(names, BAR_TIME);
  if (bars !== null && barTime !== -1) {
    const volume = find(names, ['volume', 'vol', 'base_volume', 'volume_base', 'tick_volume']);
    return { ...base, format: 'bars', time: barTime, columns: { ...bars, volume } };
  }
  const quotes = findAll(names, QUOTES);
  const quoteTime = find(names, QUOTE_TIME);
  if (quotes !== null && (quoteTime !== -1 || base.localTime !== -1)) {
    return { ...base, format: 'quotes', time: quoteTime, columns: quotes };
  }
  const ticks = findAll(names, TICKS);
  if (ticks !== null && barTime !== -1) return { ...base, format: 'nse-ticks', time: barTime, columns: ticks };
  const trades = findAll(names, TRADES);
  const tradeTime = find(names, TRADE_TIME);
  if (trades === null || (tradeTime === -1 && base.localTime === -1)) return null;
  const columns = { ...trades, maker: find(names, MAKER), side: find(names, SIDE), id: find(names, TRADE_ID) };
  return { ...base, format: 'trades', time: tradeTime, columns };
}

/** First wanted name that is there: earlier names are the better ones. */
function find(names: readonly string[], wanted: readonly string[]): number {
  for (const name of wanted) {
    const at = names.indexOf(name);
    if (at !== -1) return at;
  }
  return -1;
}

function findAll(names: readonly string[], wanted: Names): Record<string, number> | null {
  const found: Record<string, number> = {};
  for (const [key, options] of Object.entries(wanted)) {
    found[key] = find(names, options);
    if (found[key] === -1) return null;
  }
  return found;
}
