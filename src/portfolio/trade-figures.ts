import type { Instrument } from '../domain/instrument.ts';
import { quotientNumber } from '../domain/quotient.ts';
import type { ClosedTrade } from './closed-trades.ts';

/** What a closed trade says about its making. Statistics, hence doubles; null where a figure has no meaning. */
export interface TradeFigures {
  readonly holdingMs: number;
  /** Profit after fees in multiples of the initial risk. */
  readonly rMultiple: number | null;
  /** Target distance over stop distance as first planned. */
  readonly riskReward: number | null;
  /** Excursions per unit of quantity in the quote currency, in percent of the entry, in multiples of the initial risk. */
  readonly mae: Excursion | null;
  readonly mfe: Excursion | null;
  /** Share of the range passed while open that was left to win at the entry: 1 = entered at the best price of it. */
  readonly entryEfficiency: number | null;
  /** Share of that range that the exit took: 1 = left at the best price of it. */
  readonly exitEfficiency: number | null;
  /** Exit minus entry over the range, + for a win: entry + exit efficiency - 1. */
  readonly totalEfficiency: number | null;
  /** Profit before fees over the best open profit. */
  readonly captured: number | null;
}

export interface Excursion {
  readonly money: number;
  readonly price: number;
  readonly pct: number;
  readonly r: number | null;
}

export function tradeFigures(trade: ClosedTrade, instrument: Instrument): TradeFigures {
  const { initialRisk, plannedReward, entryNotional, low, high, entryPrice, exitPrice } = trade;
  const isLong = trade.side === 'long';
  const risk = initialRisk?.toNumber() ?? null;
  const value = entryNotional.toNumber();
  const quantity = trade.quantity * 10 ** -instrument.quantityDigits;
  const excursion = (money: number): Excursion => ({
    money: money + 0,
    price: money / quantity + 0,
    pct: (money / value) * 100 + 0,
    r: risk === null ? null : money / risk + 0,
  });
  const range = high - low;
  const best = isLong ? high : low;
  const worst = isLong ? low : high;
  const share = (from: number, to: number): number | null =>
    !trade.watched || range <= 0 ? null : Math.abs(to - from) / range;
  const gross = trade.pnl.plus(trade.fees).toNumber();
  const moved = (isLong ? exitPrice - entryPrice : entryPrice - exitPrice) + 0;
  return {
    holdingMs: trade.exitTs - trade.entryTs,
    rMultiple: initialRisk === null ? null : quotientNumber(trade.pnl, initialRisk),
    riskReward: initialRisk === null || plannedReward === null ? null : quotientNumber(plannedReward, initialRisk),
    mae: trade.watched ? excursion(trade.mae) : null,
    mfe: trade.watched ? excursion(trade.mfe) : null,
    entryEfficiency: share(entryPrice, best),
    exitEfficiency: share(worst, exitPrice),
    totalEfficiency: !trade.watched || range <= 0 ? null : moved / range,
    captured: !trade.watched || trade.mfe <= 0 ? null : gross / trade.mfe,
  };
}

/** How every figure is made, for reports. */
export const TRADE_DEFINITIONS: Readonly<Record<string, string>> = {
  holdingMs: 'last exit minus first entry',
  initialRisk: 'quantity x distance from each entry to the first stop known while it was open, before fees',
  rMultiple: 'profit after fees / initial risk; null without a stop below the entry of a long (above that of a short)',
  riskReward: 'distance to the first target / distance to the first stop, weighted by quantity',
  mae: 'worst open profit before fees, <= 0: entry against the worst price at which it could have been closed while open, times the quantity traded',
  mfe: 'best open profit before fees, >= 0, likewise',
  entryEfficiency: '(best price while open - entry) / (highest - lowest while open); for a short mirrored',
  exitEfficiency: '(exit - worst price while open) / (highest - lowest while open); for a short mirrored',
  totalEfficiency: 'entry efficiency + exit efficiency - 1 = profit per unit / range',
  captured: 'profit before fees / best open profit',
};
