import type { OrderChange } from '../../brokers/broker.ts';
import { calendarOf } from '../../clock/calendars.ts';
import type { OrderView } from '../../contract/types.ts';
import { Decimal } from '../../domain/decimal.ts';
import { type Instrument, priceText } from '../../domain/instrument.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import { ok, refuse, type Refusal, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { bracketExits, checkBracket } from '../../execution/contingent/bracket.ts';
import { type LinkedOrder, linkedOrder, type VenueAbilities } from '../../execution/contingent/linked-order.ts';
import { reached, sourcePrice } from '../../execution/contingent/price-trigger.ts';
import { readBook } from '../../execution/contingent/stored-book.ts';
import type { OrderRefusal as EngineRefusal } from '../../execution/order-refusal.ts';
import { CONTINGENT_BOOK } from '../contingent-wiring.ts';
import type { TicketLinks } from './linked-ticket.ts';
import type { Runtime } from './runtime.ts';
import { reportUnknownProtection } from './strategy-exits.ts';

/** The exchanges of paper accounts are in this process and know both. */
const PAPER: VenueAbilities = { stops: true, reduceOnly: true };
const NONE: VenueAbilities = { stops: false, reduceOnly: false };

/** Linked, trailing and conditional orders of the user: placed, shown, and found again after a restart. */
export class ContingentDesk {
  readonly #runtime: Runtime;
  readonly #warned = new Set<string>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Risk can only judge an order that waits for its parent when it is sent: what it closes is not there yet. */
  isJudgedLater(links: TicketLinks): boolean {
    return links.parent !== null && this.#runtime.core.orders.find(links.parent)?.filled === 0;
  }

  place(intent: OrderIntent, links: TicketLinks, instrument: Instrument): Result<Order, EngineRefusal> {
    const { core } = this.#runtime;
    const refusal = this.#refusal(intent, links, instrument);
    if (refusal !== null) return turnedAway(refusal);
    const name = intent.idempotencyKey ?? '';
    const abilities = intent.accountKind === 'paper' ? PAPER : NONE;
    const linked = [...links.oco, ...(links.parent === null ? [] : [links.parent])];
    const found = new Map<string, LinkedOrder>();
    for (const id of linked) {
      const one = this.#linkable(id);
      if (!one.ok) return turnedAway(one.error);
      found.set(id, one.value);
    }
    const group = this.#join(name, links, found);
    const first = linkedOrder({
      name,
      intent,
      parent: links.parent === null ? null : (found.get(links.parent)?.name ?? null),
      group,
      onPartial: links.onPartial,
      trailing: links.trailing,
      condition: links.condition,
      expireAt: this.#endOf(intent, instrument),
      persistent: intent.reduceOnly && (links.trailing !== null || links.condition !== null),
    });
    const exits =
      links.bracket === null
        ? []
        : bracketExits({ name, intent }, links.bracket, instrument, abilities, {
            stop: `${name}#SL`,
            target: `${name}#TP`,
          });
    const placed = core.contingent.place([first, ...exits]);
    return placed.ok ? placed : turnedAway(placed.error);
  }

  /** The user cancels an order: it does not come back. */
  drop(order: Order): void {
    this.#runtime.core.contingent.drop(order.id);
  }

  /** The user has changed an order and the order manager has taken the change. */
  moved(id: string, change: OrderChange): void {
    this.#runtime.core.contingent.moved(id, change);
  }

  /** The answer to a key that was used before. A trigger has moved on meanwhile and is not compared. */
  repeated(intent: OrderIntent): Result<Order, EngineRefusal> {
    const before = this.#runtime.core.orders.findByKey(intent.idempotencyKey ?? '');
    if (before === null) return turnedAway({ code: 'ORDER_UNKNOWN', sentence: 'There is no such order.' });
    const same =
      before.accountId === intent.accountId &&
      before.instrument === intent.instrument &&
      before.side === intent.side &&
      before.type === intent.type &&
      before.price === intent.price &&
      before.reduceOnly === intent.reduceOnly;
    if (!same) {
      return turnedAway({
        code: 'IDEMPOTENCY_CONFLICT',
        sentence: `The key "${intent.idempotencyKey ?? ''}" belongs to order ${before.id}, which is a different order; use a new key.`,
      });
    }
    if (before.status !== 'DENIED') return ok(before);
    return turnedAway({
      code: before.reasonCode ?? 'DENIED',
      sentence: before.reason ?? 'The order was denied before.',
    });
  }

  /** Undefined for an order that stands alone. */
  links(order: Order, instrument: Instrument): OrderView['links'] {
    const { core } = this.#runtime;
    const linked = core.contingent.find(order.id);
    if (linked === null) return undefined;
    const idOf = (one: LinkedOrder | null): string | null => one?.orderId ?? null;
    const ids = (orders: readonly LinkedOrder[]): string[] => orders.flatMap((one) => idOf(one) ?? []);
    const children = core.contingent.children(linked);
    const { trailing, condition, intent, met } = linked;
    const watched = condition === null ? undefined : core.instruments.get(condition.instrument);
    return {
      parent: linked.parent === null ? null : idOf(core.contingent.named(linked.parent)),
      siblings: ids(core.contingent.siblings(linked)),
      children: ids(children),
      exits: children
        .filter(({ role }) => role !== 'order')
        .map((exit) => {
          const level = exit.trigger ?? exit.price ?? exit.condition?.price ?? null;
          return {
            kind: exit.role === 'take-profit' ? 'take-profit' : exit.trailing === null ? 'stop-loss' : 'trailing-stop',
            price: level === null ? null : priceText(instrument, level),
            order: exit.orderId,
          };
        }),
      trailing:
        trailing === null
          ? null
          : {
              offset:
                trailing.offset.kind === 'units'
                  ? priceText(instrument, trailing.offset.units)
                  : new Decimal(trailing.offset.fraction).times(100).toFixed(),
              offsetType: trailing.offset.kind === 'units' ? 'price' : 'percent',
              triggerSource: trailing.source,
              activation: trailing.activation === null ? null : priceText(instrument, trailing.activation),
            },
      condition:
        condition === null
          ? null
          : {
              instrument: condition.instrument,
              source: condition.source,
              when: condition.when,
              price: priceText(watched ?? core.instruments.get(intent.instrument) ?? instrument, condition.price),
              met,
            },
    };
  }

  /** After a restart, once the orders are back. What cannot be read is reported, never taken for nothing. */
  restore(): void {
    this.#warned.clear();
    const { core, journal } = this.#runtime;
    const stored = journal.read.lastAudit(CONTINGENT_BOOK);
    const book = stored === null ? ok([]) : readBook(stored.detail);
    if (!book.ok) reportUnknownProtection(this.#runtime, book.error);
    else {
      core.contingent.restore(
        book.value.filter(
          ({ intent }) => core.accounts.has(intent.accountId) && core.instruments.has(intent.instrument),
        ),
      );
    }
    for (const account of core.accounts.keys()) {
      for (const order of core.orders.openOrders(account)) {
        if (order.status === 'EMULATED' && core.contingent.find(order.id) === null) this.#orphan(order);
      }
    }
  }

  /** Exits that are neither at the venue nor watched over. */
  onSecond(now: EpochMs): void {
    const bare = this.#runtime.core.contingent.unprotected();
    for (const { name, intent } of bare) {
      if (this.#warned.has(name)) continue;
      this.#warned.add(name);
      this.#runtime.alerts.raise({
        at: now,
        severity: 'critical',
        code: 'UNPROTECTED',
        sentence: `The stop of order ${name} in ${intent.instrument} is not working; it is sent again.`,
        account: intent.accountId,
        instrument: intent.instrument,
      });
    }
    for (const name of this.#warned) if (!bare.some((one) => one.name === name)) this.#warned.delete(name);
  }

  #orphan(order: Order): void {
    this.#runtime.alerts.raise({
      at: this.#runtime.now(),
      severity: 'critical',
      code: 'ORDER_NOT_WATCHED',
      sentence: `Order ${order.id} in ${order.instrument} waits for a trigger that nobody watches any more; cancel it and place it anew.`,
      account: order.accountId,
      instrument: order.instrument,
    });
  }

  #refusal(intent: OrderIntent, links: TicketLinks, instrument: Instrument): Refusal | null {
    const { core } = this.#runtime;
    const line = core.board.line(instrument.id);
    const { trailing, bracket, condition } = links;
    if (trailing !== null) {
      const price = line === null ? 0 : sourcePrice(trailing.source, intent.side, line);
      if (!(price > 0)) return noPrice(instrument.symbol, trailing.source);
      if (intent.trigger !== null && reached(intent.side, intent.trigger, price)) {
        return {
          code: 'STOP_ALREADY_TRIGGERED',
          sentence: `The trigger ${priceText(instrument, intent.trigger)} has been passed already; choose one beyond the market.`,
        };
      }
    }
    if (condition !== null) {
      const watched = core.board.line(condition.instrument);
      if (watched === null || !(sourcePrice(condition.source, intent.side, watched) > 0)) {
        return noPrice(condition.instrument, condition.source);
      }
    }
    if (bracket === null) return null;
    const touch = line === null ? 0 : sourcePrice('bid-ask', intent.side, line);
    const checked = checkBracket(instrument, intent.side, intent.price ?? intent.trigger ?? touch, bracket);
    return checked.ok ? null : checked.error;
  }

  /** An order that others may be tied to, in the book from now on. */
  #linkable(id: string): Result<LinkedOrder> {
    const { core } = this.#runtime;
    const known = core.contingent.find(id);
    const order = core.orders.find(id);
    if (order === null) return refuse('ORDER_UNKNOWN', `There is no order ${id} to link to.`, { value: id });
    if (TERMINAL.has(order.status)) {
      return refuse('ORDER_FINISHED', `Order ${id} is ${order.status}; nothing can be linked to it any more.`, {
        value: id,
      });
    }
    if (known !== null) return ok(known);
    const { idempotencyKey } = order;
    if (idempotencyKey === null || order.source !== 'manual') {
      return refuse('ORDER_NOT_LINKABLE', `Order ${id} is not one of the user's own; link to those alone.`, {
        value: id,
      });
    }
    return ok(core.contingent.adopt(linkedOrder({ name: idempotencyKey, intent: intentOf(order) }), order));
  }

  /** The group of a new order: that of its siblings, which become one group. */
  #join(name: string, { oco }: TicketLinks, found: ReadonlyMap<string, LinkedOrder>): string | null {
    if (oco.length === 0) return null;
    const { contingent } = this.#runtime.core;
    const siblings = oco.flatMap((id) => found.get(id) ?? []);
    const group = siblings.find((one) => one.group !== null)?.group ?? `oco ${name}`;
    for (const sibling of siblings) {
      for (const one of [sibling, ...contingent.siblings(sibling)]) contingent.join(one.name, group);
    }
    return group;
  }

  #endOf(intent: OrderIntent, instrument: Instrument): EpochMs | null {
    if (intent.timeInForce === 'DAY') return calendarOf(instrument).dayEnd(this.#runtime.now());
    return intent.expireAt;
  }
}

function turnedAway(error: Refusal): { readonly ok: false; readonly error: EngineRefusal } {
  return { ok: false, error: { orderId: null, verdict: null, ...error } };
}

function noPrice(symbol: string, source: string): Refusal {
  return {
    code: 'PRICE_UNAVAILABLE',
    sentence: `There is no ${source} price of ${symbol} to watch; wait for the feed or choose another trigger source.`,
  };
}

function intentOf(order: Order): OrderIntent {
  return {
    accountId: order.accountId,
    accountKind: order.accountKind,
    instrument: order.instrument,
    side: order.side,
    type: order.type,
    quantity: order.quantity,
    price: order.price,
    trigger: order.trigger,
    timeInForce: order.timeInForce,
    expireAt: order.expireAt,
    postOnly: order.postOnly,
    reduceOnly: order.reduceOnly,
    source: order.source,
    strategyId: order.strategyId,
    note: order.note,
    idempotencyKey: order.idempotencyKey,
  };
}
