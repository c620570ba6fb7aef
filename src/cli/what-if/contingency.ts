import { instrumentId, readPrice, type Instrument } from '../../domain/instrument.ts';
import type { Bar } from '../../domain/market-data.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import type { OrderEvent } from '../../domain/order-event.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import { ok, type Refusal, type Result } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import { walkBar } from '../../execution/contingent/bar-walk.ts';
import { bracketExits, checkBracket, stopCondition } from '../../execution/contingent/bracket.ts';
import { ContingentOrders } from '../../execution/contingent/contingent-orders.ts';
import { type LinkedOrder, linkedOrder, type VenueAbilities } from '../../execution/contingent/linked-order.ts';
import {
  type PriceCondition,
  type PriceNow,
  reached,
  sourcePrice,
  type TrailingTerms,
} from '../../execution/contingent/price-trigger.ts';
import { readOffset } from '../../execution/contingent/trailing-terms.ts';
import type { ScriptTrailing } from './read-links.ts';
import type { ScriptOrder } from './read-order.ts';
import { scriptFault } from './script-json.ts';

/** The exchange of a script trades in this process and knows both. */
const VENUE: VenueAbilities = { stops: true, reduceOnly: true };

export interface ContingencyPorts {
  readonly instrument: Instrument;
  now(): EpochMs;
  view(): PriceNow | null;
  position(): QuantityUnits;
  price(text: string): PriceUnits;
  order(id: string): Order | null;
  /** Why the exchange takes no order now. */
  closed(): boolean;
  submit(intent: OrderIntent): Order;
  hold(intent: OrderIntent): Order;
  release(id: string, quantity: QuantityUnits): Order;
  modify(
    id: string,
    change: { price: PriceUnits | null; trigger: PriceUnits | null; quantity: QuantityUnits },
  ): Order | null;
  cancel(id: string, reason: string): Order | null;
  expire(id: string): Order | null;
  feed(piece: Bar): void;
  /** A stop beyond the market is refused; otherwise it triggers at once. */
  readonly refusesPassedStops: boolean;
}

export interface ScriptLinkage {
  readonly parent: string | null;
  readonly siblings: readonly string[];
  readonly children: readonly string[];
}

/** The links between the orders of a script, run by the engine's own book of contingent orders. */
export class Contingency {
  readonly #ports: ContingencyPorts;
  readonly #book: ContingentOrders;
  /** Links to orders that the script has not sent yet: group and parent by order id. */
  readonly #groups = new Map<string, { readonly group: string; readonly onPartial: 'reduce' | 'cancel' }>();
  readonly #parents = new Map<string, string>();
  #barPrice: PriceUnits | null = null;

  constructor(ports: ContingencyPorts) {
    this.#ports = ports;
    const { instrument } = ports;
    const known = (order: Order | null): Result<Order> =>
      order === null ? { ok: false, error: { code: 'ORDER_UNKNOWN', sentence: 'There is no such order.' } } : ok(order);
    this.#book = new ContingentOrders({
      context: {
        instrument: (id) => (id === instrument.id ? instrument : null),
        price: () => this.#price(),
        closed: () => ports.closed(),
        venue: () => VENUE,
      },
      submit: (intent) => ok(ports.submit(intent)),
      hold: (intent) => ok(ports.hold(intent)),
      release: (id, quantity) => ok(ports.release(id, quantity)),
      modify: (id, change) => known(ports.modify(id, change)),
      cancel: (id, reason) => known(ports.cancel(id, reason)),
      expire: (id) => known(ports.expire(id)),
      order: (id) => ports.order(id),
      orderByKey: (key) => ports.order(key),
      net: () => ports.position(),
      // A script runs once, in memory.
      write: () => true,
      now: () => ports.now(),
    });
  }

  /** True when the order is tied to another order or to a price; otherwise it is sent as it is. */
  isLinked(order: ScriptOrder): boolean {
    const { links } = order;
    return (
      links.oco.length > 0 ||
      links.oto.length > 0 ||
      links.bracket !== null ||
      links.trailing !== null ||
      links.condition !== null ||
      links.stopSource !== null ||
      links.parent !== null ||
      this.#parents.has(order.id) ||
      this.#groups.has(order.id)
    );
  }

  /** Sends a linked order. `started`: it works already, by an algorithm. */
  place(order: ScriptOrder, intent: OrderIntent, expireAt: EpochMs | null, started: Order | null): Refusal | null {
    const { links } = order;
    const expected = this.#groups.get(order.id);
    const parent = links.parent ?? this.#parents.get(order.id) ?? null;
    // The quantity of a worked order is what its algorithm goes by: it is cancelled, not reduced.
    const onPartial = started !== null ? 'cancel' : (expected?.onPartial ?? links.onPartial);
    const group = this.#groupOf(order, expected?.group ?? null, onPartial);
    if (parent !== null) this.#adopt(parent);
    for (const child of links.oto) this.#parents.set(child, order.id);
    const condition = this.#conditionOf(order, intent);
    const trailing = links.trailing === null ? null : this.#trailing(links.trailing, order.id);
    const first = linkedOrder({
      name: order.id,
      intent: condition === null || links.stopSource === null ? intent : asMarket(intent),
      parent,
      group,
      onPartial,
      trailing,
      condition,
      expireAt,
      persistent: intent.reduceOnly && (trailing !== null || condition !== null),
    });
    const exits = this.#exits(order, intent);
    if (started !== null) {
      this.#book.adopt(first, started, exits);
      return null;
    }
    const placed = this.#book.place([first, ...exits]);
    return placed.ok ? null : placed.error;
  }

  /** Orders of which one cancels the others have the same name here; null for an order without such siblings. */
  groupOf(id: string): string | null {
    return this.#book.named(id)?.group ?? this.#groups.get(id)?.group ?? null;
  }

  /** The group that an order not sent yet will be in. */
  groupToBe({ id, links }: ScriptOrder): string | null {
    const known = links.oco.map((sibling) => this.groupOf(sibling)).find((group) => group !== null);
    return this.groupOf(id) ?? known ?? (links.oco.length === 0 ? null : `oco of ${id}`);
  }

  /** Held back until another order fills. */
  isDependent(order: ScriptOrder): boolean {
    return order.links.parent !== null || this.#parents.has(order.id);
  }

  linkage(id: string): ScriptLinkage | null {
    const order = this.#book.named(id);
    if (order === null) return null;
    const names = (orders: readonly LinkedOrder[]): string[] => orders.map(({ name }) => name);
    const { parent } = order;
    return { parent, siblings: names(this.#book.siblings(order)), children: names(this.#book.children(order)) };
  }

  /** Why the order must not be sent: what it is linked to is over, or its stop is behind the market. */
  refusal(order: ScriptOrder, intent: OrderIntent): Refusal | null {
    const { links } = order;
    const siblings = new Set(links.oco);
    const group = this.#groups.get(order.id)?.group;
    for (const one of this.#book.state.orders) if (group !== undefined && one.group === group) siblings.add(one.name);
    for (const id of siblings) {
      const sibling = this.#ports.order(id);
      if (sibling === null || sibling.filled === 0) continue;
      if (sibling.filled < sibling.quantity && links.onPartial === 'reduce') continue;
      return { code: 'OCO_SIBLING_FILLED', sentence: `Its sibling ${id} has filled; one cancels the other.` };
    }
    const parent = links.parent ?? this.#parents.get(order.id);
    const above = parent === undefined ? null : this.#ports.order(parent);
    if (parent !== undefined && above === null) {
      return { code: 'PARENT_UNKNOWN', sentence: `There is no order ${parent} yet; submit it before ${order.id}.` };
    }
    if (above !== null && TERMINAL.has(above.status) && above.filled === 0) {
      return { code: 'PARENT_ENDED', sentence: `Order ${above.id}, on which it depends, ended unfilled.` };
    }
    const exits = this.#bracketFault(order, intent);
    if (exits !== null) return exits;
    const trigger = intent.trigger;
    const source = links.trailing?.source ?? links.stopSource;
    const price = this.#price();
    if (!this.#ports.refusesPassedStops || source === null || trigger === null || price === null) return null;
    if (!reached(intent.side, trigger, sourcePrice(source, intent.side, price))) return null;
    return {
      code: 'STOP_ALREADY_TRIGGERED',
      sentence: 'The stop trigger has been passed already; choose one beyond the market or send a market order.',
    };
  }

  /** Worked orders have gone on. */
  refresh(): void {
    this.#book.refresh();
  }

  onOrder(order: Order, event: OrderEvent): void {
    this.#book.onOrder(order, event);
  }

  /** The market has moved. */
  onPrice(): void {
    const price = this.#price();
    if (price === null) return;
    const { instrument } = this.#ports;
    this.#book.onPrice(instrument.id, price.bid, price.ask, price.last, this.#ports.now());
  }

  onTime(): void {
    this.#book.onTime(this.#ports.now());
  }

  /** Feeds a bar to the exchange, in pieces where an order waits for a price on its path. */
  onBar(bar: Bar, lowFirst: boolean): void {
    const { instrument } = this.#ports;
    if (this.#book.watches(instrument.id)) {
      walkBar(
        bar,
        lowFirst,
        {
          next: (from, to) => this.#book.nextTrigger(instrument.id, from, to),
          at: (price) => {
            this.#barPrice = price;
            this.#book.onPrice(instrument.id, 0, 0, price, this.#ports.now());
          },
        },
        (piece) => {
          this.#ports.feed(piece);
        },
      );
      this.#barPrice = null;
      return;
    }
    this.#ports.feed(bar);
    this.#book.onPrice(instrument.id, 0, 0, bar.close, this.#ports.now());
  }

  /** The script cancels an order. False when it is not linked. */
  drop(id: string): boolean {
    return this.#book.drop(id);
  }

  /** The script has changed an order. */
  moved(id: string, change: { price: PriceUnits | null; trigger: PriceUnits | null; quantity: QuantityUnits }): void {
    this.#book.moved(id, change);
  }

  /** Exits that could not be sent, or would close the entry at once. */
  #bracketFault(order: ScriptOrder, { side, price, trigger }: OrderIntent): Refusal | null {
    const { bracket } = order.links;
    if (bracket === null) return null;
    const { instrument } = this.#ports;
    for (const text of [bracket.stopLoss, bracket.takeProfit]) {
      const level = text === null ? null : readPrice(instrument, text);
      if (level !== null && !level.ok) return level.error;
    }
    const level = (text: string | null): PriceUnits | null => (text === null ? null : this.#ports.price(text));
    const now = this.#price();
    const market = now === null ? 0 : (side === 'buy' ? now.ask : now.bid) || now.last;
    const terms = {
      stopLoss: level(bracket.stopLoss),
      stopSource: bracket.stopSource,
      takeProfit: level(bracket.takeProfit),
      trailing: bracket.trailing === null ? null : this.#trailing(bracket.trailing, order.id),
    };
    const checked = checkBracket(instrument, side, price ?? trigger ?? market, terms);
    return checked.ok ? null : checked.error;
  }

  #price(): PriceNow | null {
    if (this.#barPrice !== null) return { bid: 0, ask: 0, last: this.#barPrice };
    return this.#ports.view();
  }

  /** The group of an order and the siblings it names; those the script sends later join it then. */
  #groupOf(order: ScriptOrder, expected: string | null, onPartial: 'reduce' | 'cancel'): string | null {
    const { oco } = order.links;
    if (oco.length === 0) return expected;
    const known = oco.flatMap((id) => this.#book.named(id)?.group ?? []);
    const group = expected ?? known[0] ?? `oco of ${order.id}`;
    for (const id of oco) {
      if (this.#ports.order(id) === null) this.#groups.set(id, { group, onPartial });
      else {
        const sibling = this.#book.named(id) ?? this.#adopt(id);
        for (const one of [sibling, ...this.#book.siblings(sibling)]) this.#book.join(one.name, group);
      }
    }
    return group;
  }

  #adopt(id: string): LinkedOrder {
    const known = this.#book.named(id);
    const order = this.#ports.order(id);
    if (known !== null) return known;
    if (order === null) throw scriptFault(`There is no order "${id}" yet.`);
    return this.#book.adopt(linkedOrder({ name: id, intent: { ...order, idempotencyKey: id } }), order);
  }

  #conditionOf(order: ScriptOrder, intent: OrderIntent): PriceCondition | null {
    const { condition, stopSource } = order.links;
    const { instrument } = this.#ports;
    if (condition === null) {
      if (stopSource === null) return null;
      if (intent.trigger === null) throw scriptFault(`Order ${order.id} has a triggerSource and no trigger.`);
      return stopCondition(instrument.id, intent.side, intent.trigger, stopSource);
    }
    const plain = condition.symbol?.toUpperCase() ?? instrument.symbol;
    if (
      plain !== instrument.symbol &&
      plain !== instrument.id &&
      instrumentId(plain, instrument.venue) !== instrument.id
    ) {
      throw scriptFault(
        `The condition of order ${order.id} is about ${plain}; a script trades ${instrument.symbol} alone.`,
        'ORDER_UNSUPPORTED',
      );
    }
    const { when, source } = condition;
    return { instrument: instrument.id, source, when, price: this.#ports.price(condition.price) };
  }

  #trailing(terms: ScriptTrailing, id: string): TrailingTerms {
    const offset = readOffset(this.#ports.instrument, terms.offset, terms.offsetType);
    if (!offset.ok) throw scriptFault(`Order ${id}: ${offset.error.sentence}`, offset.error.code);
    return {
      offset: offset.value,
      source: terms.source,
      activation: terms.activation === null ? null : this.#ports.price(terms.activation),
    };
  }

  #exits(order: ScriptOrder, intent: OrderIntent): LinkedOrder[] {
    const { bracket } = order.links;
    if (bracket === null) return [];
    const level = (text: string | null): PriceUnits | null => (text === null ? null : this.#ports.price(text));
    return bracketExits(
      { name: order.id, intent },
      {
        stopLoss: level(bracket.stopLoss),
        stopSource: bracket.stopSource,
        takeProfit: level(bracket.takeProfit),
        trailing: bracket.trailing === null ? null : this.#trailing(bracket.trailing, order.id),
      },
      this.#ports.instrument,
      VENUE,
      { stop: `${order.id}-SL`, target: `${order.id}-TP` },
    );
  }
}

/** What is sent once the engine has seen the stop's trigger. */
function asMarket(intent: OrderIntent): OrderIntent {
  return { ...intent, type: intent.type === 'stop-limit' ? 'limit' : 'market', trigger: null };
}
