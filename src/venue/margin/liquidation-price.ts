import { Decimal, ZERO } from '../../domain/decimal.ts';
import type { MarginTable } from './margin-tier.ts';

/**
 * How a venue counts.
 * maintenance: margin + profit = maintenance rate x value - maintenance amount (Binance).
 * maintenance-and-fee: the same, with the taker fee of the closing order held back (Gate, OKX).
 * entry: initial margin less maintenance, both on the entry value (Bybit).
 */
export type LiquidationRule = 'maintenance' | 'maintenance-and-fee' | 'entry';

export interface LiquidatedPosition {
  /** Signed, in base currency. */
  readonly quantity: Decimal;
  /** Average entry price. */
  readonly entry: Decimal;
  /**
   * Margin that stands behind the position: its own (isolated), or the wallet balance plus the open profit of the other
   * positions less their maintenance margin (cross).
   */
  readonly margin: Decimal;
}

/**
 * Price at which the position is liquidated, rounded to nothing; null where no price above zero does it. Formulas as in
 * the exchanges' published guides; `fee` is the taker rate, used by maintenance-and-fee alone.
 */
export function liquidationPrice(
  position: LiquidatedPosition,
  table: MarginTable,
  rule: LiquidationRule = 'maintenance',
  fee: Decimal = ZERO,
): Decimal | null {
  const { quantity, entry, margin } = position;
  if (quantity.isZero()) return null;
  const size = quantity.abs();
  const sign = quantity.isNegative() ? -1 : 1;
  if (rule === 'entry') {
    const { maintenanceRate } = table.at(size.times(entry));
    const price = entry.minus(margin.div(size).minus(entry.times(maintenanceRate)).times(sign));
    return price.greaterThan(0) ? price : null;
  }
  // The tier is that of the position's value at the liquidation price itself: equity less maintenance falls steadily
  // towards it, so exactly one tier agrees with its own answer.
  for (const { from, upTo, maintenanceRate, amount } of table.brackets) {
    const rate = rule === 'maintenance-and-fee' ? maintenanceRate.plus(fee) : maintenanceRate;
    const slope = size.times(rate.minus(sign));
    if (slope.isZero()) continue;
    const price = margin
      .plus(rule === 'maintenance-and-fee' ? ZERO : amount)
      .minus(quantity.times(entry))
      .div(slope);
    if (!price.greaterThan(0)) continue;
    const value = price.times(size);
    if (value.greaterThanOrEqualTo(from) && (upTo === null || value.lessThanOrEqualTo(upTo))) return price;
  }
  return null;
}

/** A warning price nearer to the entry by `buffer` (0.05 = a twentieth) of the distance. */
export function bufferedLiquidation(liquidation: Decimal, entry: Decimal, buffer: Decimal): Decimal {
  return liquidation.plus(entry.minus(liquidation).times(buffer));
}
