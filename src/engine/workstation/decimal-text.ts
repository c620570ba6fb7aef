import type { Decimal } from '../../domain/decimal.ts';
import { plain } from '../../risk/findings.ts';

/** More decimals than any exact sum of prices, quantities and fees has; quotients (average cost) are cut here. */
const MONEY_DIGITS = 20;

export function money(value: Decimal): string {
  return value.toDecimalPlaces(MONEY_DIGITS).toFixed();
}

/** A screening figure (a double) where the boundary wants decimal text; null when it is not known. */
export function figureText(value: number, digits = 8): string | null {
  return Number.isFinite(value) ? plain(value, digits) : null;
}
