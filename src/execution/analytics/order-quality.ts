import { Decimal, ZERO } from '../../domain/decimal.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { EpochMs, QuantityUnits } from '../../domain/units.ts';
import type { Shortfall } from './implementation-shortfall.ts';
import type { MeterReading } from './market-meter.ts';
import type { OrderOutcome, QualitySums } from './quality-sums.ts';

/** Mid of an instrument at an instant; price units, half a unit is possible. */
export interface UnitMark {
  readonly at: EpochMs;
  readonly mid: number;
}

/** An order that has ended, with what it was judged by; prices in price units. */
export interface OrderQuality {
  readonly orderId: string;
  readonly accountId: string;
  readonly closedAt: EpochMs;
  readonly outcome: OrderOutcome;
  readonly decision: UnitMark | null;
  readonly arrival: UnitMark | null;
  readonly end: UnitMark | null;
  readonly shortfall: Shortfall | null;
  readonly vwap: number | null;
  readonly twap: number | null;
  readonly marketVolume: number;
}

/** An order on its way. */
export interface LiveOrder {
  readonly instrument: Instrument;
  readonly decision: UnitMark | null;
  readonly arrival: UnitMark | null;
  readonly meterAt: MeterReading;
  isAnswered: boolean;
}

export function outcomeOf(order: Order): OrderOutcome {
  switch (order.status) {
    case 'FILLED':
      return 'filled';
    case 'EXPIRED':
      return 'expired';
    case 'REJECTED':
      return 'rejected';
    case 'DENIED':
      return 'denied';
    default:
      return 'cancelled';
  }
}

/** Of an order that risk or the venue's rules kept from being sent. */
export function denied(): Parameters<QualitySums['close']>[0] {
  return { outcome: 'denied', filledShare: 0, shortfall: null, paperValue: ZERO };
}

/** price x quantity with a price that may carry half a unit. */
export function exactValue(instrument: Instrument, price: number, quantity: QuantityUnits): Decimal {
  return new Decimal(price)
    .times(quantity)
    .times(new Decimal(10).pow(-(instrument.priceDigits + instrument.quantityDigits)));
}

/** As implementation-shortfall.ts, from the order's own sums: what its fills were is in them. */
export function shortfallOf(order: Order, live: LiveOrder, end: number | null): Shortfall | null {
  const { decision, arrival, instrument } = live;
  const missed = order.quantity - order.filled;
  if (decision === null || arrival === null || (missed > 0 && end === null)) return null;
  const sign = order.side === 'buy' ? 1 : -1;
  const delay = exactValue(instrument, sign * (arrival.mid - decision.mid), order.filled);
  const trading = order.filledNotional.minus(exactValue(instrument, arrival.mid, order.filled)).times(sign);
  const opportunity = missed === 0 || end === null ? ZERO : exactValue(instrument, sign * (end - decision.mid), missed);
  const { fees } = order;
  return {
    delay,
    trading,
    opportunity,
    fees,
    total: delay.plus(trading).plus(opportunity).plus(fees),
    tradingParts: null,
  };
}
