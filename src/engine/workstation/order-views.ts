import type { FillView, OrderView, RiskCheckView } from '../../contract/types.ts';
import { parentOf } from '../../domain/child-key.ts';
import type { Fill } from '../../domain/fill.ts';
import { type Instrument, priceText, quantityDecimal, quantityText } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import { leavesOf } from '../../domain/order-state.ts';
import type { RiskCheck } from '../../risk/gate.ts';
import { money } from './decimal-text.ts';

const at = (ms: number): number => Math.max(0, Math.trunc(ms));
/** Reason codes cross the boundary in capitals, digits and underscores. */
export const codeText = (code: string): string =>
  code
    .toUpperCase()
    .replaceAll(/[^A-Z0-9_]/g, '_')
    .slice(0, 64);

export function orderView(instrument: Instrument, order: Order): OrderView {
  const average = order.filled > 0 ? order.filledNotional.div(quantityDecimal(instrument, order.filled)) : null;
  return {
    id: order.id,
    account: order.accountId,
    accountKind: order.accountKind,
    instrument: order.instrument,
    side: order.side,
    type: order.type,
    quantity: quantityText(instrument, order.quantity),
    price: order.price === null ? null : priceText(instrument, order.price),
    trigger: order.trigger === null ? null : priceText(instrument, order.trigger),
    timeInForce: order.timeInForce,
    expireAt: order.expireAt === null ? null : at(order.expireAt),
    postOnly: order.postOnly,
    reduceOnly: order.reduceOnly,
    source: order.source,
    strategy: order.strategyId,
    note: order.note,
    idempotencyKey: order.idempotencyKey,
    parent: parentOf(order),
    status: order.status,
    filled: quantityText(instrument, order.filled),
    remaining: quantityText(instrument, Math.max(0, leavesOf(order))),
    averagePrice: average === null ? null : average.toDecimalPlaces(instrument.priceDigits + 4).toFixed(),
    fees: money(order.fees),
    venueOrderId: order.venueOrderId,
    createdAt: at(order.createdAt),
    updatedAt: at(order.updatedAt),
    reasonCode: order.reasonCode === null ? null : codeText(order.reasonCode),
    reason: order.reason?.slice(0, 2000) ?? null,
  };
}

export function fillView(instrument: Instrument, fill: Fill, strategyId: string | null): FillView {
  const { modelled } = fill;
  return {
    tradeId: fill.tradeId,
    orderId: fill.orderId,
    account: fill.accountId,
    instrument: fill.instrument,
    side: fill.side,
    price: priceText(instrument, fill.price),
    quantity: quantityText(instrument, fill.quantity),
    liquidity: fill.liquidity,
    fee: money(fill.fee),
    ts: at(fill.ts),
    strategy: strategyId,
    modelled: {
      model: modelled.model,
      seed: modelled.seed,
      latencyMs: modelled.latencyMs,
      reference: priceText(instrument, Math.round(modelled.reference)),
      slippage: priceText(instrument, Math.round(modelled.slippage)),
      impact: priceText(instrument, Math.round(modelled.impact)),
    },
  };
}

export function checkView(check: RiskCheck): RiskCheckView {
  return { ...check, code: codeText(check.code), sentence: check.sentence.slice(0, 2000) };
}
