import { times, trimZeros } from '../format/decimal-text.ts';

/** What the fields begin with: the limits in force, and where there is none, 5 % a day and a tenth of the capital an order. */
export function firstLimits(
  inForce: { readonly maxDailyLossFraction: string | null; readonly maxOrderNotional: string | null },
  capital: string,
): { readonly dailyLoss: string; readonly oneOrder: string } {
  return {
    dailyLoss: trimZeros(times(inForce.maxDailyLossFraction ?? '0.05', '100') ?? '5'),
    oneOrder: trimZeros(inForce.maxOrderNotional ?? times(capital, '0.1') ?? ''),
  };
}
