import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { PriceUnits } from '../../domain/units.ts';
import { type ContingentContext, isHeld, type LinkedOrder } from './linked-order.ts';
import {
  activated,
  conditionMet,
  type PriceNow,
  reached,
  sourcePrice,
  tighter,
  trailedTrigger,
} from './price-trigger.ts';

/** Prices matter to it now. `parentFilled`: what it depends on has begun to fill. */
export function isWatching(order: LinkedOrder, parentFilled: boolean): boolean {
  return (
    order.status === 'EMULATED' &&
    !order.fired &&
    !order.dropped &&
    order.covered &&
    (order.trailing !== null || !order.met) &&
    (order.parent === null || parentFilled)
  );
}

/** The instrument whose price it waits for: that of its condition first, then its own. */
export function watchedInstrument(order: LinkedOrder): InstrumentId {
  return order.condition !== null && !order.met ? order.condition.instrument : order.intent.instrument;
}

/** What a price does to a watching order. `same` for nothing at all, without making an object of it. */
export type Watched =
  | 'same'
  | { readonly met?: true; readonly fired?: true; readonly trailingActive?: true; readonly trigger?: PriceUnits };
const SAME = 'same';
const FIRED = { fired: true } as const;
const ACTIVE = { trailingActive: true } as const;

export function watch(order: LinkedOrder, price: PriceNow, instrument: Instrument): Watched {
  const { condition, trailing } = order;
  const { side } = order.intent;
  if (condition !== null && !order.met) {
    if (!conditionMet(condition, sourcePrice(condition.source, side, price))) return SAME;
    return trailing === null ? { met: true, fired: true } : { met: true };
  }
  if (trailing === null) return SAME;
  const at = sourcePrice(trailing.source, side, price);
  if (!(at > 0)) return SAME;
  if (order.trigger !== null && reached(side, order.trigger, at)) {
    // A stop level named beside an activation price protects from the start; only the trailing waits.
    return FIRED;
  }
  if (!order.trailingActive && !activated(side, trailing.activation, at)) return SAME;
  const next = trailedTrigger(instrument, side, trailing.offset, at);
  if (order.trigger === null || tighter(side, next, order.trigger)) return { trailingActive: true, trigger: next };
  return order.trailingActive ? SAME : ACTIVE;
}

/** The trigger a trailing order starts with: the level asked for, or what the price now gives; null before its activation. */
export function firstTrigger(order: LinkedOrder, context: ContingentContext): PriceUnits | null {
  const { trailing, intent } = order;
  const instrument = context.instrument(intent.instrument);
  const price = context.price(intent.instrument);
  if (trailing === null || !order.met || instrument === null || price === null) return order.trigger;
  const at = sourcePrice(trailing.source, intent.side, price);
  if (!(at > 0) || !activated(intent.side, trailing.activation, at)) return order.trigger;
  const next = trailedTrigger(instrument, intent.side, trailing.offset, at);
  return order.trigger === null || tighter(intent.side, next, order.trigger) ? next : order.trigger;
}

/**
 * Where on the straight way from one price to another the order would be sent; null for nowhere. On a way that goes
 * against it a trailing stop stands where the start of the way left it.
 */
export function firesBetween(
  order: LinkedOrder,
  from: PriceUnits,
  to: PriceUnits,
  instrument: Instrument,
): PriceUnits | null {
  const { condition, trailing, intent } = order;
  if (!isHeld(order)) return null;
  if (condition !== null && !order.met) {
    const { price, when } = condition;
    if (when === 'at-or-above' ? from >= price : from <= price) return from;
    return (when === 'at-or-above' ? to >= price : to <= price) ? price : null;
  }
  if (trailing === null) return null;
  const { side } = intent;
  let { trigger } = order;
  if (order.trailingActive || activated(side, trailing.activation, from)) {
    const next = trailedTrigger(instrument, side, trailing.offset, from);
    if (trigger === null || tighter(side, next, trigger)) trigger = next;
  }
  if (trigger === null) return null;
  if (reached(side, trigger, from)) return from;
  return reached(side, trigger, to) ? trigger : null;
}
