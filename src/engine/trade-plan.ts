import type { DecimalString } from '../domain/decimal.ts';
import type { SizingRule, UnitsRule } from '../execution/sizing.ts';

/** How a run turns signals into orders; the same in backtest, paper and live. Fractions: "0.02" is 2 %. */
export interface TradePlan {
  readonly direction: 'long' | 'short' | 'both';
  /** An opposite signal closes and opens the other side in the same step; otherwise it only closes. */
  readonly reverse: boolean;
  readonly sizing: SizingRule;
  readonly units: UnitsRule;
  /** Distances from the entry price at which a position is closed; null = none. */
  readonly stopLoss: DecimalString | null;
  readonly takeProfit: DecimalString | null;
  readonly trailing: DecimalString | null;
}
