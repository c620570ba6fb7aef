import type { DecimalString } from '../domain/decimal.ts';

/** Every assumption of the matching simulator. Reports print it; each fill names it. */
export interface VenueModel {
  /** L2: full book. L1: best bid and ask only, beyond the touch a market order pays one tick more. */
  readonly depth: 'L1' | 'L2';
  /** Resting orders wait behind the displayed size at their price. */
  readonly queue: boolean;
  /** Displayed size we took is not there again until the venue shows a new size. */
  readonly consumeLiquidity: boolean;
  /** How trades at exactly our price fill when queue is off: 1 always, 0 never (only a trade through fills). Seeded. */
  readonly touchFillProbability: number;
  /** One-way delay of submit, cancel and modify in ms, plus seeded uniform jitter 0..jitterMs. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** Adverse shift of taker fills: none, whole ticks, or a fraction of the price ("0.0005" = 5 bp). */
  readonly slippage:
    | { readonly kind: 'none' }
    | { readonly kind: 'ticks'; readonly ticks: number }
    | { readonly kind: 'fraction'; readonly fraction: DecimalString };
  readonly fees: {
    readonly maker: DecimalString;
    readonly taker: DecimalString;
    /** per fill of an order's first execution */ readonly fixed: DecimalString;
  };
  /** Order of a bar's extremes. adaptive: nearer extreme first; pessimistic: the one that hurts the open position or order first. */
  readonly barPath: 'ohlc' | 'olhc' | 'adaptive' | 'pessimistic';
  /** Share of a bar's volume one bar may fill, 0..1; 0 turns the cap off (bar volume 0 or unknown). */
  readonly barVolumeShare: number;
  /** Where only bars are known, an order sent after a bar's close meets the next open, or at once the close it was decided on. */
  readonly barMarketFill: 'next-open' | 'close';
  /** What becomes of a stop whose trigger the market has already passed when it arrives: refused, or triggered at once. */
  readonly passedStop: 'reject' | 'trigger';
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
  latencyMs: 0,
  jitterMs: 0,
  slippage: { kind: 'none' },
  fees: { maker: '0', taker: '0', fixed: '0' },
  barPath: 'adaptive',
  barVolumeShare: 0,
  barMarketFill: 'next-open',
  passedStop: 'reject',
  queueCancels: 'none',
  restingFill: 'tape',
  tapeLagMs: 100,
  commandLatencyMs: { submit: 0, modify: 0, cancel: 0 },
};
