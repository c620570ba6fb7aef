import { basename } from 'node:path';
import type { InstrumentKind } from '../../domain/instrument.ts';

/** What a file name tells: "binance_spot_BTCUSDT_1m_2024.csv.gz" is BTCUSDT on Binance spot. */
export interface NameHints {
  /** Capitals; never empty. */
  readonly symbol: string;
  readonly venue: string | null;
  readonly futures: boolean;
  readonly nse: boolean;
}

const VENUES = new Set(['binance', 'binanceus', 'binanceusdm', 'bybit', 'kraken', 'coinbase', 'kucoin', 'okx', 'nse']);
const FUTURES_WORDS = new Set(['usdm', 'perp', 'perpetual', 'futures', 'linear', 'swap', 'um', 'binanceusdm']);
const OTHER_WORDS = new Set(
  'spot feed stream raw trades trade aggtrades bars bar klines kline candles ohlc ohlcv ticks tick quotes quote depth book bookticker daily hourly minute monthly weekly from to data history historical recorded local utc csv gz jsonl json txt'.split(
    ' ',
  ),
);
/** NIFTY 50 members and indices: a naive time in a file of these is Indian time. */
const NSE_SYMBOLS = new Set(
  'NIFTY NIFTY50 BANKNIFTY JUNIORBEES NIFTYBEES YESBANK ADANIENT ADANIPORTS APOLLOHOSP ASIANPAINT AXISBANK BAJAJFINSV BAJFINANCE BEL BHARTIARTL BPCL BRITANNIA CIPLA COALINDIA DRREDDY EICHERMOT GRASIM HCLTECH HDFCBANK HDFCLIFE HEROMOTOCO HINDALCO HINDUNILVR ICICIBANK INDUSINDBK INFY ITC JSWSTEEL KOTAKBANK LT LTIM M&M MARUTI NESTLEIND NTPC ONGC POWERGRID RELIANCE SBILIFE SBIN SHRIRAMFIN SUNPHARMA TATACONSUM TATAMOTORS TATASTEEL TCS TECHM TITAN TRENT ULTRACEMCO WIPRO'.split(
    ' ',
  ),
);
const CRYPTO_QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'TUSD', 'USD', 'EUR', 'GBP', 'TRY', 'BTC', 'ETH', 'BNB'];
const STABLE_QUOTES = new Set(['FDUSD', 'USDT', 'USDC', 'BUSD', 'TUSD']);
const CRYPTO_BASES = new Set(
  'BTC XBT ETH BNB SOL XRP ADA DOGE LTC DOT LINK AVAX MATIC TRX BCH XLM ATOM UNI ETC FIL SHIB NEAR APT ARB OP AAVE ALGO EOS XMR USDC USDT'.split(
    ' ',
  ),
);
const CURRENCIES = new Set('USD EUR GBP JPY CHF AUD NZD CAD INR CNY SEK NOK SGD HKD ZAR MXN TRY'.split(' '));
const INDICES = new Set(['NIFTY', 'NIFTY50', 'BANKNIFTY', 'SENSEX', 'SPX', 'NDX', 'DJI']);

export function hintsFromName(path: string): NameHints {
  const tokens = basename(path)
    .replace(/\.(gz|csv|jsonl|json|txt|log)(?=$|\.)/gi, '')
    .split(/[^A-Za-z0-9&]+/)
    .filter((token) => token !== '');
  const words = tokens.map((token) => token.toLowerCase());
  const names = tokens.filter((token, index) => isName(token, words[index] ?? ''));
  const symbol = names.find((token) => /^[A-Z][A-Z0-9&]*$/.test(token)) ?? names[0] ?? tokens[0] ?? 'UNKNOWN';
  const next = tokens[tokens.indexOf(symbol) + 1] ?? '';
  return {
    symbol: CRYPTO_BASES.has(symbol.toUpperCase()) ? plainSymbol(`${symbol}-${next}`) : plainSymbol(symbol),
    venue: words.find((word) => VENUES.has(word)) ?? null,
    futures: words.some((word) => FUTURES_WORDS.has(word)),
    nse: words.some((word) => word === 'nse' || word.startsWith('nifty') || word === 'india'),
  };
}

/** Capitals, and "BTC/USDT", "BTC-USDT" and "BTC_USDT" written as BTCUSDT; other dashes belong to the name (BAJAJ-AUTO). */
export function plainSymbol(text: string): string {
  const upper = text.trim().toUpperCase();
  const pair = /^([A-Z0-9]+)[-_/]([A-Z]*)/.exec(upper);
  if (pair === null || pair[1] === undefined) return upper;
  if (CRYPTO_QUOTES.includes(pair[2] ?? '')) return `${pair[1]}${pair[2]}`;
  return CRYPTO_BASES.has(pair[1]) ? pair[1] : upper;
}

function isName(token: string, word: string): boolean {
  if (VENUES.has(word) || FUTURES_WORDS.has(word) || OTHER_WORDS.has(word)) return false;
  return !/^\d/.test(token) && !/^(q[1-4])$/i.test(token);
}

export interface SymbolNature {
  readonly venue: string;
  readonly kind: InstrumentKind;
  readonly base: string;
  readonly quote: string;
  readonly calendar: 'always' | 'nse';
}

/** Venue, kind and currencies of a symbol as far as its name, the file's name and the data's own offset tell. */
export function natureOf(symbol: string, hints: NameHints, indianTime: boolean): SymbolNature {
  const pair = cryptoPair(symbol, hints.venue !== null && hints.venue !== 'nse');
  if (pair !== null) {
    const futures = hints.futures;
    const venue = hints.venue ?? (STABLE_QUOTES.has(pair.quote) ? 'binance' : 'crypto');
    const kind = futures ? 'crypto-perpetual' : 'crypto-spot';
    return { venue: futures && venue === 'binance' ? 'binanceusdm' : venue, kind, ...pair, calendar: 'always' };
  }
  const currencyPair = symbol.length === 6 && CURRENCIES.has(symbol.slice(0, 3)) && CURRENCIES.has(symbol.slice(3));
  if (currencyPair) {
    const [base, quote] = [symbol.slice(0, 3), symbol.slice(3)];
    return { venue: 'fx', kind: 'currency', base, quote, calendar: 'always' };
  }
  const kind = INDICES.has(symbol) ? 'index' : 'equity';
  if (indianTime || hints.nse || NSE_SYMBOLS.has(symbol)) {
    return { venue: 'nse', kind, base: symbol, quote: 'INR', calendar: 'nse' };
  }
  return { venue: hints.venue ?? 'us', kind, base: symbol, quote: 'USD', calendar: 'always' };
}

function cryptoPair(symbol: string, onCryptoVenue: boolean): { base: string; quote: string } | null {
  for (const quote of CRYPTO_QUOTES) {
    const base = symbol.slice(0, -quote.length);
    if (!symbol.endsWith(quote) || base === '') continue;
    return onCryptoVenue || STABLE_QUOTES.has(quote) || CRYPTO_BASES.has(base) ? { base, quote } : null;
  }
  return null;
}
