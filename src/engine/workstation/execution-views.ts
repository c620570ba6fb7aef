import type { ContractOutputs } from '../../contract/types.ts';
import { formatUnits } from '../../domain/units.ts';
import { priceDecimal, type Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { OrderQuality, UnitMark } from '../../execution/analytics/order-quality.ts';
import type { ExecutedOrder } from '../../execution/analytics/paper-live-gap.ts';
import { qualityFigures } from '../../execution/analytics/quality-figures.ts';
import type { QualitySums } from '../../execution/analytics/quality-sums.ts';
import { money } from './decimal-text.ts';

type Figures = ContractOutputs['analytics']['execution']['totals'][number]['figures'];
type OrderView = ContractOutputs['analytics']['order'];

export function executionFigures(sums: QualitySums): Figures {
  const { sent, traded, outcomes, fills, costs, judged } = sums;
  return {
    orders: { sent, traded, ...outcomes },
    fills,
    value: money(sums.value),
    fees: money(sums.fees),
    costs: {
      delay: money(costs.delay),
      trading: money(costs.trading),
      opportunity: money(costs.opportunity),
      fees: money(costs.fees),
      total: money(costs.total),
    },
    judgedOrders: judged,
    priceImprovement: money(sums.improvement),
    ...qualityFigures(sums),
  };
}

/** What is stored of an order that ended: its answer to the contract, and what a comparison with another account needs. */
export interface StoredOrderQuality {
  readonly view: OrderView;
  readonly kind: Order['accountKind'];
  readonly executed: ExecutedOrder;
}

export function storedQuality(
  order: Order,
  quality: OrderQuality,
  instrument: Instrument,
  algorithm: string,
): StoredOrderQuality {
  const at = (ms: number): number => Math.max(0, Math.trunc(ms));
  const price = (value: number): string =>
    priceDecimal(instrument, value)
      .toDecimalPlaces(instrument.priceDigits + 4)
      .toFixed();
  const mark = (value: UnitMark | null): { at: number; mid: string } | null =>
    value === null ? null : { at: at(value.at), mid: price(value.mid) };
  const filled = order.filled * 10 ** -instrument.quantityDigits;
  const average = order.filled === 0 ? null : order.filledNotional.toNumber() / filled;
  const { shortfall } = quality;
  return {
    view: {
      order: order.id,
      account: order.accountId,
      instrument: order.instrument,
      strategy: order.strategyId,
      side: order.side,
      algorithm,
      closedAt: at(quality.closedAt),
      outcome: quality.outcome,
      quantity: formatUnits(order.quantity, instrument.quantityDigits),
      filled: formatUnits(order.filled, instrument.quantityDigits),
      averagePrice:
        order.filled === 0
          ? null
          : order.filledNotional
              .div(formatUnits(order.filled, instrument.quantityDigits))
              .toDecimalPlaces(instrument.priceDigits + 4)
              .toFixed(),
      decision: mark(quality.decision),
      arrival: mark(quality.arrival),
      end: mark(quality.end),
      costs:
        shortfall === null
          ? null
          : {
              delay: money(shortfall.delay),
              trading: money(shortfall.trading),
              opportunity: money(shortfall.opportunity),
              fees: money(shortfall.fees),
              total: money(shortfall.total),
            },
      vwap: quality.vwap === null ? null : price(quality.vwap),
      twap: quality.twap === null ? null : price(quality.twap),
      marketVolume: formatUnits(Math.round(quality.marketVolume), instrument.quantityDigits),
    },
    kind: order.accountKind,
    executed: {
      strategy: order.strategyId ?? '',
      instrument: order.instrument,
      side: order.side,
      decidedAt: quality.decision?.at ?? order.createdAt,
      asked: order.quantity * 10 ** -instrument.quantityDigits,
      filled,
      averagePrice: average,
      fees: order.fees.toNumber(),
    },
  };
}
