import { parseChildKey } from '../../domain/child-key.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import type { Order } from '../../domain/order.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import { type AlgorithmChoice, chooseAlgorithm } from '../../execution/algorithms/algorithm-choice.ts';
import { type AlgorithmTerms, COMMON_DEFAULTS, type ParentTicket } from '../../execution/algorithms/algorithm-terms.ts';
import { farSide, type MarketSight } from '../../execution/algorithms/market-sight.ts';
import { newParent } from '../../execution/algorithms/parent-machine.ts';
import { ParentOrders, type SendChild } from '../../execution/algorithms/parent-orders.ts';
import { ENDED, gridOf, type ParentState } from '../../execution/algorithms/parent-state.ts';
import { ticketFault } from '../../execution/algorithms/ticket-fault.ts';
import type { MarketView } from '../../venue/create-venue.ts';
import { SCRIPT_ACCOUNT } from './money.ts';
import type { ScriptOrder } from './read-order.ts';

interface ParentsPorts {
  readonly instrument: Instrument;
  readonly seed: number;
  readonly touchOnly: boolean;
  now(): EpochMs;
  view(): MarketView | null;
  quantity(text: string): QuantityUnits;
  send(parent: ScriptOrder, child: SendChild): void;
  cancel(orderId: string): void;
}

/** A parent as the report shows it; `place` is how many orders of the script came before it. */
export interface ScriptParent {
  readonly order: ScriptOrder;
  readonly quantity: QuantityUnits;
  readonly limit: PriceUnits | null;
  readonly place: number;
  readonly terms: AlgorithmTerms | null;
  /** Why this algorithm; empty where the script names it. */
  readonly reasons: readonly string[];
  readonly refusal: Refusal | null;
  /** Null where it was refused. */
  readonly state: ParentState | null;
}

/** More looks than this without news mean that a parent waits for something that never comes. */
const MAX_LOOKS = 1_000_000;
const ENOUGH_TRADES_MS = 10_000;
/** Stands in where no choice was possible; such a parent is refused and never runs. */
const NOTHING_CHOSEN: AlgorithmTerms = { type: 'sniper', ...COMMON_DEFAULTS };

/** The parent orders of a script: started by a submit with an algorithm, fed by the script's market and time. */
export class ScriptParents {
  readonly #ports: ParentsPorts;
  readonly #parents: ParentOrders;
  readonly #entries = new Map<string, Omit<ScriptParent, 'state'> & { readonly staleMs: number | null }>();
  #priceAt: EpochMs = Number.NEGATIVE_INFINITY;
  #traded = 0;
  #tradedSince: EpochMs | null = null;

  constructor(ports: ParentsPorts) {
    this.#ports = ports;
    this.#parents = new ParentOrders({
      now: () => ports.now(),
      sight: (parent) => this.#sight(parent.id),
      // A script runs once, in memory.
      persist: () => true,
      send: (parent, child) => {
        const entry = this.#entries.get(parent.id);
        if (entry !== undefined) ports.send(entry.order, child);
      },
      cancel: (_parent, key) => {
        ports.cancel(key);
      },
    });
  }

  get nextAt(): EpochMs {
    return this.#parents.nextAt;
  }

  get any(): boolean {
    return this.#entries.size > 0;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  isWorking(id: string): boolean {
    const state = this.#parents.get(id);
    return state !== null && !ENDED.has(state.status);
  }

  /** Id of the parent of a child order, null for any other order. */
  ownerOf(orderId: string): string | null {
    const key = parseChildKey(orderId);
    return key !== null && this.#entries.has(key.parentId) ? key.parentId : null;
  }

  start(order: ScriptOrder, limit: PriceUnits | null, place: number, refusal: Refusal | null): void {
    const { instrument, seed } = this.#ports;
    const { algorithm } = order;
    if (algorithm === null) return;
    const now = this.#ports.now();
    const quantity = this.#ports.quantity(order.quantity);
    const { staleMs } = algorithm;
    const { side } = order;
    const picked: { choice: AlgorithmChoice | Refusal | null } = { choice: null };
    const terms = algorithm.terms({
      now,
      seed,
      postOnly: order.postOnly,
      quantity: (text) => this.#ports.quantity(text),
      choose: (urgency, horizonMs) => {
        const volumePerMinute = this.#volumePerMinute(now);
        const sight = this.#sight(order.id);
        const choice = chooseAlgorithm({
          instrument,
          side,
          quantity,
          limit,
          urgency,
          sight,
          volumePerMinute,
          horizonMs,
          seed,
        });
        picked.choice = choice;
        return 'code' in choice ? NOTHING_CHOSEN : choice.terms;
      },
    });
    const { choice: chosen } = picked;
    const isRefused = chosen !== null && 'code' in chosen;
    const reasons = chosen === null || isRefused ? [] : chosen.reasons;
    const stop = refusal ?? (isRefused ? chosen : null);
    const entry = { order, quantity, limit, place, terms: isRefused ? null : terms, reasons, refusal: stop, staleMs };
    this.#entries.set(order.id, entry);
    if (stop !== null) return;
    const ticket: ParentTicket = {
      id: order.id,
      accountId: SCRIPT_ACCOUNT,
      accountKind: 'paper',
      instrument: instrument.id,
      side,
      quantity,
      limit,
      reduceOnly: order.reduceOnly,
      source: 'manual',
      strategyId: null,
      note: null,
      idempotencyKey: null,
      terms,
    };
    const sight = this.#sight(order.id);
    const grid = gridOf(instrument);
    const fault = ticketFault(ticket, grid, limit ?? (farSide(sight, order.side) || sight.last));
    if (fault === null) this.#parents.start(newParent(ticket, grid, now, sight));
    else this.#entries.set(order.id, { ...entry, refusal: fault });
  }

  cancel(id: string): void {
    this.#parents.command(id, { type: 'cancel', reason: 'Cancelled on request.' });
  }

  onMarket(event: MarketEvent): void {
    this.#priceAt = event.at;
    if (event.kind === 'trade') {
      this.#tradedSince ??= event.at;
      this.#traded += event.quantity;
    }
    this.#parents.onMarket(event);
  }

  look(): void {
    this.#priceAt = this.#ports.now();
    this.#parents.look(this.#ports.instrument.id);
  }

  onTime(now: EpochMs): void {
    this.#parents.onTime(now);
  }

  /** Times at which parents want to act, strictly before `end`; each is visited by `visit`. */
  runUntil(end: EpochMs, visit: (at: EpochMs) => void): void {
    for (let looks = 0; this.#parents.nextAt < end && looks < MAX_LOOKS; looks += 1) visit(this.#parents.nextAt);
  }

  onOrder(order: Order): void {
    this.#parents.onOrder(order);
  }

  list(): ScriptParent[] {
    return Array.from(this.#entries.values(), (entry) => ({ ...entry, state: this.#parents.get(entry.order.id) }));
  }

  /** Of the trades so far; null before there is enough of them to speak of a pace. */
  #volumePerMinute(now: EpochMs): number | null {
    const elapsed = now - (this.#tradedSince ?? now);
    return elapsed < ENOUGH_TRADES_MS ? null : (this.#traded / elapsed) * 60_000;
  }

  #sight(id: string): MarketSight {
    const view = this.#ports.view();
    const { touchOnly } = this.#ports;
    const staleMs = this.#entries.get(id)?.staleMs ?? null;
    const age = this.#ports.now() - this.#priceAt;
    const isStale = staleMs !== null && age > staleMs;
    const hasBook =
      view !== null && !touchOnly && view.book.isUsable() && view.book.bids.count + view.book.asks.count > 0;
    return {
      bid: view?.bid ?? 0,
      bidQuantity: view?.bidQuantity ?? 0,
      ask: view?.ask ?? 0,
      askQuantity: view?.askQuantity ?? 0,
      last: view?.last ?? 0,
      depth: hasBook ? view.book : null,
      hold: isStale
        ? { code: 'STALE', sentence: `The newest price is ${age} ms old, the limit is ${staleMs} ms.` }
        : null,
    };
  }
}
