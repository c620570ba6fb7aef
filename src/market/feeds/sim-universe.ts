import { defineInstrument, type Instrument } from '../../domain/instrument.ts';

/** What the simulated market needs to know of a symbol. Prices and volatilities are round figures, not quotes. */
export interface SimulatedSymbol {
  readonly instrument: Instrument;
  readonly startPrice: number;
  /** Annualised volatility as a fraction. */
  readonly volatility: number;
  /** Share of the common market factor in the symbol's moves. */
  readonly beta: number;
  /** Typical spread in ticks in quiet trading. */
  readonly spreadTicks: number;
  /** Mean events (trades and quote changes) per second at average activity. */
  readonly rate: number;
  /** Mean trade size in base units. */
  readonly tradeSize: number;
}

type Row = readonly [
  symbol: string,
  price: number,
  tick: string,
  step: string,
  volatility: number,
  beta: number,
  spread: number,
  rate: number,
  size: number,
];

const CRYPTO: readonly Row[] = [
  ['BTCUSDT', 61_800, '0.01', '0.00001', 0.55, 0.9, 4, 6, 0.05],
  ['ETHUSDT', 2_650, '0.01', '0.0001', 0.7, 0.85, 2, 4, 0.8],
  ['SOLUSDT', 152, '0.01', '0.001', 0.95, 0.8, 1, 3, 12],
  ['DOGEUSDT', 0.1043, '0.00001', '1', 1.0, 0.75, 1, 3, 4_000],
  ['ADAUSDT', 0.3441, '0.0001', '0.1', 0.9, 0.75, 1, 3, 1_500],
  ['DOTUSDT', 4.612, '0.001', '0.01', 0.9, 0.75, 1, 3, 100],
];

const NSE: readonly Row[] = [
  ['RELIANCE', 1_408, '0.1', '1', 0.24, 0.7, 1, 2.5, 60],
  ['TCS', 3_412, '0.1', '1', 0.22, 0.55, 2, 2, 25],
  ['HDFCBANK', 1_954, '0.1', '1', 0.2, 0.75, 1, 2.5, 50],
  ['INFY', 1_561, '0.1', '1', 0.25, 0.55, 1, 2, 50],
  ['ITC', 421.5, '0.05', '1', 0.19, 0.45, 1, 2, 150],
  ['SBIN', 806.4, '0.05', '1', 0.26, 0.75, 1, 2, 120],
  ['BHARTIARTL', 1_853, '0.1', '1', 0.24, 0.5, 2, 1.5, 40],
  ['KOTAKBANK', 2_068, '0.1', '1', 0.23, 0.65, 2, 1.5, 35],
  ['LT', 3_640, '0.1', '1', 0.25, 0.7, 2, 1.5, 20],
  ['HCLTECH', 1_640, '0.1', '1', 0.25, 0.5, 2, 1.5, 40],
];

export type SimulatedMarket = 'crypto' | 'nse';

function symbolOf(market: SimulatedMarket, row: Row): SimulatedSymbol {
  const [symbol, startPrice, tick, step, volatility, beta, spreadTicks, rate, tradeSize] = row;
  const crypto = market === 'crypto';
  const made = defineInstrument({
    symbol,
    venue: crypto ? 'sim' : 'nse',
    kind: crypto ? 'crypto-spot' : 'equity',
    base: crypto ? symbol.replace(/USDT$/, '') : symbol,
    quote: crypto ? 'USDT' : 'INR',
    tick,
    step,
    minNotional: crypto ? '5' : '0',
    calendar: crypto ? 'always' : 'nse',
  });
  if (!made.ok) throw new Error(made.error.sentence);
  return { instrument: made.value, startPrice, volatility, beta, spreadTicks, rate, tradeSize };
}

/**
 * The market's default symbols, cut to `only` when given, and filled up with made-up ones to `count` when given
 * (capacity tests with a thousand symbols). Unknown names in `only` are returned in `unknown`.
 */
export function simulatedUniverse(
  market: SimulatedMarket,
  options: { only?: readonly string[]; count?: number } = {},
): { symbols: SimulatedSymbol[]; unknown: string[] } {
  const rows = market === 'crypto' ? CRYPTO : NSE;
  const all = rows.map((row) => symbolOf(market, row));
  for (let index = all.length; index < (options.count ?? 0); index += 1) {
    const model = rows[index % rows.length];
    if (model === undefined) break;
    const name =
      market === 'crypto' ? `SIM${String(index).padStart(4, '0')}USDT` : `SIM${String(index).padStart(4, '0')}`;
    all.push(symbolOf(market, [name, model[1], model[2], model[3], model[4], model[5], model[6], 0.5, model[8]]));
  }
  if (options.only === undefined) return { symbols: all, unknown: [] };
  const wanted = options.only.map((name) =>
    name
      .toUpperCase()
      .replace(/\.(SIM|NSE)$/, '')
      .replace('/', ''),
  );
  return {
    symbols: all.filter((symbol) => wanted.includes(symbol.instrument.symbol)),
    unknown: wanted.filter((name) => !all.some((symbol) => symbol.instrument.symbol === name)),
  };
}
