import type { Fill } from '../../domain/fill.ts';
import { priceText, quantityDecimal, quantityText, type Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { OrderEvent } from '../../domain/order-event.ts';
import type { ScriptLinkage } from './contingency.ts';
import { reportParent, reportParentDetail } from './report-parents.ts';
import type { ScriptRun } from './run-script.ts';
import { timeText, type TimeUnit } from './script-json.ts';

interface ReportedFill {
  readonly t: number | string;
  readonly price: string;
  readonly qty: string;
  readonly liquidity: 'maker' | 'taker';
  readonly fee: string;
  /** The fee by kind, where the venue itemises it. */
  readonly charges?: Readonly<Record<string, string>>;
  readonly tradeId: string;
  readonly model: Readonly<Record<string, unknown>>;
}

export interface ReportedOrder {
  readonly id: string;
  readonly side: string;
  readonly type: string;
  readonly status: string;
  readonly qty: string;
  readonly filled: string;
  readonly unfilled: string;
  /** Limit and trigger as they stand; of a parent order left out. */
  readonly price?: string | null;
  readonly trigger?: string | null;
  /** Orders it is tied to: whose fill brought it, that share its quantity, that its fills bring. */
  readonly links?: ScriptLinkage;
  readonly avgPrice: string | null;
  readonly fees: string;
  /** Sentence and code of the refusal, cancel or expiry. */
  readonly reason: string | null;
  readonly reasonCode: string | null;
  readonly fills: readonly ReportedFill[];
  /** Of a child: its parent. Of a parent: its algorithm, children and planned slices. */
  readonly parent?: string;
  readonly algo?: string | null;
  readonly children?: readonly string[];
  readonly schedule?: readonly { readonly t: number | string; readonly qty: string }[];
}

export function reportOrders(run: ScriptRun, unit: TimeUnit): ReportedOrder[] {
  const { instrument } = run;
  const fills = new Map<string, ReportedFill[]>();
  for (const event of run.events) {
    if (event.type !== 'filled') continue;
    const fill = reportFill(instrument, event.fill, unit);
    for (const id of [event.orderId, run.parents.ownerOf(event.orderId)]) {
      if (id === null) continue;
      const list = fills.get(id) ?? [];
      list.push(fill);
      fills.set(id, list);
    }
  }
  const reported: ReportedOrder[] = Array.from(run.orders.values(), (order) => ({
    id: order.id,
    side: order.side,
    type: order.type,
    status: order.status.toLowerCase().replaceAll('_', '-'),
    qty: quantityText(instrument, order.quantity),
    filled: quantityText(instrument, order.filled),
    unfilled: quantityText(instrument, order.quantity - order.filled),
    price: order.price === null ? null : priceText(instrument, order.price),
    trigger: order.trigger === null ? null : priceText(instrument, order.trigger),
    avgPrice: averageOf(instrument, order),
    fees: order.fees.toFixed(),
    reason: order.reason === null ? null : `${order.reason} [${order.reasonCode ?? ''}]`,
    reasonCode: order.reasonCode,
    fills: fills.get(order.id) ?? [],
    ...parentOf(run, order.id),
    ...linksOf(run, order.id),
  }));
  // Each parent stands where it was submitted, before its children.
  for (const parent of run.parents.list().toReversed()) {
    const children = reported.filter((order) => order.parent === parent.order.id);
    const own = fills.get(parent.order.id) ?? [];
    reported.splice(parent.place, 0, reportParent(instrument, parent, children, own, unit));
  }
  return reported;
}

function linksOf(run: ScriptRun, orderId: string): { links: ScriptLinkage } | null {
  const links = run.linkage(orderId);
  return links === null ? null : { links };
}

function parentOf(run: ScriptRun, orderId: string): { parent: string } | null {
  const parent = run.parents.ownerOf(orderId);
  return parent === null ? null : { parent };
}

/** The parents once more, each with its terms and whole children. */
export function reportParents(run: ScriptRun, orders: readonly ReportedOrder[]): Record<string, unknown>[] {
  return run.parents.list().flatMap((parent) => {
    const entry = orders.find(({ id }) => id === parent.order.id);
    if (entry === undefined) return [];
    return [
      reportParentDetail(
        run.instrument,
        parent,
        entry,
        orders.filter((order) => order.parent === entry.id),
      ),
    ];
  });
}

function averageOf(instrument: Instrument, order: Order): string | null {
  if (order.filled === 0) return null;
  const average = order.filledNotional.div(quantityDecimal(instrument, order.filled)).toSignificantDigits(20);
  return average.toFixed(Math.max(instrument.priceDigits, average.decimalPlaces()));
}

function reportFill(instrument: Instrument, fill: Fill, unit: TimeUnit): ReportedFill {
  const { modelled } = fill;
  return {
    t: timeText(fill.ts, unit),
    price: priceText(instrument, fill.price),
    qty: quantityText(instrument, fill.quantity),
    liquidity: fill.liquidity,
    fee: fill.fee.toFixed(),
    ...(fill.charges === undefined
      ? {}
      : { charges: Object.fromEntries(Object.entries(fill.charges).map(([kind, part]) => [kind, part.toFixed()])) }),
    tradeId: fill.tradeId,
    model: {
      name: modelled.model,
      seed: modelled.seed,
      latencyMs: modelled.latencyMs,
      reference: priceText(instrument, modelled.reference),
      slippage: priceText(instrument, modelled.slippage),
      impact: priceText(instrument, modelled.impact),
    },
  };
}

export function reportEvent(instrument: Instrument, event: OrderEvent, unit: TimeUnit): Record<string, unknown> {
  const head = { t: timeText(event.ts, unit), type: event.type, id: event.orderId };
  switch (event.type) {
    case 'filled': {
      const { t: _, ...fill } = reportFill(instrument, event.fill, unit);
      return { ...head, ...fill };
    }
    case 'updated':
      return {
        ...head,
        price: event.price === null ? null : priceText(instrument, event.price),
        trigger: event.trigger === null ? null : priceText(instrument, event.trigger),
        qty: quantityText(instrument, event.quantity),
      };
    case 'accepted':
      return { ...head, venueOrderId: event.venueOrderId };
    default:
      return 'code' in event ? { ...head, code: event.code, reason: event.sentence } : head;
  }
}
