import { Decimal } from '../../domain/decimal.ts';
import type { Side } from '../../domain/order.ts';
import { refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';

/** Mid price at an instant; `ts` null when only the price is known. */
export interface Mark {
  readonly ts: EpochMs | null;
  readonly mid: Decimal;
}

export interface ParentFill {
  readonly ts: EpochMs | null;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** Quote currency; negative is a rebate. */
  readonly fee: Decimal;
  /** Mid just before the fill; null when not recorded. */
  readonly mid: Decimal | null;
  /** Mid 5 and 60 seconds later, where recorded. */
  readonly later?: { readonly after5s: Decimal | null; readonly after60s: Decimal | null };
}

export interface MarketTrade {
  readonly ts: EpochMs;
  readonly price: Decimal;
  readonly quantity: Decimal;
}

/** A parent order and the marks its execution is judged by. */
export interface ParentExecution {
  readonly side: Side;
  readonly quantity: Decimal;
  /** When it was decided to trade. */
  readonly decision: Mark;
  /** When the first child was sent; null = at the decision. */
  readonly arrival: Mark | null;
  readonly fills: readonly ParentFill[];
  /** When the parent ended; needed for what was not filled. */
  readonly end: Mark | null;
  /** Trades of the market, in any order; null when not recorded. */
  readonly marketTrades: readonly MarketTrade[] | null;
  /** Fees not tied to a fill, quote currency. */
  readonly otherFees: Decimal;
}

/**
 * Decimals that never round: products of 40-digit figures, and sums of them, stay exact, so that components add up to
 * the last digit.
 */
export const Exact = Decimal.clone({ precision: 400 });

export function filledOf(parent: ParentExecution): Decimal {
  return parent.fills.reduce((sum, fill) => sum.plus(fill.quantity), new Exact(0));
}

/**
 * Why the parent cannot be judged, null when it can. TCA_QUANTITY, TCA_PRICE, TCA_OVERFILLED, TCA_END_MISSING, TCA_TIME.
 */
export function parentFault(parent: ParentExecution): Result<never> | null {
  if (!parent.quantity.greaterThan(0))
    return refuse('TCA_QUANTITY', `The order's quantity must be above zero, not ${parent.quantity.toFixed()}.`);
  const prices: readonly (readonly [string, Decimal | null | undefined])[] = [
    ['decision mid', parent.decision.mid],
    ['arrival mid', parent.arrival?.mid],
    ['end mid', parent.end?.mid],
    ...parent.fills.flatMap((fill, index): (readonly [string, Decimal | null])[] => [
      [`price of fill ${index + 1}`, fill.price],
      [`mid of fill ${index + 1}`, fill.mid],
      [`mid 5 s after fill ${index + 1}`, fill.later?.after5s ?? null],
      [`mid 60 s after fill ${index + 1}`, fill.later?.after60s ?? null],
    ]),
  ];
  for (const [what, price] of prices) {
    if (price !== null && price !== undefined && !price.greaterThan(0))
      return refuse('TCA_PRICE', `The ${what} must be above zero, not ${price.toFixed()}.`);
  }
  for (const [index, fill] of parent.fills.entries()) {
    if (!fill.quantity.greaterThan(0))
      return refuse(
        'TCA_QUANTITY',
        `The quantity of fill ${index + 1} must be above zero, not ${fill.quantity.toFixed()}.`,
      );
  }
  for (const [index, trade] of (parent.marketTrades ?? []).entries()) {
    if (!trade.price.greaterThan(0) || !trade.quantity.greaterThan(0))
      return refuse('TCA_PRICE', `Price and quantity of market trade ${index + 1} must be above zero.`);
  }
  const filled = filledOf(parent);
  if (filled.greaterThan(parent.quantity))
    return refuse(
      'TCA_OVERFILLED',
      `The fills add up to ${filled.toFixed()}, more than the order's ${parent.quantity.toFixed()}; a fill may be listed twice.`,
      { value: filled.toFixed(), limit: parent.quantity.toFixed() },
    );
  if (filled.lessThan(parent.quantity) && parent.end === null)
    return refuse(
      'TCA_END_MISSING',
      `${new Exact(parent.quantity).minus(filled).toFixed()} was not filled; its cost needs the mid at the end of the order.`,
    );
  const from = parent.arrival?.ts ?? parent.decision.ts;
  const before = parent.decision.ts !== null && from !== null && from < parent.decision.ts;
  const to = parent.end?.ts ?? null;
  if (before || (from !== null && to !== null && to < from))
    return refuse('TCA_TIME', 'Decision, arrival and end must follow each other in time; check their times.');
  return null;
}
