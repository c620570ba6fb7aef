import { Decimal, ZERO } from '../../domain/decimal.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import { cappedShare, kellyBinary, kellyContinuous, lotsAtRisk, lotsForVolatility } from './arithmetic.ts';
import type { QuantityGrid } from './quantity-grid.ts';

/** What every method may be told; null = not given. */
export interface SizingCase {
  readonly equity: Decimal | null;
  readonly entry: Decimal | null;
  readonly stop: Decimal | null;
  /** Account currency per unit of the price's currency. */
  readonly exchangeRate: Decimal;
  /** Largest notional, and largest Kelly share, as a fraction of equity. */
  readonly cap: Decimal | null;
  readonly grid: QuantityGrid;
}

export interface PositionSize {
  /** Null when equity or entry price is not given. */
  readonly quantity: Decimal | null;
  /** Account currency; without an entry price the money to put in. */
  readonly notional: Decimal | null;
  /** What the size itself puts at risk: loss at the stop, one year's one-sigma move, or the stake. */
  readonly riskAmount: Decimal | null;
  /** The method's fraction of equity: risked (fixed fraction), invested (volatility, Kelly), before rounding to lots. */
  readonly fraction: Decimal;
  readonly arithmetic: readonly string[];
}

/** Below the 40 digits of the arithmetic, far above those of money. */
const STAKE_DIGITS = 30;

const percent = (share: Decimal): string => `${share.times(100).toSignificantDigits(8).toFixed()} %`;
const text = (figure: Decimal): string => figure.toSignificantDigits(16).toFixed();

/**
 * Quantity whose loss at the stop is at most `risk` of equity. Refuses SIZE_INPUT, SIZE_RISK, SIZE_NEEDS_STOP.
 */
export function fixedFractionSize(of: SizingCase, risk: Decimal): Result<PositionSize> {
  const { equity, entry, stop, exchangeRate, grid } = of;
  const fault = faultOf(of);
  if (fault !== null) return fault;
  if (!risk.greaterThan(0) || risk.greaterThan(1))
    return refuse(
      'SIZE_RISK',
      `The risk is a fraction of equity above 0 and up to 1 (0.01 = 1 %), not ${risk.toFixed()}.`,
    );
  if (equity === null || entry === null)
    return refuse('SIZE_INPUT', 'Fixed fraction needs the equity and the entry price.');
  if (stop === null || stop.equals(entry))
    return refuse(
      'SIZE_NEEDS_STOP',
      'Fixed fraction needs a stop away from the entry price; without one the loss has no bound.',
    );
  const distance = entry.minus(stop).abs();
  const lossPerUnit = distance.times(exchangeRate);
  const budget = equity.times(risk);
  const arithmetic = [
    `Risk budget: ${text(equity)} x ${percent(risk)} = ${text(budget)}.`,
    `Loss per unit at the stop: |${text(entry)} - ${text(stop)}|${rateText(exchangeRate)} = ${text(lossPerUnit)}.`,
    `Quantity: ${text(budget)} / ${text(lossPerUnit)} = ${text(budget.div(lossPerUnit))}.`,
  ];
  const lots = lotsAtRisk(equity, risk, lossPerUnit.times(grid.lot));
  const quantity = onGrid(lots, of, entry, equity, arithmetic);
  return ok({
    quantity,
    notional: quantity.times(entry).times(exchangeRate),
    riskAmount: quantity.times(lossPerUnit),
    fraction: risk,
    arithmetic,
  });
}

/** Weight of target / volatility, both annualised fractions. Refuses SIZE_INPUT, SIZE_VOLATILITY. */
export function volatilitySize(of: SizingCase, target: Decimal, volatility: Decimal): Result<PositionSize> {
  const { equity, entry, exchangeRate, grid } = of;
  const fault = faultOf(of);
  if (fault !== null) return fault;
  if (!target.greaterThan(0) || !volatility.greaterThan(0))
    return refuse(
      'SIZE_VOLATILITY',
      'Target and measured volatility are annualised fractions above zero (0.4 = 40 %).',
    );
  const weight = target.div(volatility);
  const arithmetic = [`Weight: ${percent(target)} / ${percent(volatility)} = ${text(weight)} of equity.`];
  const share = of.cap === null ? weight : Decimal.min(weight, of.cap);
  if (share.lessThan(weight)) arithmetic.push(`Capped at ${text(share)} of equity.`);
  else if (weight.greaterThan(1))
    arithmetic.push('This is more than the equity and needs borrowing; --cap 1 would stop at it.');
  if (equity === null) return ok({ quantity: null, notional: null, riskAmount: null, fraction: share, arithmetic });
  if (entry === null) return ok(invested(equity, share, volatility, arithmetic));
  const wanted = equity.times(share).div(entry.times(exchangeRate));
  arithmetic.push(
    `Quantity: ${text(equity)} x ${text(share)} / ${text(entry)}${rateText(exchangeRate, '/')} = ${text(wanted)}.`,
  );
  const valuePerLot = entry.times(exchangeRate).times(grid.lot);
  const lots = lotsForVolatility(equity, target, valuePerLot, volatility);
  const quantity = onGrid(lots, of, entry, equity, arithmetic);
  const notional = quantity.times(entry).times(exchangeRate);
  return ok({ quantity, notional, riskAmount: notional.times(volatility), fraction: share, arithmetic });
}

export type Edge =
  | { readonly kind: 'binary'; readonly winRate: Decimal; readonly payoff: Decimal }
  | { readonly kind: 'continuous'; readonly mean: Decimal; readonly variance: Decimal };

/**
 * Kelly share of equity, times `multiple` (0.5 = half Kelly), never negative, at most the cap, invested in the position.
 * A stop does not enlarge it: it only says what the position loses there. Refuses SIZE_INPUT, SIZE_EDGE.
 */
export function kellySize(of: SizingCase, edge: Edge, multiple: Decimal): Result<PositionSize> {
  const { equity, entry, stop, exchangeRate, cap, grid } = of;
  const fault = faultOf(of) ?? edgeFault(edge, multiple);
  if (fault !== null) return fault;
  const full =
    edge.kind === 'binary' ? kellyBinary(edge.winRate, edge.payoff) : kellyContinuous(edge.mean, edge.variance);
  const arithmetic = [
    edge.kind === 'binary'
      ? `Kelly: ${text(edge.winRate)} - (1 - ${text(edge.winRate)}) / ${text(edge.payoff)} = ${text(full)} of equity.`
      : `Kelly: mean ${text(edge.mean)} / variance ${text(edge.variance)} = ${text(full)} of equity.`,
  ];
  const scaled = full.times(multiple);
  if (!multiple.equals(1)) arithmetic.push(`Times ${text(multiple)} = ${text(scaled)}.`);
  const share = cappedShare(scaled, cap);
  if (full.lessThanOrEqualTo(0)) arithmetic.push('There is no edge: nothing is staked.');
  else if (share.lessThan(scaled)) arithmetic.push(`Capped at ${text(share)} of equity.`);
  if (equity === null) return ok({ quantity: null, notional: null, riskAmount: null, fraction: share, arithmetic });
  if (entry === null) return ok(invested(equity, share, null, arithmetic));
  // A share such as 1/3 is not exact: without this, 1/3 of 30,000 would floor to one lot less.
  const stake = equity.times(share).toSignificantDigits(STAKE_DIGITS);
  const perUnit = entry.times(exchangeRate);
  arithmetic.push(
    `Stake: ${text(equity)} x ${text(share)} = ${text(stake)}.`,
    `Quantity: ${text(stake)} / ${text(perUnit)} = ${text(stake.div(perUnit))}.`,
  );
  const quantity = onGrid(stake.divToInt(perUnit.times(grid.lot)), of, entry, equity, arithmetic);
  const notional = quantity.times(perUnit);
  const riskAmount = stop === null ? notional : quantity.times(entry.minus(stop).abs()).times(exchangeRate);
  if (stop !== null) arithmetic.push(`At the stop ${text(stop)} this loses ${text(riskAmount)}.`);
  return ok({ quantity, notional, riskAmount, fraction: share, arithmetic });
}

function edgeFault(edge: Edge, multiple: Decimal): Result<never> | null {
  if (!multiple.greaterThan(0))
    return refuse('SIZE_EDGE', 'The multiple of Kelly must be above zero (0.5 = half Kelly).');
  if (edge.kind === 'continuous')
    return edge.variance.greaterThan(0) ? null : refuse('SIZE_EDGE', 'The variance must be above zero.');
  if (edge.winRate.isNegative() || edge.winRate.greaterThan(1))
    return refuse('SIZE_EDGE', `The win rate is a fraction from 0 to 1 (0.55 = 55 %), not ${edge.winRate.toFixed()}.`);
  if (!edge.payoff.greaterThan(0))
    return refuse('SIZE_EDGE', 'The payoff is the average win divided by the average loss and must be above zero.');
  return null;
}

function faultOf(of: SizingCase): Result<never> | null {
  const { equity, entry, stop, exchangeRate, cap } = of;
  if (equity?.isNegative() === true && !equity.isZero())
    return refuse('SIZE_INPUT', `Equity of ${equity.toFixed()} is debt; there is nothing to size with.`);
  for (const [name, figure] of [
    ['entry price', entry],
    ['stop', stop],
    ['exchange rate', exchangeRate],
    ['cap', cap],
  ] as const) {
    if (figure !== null && !figure.greaterThan(0))
      return refuse('SIZE_INPUT', `The ${name} must be above zero, not ${figure.toFixed()}.`);
  }
  return null;
}

function rateText(rate: Decimal, sign: 'x' | '/' = 'x'): string {
  return rate.equals(1) ? '' : ` ${sign} ${text(rate)}`;
}

/** Money to put in when no entry price turns it into a quantity. */
function invested(equity: Decimal, share: Decimal, volatility: Decimal | null, arithmetic: string[]): PositionSize {
  const notional = equity.times(share);
  arithmetic.push(
    `Money to put in: ${text(equity)} x ${text(share)} = ${text(notional)}; give --entry for a quantity.`,
  );
  const riskAmount = volatility === null ? notional : notional.times(volatility);
  return { quantity: null, notional, riskAmount, fraction: share, arithmetic };
}

/** Lots within the cap, the maximum and the minimum, as a quantity; each limit that binds is put in words. */
function onGrid(wanted: Decimal, of: SizingCase, entry: Decimal, equity: Decimal, arithmetic: string[]): Decimal {
  const { grid, cap, exchangeRate } = of;
  let lots = wanted;
  if (cap !== null) {
    const most = equity.times(cap).divToInt(entry.times(exchangeRate).times(grid.lot));
    if (most.lessThan(lots)) {
      lots = most;
      arithmetic.push(
        `Capped: the position may be worth ${text(cap)} x ${text(equity)} = ${text(equity.times(cap))} at most.`,
      );
    }
  }
  const largest = grid.max?.divToInt(grid.lot) ?? null;
  if (largest !== null && largest.lessThan(lots)) {
    lots = largest;
    arithmetic.push(`Capped at the largest quantity ${text(grid.max ?? ZERO)}.`);
  }
  const quantity = lots.times(grid.lot);
  arithmetic.push(`Rounded down to whole lots of ${grid.lot.toFixed()}: ${quantity.toFixed()}.`);
  if (quantity.isZero()) arithmetic.push('Less than one lot: nothing is ordered.');
  else if (grid.min !== null && quantity.lessThan(grid.min)) {
    arithmetic.push(`Below the smallest quantity ${grid.min.toFixed()}: nothing is ordered.`);
    return ZERO;
  }
  return quantity;
}
