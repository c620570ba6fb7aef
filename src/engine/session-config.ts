import type { MarketEvent } from '../domain/market-data.ts';
import type { Account } from '../domain/account.ts';
import type { DecimalString } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { EpochMs } from '../domain/units.ts';
import type { SimulatedMarket } from '../market/feeds/sim-universe.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { DEFAULT_VENUE_MODEL, type VenueModel } from '../venue/model.ts';
import type { IntradayTerms } from './intraday.ts';
import type { MarginConfig } from './margin-config.ts';
import type { TradePlan } from './trade-plan.ts';
import type { CoreVenue } from './trading-core.ts';

export interface SimulatedFeedConfig {
  readonly kind: 'sim';
  readonly market: SimulatedMarket;
  readonly start: EpochMs;
  readonly end: EpochMs;
}
export interface FileFeedConfig {
  readonly kind: 'file';
  readonly path: string;
  readonly symbol?: string;
  /** Of the file as it was: a replay over other bytes would prove nothing. */
  readonly sha256: string;
}
export type FeedConfig = SimulatedFeedConfig | FileFeedConfig;

/** Everything a session depends on besides the code; written to the journal as JSON and enough to run it again. */
export interface SessionConfig {
  readonly version: 1;
  readonly feeds: readonly FeedConfig[];
  /** Null = every instrument of the feeds. */
  readonly symbols: readonly string[] | null;
  readonly strategies: readonly { readonly id: string; readonly parameters: Readonly<Record<string, number>> }[];
  /** "5s"; null = the bars of the data. */
  readonly timeframe: string | null;
  readonly capital: DecimalString;
  readonly seed: number;
  readonly durationMs: number | null;
  readonly plan: TradePlan;
  readonly models: { readonly crypto: VenueModel; readonly nse: VenueModel };
  readonly limits: RiskLimits;
  readonly staleAfterMs: number;
  /** How shares are traded; sessions recorded without it ran on own money and held overnight. */
  readonly nse?: NseProduct;
  /** How margin accounts are kept; sessions recorded without it knew no liquidation. */
  readonly margin?: CryptoMargin;
}

/** delivery: paid in full, no short sale. intraday: on margin, closed before the session ends. */
export type ShareProduct = 'delivery' | 'intraday';

export interface NseProduct {
  /** by-data: delivery where the data are bars of a day or longer, which have no time to close before the session ends. */
  readonly product: ShareProduct | 'by-data';
  readonly intraday: IntradayTerms;
}

const DAY_MS = 86_400_000;

/** The config with its product settled. A session is a day at most 6 h 15 min long, and its bar may say no more than that. */
export function settledProduct(config: SessionConfig, first: MarketEvent): SessionConfig {
  if (config.nse?.product !== 'by-data') return config;
  const isDaily = first.kind === 'bar' && first.at - first.start >= DAY_MS / 4;
  const product: ShareProduct = isDaily ? 'delivery' : 'intraday';
  const { charges } = config.models.nse.fees;
  const { nse } = config.models;
  const model: VenueModel =
    charges === undefined ? nse : { ...nse, fees: { ...nse.fees, charges: { ...charges, product } } };
  return { ...config, nse: { ...config.nse, product }, models: { ...config.models, nse: model } };
}

export interface CryptoMargin extends MarginConfig {
  /** Of accounts that hold perpetuals. */
  readonly leverage: DecimalString;
}

/** Binance spot's ordinary fee tier; one-way latency of a home connection. */
export const PAPER_CRYPTO_MODEL: VenueModel = {
  ...DEFAULT_VENUE_MODEL,
  latencyMs: 40,
  jitterMs: 20,
  fees: { maker: '0.001', taker: '0.001', fixed: '0' },
};
/** The exchange's own rules and dated charges with a discount broker's plan; the rates are their size on a large order. */
export const PAPER_NSE_MODEL: VenueModel = {
  ...DEFAULT_VENUE_MODEL,
  latencyMs: 60,
  jitterMs: 30,
  fees: {
    maker: '0.0005',
    taker: '0.0005',
    fixed: '0',
    charges: { exchange: 'NSE', plan: 'zerodha', product: 'intraday', uncovered: 'rates' },
  },
  rules: 'nse',
};

export const PAPER_VENUES = { crypto: 'paper-crypto', nse: 'paper-nse' } as const;

export function paperVenues(models: SessionConfig['models']): CoreVenue[] {
  return [
    { id: PAPER_VENUES.crypto, model: models.crypto, serves: (instrument) => instrument.calendar === 'always' },
    { id: PAPER_VENUES.nse, model: models.nse, serves: (instrument) => instrument.calendar === 'nse' },
  ];
}

/**
 * Bars know no time between the close and the next open: with a delay, an order decided at the close of bar i would miss
 * the open of i + 1, and paper would trade a bar later than the backtest of the same data.
 */
export function withoutLatency(models: SessionConfig['models']): SessionConfig['models'] {
  const at = (model: VenueModel): VenueModel => ({ ...model, latencyMs: 0, jitterMs: 0 });
  return { crypto: at(models.crypto), nse: at(models.nse) };
}

/** One paper account for each currency and exchange among the instruments. Spot is bought with cash only. */
export function paperAccounts(
  instruments: readonly Instrument[],
  capital: DecimalString,
  terms: Pick<SessionConfig, 'nse' | 'margin'> = {},
): Account[] {
  const accounts = new Map<string, Account>();
  for (const { quote, calendar, shortable } of instruments) {
    const nse = calendar === 'nse';
    const id = `paper-${quote.toLowerCase()}`;
    const isDelivery = nse && terms.nse?.product === 'delivery';
    const isMargin = !isDelivery && (shortable || accounts.get(id)?.type === 'margin');
    accounts.set(id, {
      id,
      name: `Paper ${quote}`,
      kind: 'paper',
      broker: nse ? PAPER_VENUES.nse : PAPER_VENUES.crypto,
      currency: quote,
      type: isMargin ? 'margin' : 'cash',
      leverage: !isMargin ? '1' : ((nse ? terms.nse?.intraday.leverage : terms.margin?.leverage) ?? '1'),
      startingCash: capital,
    });
  }
  return [...accounts.values()];
}
