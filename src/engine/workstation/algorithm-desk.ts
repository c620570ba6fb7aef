import type { ParentOrderView, ParentPreview, ParentTicketView, StartParent } from '../../contract/types.ts';
import type { Bar, MarketEvent } from '../../domain/market-data.ts';
import { type Instrument, type InstrumentId, readPrice, readQuantity } from '../../domain/instrument.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import { ok, type Refusal, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { ParentTicket } from '../../execution/algorithms/algorithm-terms.ts';
import { farSide, type Hold, type MarketSight } from '../../execution/algorithms/market-sight.ts';
import { newParent } from '../../execution/algorithms/parent-machine.ts';
import { ParentOrders, type SendChild } from '../../execution/algorithms/parent-orders.ts';
import { ENDED, gridOf, type ParentState } from '../../execution/algorithms/parent-state.ts';
import { ticketFault } from '../../execution/algorithms/ticket-fault.ts';
import { codeText } from './order-views.ts';
import { parentPreview } from './algorithm-preview.ts';
import { type ReadTerms, readTerms } from './algorithm-terms.ts';
import { parentView } from './algorithm-views.ts';
import { hasParent, parentRecords, storedParents } from './parent-records.ts';
import type { Runtime } from './runtime.ts';
import { findAccount, findInstrument } from './ticket.ts';

/** Minute bars of an instrument, oldest first. */
type MinuteBars = (instrument: Instrument, from: EpochMs, to: EpochMs) => readonly Bar[];

const HOUR_MS = 3_600_000;
const CURVE_DAYS_MS = 5 * 86_400_000;
/** Parents kept in memory; older ones are in the journal. */
const LISTED = 1_000;

export interface ReadParent {
  readonly ticket: ParentTicket;
  readonly instrument: Instrument;
  readonly sight: MarketSight;
  readonly read: ReadTerms;
  readonly fault: Refusal | null;
}

/** Parent orders of the running engine: begun, watched and ended by users, worked by their algorithms. */
export class AlgorithmDesk {
  readonly #runtime: Runtime;
  readonly #minutes: MinuteBars;
  #parents: ParentOrders;
  readonly #keys = new Map<string, string>();
  /** Parents that are written down for the first time with their next step. */
  #beginning: string | null = null;

  constructor(runtime: Runtime, minutes: MinuteBars) {
    this.#runtime = runtime;
    this.#minutes = minutes;
    this.#parents = this.#open();
  }

  #open(): ParentOrders {
    const runtime = this.#runtime;
    return new ParentOrders({
      now: () => runtime.now(),
      sight: (parent) => this.sight(parent.accountId, parent.instrument),
      persist: (parent, said) => this.#persist(parent, said),
      send: (parent, child) => this.#send(parent, child),
      cancel: (_parent, key, reason) => {
        const order = runtime.core.orders.findByKey(key);
        if (order !== null) runtime.core.orders.cancel(order.id, reason);
      },
      onChange: (parent) => this.#tell(parent),
    });
  }

  /** After a restart or at the begin of a session: the parents as written down, with what became of their children. */
  restore(): void {
    const { core, journal, alerts } = this.#runtime;
    this.#parents = this.#open();
    this.#keys.clear();
    const { parents, unreadable } = storedParents(journal.read);
    for (const parent of parents) {
      if (parent.idempotencyKey !== null) this.#keys.set(parent.idempotencyKey, parent.id);
      this.#parents.restore(parent, (key) => core.orders.findByKey(key));
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
    this.#parents.onOrder(order);
  }

  /** The session ends: every parent is taken back before its children are cancelled one by one. */
  endAll(reason: string): void {
    for (const { id } of this.#parents.running()) this.#parents.command(id, { type: 'cancel', reason });
  }

  preview(ticket: ParentTicketView): Result<ParentPreview> {
    const read = this.#read(ticket, 'PREVIEW/1', null);
    return read.ok
      ? ok(parentPreview(this.#runtime, read.value, (id) => this.sight(ticket.account, id), this.#minutes))
      : read;
  }

  start(request: StartParent): Result<ParentOrderView> {
    const runtime = this.#runtime;
    const stopped = runtime.refusesCommands();
    if (stopped !== null) return { ok: false, error: stopped };
    const { idempotencyKey, ...asked } = request;
    const known = this.#keys.get(idempotencyKey);
    const before = known === undefined ? null : this.#parents.get(known);
    if (before !== null) return this.#repeated(before, asked);
    const read = this.#read(asked, this.#newId(asked.algorithm.type), idempotencyKey);
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

  /** What a parent of this account may see and do now. */
  sight(accountId: string, instrument: InstrumentId): MarketSight {
    const { core } = this.#runtime;
    const line = core.board.line(instrument);
    const book = line?.book ?? null;
    return {
      bid: line?.bid ?? 0,
      bidQuantity: line?.bidQuantity ?? 0,
      ask: line?.ask ?? 0,
      askQuantity: line?.askQuantity ?? 0,
      last: line?.last ?? 0,
      depth: book !== null && book.isUsable() ? book : null,
      hold: this.#hold(accountId, instrument),
    };
  }

  #hold(accountId: string, instrument: InstrumentId): Hold | null {
    const { core, session } = this.#runtime;
    const status = core.monitor.status(accountId);
    if (status === null || !core.instruments.has(instrument)) {
      return {
        code: 'CLOSED',
        sentence: `Neither account ${accountId} nor ${instrument} is part of this session, or one of them is not.`,
      };
    }
    if (status.state !== 'ACTIVE') {
      return { code: status.state, sentence: status.causes[0]?.sentence ?? `Trading is ${status.state}.` };
    }
    if (session !== null && session.state !== 'running' && session.state !== 'paused') {
      return { code: 'CLOSED', sentence: 'No session is running.' };
    }
    const closed = core.view.marketClosed(instrument);
    if (closed !== null) return { code: 'CLOSED', sentence: closed };
    const reference = core.view.reference(instrument);
    if (reference === null) return { code: 'STALE', sentence: `No price of ${instrument} is known yet.` };
    if (reference.stale) {
      return {
        code: 'STALE',
        sentence: `The price of ${instrument} is ${Math.round(reference.ageMs / 1_000)} s old, too old to trade on.`,
      };
    }
    return null;
  }

  #read(asked: ParentTicketView, id: string, idempotencyKey: string | null): Result<ReadParent> {
    const { core } = this.#runtime;
    const account = findAccount(core, asked.account);
    if (!account.ok) return account;
    const found = findInstrument(core, asked.instrument);
    if (!found.ok) return found;
    const instrument = found.value;
    const quantity = readQuantity(instrument, asked.quantity);
    if (!quantity.ok) return quantity;
    const limit = asked.price === null ? ok(null) : readPrice(instrument, asked.price);
    if (!limit.ok) return limit;
    const sight = this.sight(asked.account, instrument.id);
    const now = this.#runtime.now();
    const lately = this.#minutes(instrument, now - HOUR_MS, now);
    const terms = readTerms(asked.algorithm, {
      instrument,
      side: asked.side,
      quantity: quantity.value,
      limit: limit.value,
      sight,
      now,
      seed: Math.trunc(now) % 2_147_483_647,
      isLive: account.value.kind === 'live',
      volumePerMinute: lately.length === 0 ? null : lately.reduce((sum, bar) => sum + bar.volume, 0) / lately.length,
      history: () =>
        this.#minutes(instrument, now - CURVE_DAYS_MS, now).map((bar) => ({
          start: bar.start,
          lengthMs: bar.at - bar.start,
          volume: bar.volume,
        })),
    });
    if (!terms.ok) return terms;
    const ticket: ParentTicket = {
      id,
      accountId: account.value.id,
      accountKind: account.value.kind,
      instrument: instrument.id,
      side: asked.side,
      quantity: quantity.value,
      limit: limit.value,
      reduceOnly: asked.reduceOnly,
      source: 'manual',
      strategyId: null,
      note: asked.note,
      idempotencyKey,
      terms: terms.value.terms,
    };
    const price = limit.value ?? (farSide(sight, asked.side) || sight.last);
    return ok({ ticket, instrument, sight, read: terms.value, fault: ticketFault(ticket, gridOf(instrument), price) });
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
    const same =
      instrument !== undefined &&
      before.accountId === asked.account &&
      before.instrument === asked.instrument &&
      before.side === asked.side &&
      (asked.algorithm.type === 'auto' || before.terms.type === asked.algorithm.type) &&
      readQuantity(instrument, asked.quantity).ok;
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
    const { core } = this.#runtime;
    const instrument = core.instruments.get(state.instrument);
    if (instrument === undefined) return null;
    return parentView(instrument, state, this.#runtime.now(), (key) => core.orders.findByKey(key)?.id ?? null);
  }
}
