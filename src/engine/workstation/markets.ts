import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { Bar } from '../../domain/market-data.ts';
import { seedOf } from '../../domain/random.ts';
import type { EpochMs, PriceUnits } from '../../domain/units.ts';
import type { Feed } from '../../market/feed.ts';
import { simulatedUniverse, type SimulatedMarket } from '../../market/feeds/sim-universe.ts';
import { SimulatedFeed } from '../../market/feeds/simulated.ts';

/** Where a market's data come from. A feed that ends or fails is opened again from here. */
export interface MarketSource {
  /** "sim:crypto" */
  readonly id: string;
  readonly instruments: readonly Instrument[];
  /** Price before the first tick ever, in price units; 0 = not known. */
  startPrice(instrument: InstrumentId): PriceUnits;
  /** A feed that begins now and goes on from `prices`. */
  open(start: EpochMs, prices: ReadonlyMap<InstrumentId, PriceUnits>): Feed;
  /** Minute bars before `before`, oldest first, the same at every call; for charts only. */
  history?(instrument: InstrumentId, before: EpochMs): readonly Bar[];
  /** Usual distance of two ticks in ms, from which freshness is judged. */
  cadenceMs(instrument: InstrumentId): number;
}

export interface SimulatedMarketOptions {
  readonly seed: number;
  /** Fills the crypto market up with made-up symbols, for capacity tests. */
  readonly count?: number;
}

/** A week of round-the-clock minutes, fifteen NSE sessions. */
const HISTORY_MINUTES = { crypto: 10_080, nse: 5_625 } as const;
/** Book levels per side: enough to trade against; less where a thousand books are kept. */
const DEPTH = 10;
const DEPTH_OF_MANY = 5;
const MANY = 100;

export function simulatedMarket(market: SimulatedMarket, options: SimulatedMarketOptions): MarketSource {
  const count = market === 'crypto' ? options.count : undefined;
  const { symbols } = simulatedUniverse(market, count === undefined ? {} : { count });
  const byId = new Map(symbols.map((symbol) => [symbol.instrument.id, symbol]));
  const depth = symbols.length > MANY ? DEPTH_OF_MANY : DEPTH;
  return {
    id: `sim:${market}`,
    instruments: symbols.map(({ instrument }) => instrument),
    startPrice: (id) => {
      const symbol = byId.get(id);
      if (symbol === undefined) return 0;
      const { instrument, startPrice } = symbol;
      const ticks = Math.round((startPrice * 10 ** instrument.priceDigits) / instrument.tick);
      return ticks * instrument.tick;
    },
    // Another stretch of the market at every start: the same one again would repeat the day.
    open: (start, startPrices) =>
      new SimulatedFeed({ market, seed: seedOf(String(start), options.seed), start, symbols, depth, startPrices }),
    history: (id, before) => {
      const symbol = byId.get(id);
      if (symbol === undefined) return [];
      const feed = new SimulatedFeed({ market, seed: options.seed, start: before, symbols: [symbol] });
      return feed.history(id, HISTORY_MINUTES[market]);
    },
    cadenceMs: (id) => Math.max(1_000, 2_500 / (byId.get(id)?.rate ?? 1)),
  };
}
