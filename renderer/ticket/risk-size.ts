import { compare, negate, plus, readTyped, signOf, times } from '../format/decimal-text.ts';
import { quantityWorth } from './default-quantity.ts';
import type { Draft } from './draft.ts';

export type RiskSize =
  | { readonly quantity: string; readonly risk: string }
  /** What is missing, to be typed next. */
  | { readonly missing: string };

function distance(a: string, b: string): string {
  const difference = plus(a, negate(b)) ?? '0';
  return signOf(difference) < 0 ? negate(difference) : difference;
}

/**
 * The largest quantity that loses at most `percent` of `equity` between `entry` and the stop. Fees and slippage come on
 * top; the review names the whole loss.
 */
export function riskSize(
  draft: Pick<Draft, 'side' | 'stopLoss' | 'risk'>,
  entry: string | null,
  equity: string | null,
  step: string,
): RiskSize {
  const percent = readTyped(draft.risk);
  if (percent === null || signOf(percent) <= 0) return { missing: 'Type what to risk, such as 0.5 %.' };
  const stop = readTyped(draft.stopLoss);
  if (stop === null) return { missing: 'Type a stop-loss: the size follows from its distance.' };
  if (entry === null) return { missing: 'No price is known to measure the distance from.' };
  const order = compare(stop, entry) ?? 0;
  if (draft.side === 'buy' ? order >= 0 : order <= 0) {
    return {
      missing: `The stop-loss of a ${draft.side} belongs ${draft.side === 'buy' ? 'below' : 'above'} ${entry}.`,
    };
  }
  if (equity === null || signOf(equity) <= 0) return { missing: 'The equity of the account is not known.' };
  const risk = times(times(equity, percent) ?? '0', '0.01') ?? '0';
  const quantity = quantityWorth(risk, distance(entry, stop), step);
  return quantity === null
    ? { missing: 'Less than one step of quantity: risk more or move the stop.' }
    : { quantity, risk };
}

/** Reward per risk of the plan, by the distances from the entry; null without both exits on their sides. */
export function rewardRatio(
  draft: Pick<Draft, 'side' | 'stopLoss' | 'takeProfit'>,
  entry: string | null,
): number | null {
  const stop = readTyped(draft.stopLoss);
  const target = readTyped(draft.takeProfit);
  if (stop === null || target === null || entry === null) return null;
  const sign = draft.side === 'buy' ? 1 : -1;
  const risk = (Number(entry) - Number(stop)) * sign;
  const reward = (Number(target) - Number(entry)) * sign;
  return risk > 0 && reward > 0 ? reward / risk : null;
}
