import type { OrderMoment, OrderTicket, OrderView, PlaceOrder } from '../../contract/types.ts';
import { Decimal } from '../../domain/decimal.ts';
import { type Instrument, type InstrumentId, readPrice, readQuantity } from '../../domain/instrument.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import { ok, type Refusal, refuse, type Result } from '../../domain/refusal.ts';
import type { OrderRefusal as EngineRefusal } from '../../execution/order-refusal.ts';
import { blockOf } from '../../execution/screening.ts';
import type { RiskVerdict } from '../../risk/gate.ts';
import { codeText, checkView, fillView, orderView } from './order-views.ts';
import type { ContingentDesk } from './contingent-desk.ts';
import type { ProtectionDesk } from './protection-desk.ts';
import { planOf, reviewOf, Reviews, warningsOf } from './order-review.ts';
import type { OrderRefusal, Page, Workstation } from '../workstation.ts';
import type { Runtime } from './runtime.ts';
import { isDeskSession } from './session-opening.ts';
import { findAccount, findInstrument, readTicket } from './ticket.ts';

type Orders = Workstation['orders'];
const CLOSED = [...TERMINAL];

/** Everything a user does with orders: review, place, change, cancel, look up. */
export class OrderDesk {
  readonly #runtime: Runtime;
  readonly #protection: ProtectionDesk;
  readonly #contingent: ContingentDesk;
  readonly #reviews = new Reviews();

  constructor(runtime: Runtime, protection: ProtectionDesk, contingent: ContingentDesk) {
    this.#runtime = runtime;
    this.#protection = protection;
    this.#contingent = contingent;
  }

  preview(ticket: OrderTicket): ReturnType<Orders['preview']> {
    const { core } = this.#runtime;
    const read = readTicket(core, ticket, null);
    if (!read.ok) return read;
    const plan = planOf(core, read.value);
    const verdict = core.gate.check(read.value.intent, plan);
    const review = verdict.verdict === 'block' ? null : this.#reviews.open(ticket, verdict, this.#runtime.now());
    return ok(reviewOf(core, read.value, plan, verdict, review));
  }

  place(order: PlaceOrder): Result<OrderView, OrderRefusal> {
    const { core } = this.#runtime;
    const stopped = this.#runtime.refusesCommands();
    if (stopped !== null) return { ok: false, error: stopped };
    const { idempotencyKey, reviewToken, acknowledged, ...ticket } = order;
    const read = readTicket(core, ticket, idempotencyKey);
    if (!read.ok) return read;
    const { intent, protection, instrument, links } = read.value;
    // A repeated key is answered with its first order whatever risk thinks of it today.
    if (core.orders.findByKey(idempotencyKey) !== null) {
      return this.#outcome(links === null ? core.submit(intent) : this.#contingent.repeated(intent));
    }
    const verdict = core.gate.check(intent, planOf(core, read.value));
    // The order manager judges the order alone and denies what is wrong with it; what its stop would cost it cannot know.
    const isLater = links !== null && this.#contingent.isJudgedLater(links);
    if (verdict.verdict === 'block' && !isLater && (links !== null || core.gate.check(intent).verdict !== 'block')) {
      return this.#blocked(verdict);
    }
    if (verdict.verdict === 'warn') {
      const missing = this.#unreviewed(ticket, warningsOf(verdict), reviewToken, acknowledged ?? []);
      if (missing !== null) return { ok: false, error: { ...missing, checks: verdict.checks.map(checkView) } };
    }
    const unrecorded = this.#runtime.record('orders.place', order);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    const takeBack = protection === null ? null : this.#protection.prepare(intent, protection);
    const sent = links === null ? core.submit(intent) : this.#contingent.place(intent, links, instrument);
    if (!sent.ok) takeBack?.();
    else if (protection !== null) this.#protection.attach(sent.value, protection);
    return this.#outcome(sent);
  }

  #blocked(verdict: RiskVerdict): { readonly ok: false; readonly error: OrderRefusal } {
    const { code, sentence, value, limit } = blockOf(verdict);
    this.#runtime.core.audit('risk', codeText(code), sentence, { value, limit });
    return {
      ok: false,
      error: {
        code: codeText(code),
        sentence,
        ...(value === undefined ? {} : { value }),
        ...(limit === undefined ? {} : { limit }),
        checks: verdict.checks.map(checkView),
      },
    };
  }

  /** Null when every warning was shown with the token or is acknowledged by name. */
  #unreviewed(
    ticket: OrderTicket,
    warnings: readonly string[],
    token: string | undefined,
    acknowledged: readonly string[],
  ): Refusal | null {
    const shown = token === undefined ? null : this.#reviews.shown(token, ticket, this.#runtime.now());
    const open = warnings.filter((code) => !acknowledged.includes(code) && shown?.has(code) !== true);
    if (open.length === 0) return null;
    if (token !== undefined && shown === null) {
      return {
        code: 'REVIEW_STALE',
        sentence: 'The review of this order is too old or was for another ticket; look at its warnings again.',
        value: open.join(', '),
      };
    }
    return {
      code: 'REVIEW_NEEDED',
      sentence: `Read the warnings of this order first, or acknowledge them by name: ${open.join(', ')}.`,
      value: open.join(', '),
    };
  }

  close(request: Parameters<Workstation['positions']['close']>[0]): Result<OrderView, OrderRefusal> {
    const { core } = this.#runtime;
    const stopped = this.#runtime.refusesCommands();
    if (stopped !== null) return { ok: false, error: stopped };
    const account = findAccount(core, request.account);
    if (!account.ok) return account;
    const found = findInstrument(core, request.instrument);
    if (!found.ok) return found;
    const instrument = found.value;
    const held = core.portfolio.position(account.value.id, instrument.id);
    const before = core.orders.findByKey(request.idempotencyKey);
    if (held === 0 && before === null) {
      return refuse('POSITION_UNKNOWN', `There is no open position in ${instrument.symbol} to close.`, {
        value: instrument.id,
      });
    }
    const share = new Decimal(request.fraction).times(Math.abs(held));
    const wanted = share.divToInt(instrument.step).toNumber() * instrument.step;
    const quantity = before?.quantity ?? (request.fraction === 1 ? Math.abs(held) : wanted);
    if (quantity === 0) {
      return refuse('QUANTITY_BELOW_STEP', `That share of the position is less than one step of ${instrument.symbol}.`);
    }
    const intent: OrderIntent = {
      accountId: account.value.id,
      accountKind: account.value.kind,
      instrument: instrument.id,
      side: before?.side ?? (held > 0 ? 'sell' : 'buy'),
      type: 'market',
      quantity,
      price: null,
      trigger: null,
      timeInForce: 'IOC',
      expireAt: null,
      postOnly: false,
      reduceOnly: true,
      source: 'manual',
      strategyId: null,
      note: 'closed by the user',
      idempotencyKey: request.idempotencyKey,
    };
    if (before === null) {
      const unrecorded = this.#runtime.record('positions.close', request);
      if (unrecorded !== null) return { ok: false, error: unrecorded };
    }
    return this.#outcome(core.submit(intent));
  }

  cancel(id: string): Result<OrderView> {
    const { core } = this.#runtime;
    const order = core.orders.find(id);
    if (order === null) return this.#notWorking(id);
    const unrecorded = this.#runtime.record('orders.cancel', { id });
    // A cancel takes risk away: it goes out even when it cannot be written down.
    if (unrecorded !== null && unrecorded.code !== 'JOURNAL_FAILED') return { ok: false, error: unrecorded };
    this.#protection.dropLeg(order);
    this.#contingent.drop(order);
    const now = core.orders.find(id);
    // A held order is gone with the drop already.
    if (now !== null && TERMINAL.has(now.status) && !TERMINAL.has(order.status)) return ok(this.view(now));
    const outcome = core.orders.cancel(id, 'Cancelled by the user');
    return outcome.ok ? ok(this.view(outcome.value)) : { ok: false, error: plainRefusal(outcome.error) };
  }

  cancelAll(filter: Parameters<Orders['cancelAll']>[0]): ReturnType<Orders['cancelAll']> {
    const { core } = this.#runtime;
    this.#runtime.record('orders.cancelAll', filter);
    const ids: string[] = [];
    for (const account of core.accounts.keys()) {
      if (filter.account !== undefined && filter.account !== account) continue;
      for (const order of core.orders.openOrders(account)) {
        if (filter.instrument !== undefined && filter.instrument !== order.instrument) continue;
        if (!filter.protective && order.source === 'exit' && order.reduceOnly) continue;
        this.#protection.dropLeg(order);
        this.#contingent.drop(order);
        const isGone = core.orders.find(order.id)?.status === 'CANCELED';
        if (isGone || core.orders.cancel(order.id, 'Cancelled by the user').ok) ids.push(order.id);
      }
    }
    return ok({ orders: ids });
  }

  modify(change: Parameters<Orders['modify']>[0]): Result<OrderView, OrderRefusal> {
    const { core } = this.#runtime;
    const stopped = this.#runtime.refusesCommands();
    if (stopped !== null) return { ok: false, error: stopped };
    const order = core.orders.find(change.id);
    if (order === null) return this.#notWorking(change.id);
    const instrument = core.instruments.get(order.instrument);
    if (instrument === undefined)
      return refuse('INSTRUMENT_UNKNOWN', `${order.instrument} is not part of this session.`);
    const price = change.price === undefined ? ok(order.price) : readPrice(instrument, change.price);
    if (!price.ok) return price;
    const trigger = change.trigger === undefined ? ok(order.trigger) : readPrice(instrument, change.trigger);
    if (!trigger.ok) return trigger;
    const quantity = change.quantity === undefined ? ok(order.quantity) : readQuantity(instrument, change.quantity);
    if (!quantity.ok) return quantity;
    const unrecorded = this.#runtime.record('orders.modify', change);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    if (order.source === 'exit') {
      // An exit follows its position: what the user moves is the wish behind it.
      const moved = this.#protection.moveLeg(order, price.value, trigger.value, quantity.value);
      if (moved !== null) return moved.ok ? ok(this.view(core.orders.find(order.id) ?? order)) : moved;
    }
    const changed = core.orders.modify(change.id, {
      price: price.value,
      trigger: trigger.value,
      quantity: quantity.value,
    });
    if (changed.ok)
      this.#contingent.moved(change.id, {
        price: price.value,
        trigger: trigger.value,
        quantity: quantity.value,
      });
    return this.#outcome(changed);
  }

  list(request: Parameters<Orders['list']>[0]): Page<OrderView> {
    const { core, journal } = this.#runtime;
    const before = request.cursor === undefined ? undefined : Number(request.cursor);
    if (request.scope === 'working') {
      const open = [...core.accounts.keys()]
        .filter((account) => request.account === undefined || request.account === account)
        .flatMap((account) => core.orders.openOrders(account))
        .filter((order) => request.instrument === undefined || request.instrument === order.instrument)
        .sort((a, b) => b.createdAt - a.createdAt);
      const from = before ?? 0;
      const items = open.slice(from, from + request.limit).map((order) => this.view(order));
      return { items, next: from + request.limit < open.length ? String(from + request.limit) : null };
    }
    const page = journal.read.ordersPage(
      { limit: request.limit, ...(before === undefined ? {} : { before }) },
      {
        statuses: CLOSED,
        ...(request.account === undefined ? {} : { accountId: request.account }),
        ...(request.instrument === undefined ? {} : { instrument: request.instrument }),
      },
    );
    return {
      // The command line's sessions are in the same journal; their orders are not the window's.
      items: page.rows.filter(({ sessionId }) => isDeskSession({ id: sessionId })).map(({ order }) => this.view(order)),
      next: page.next === null ? null : String(page.next),
    };
  }

  timeline(id: string): ReturnType<Orders['timeline']> {
    const { read } = this.#runtime.journal;
    const stored = read.order(id);
    if (stored === null) return refuse('ORDER_UNKNOWN', `There is no order ${id}.`, { value: id });
    const { order } = stored;
    const instrument = this.instrument(order.instrument);
    let before: number | null = null;
    const moments: OrderMoment[] = read.orderHistory(stored.sessionId, id).map(({ order: then, event }) => {
      const at = Math.trunc(event?.ts ?? then.createdAt);
      const elapsedMs = before === null ? 0 : Math.max(0, at - before);
      before = at;
      return {
        at,
        event: event?.type ?? 'intent',
        status: then.status,
        sentence: event !== null && 'sentence' in event ? event.sentence.slice(0, 2000) : null,
        elapsedMs,
        fill: event?.type === 'filled' ? fillView(instrument, event.fill, order.strategyId) : null,
      };
    });
    return ok({ order: this.view(order), moments });
  }

  view(order: Order): OrderView {
    const instrument = this.instrument(order.instrument);
    const links = this.#contingent.links(order, instrument);
    const view = orderView(instrument, order);
    return links === undefined ? view : { ...view, links };
  }

  /** Also of an instrument that only earlier sessions had. */
  instrument(id: InstrumentId): Instrument {
    const { core, journal } = this.#runtime;
    const known = core.instruments.get(id) ?? journal.read.instruments().find((instrument) => instrument.id === id);
    if (known === undefined) throw new Error(`the journal has an order in ${id} and no such instrument`);
    return known;
  }

  #notWorking(id: string): { readonly ok: false; readonly error: Refusal } {
    const stored = this.#runtime.journal.read.order(id);
    return stored === null
      ? refuse('ORDER_UNKNOWN', `There is no order ${id}.`, { value: id })
      : refuse('ORDER_FINISHED', `Order ${id} is ${stored.order.status} and can no longer be changed.`, { value: id });
  }

  #outcome(outcome: Result<Order, EngineRefusal>): Result<OrderView, OrderRefusal> {
    return outcome.ok ? ok(this.view(outcome.value)) : { ok: false, error: plainRefusal(outcome.error) };
  }
}

/** The engine's refusal in the contract's terms. */
function plainRefusal(error: EngineRefusal): OrderRefusal {
  return {
    code: codeText(error.code),
    sentence: error.sentence,
    ...(error.value === undefined ? {} : { value: error.value }),
    ...(error.limit === undefined ? {} : { limit: error.limit }),
    ...(error.orderId === null ? {} : { orderId: error.orderId }),
    ...(error.verdict === null ? {} : { checks: error.verdict.checks.map(checkView) }),
  };
}
