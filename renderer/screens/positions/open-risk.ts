import type { PositionView } from '../../../src/contract/types.ts';
import { negate, plus, signOf, times } from '../../format/decimal-text.ts';

/** No stop and no trailing distance: nothing closes it when the market runs against it. */
export function isUnprotected(position: PositionView): boolean {
  return position.stopLoss === null && position.trailing === null;
}

/**
 * What is lost from the present mark to the stop, in the currency of the instrument: zero where the stop has locked a
 * gain in beyond the mark. Null without a fixed stop or a mark.
 */
export function riskToStop({ quantity, mark, stopLoss }: PositionView): string | null {
  if (mark === null || stopLoss === null) return null;
  const distance = plus(mark, negate(stopLoss));
  const risk = distance === null ? null : times(distance, quantity);
  return risk === null ? null : signOf(risk) < 0 ? '0' : risk;
}

export interface OpenRisk {
  readonly currency: string;
  readonly amount: string;
}

/** Open risk to the stops by currency, and how many positions have none. */
export function openRisk(
  positions: readonly PositionView[],
  currencyOf: (instrument: string) => string,
): { readonly risks: readonly OpenRisk[]; readonly unprotected: number } {
  const sums = new Map<string, string>();
  for (const position of positions) {
    const risk = riskToStop(position);
    if (risk === null) continue;
    const currency = currencyOf(position.instrument);
    sums.set(currency, plus(sums.get(currency) ?? '0', risk) ?? risk);
  }
  return {
    risks: [...sums].map(([currency, amount]) => ({ currency, amount })),
    unprotected: positions.filter(isUnprotected).length,
  };
}
