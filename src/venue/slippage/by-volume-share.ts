import { Decimal } from '../../domain/decimal.ts';
import type { DecimalString } from '../../domain/decimal.ts';
import type { Slippage } from './slippage.ts';

/**
 * price x impact x min(quantity / volume, limit)^2 with the whole order's quantity and the volume of the bar (or of the
 * last full minute of trades), rounded up to the tick. Volume unknown = the share is at its limit.
 */
export function slipByVolumeShare(limit: DecimalString, impact: DecimalString): Slippage {
  const most = new Decimal(limit).toNumber();
  const factor = new Decimal(impact).toNumber();
  return {
    suffix: '+volume-share',
    shift(market, order, price) {
      const volume = market.activity?.recentVolume ?? 0;
      const share = volume > 0 ? Math.min(order.quantity / volume, most) : most;
      const { tick } = market.instrument;
      // The tolerance keeps a product such as 0.25000000000000006 ticks of a whole tick from costing one more.
      return Math.ceil((price * factor * share * share) / tick - 1e-9) * tick;
    },
  };
}
