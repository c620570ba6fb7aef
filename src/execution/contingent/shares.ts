import type { Instrument } from '../../domain/instrument.ts';
import type { QuantityUnits } from '../../domain/units.ts';
import { filledOf, netKey, type ContingentContext, type ContingentState, type LinkedOrder } from './linked-order.ts';

/** A ratio of two quantities is a double; a share this close to a whole step means the step. */
const NOISE = 1e-9;

/** `part` of `whole` as the same share of `other`, on the step grid; exact where the two wholes are equal. */
function scaled(
  part: QuantityUnits,
  whole: QuantityUnits,
  other: QuantityUnits,
  step: QuantityUnits,
  up: boolean,
): QuantityUnits {
  if (whole === other || part === 0) return part;
  if (part >= whole) return other;
  const steps = ((part / whole) * other) / step;
  return step * (up ? Math.ceil(steps - NOISE) : Math.floor(steps + NOISE));
}

/**
 * The quantity that an order is all about. An exit of a bracket is about its entry, which the user may resize and risk or
 * venue may grant in part.
 */
function wholeOf(order: LinkedOrder, orders: readonly LinkedOrder[]): QuantityUnits {
  const entry = order.role === 'order' ? undefined : orders.find(({ name }) => name === order.parent);
  return (entry ?? order).intent.quantity;
}

/** What the links alone leave to this order: its share of what the parent filled, less what its group has filled. */
function openByLinks(order: LinkedOrder, orders: readonly LinkedOrder[], instrument: Instrument): QuantityUnits {
  const { step } = instrument;
  const whole = wholeOf(order, orders);
  let open = whole;
  if (order.parent !== null) {
    const parent = orders.find(({ name }) => name === order.parent);
    if (parent !== undefined) open = scaled(filledOf(parent), parent.intent.quantity, whole, step, false);
  }
  if (order.group === null) open -= filledOf(order);
  else {
    for (const member of orders) {
      if (member.group !== order.group) continue;
      const filled = filledOf(member);
      if (filled > 0 && member.name !== order.name && order.onPartial === 'cancel') return 0;
      open -= scaled(filled, wholeOf(member, orders), whole, step, true);
    }
  }
  return Math.max(0, open - order.taken);
}

/**
 * What each order may still fill, by name. Reduce-only orders share the position, those asked for first before the others:
 * all together they never close more than there is. What the position lost to other orders stays lost to them (`taken`).
 */
export function shareOut(
  state: ContingentState,
  context: ContingentContext,
): { readonly left: ReadonlyMap<string, QuantityUnits>; readonly orders: readonly LinkedOrder[] } {
  const left = new Map<string, QuantityUnits>();
  const room = new Map<string, QuantityUnits>();
  const groupRoom = new Map<string, QuantityUnits>();
  let orders: LinkedOrder[] | null = null;
  for (let index = 0; index < state.orders.length; index += 1) {
    const order = state.orders[index];
    if (order === undefined) continue;
    const instrument = context.instrument(order.intent.instrument);
    if (instrument === null) continue;
    let open = order.dropped ? 0 : openByLinks(order, state.orders, instrument);
    const { accountId, side, reduceOnly } = order.intent;
    if (reduceOnly && open > 0) {
      const key = `${netKey(accountId, order.intent.instrument)} ${side}`;
      const net = state.nets[netKey(accountId, order.intent.instrument)] ?? 0;
      const free = room.get(key) ?? Math.max(0, side === 'sell' ? net : -net);
      const group = order.group;
      // A group covers one quantity several times over: it takes its largest claim once.
      const claimed = group === null ? 0 : (groupRoom.get(group) ?? 0);
      const allowed = Math.min(open, free + claimed);
      const covered = order.covered || allowed > 0;
      const taken = covered ? open - allowed : 0;
      if (taken > 0 || covered !== order.covered) {
        orders ??= [...state.orders];
        orders[index] = { ...order, covered, taken: order.taken + taken };
      }
      open = allowed;
      room.set(key, free - Math.max(0, open - claimed));
      if (group !== null) groupRoom.set(group, Math.max(claimed, open));
    }
    left.set(order.name, open);
  }
  return { left, orders: orders ?? state.orders };
}
