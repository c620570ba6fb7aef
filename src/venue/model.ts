import type { DecimalString } from '../domain/decimal.ts';
import type { ChargesTerms } from './charges/itemised-fees.ts';

/** A share of 1 as a decimal text: "0.0005" is 5 bp. */
type Share = DecimalString;

export type SlippageTerms =
  | { readonly kind: 'none' }
  /** Whole ticks. */
  | { readonly kind: 'ticks'; readonly ticks: number }
  /** A fraction of the price. */
  | { readonly kind: 'fraction'; readonly fraction: DecimalString }
  /** A fraction of the displayed spread; where none is displayed the spread is taken to be one tick. */
  | { readonly kind: 'spread'; readonly fraction: DecimalString }
  /** price x impact x min(order quantity / volume of the last bar or minute, limit)^2; at the limit while no volume is known. */
  | { readonly kind: 'volume-share'; readonly limit: Share; readonly impact: DecimalString }
  /** `ticks` with a seeded probability per fill. */
  | { readonly kind: 'probability'; readonly probability: number; readonly ticks: number };

/** Null = estimated from the data seen so far. Volatility and volume are those of one trading day. */
export interface ImpactScale {
  readonly dailyVolatility: number | null;
  /** In the instrument's quantity, not in units: 6561000 shares, 25000 BTC. */
  readonly dailyVolume: number | null;
  /** Impact is never more than this fraction of the price. */
  readonly cap: number;
  /** Own fills of this age weigh 1/e in the temporary part of the next one. */
  readonly horizonMs: number;
}

export type ImpactTerms =
  | { readonly kind: 'none' }
  /** coefficient x volatility x sqrt(quantity / daily volume), all of it temporary. */
  | ({ readonly kind: 'square-root'; readonly coefficient: number } & ImpactScale)
  /** Almgren, Thum, Hauptmann, Li (2005). */
  | ({
      readonly kind: 'almgren';
      readonly gamma: number;
      readonly eta: number;
      readonly beta: number;
      readonly delta: number;
      /** Null leaves the factor (shares outstanding / daily volume)^delta out. */
      readonly sharesOutstanding: number | null;
    } & ImpactScale);

export type BehindTouchTerms =
  /** A market order takes its whole remainder one tick beyond the touch; on bars it has the whole quantity at the price. */
  | { readonly kind: 'one-tick' }
  /**
   * Level k behind the touch lies k x spacingTicks beyond it and holds touch quantity x decay^k, down to `levels`; what
   * is beyond that is not there. On bars the touch holds `barTouchShare` of the volume of the bar.
   */
  | {
      readonly kind: 'ladder';
      readonly decay: number;
      readonly spacingTicks: number;
      readonly levels: number;
      readonly barTouchShare: number;
    };

export type PriceProtectionTerms =
  | { readonly kind: 'none' }
  /** Ticks beyond the best opposite price. */
  | { readonly kind: 'points'; readonly points: number }
  /** Fraction of the best opposite price. */
  | { readonly kind: 'fraction'; readonly fraction: DecimalString };

/** Every assumption of the matching simulator. Reports print it; each fill names it. */
export interface VenueModel {
  /** L2: full book. L1: best bid and ask only, beyond the touch a market order pays one tick more. */
  readonly depth: 'L1' | 'L2';
  /** Resting orders wait behind the displayed size at their price. */
  readonly queue: boolean;
  /** Displayed size we took is not there again until the venue shows a new size. */
  readonly consumeLiquidity: boolean;
  /**
   * Chance 0..1, seeded, that a touch fills a resting limit whose place in line nothing shows: inside the displayed
   * spread, on bars whose extreme is just its price, where nothing is displayed, or anywhere with `queue` off.
   */
  readonly touchFillProbability: number;
  /**
   * With `queue` off, what a trade of the other side at our price does. chance: fills by `touchFillProbability`.
   * first: nobody stands ahead at a displayed price, so it fills us up to its size; inside the spread it stays chance.
   */
  readonly withoutQueue: 'chance' | 'first';
  /** One-way delay of submit, cancel and modify in ms, plus seeded jitter of the size `jitterMs`. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** uniform: 0..jitterMs; exponential: mean jitterMs; log-normal: median jitterMs, spread `jitterSigma` (of the logarithm). */
  readonly jitterShape: 'uniform' | 'exponential' | 'log-normal';
  readonly jitterSigma: number;
  /** Adverse shift of taker fills. */
  readonly slippage: SlippageTerms;
  /** What our own size does to the price of our taker fills, now and in our next orders. */
  readonly impact: ImpactTerms;
  /** What lies behind the best price where no book shows it (quotes, trades, bars, depth L1). */
  readonly behindTouch: BehindTouchTerms;
  /** How far from the best price a market or stop order may take; the remainder is cancelled. */
  readonly priceProtection: PriceProtectionTerms;
  readonly fees: {
    readonly maker: DecimalString;
    readonly taker: DecimalString;
    /** per fill of an order's first execution */ readonly fixed: DecimalString;
    /** Itemised charges by date and product in place of the rates, which then only estimate for sizing and checks. */
    readonly charges?: ChargesTerms;
  };
  /** Rules of the exchange beyond the instrument's terms: hours, tick slabs, price bands, freeze quantity. */
  readonly rules?: 'nse';
  /** Order of a bar's extremes. adaptive: nearer extreme first; pessimistic: the one that hurts the open position or order first. */
  readonly barPath: 'ohlc' | 'olhc' | 'adaptive' | 'pessimistic';
  /** Share of a bar's volume one bar may fill, 0..1; 0 turns the cap off (bar volume 0 or unknown). */
  readonly barVolumeShare: number;
  /** Where only bars are known, an order sent after a bar's close meets the next open, or at once the close it was decided on. */
  readonly barMarketFill: 'next-open' | 'close';
  /** What becomes of a stop whose trigger the market has already passed when it arrives: refused, or triggered at once. */
  readonly passedStop: 'reject' | 'trigger';
  /** Who gets a trade at a price: the first in line, or everybody there by his share of the displayed size. */
  readonly queuePriority: 'price-time' | 'pro-rata';
  /** Cancels among the orders ahead of us: none = only trades shorten the queue, pro-rata = a shrinking level shortens it by our share. */
  readonly queueCancels: 'none' | 'pro-rata';
  /**
   * What fills a resting order. tape: where trades are reported, only a trade at or through its price (a display that
   * crosses it may be cancelled again before anybody trades); display: a crossing quote or book as well.
   */
  readonly restingFill: 'tape' | 'display';
  /**
   * A trade stamped up to this many ms after a quote may be what that quote already shows: some venues send the quote
   * first and without a time of its own (Binance spot bookTicker). Such a trade is not counted twice.
   */
  readonly tapeLagMs: number;
  /** Extra delay by kind of command, in ms, added to `latencyMs`. */
  readonly commandLatencyMs: { readonly submit: number; readonly modify: number; readonly cancel: number };
}

export const DEFAULT_VENUE_MODEL: VenueModel = {
  depth: 'L2',
  queue: true,
  consumeLiquidity: true,
  touchFillProbability: 0,
  withoutQueue: 'chance',
  latencyMs: 0,
  jitterMs: 0,
  jitterShape: 'uniform',
  jitterSigma: 0.5,
  slippage: { kind: 'none' },
  impact: { kind: 'none' },
  behindTouch: { kind: 'one-tick' },
  priceProtection: { kind: 'none' },
  fees: { maker: '0', taker: '0', fixed: '0' },
  barPath: 'adaptive',
  barVolumeShare: 0,
  barMarketFill: 'next-open',
  passedStop: 'reject',
  queuePriority: 'price-time',
  queueCancels: 'none',
  restingFill: 'tape',
  tapeLagMs: 100,
  commandLatencyMs: { submit: 0, modify: 0, cancel: 0 },
};
