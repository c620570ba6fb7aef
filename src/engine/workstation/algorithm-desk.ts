import type { ParentOrderView, ParentPreview, ParentTicketView, StartParent } from '../../contract/types.ts';
import { childKey, parentOf } from '../../domain/child-key.ts';
import type { MarketEvent } from '../../domain/market-data.ts';
import { type InstrumentId, readQuantity } from '../../domain/instrument.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { MarketSight } from '../../execution/algorithms/market-sight.ts';
import { newParent } from '../../execution/algorithms/parent-machine.ts';
import { ParentOrders, type SendChild } from '../../execution/algorithms/parent-orders.ts';
import { ENDED, gridOf, type ParentState } from '../../execution/algorithms/parent-state.ts';
import { CoalescedState } from './coalesced.ts';
import { codeText } from './order-views.ts';
import { parentPreview } from './algorithm-preview.ts';
import { parentView } from './algorithm-views.ts';
import { hasParent, parentRecords, storedParents } from './parent-records.ts';
import { parentSight } from './parent-sight.ts';
import { readParent } from './parent-ticket.ts';
import type { Runtime } from './runtime.ts';
import type { MinuteBars } from './venue-offers.ts';

const LISTED = 1_000;
const SHOWN_ENDED = 50;

/** Parent orders of the running engine: begun, watched and ended by users, worked by their algorithms. */
export class AlgorithmDesk {
  readonly #runtime: Runtime;
  readonly #minutes: MinuteBars;
  #parents: ParentOrders;
  readonly #keys = new Map<string, string>();
  /** Ids of the orders that children became, by their keys. */
  readonly #orderIds = new Map<string, string>();
  readonly state: CoalescedState<readonly ParentOrderView[]>;
  /** Parents that are written down for the first time with their next step. */
  #beginning: string | null = null;

  constructor(runtime: Runtime, minutes: MinuteBars) {
    this.#runtime = runtime;
    this.#minutes = minutes;
    this.#parents = this.#open();
    this.state = new CoalescedState(
      () => this.#shown(),
      (error) => runtime.fault('A reader of parent orders', error),
    );
  }

  #open(): ParentOrders {
    const runtime = this.#runtime;
    return new ParentOrders({
      now: () => runtime.now(),
      sight: (parent) => parentSight(runtime, parent.accountId, parent.instrument),
      persist: (parent, said) => this.#persist(parent, said),
      send: (parent, child) => this.#send(parent, child),
      cancel: (_parent, key, reason) => {
        const order = runtime.core.orders.findByKey(key);
        if (order !== null) runtime.core.orders.cancel(order.id, reason);
      },
      onChange: (parent) => {
        this.state.touch('figures');
        this.#tell(parent);
      },
      onForgotten: ({ id, children }) => {
        for (const { n } of children) this.#orderIds.delete(childKey(id, n));
      },
    });
  }

  /** After a restart or at the begin of a session: the parents as written down, with what became of their children. */
  restore(): void {
    const { core, journal, alerts } = this.#runtime;
    this.#parents = this.#open();
    this.#keys.clear();
    this.#orderIds.clear();
    const { parents, unreadable } = storedParents(journal.read);
    for (const parent of parents) {
      if (parent.idempotencyKey !== null) this.#keys.set(parent.idempotencyKey, parent.id);
      this.#parents.restore(parent, (key) => {
        const order = core.orders.findByKey(key);
        if (order !== null) this.#orderIds.set(key, order.id);
        return order;
      });
    }
    if (unreadable.length === 0) return;
    const sentence = `The records of parent orders ${unreadable.join(', ')} cannot be read, so they do not go on; check their children among the orders.`;
    alerts.raise({ at: this.#runtime.now(), severity: 'critical', code: 'PARENT_UNREADABLE', sentence });
  }

  onEvent(event: MarketEvent): void {
    this.#parents.onMarket(event);
  }

  onTime(now: EpochMs): void {
    this.#parents.onTime(now);
  }

  /** The trading state, the freshness or the session may have changed. */
  onSecond(): void {
    this.#parents.checkHolds();
  }

  onOrder(order: Order): void {
    if (order.idempotencyKey === null || parentOf(order) === null) return;
    this.#orderIds.set(order.idempotencyKey, order.id);
    this.#parents.onOrder(order);
  }

  /** The session ends: every parent is taken back before its children are cancelled one by one. */
  endAll(reason: string): void {
    for (const { id } of this.#parents.running()) this.#parents.command(id, { type: 'cancel', reason });
  }

  preview(ticket: ParentTicketView): Result<ParentPreview> {
    const read = readParent(this.#runtime, ticket, 'PREVIEW/1', null, this.#minutes);
    if (!read.ok) return read;
    const sight = (id: InstrumentId): MarketSight => parentSight(this.#runtime, ticket.account, id);
    return ok(parentPreview(this.#runtime, read.value, sight, this.#minutes));
  }

  start(request: StartParent): Result<ParentOrderView> {
    const runtime = this.#runtime;
    const stopped = runtime.refusesCommands();
    if (stopped !== null) return { ok: false, error: stopped };
    const { idempotencyKey, ...asked } = request;
    const known = this.#keys.get(idempotencyKey);
    const before = known === undefined ? null : this.#parents.get(known);
    if (before !== null) return this.#repeated(before, asked);
    if (known !== undefined) {
      return refuse('ORDER_FINISHED', `This key began parent order ${known}, which ended long ago; use a new key.`, {
        value: known,
      });
    }
    const read = readParent(runtime, asked, this.#newId(asked.algorithm.type), idempotencyKey, this.#minutes);
    if (!read.ok) return read;
    const { ticket, instrument, sight, fault } = read.value;
    if (fault !== null) return { ok: false, error: fault };
    const hold = ticket.reduceOnly && sight.hold?.code === 'REDUCING' ? null : sight.hold;
    if (hold !== null) return refuse(`PARENT_${hold.code}`, hold.sentence);
    const unrecorded = runtime.record('algorithms.start', request);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    this.#keys.set(idempotencyKey, ticket.id);
    this.#beginning = ticket.id;
    if (!this.#parents.start(newParent(ticket, gridOf(instrument), runtime.now(), sight))) {
      this.#keys.delete(idempotencyKey);
      return refuse('JOURNAL_FAILED', 'The parent order was not begun, because it could not be written down.');
    }
    return this.#viewOf(ticket.id);
  }

  /** Kind of a parent's algorithm, "twap"; null for an unknown parent. */
  kindOf(id: string): string | null {
    return this.#parents.get(id)?.terms.type ?? null;
  }

  list(scope: 'working' | 'all', limit: number): ParentOrderView[] {
    const all = scope === 'working' ? this.#parents.running() : this.#parents.all().slice(-LISTED);
    return all
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, limit)
      .flatMap((state) => {
        const view = this.#view(state);
        return view === null ? [] : [view];
      });
  }

  #shown(): readonly ParentOrderView[] {
    const ended = this.list('all', SHOWN_ENDED).filter(({ endedAt }) => endedAt !== null);
    return [...this.list('working', LISTED), ...ended];
  }

  cancel(id: string): Result<ParentOrderView> {
    // Taking risk away goes on where the command itself cannot be written down.
    return this.#command(id, 'algorithms.cancel', { type: 'cancel', reason: 'Cancelled by the user.' }, true);
  }

  pause(id: string): Result<ParentOrderView> {
    return this.#command(id, 'algorithms.pause', { type: 'pause', reason: 'Paused by the user.' }, true);
  }

  resume(id: string): Result<ParentOrderView> {
    return this.#command(id, 'algorithms.resume', { type: 'resume' }, false);
  }

  #command(
    id: string,
    name: string,
    input: Parameters<ParentOrders['command']>[1],
    isSafe: boolean,
  ): Result<ParentOrderView> {
    const state = this.#parents.get(id);
    if (state === null) return refuse('ORDER_UNKNOWN', `There is no parent order ${id}.`, { value: id });
    if (ENDED.has(state.status)) {
      return refuse('ORDER_FINISHED', `Parent order ${id} is ${state.status} and can no longer be changed.`, {
        value: id,
      });
    }
    const unrecorded = this.#runtime.record(name, { id });
    if (unrecorded !== null && !(isSafe && unrecorded.code === 'JOURNAL_FAILED'))
      return { ok: false, error: unrecorded };
    this.#parents.command(id, input);
    return this.#viewOf(id);
  }

  /** "TWAP/M8K3F1Q2": of one time only, and never the form of a key that users choose. */
  #newId(type: string): string {
    let stamp = Math.floor(this.#runtime.now());
    const id = (): string => `${type.toUpperCase().replaceAll(/[^A-Z]/g, '')}/${stamp.toString(36).toUpperCase()}`;
    while (this.#parents.get(id()) !== null || hasParent(this.#runtime.journal.read, id())) stamp += 1;
    return id();
  }

  #repeated(before: ParentState, asked: ParentTicketView): Result<ParentOrderView> {
    const instrument = this.#runtime.core.instruments.get(before.instrument);
    const quantity = instrument === undefined ? null : readQuantity(instrument, asked.quantity);
    const same =
      instrument !== undefined &&
      before.accountId === asked.account &&
      (asked.venue === 'best' || before.instrument === asked.instrument) &&
      before.side === asked.side &&
      (asked.algorithm.type === 'auto' || before.terms.type === asked.algorithm.type) &&
      quantity?.ok === true &&
      quantity.value === before.quantity;
    if (same) return this.#viewOf(before.id);
    return refuse('IDEMPOTENCY_CONFLICT', `This key began parent order ${before.id} with other terms; use a new key.`, {
      value: before.id,
    });
  }

  #send(parent: ParentState, child: SendChild): void {
    const { core } = this.#runtime;
    const intent: OrderIntent = {
      accountId: parent.accountId,
      accountKind: parent.accountKind,
      instrument: parent.instrument,
      side: parent.side,
      type: child.type,
      quantity: child.quantity,
      price: child.price,
      trigger: null,
      timeInForce: child.timeInForce,
      expireAt: null,
      postOnly: child.postOnly,
      reduceOnly: parent.reduceOnly,
      source: parent.source,
      strategyId: parent.strategyId,
      note: `Child ${child.n} of ${parent.id}`,
      idempotencyKey: child.key,
    };
    const sent = core.submit(intent);
    if (!sent.ok) this.#parents.onRefused(child.key, sent.error.code, sent.error.sentence);
  }

  #persist(parent: ParentState, said: string): boolean {
    const { core, journal } = this.#runtime;
    const at = this.#runtime.now();
    const isNew = this.#beginning === parent.id;
    try {
      journal.commit(parentRecords(parent, said, this.#parents.all(), isNew, at));
    } catch (error) {
      core.monitor.onJournalFailure(error instanceof Error ? error.message : String(error), at);
      return false;
    }
    if (isNew) this.#beginning = null;
    return true;
  }

  /** A parent that waits for a person must be seen. */
  #tell(parent: ParentState): void {
    if (parent.status !== 'failed' && !(parent.status === 'paused' && parent.pause?.needsResume === true)) return;
    const failed = parent.status === 'failed';
    const why = failed ? (parent.reason ?? '') : (parent.pause?.sentence ?? '');
    this.#runtime.alerts.raise({
      at: this.#runtime.now(),
      severity: 'warning',
      code: failed ? 'PARENT_FAILED' : codeText(`PARENT_${parent.pause?.code ?? 'PAUSED'}`),
      sentence: `Parent order ${parent.id} ${failed ? 'ended' : 'is paused'}: ${why}`,
      account: parent.accountId,
      instrument: parent.instrument,
    });
  }

  #viewOf(id: string): Result<ParentOrderView> {
    const state = this.#parents.get(id);
    const view = state === null ? null : this.#view(state);
    return view === null ? refuse('ORDER_UNKNOWN', `There is no parent order ${id}.`, { value: id }) : ok(view);
  }

  #view(state: ParentState): ParentOrderView | null {
    const instrument = this.#runtime.core.instruments.get(state.instrument);
    if (instrument === undefined) return null;
    return parentView(instrument, state, this.#runtime.now(), (key) => this.#orderIds.get(key) ?? null);
  }
}
