import type { Instrument, InstrumentId } from '../domain/instrument.ts';
import type { AccountKind, Order, OrderId, OrderIntent } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Result } from '../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import { checkExitRules, type ExitReason, type ExitRules } from './exit-levels.ts';
import { exitPlan, isQuiet, type ExitCommand, type ExitEvent, type ExitPlan, type LegName } from './exit-plan.ts';
import { exitsText } from './exit-storage.ts';
import { protectiveOrders } from './exit-step.ts';

export interface ExitPorts {
  readonly submit: (intent: OrderIntent) => Result<Order>;
  readonly cancel: (id: OrderId, reason: string) => Result<unknown>;
  readonly modify: (
    id: OrderId,
    change: { price: PriceUnits | null; trigger: PriceUnits | null; quantity: QuantityUnits },
  ) => Result<unknown>;
  readonly instrument: (id: InstrumentId) => Instrument | null;
  readonly now: () => EpochMs;
  /** Other exits of the account hear of it as well. */
  readonly onStandDown?: (on: boolean, accountId?: string) => void;
}

export interface ExitOwner {
  readonly accountId: string;
  readonly accountKind: AccountKind;
  readonly instrument: InstrumentId;
  /** Null for positions opened by hand. */
  readonly strategyId: string | null;
}

interface Queued {
  readonly slot: Slot;
  readonly event: ExitEvent;
}

class Slot {
  plan: ExitPlan;
  readonly instrument: Instrument;

  constructor(plan: ExitPlan, instrument: Instrument) {
    this.plan = plan;
    this.instrument = instrument;
  }
}

/**
 * Runs the exit plans: feeds them events one after the other (an order sent from here may fill before `submit` returns)
 * and carries out their commands.
 */
export class ProtectiveExits {
  readonly #ports: ExitPorts;
  readonly #byInstrument = new Map<InstrumentId, Slot[]>();
  /** Account position per instrument in the order of the fills heard here. */
  readonly #nets = new Map<string, QuantityUnits>();
  #queue: Queued[] = [];
  #working = false;
  #write: ((text: string) => boolean) | null = null;
  #written = '';

  constructor(ports: ExitPorts) {
    this.#ports = ports;
  }

  /** Sets or changes the rules of an owner's position, open or yet to come. Refuses EXIT_INVALID, INSTRUMENT_NOT_FOUND. */
  protect(owner: ExitOwner, rules: ExitRules): Result<ExitRules> {
    const checked = checkExitRules(rules);
    if (!checked.ok) return checked;
    const instrument = this.#ports.instrument(owner.instrument);
    if (instrument === null) {
      return {
        ok: false,
        error: { code: 'INSTRUMENT_NOT_FOUND', sentence: `Instrument ${owner.instrument} is not known; add it first.` },
      };
    }
    const slot = this.#find(owner.accountId, owner.instrument, owner.strategyId);
    if (slot === null) this.#add(exitPlan(owner, rules), instrument);
    else this.#dispatch(slot, { kind: 'rules', rules, now: this.#ports.now() });
    return checked;
  }

  /**
   * Protects a position that is there already, whoever traded it. `best`: the best price a trailing stop counts from.
   * Refuses what `protect` refuses.
   */
  adopt(
    owner: ExitOwner,
    rules: ExitRules,
    position: {
      readonly quantity: QuantityUnits;
      readonly entry: number;
      readonly openedAt: EpochMs;
      readonly best: PriceUnits;
    },
  ): Result<ExitRules> {
    const checked = checkExitRules(rules);
    if (!checked.ok) return checked;
    const instrument = this.#ports.instrument(owner.instrument);
    if (instrument === null) return this.protect(owner, rules);
    const slot =
      this.#find(owner.accountId, owner.instrument, owner.strategyId) ?? this.#add(exitPlan(owner, rules), instrument);
    this.syncNet(owner.accountId, owner.instrument, position.quantity);
    const { quantity: own, entry, openedAt, best } = position;
    this.#dispatch(slot, { kind: 'adopt', rules, own, entry, openedAt, best, now: this.#ports.now() });
    return checked;
  }

  /** The plan of an owner as it stands; null without one. */
  plan(accountId: string, instrument: InstrumentId, strategyId: string | null): ExitPlan | null {
    return this.#find(accountId, instrument, strategyId)?.plan ?? null;
  }

  /** Every order event of every account, in order. `event` null is news without a change, e.g. after a restart. */
  onOrder(order: Order, event: OrderEvent | null): void {
    const slots = this.#byInstrument.get(order.instrument);
    if (event?.type === 'filled') {
      const key = netKey(order.accountId, order.instrument);
      const { fill } = event;
      this.#nets.set(key, (this.#nets.get(key) ?? 0) + (fill.side === 'buy' ? fill.quantity : -fill.quantity));
    }
    if (slots === undefined) return;
    // Only fills and news of exit orders concern a plan.
    if (event?.type !== 'filled' && order.source !== 'exit') return;
    const net = this.#nets.get(netKey(order.accountId, order.instrument)) ?? 0;
    const now = this.#ports.now();
    for (const slot of slots) {
      if (slot.plan.accountId === order.accountId) this.#dispatch(slot, { kind: 'order', order, event, net, now });
    }
  }

  /** A long is closed at the bid, a short at the ask; 0 = unknown, then the last price stands in. */
  onPrice(instrument: InstrumentId, bid: PriceUnits, ask: PriceUnits, last: PriceUnits, now: EpochMs): void {
    const slots = this.#byInstrument.get(instrument);
    if (slots === undefined) return;
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index];
      if (slot === undefined) continue;
      const side = slot.plan.own >= 0 ? bid : ask;
      const mark = side > 0 ? side : last;
      if (mark > 0 && !isQuiet(slot.plan, mark, mark, now))
        this.#dispatch(slot, { kind: 'price', mark, low: mark, high: mark, now });
    }
  }

  /** A completed bar, or one leg of its path (bar-path.ts): trailing stops follow its extreme, for what comes after it. */
  onBar(instrument: InstrumentId, low: PriceUnits, high: PriceUnits, close: PriceUnits, now: EpochMs): void {
    const slots = this.#byInstrument.get(instrument);
    if (slots === undefined) return;
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index];
      if (slot !== undefined && !isQuiet(slot.plan, low, high, now)) {
        this.#dispatch(slot, { kind: 'price', mark: close, low, high, now });
      }
    }
  }

  /** Time exits and retries without a price. */
  onTime(now: EpochMs): void {
    for (const slots of this.#byInstrument.values()) {
      for (const slot of slots) {
        if (!isQuiet(slot.plan, slot.plan.best, slot.plan.best, now)) this.#dispatch(slot, { kind: 'time', now });
      }
    }
  }

  /** When `onTime` has to be called at the latest: the next time exit or retry; null when none is due. */
  nextDeadline(): EpochMs | null {
    let next: EpochMs | null = null;
    for (const slots of this.#byInstrument.values()) {
      for (const { plan } of slots) {
        if (plan.own === 0 || plan.stoodDown) continue;
        const due = [plan.stop, plan.target, plan.close].flatMap((leg) => (leg.failures > 0 ? [leg.retryAt] : []));
        if (plan.rules.holdMs !== null && plan.closing === null) due.push(plan.openedAt + plan.rules.holdMs);
        for (const at of due) if (next === null || at < next) next = at;
      }
    }
    return next;
  }

  /** True when any open or future position of the instrument has a trailing stop: its bars want `barLegs`. */
  trails(instrument: InstrumentId): boolean {
    return this.#byInstrument.get(instrument)?.some(({ plan }) => plan.rules.trailing !== null) ?? false;
  }

  /** The kill switch takes over, or gives back; all accounts, or one. */
  standDown(on: boolean, accountId?: string): void {
    const now = this.#ports.now();
    this.#ports.onStandDown?.(on, accountId);
    for (const slots of this.#byInstrument.values()) {
      for (const slot of slots) {
        if (accountId !== undefined && slot.plan.accountId !== accountId) continue;
        this.#dispatch(slot, { kind: 'stand-down', on, now });
      }
    }
  }

  /** Why an exit order was sent: as it stands now, since a stop becomes a trailing stop by a modify. Null for other orders. */
  exitReason(order: Order): ExitReason | null {
    if (order.source !== 'exit') return null;
    for (const { plan } of this.#byInstrument.get(order.instrument) ?? []) {
      for (const leg of [plan.stop, plan.target, plan.close]) {
        if (leg.key !== null && leg.key === order.idempotencyKey) return leg.reason;
      }
    }
    const word = order.note?.split(' ', 1)[0];
    return word === 'stop-loss' || word === 'trailing-stop' || word === 'take-profit' || word === 'time-exit'
      ? word
      : null;
  }

  /** Open positions whose stop is wanted but not working, for the alert "unprotected". */
  unprotected(): readonly ExitPlan[] {
    return this.plans().filter(
      ({ own, closing, rules, stop }) =>
        own !== 0 && closing === null && (rules.stopLoss !== null || rules.trailing !== null) && stop.status === 'none',
    );
  }

  /** From now on the plans of strategies are written down before any exit that follows from their change is sent. */
  keep(write: (text: string) => boolean): void {
    this.#write = write;
    this.#written = '';
    this.#store();
  }

  /** False when it should be durable and is not. */
  #store(): boolean {
    if (this.#write === null) return true;
    const plans = this.plans().filter(({ strategyId }) => strategyId !== null);
    if (plans.length === 0 && this.#written === '') return true;
    const nets = Object.fromEntries(
      plans.map(({ accountId, instrument }) => {
        const key = netKey(accountId, instrument);
        return [key, this.#nets.get(key) ?? 0];
      }),
    );
    const text = exitsText({ plans, nets }, false);
    if (text === this.#written) return true;
    if (!this.#write(exitsText({ plans, nets }, true))) return false;
    this.#written = text;
    return true;
  }

  /** To be stored; give it to `restore`. */
  plans(): readonly ExitPlan[] {
    return Array.from(this.#byInstrument.values(), (slots) => slots.map((slot) => slot.plan)).flat();
  }

  /**
   * After a restart. `open` are the orders that still work, `net` the account positions. Legs that are gone are sent
   * again with the next price; exit orders of an owner that its plan does not know are returned, to be cancelled.
   */
  restore(
    plans: readonly ExitPlan[],
    open: readonly Order[],
    net: (accountId: string, instrument: InstrumentId) => QuantityUnits,
  ): readonly Order[] {
    const known = new Set<string>();
    for (const plan of plans) {
      const instrument = this.#ports.instrument(plan.instrument);
      if (instrument === null) continue;
      const find = (name: LegName): Order | undefined =>
        open.find((order) => order.idempotencyKey !== null && order.idempotencyKey === plan[name].key);
      const slot = this.#add(
        {
          ...plan,
          mark: 0,
          stop: lost(plan, 'stop', find('stop')),
          target: lost(plan, 'target', find('target')),
          close: lost(plan, 'close', find('close')),
        },
        instrument,
      );
      const position = net(plan.accountId, plan.instrument);
      this.#nets.set(netKey(plan.accountId, plan.instrument), position);
      for (const name of ['stop', 'target', 'close'] as const) {
        const order = find(name);
        if (order === undefined) continue;
        known.add(order.id);
        slot.plan = protectiveOrders(slot.plan, { kind: 'sent', leg: name, orderId: order.id }, instrument).plan;
        this.#dispatch(slot, { kind: 'order', order, event: null, net: position, now: this.#ports.now() });
      }
    }
    return open.filter((order) => order.source === 'exit' && !known.has(order.id));
  }

  /** The account's position where no plan was stored, so that fills from here on are counted from it. */
  syncNet(accountId: string, instrument: InstrumentId, quantity: QuantityUnits): void {
    this.#nets.set(netKey(accountId, instrument), quantity);
  }

  #add(plan: ExitPlan, instrument: Instrument): Slot {
    const slot = new Slot(plan, instrument);
    const slots = this.#byInstrument.get(plan.instrument);
    if (slots === undefined) this.#byInstrument.set(plan.instrument, [slot]);
    else slots.push(slot);
    return slot;
  }

  #find(accountId: string, instrument: InstrumentId, strategyId: string | null): Slot | null {
    const slots = this.#byInstrument.get(instrument) ?? [];
    return slots.find(({ plan }) => plan.accountId === accountId && plan.strategyId === strategyId) ?? null;
  }

  #dispatch(slot: Slot, event: ExitEvent): void {
    this.#queue.push({ slot, event });
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = 0; next < this.#queue.length; next += 1) {
        const queued = this.#queue[next];
        if (queued !== undefined) this.#take(queued.slot, queued.event);
      }
    } finally {
      this.#queue = [];
      this.#working = false;
    }
  }

  #take(slot: Slot, event: ExitEvent): void {
    const step = protectiveOrders(slot.plan, event, slot.instrument);
    slot.plan = step.plan;
    // A price moves `best` alone, which the stop at the venue tells again.
    const durable = (event.kind === 'price' && step.commands.length === 0) || this.#store();
    for (const command of step.commands) this.#carryOut(slot, command, durable);
  }

  #carryOut(slot: Slot, command: ExitCommand, durable: boolean): void {
    if (command.do === 'submit') {
      const sent = durable ? this.#ports.submit(command.intent) : null;
      const news: ExitEvent =
        sent?.ok === true
          ? { kind: 'sent', leg: command.leg, orderId: sent.value.id }
          : { kind: 'refused', leg: command.leg, now: this.#ports.now() };
      // Before anything else that waits: the order's own news follow and need the leg to be known.
      slot.plan = protectiveOrders(slot.plan, news, slot.instrument).plan;
      return;
    }
    const done =
      command.do === 'cancel'
        ? this.#ports.cancel(command.orderId, command.reason)
        : this.#ports.modify(command.orderId, {
            price: command.price,
            trigger: command.trigger,
            quantity: command.quantity,
          });
    // A command that never left: the order works on as it was. An order that ended meanwhile says so itself.
    if (!done.ok)
      slot.plan = protectiveOrders(
        slot.plan,
        { kind: 'not-sent', leg: command.leg, now: this.#ports.now() },
        slot.instrument,
      ).plan;
  }
}

function netKey(accountId: string, instrument: InstrumentId): string {
  return `${accountId} ${instrument}`;
}

/**
 * A leg whose order is not among the open ones ended while nobody listened. One that works counts as sent until its own
 * news is heard, or the news of the other leg would send it again.
 */
function lost(plan: ExitPlan, name: LegName, order: Order | undefined): ExitPlan[LegName] {
  const leg = plan[name];
  return order === undefined
    ? { ...leg, status: 'none', key: null, orderId: null, failures: 0, retryAt: 0 }
    : { ...leg, status: 'sent', orderId: order.id };
}
