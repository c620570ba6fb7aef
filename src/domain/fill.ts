import type { Decimal } from './decimal.ts';
import type { InstrumentId } from './instrument.ts';
import type { OrderId, Side } from './order.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from './units.ts';

/** What the simulator assumed for one fill; `model` is "venue" for a real exchange. */
export interface FillModel {
  readonly model: string;
  readonly seed: number | null;
  readonly latencyMs: number;
  /** Price the order would have had without slippage and impact, in price units. */
  readonly reference: PriceUnits;
  /** Adverse difference to `reference` in price units, by cause. */
  readonly slippage: PriceUnits;
  readonly impact: PriceUnits;
}

export interface Fill {
  /** Unique per venue; a repeated id is the same fill. */
  readonly tradeId: string;
  readonly orderId: OrderId;
  readonly accountId: string;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly price: PriceUnits;
  readonly quantity: QuantityUnits;
  readonly liquidity: 'maker' | 'taker';
  /** In the instrument's quote currency; negative is a rebate. */
  readonly fee: Decimal;
  /** The fee by kind of charge, where the venue itemises it. */
  readonly charges?: Readonly<Record<string, Decimal>>;
  readonly ts: EpochMs;
  readonly modelled: FillModel;
}
