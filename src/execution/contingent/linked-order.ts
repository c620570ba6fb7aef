import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { OrderId, OrderIntent, OrderStatus } from '../../domain/order.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import type { PriceCondition, PriceNow, TrailingTerms } from './price-trigger.ts';

/** order: asked for by the user. The others are the exits of a bracket, made when its entry fills. */
export type LinkedRole = 'order' | 'stop-loss' | 'take-profit';

/** One order of the book of contingent orders. Plain data: what is stored is what goes on after a restart. */
export interface LinkedOrder {
  /** Never another's; also the idempotency key of its first attempt. */
  readonly name: string;
  readonly role: LinkedRole;
  /** As wanted, for the whole quantity. The user may move it. */
  readonly intent: OrderIntent;
  /** One-triggers-other: nothing is sent before this order fills, and then in proportion to what has filled. */
  readonly parent: string | null;
  /** One-cancels-other: orders of the same group share one quantity. */
  readonly group: string | null;
  /** What a partial fill does to the others of the group. */
  readonly onPartial: 'reduce' | 'cancel';
  readonly trailing: TrailingTerms | null;
  readonly condition: PriceCondition | null;
  /** End of life while it is held here; afterwards the venue sees to it. */
  readonly expireAt: EpochMs | null;
  /** Sent again when it ends though nobody asked for that: an exit must not go missing. */
  readonly persistent: boolean;

  readonly attempt: number;
  readonly orderId: OrderId | null;
  /** Of the present attempt, as last heard; null while there is no such order yet. */
  readonly status: OrderStatus | null;
  readonly quantity: QuantityUnits;
  readonly filled: QuantityUnits;
  readonly price: PriceUnits | null;
  readonly trigger: PriceUnits | null;
  /** Filled by earlier attempts. */
  readonly spent: QuantityUnits;
  /** The condition is fulfilled. */
  readonly met: boolean;
  /** Its activation price was reached: the trigger follows the market. */
  readonly trailingActive: boolean;
  /** The trigger was reached: it is to be sent as soon as it may. */
  readonly fired: boolean;
  /** Goes to the market at once, because the market is beyond its stop already. */
  readonly atMarket: boolean;
  /** What the position lost to other orders and this one therefore no longer covers. */
  readonly taken: QuantityUnits;
  /** A reduce-only order has had a position to close; before that it waits for one. */
  readonly covered: boolean;
  /** Not wanted any more. */
  readonly dropped: boolean;
  /** Our own cancel is the reason of its end. */
  readonly withdrawn: boolean;
  /** Total quantity, price and trigger last asked for, so that a smaller answer is not asked about again. */
  readonly asked: Asked;
  readonly failures: number;
  readonly retryAt: EpochMs;
  readonly endedAt: EpochMs | null;
}

export interface Asked {
  readonly quantity: QuantityUnits;
  readonly price: PriceUnits | null;
  readonly trigger: PriceUnits | null;
}

export interface ContingentState {
  /** In the order they were asked for. */
  readonly orders: readonly LinkedOrder[];
  /** Signed positions by "account instrument", as last told. */
  readonly nets: Readonly<Record<string, QuantityUnits>>;
  /** Accounts in which the kill switch has taken over, or EVERY_ACCOUNT: nothing is sent. */
  readonly stoodDown: readonly string[];
}

/** Stands for all accounts among those stood down. */
export const EVERY_ACCOUNT = '*';

export const EMPTY_BOOK: ContingentState = { orders: [], nets: {}, stoodDown: [] };

/** What the steps must know beside state and input. */
export interface ContingentContext {
  instrument(id: InstrumentId): Instrument | null;
  price(id: InstrumentId): PriceNow | null;
  /** An order sent to a closed market would be refused again and again. */
  closed(id: InstrumentId): boolean;
  /** What the account's venue has of its own; the rest is emulated here. */
  venue(accountId: string): VenueAbilities;
}

export interface VenueAbilities {
  readonly stops: boolean;
  /** An order that can never turn the position around, whatever else fills. */
  readonly reduceOnly: boolean;
}

export type ContingentCommand =
  | { readonly do: 'submit' | 'hold'; readonly name: string; readonly intent: OrderIntent }
  | { readonly do: 'release'; readonly name: string; readonly orderId: OrderId; readonly quantity: QuantityUnits }
  | {
      readonly do: 'modify';
      readonly name: string;
      readonly orderId: OrderId;
      readonly price: PriceUnits | null;
      readonly trigger: PriceUnits | null;
      readonly quantity: QuantityUnits;
    }
  | { readonly do: 'cancel'; readonly name: string; readonly orderId: OrderId; readonly reason: string }
  | { readonly do: 'expire'; readonly name: string; readonly orderId: OrderId };

type Terms = Pick<LinkedOrder, 'name' | 'intent'> &
  Partial<
    Pick<
      LinkedOrder,
      'role' | 'parent' | 'group' | 'onPartial' | 'trailing' | 'condition' | 'expireAt' | 'persistent' | 'met'
    >
  >;

export function linkedOrder(terms: Terms): LinkedOrder {
  const { intent } = terms;
  return {
    name: terms.name,
    role: terms.role ?? 'order',
    intent,
    parent: terms.parent ?? null,
    group: terms.group ?? null,
    onPartial: terms.onPartial ?? 'reduce',
    trailing: terms.trailing ?? null,
    condition: terms.condition ?? null,
    expireAt: terms.expireAt ?? null,
    persistent: terms.persistent ?? false,
    attempt: 1,
    orderId: null,
    status: null,
    quantity: 0,
    filled: 0,
    price: intent.price,
    trigger: intent.trigger,
    spent: 0,
    met: terms.condition === undefined || terms.condition === null,
    trailingActive: false,
    fired: false,
    atMarket: false,
    taken: 0,
    covered: !intent.reduceOnly || terms.role === 'stop-loss' || terms.role === 'take-profit',
    dropped: false,
    withdrawn: false,
    asked: { quantity: 0, price: null, trigger: null },
    failures: 0,
    retryAt: 0,
    endedAt: null,
  };
}

/** Idempotency key of the present attempt; no user's key has a "#". */
export function keyOf({ name, attempt }: Pick<LinkedOrder, 'name' | 'attempt'>): string {
  return attempt === 1 ? name : `${name}#${attempt}`;
}

export function netKey(accountId: string, instrument: InstrumentId): string {
  return `${accountId} ${instrument}`;
}

/** Waits here for a price or a parent instead of at the venue. */
export function isHeld({ trailing, condition, parent, role }: LinkedOrder): boolean {
  return trailing !== null || condition !== null || (parent !== null && role === 'order');
}

export function isOver({ status }: LinkedOrder): boolean {
  return status !== null && TERMINAL.has(status);
}

export function filledOf({ spent, filled }: LinkedOrder): QuantityUnits {
  return spent + filled;
}
