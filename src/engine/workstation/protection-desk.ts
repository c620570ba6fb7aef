import type { PositionView } from '../../contract/types.ts';
import { type Instrument, type InstrumentId, priceText, readPrice } from '../../domain/instrument.ts';
import type { Order, OrderId, OrderIntent } from '../../domain/order.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import type { Position } from '../../domain/position.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import { type ExitRules, NO_EXITS } from '../../portfolio/exit-levels.ts';
import { exitPlan, type ExitPlan, type LegName } from '../../portfolio/exit-plan.ts';
import type { ExitOwner } from '../../portfolio/protective-exits.ts';
import type { Workstation } from '../workstation.ts';
import type { Runtime } from './runtime.ts';
import { readWishes } from './stored-wishes.ts';
import { EXIT_KEY, reportUnknownProtection, StrategyExits } from './strategy-exits.ts';
import { findAccount, findInstrument, type Protection } from './ticket.ts';

const AUDIT = 'PROTECTION';
/** Stands for an order that has no id yet: its idempotency key follows. */
const BY_KEY = 'key:';
const LEGS: readonly LegName[] = ['stop', 'target', 'close'];
const NONE: Protection = { stopLoss: null, takeProfit: null, trailing: null };

/** What a user wants of one position, and the orders that will open it. */
interface Wish {
  readonly accountId: string;
  readonly instrument: InstrumentId;
  protection: Protection;
  readonly entries: Set<OrderId>;
}

/**
 * Stop-loss, take-profit and trailing stop that a user attached to a position. They cover the whole position of the account
 * in the instrument, whoever traded it, and end with it. The wishes are in the journal; what works at the venue is told by
 * its orders, so that a restart at any instant finds both together again.
 */
export class ProtectionDesk {
  readonly #runtime: Runtime;
  readonly #wishes = new Map<string, Wish>();
  readonly #warned = new Set<string>();
  readonly #strategies: StrategyExits;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#strategies = new StrategyExits(runtime);
    runtime.onOrder.add((order, event) => {
      const wish = this.#wishes.get(keyOf(order.accountId, order.instrument));
      if (wish === undefined) return;
      if (TERMINAL.has(order.status)) wish.entries.delete(order.id);
      if (event?.type === 'filled' || TERMINAL.has(order.status)) this.#follow(wish);
    });
  }

  /**
   * Before an order with protection is sent: the wish is in the journal first, or a crash right after the send would leave a
   * position without its stop. Returns how to take it back when the order is refused.
   */
  prepare(intent: OrderIntent, protection: Protection): () => void {
    const key = keyOf(intent.accountId, intent.instrument);
    const before = this.#wishes.get(key)?.protection ?? null;
    const wish = this.#wish(intent.accountId, intent.instrument);
    const entry = `${BY_KEY}${intent.idempotencyKey ?? ''}`;
    wish.protection = { ...protection };
    wish.entries.add(entry);
    this.#write('Protection of an order that is about to be sent');
    return () => {
      wish.entries.delete(entry);
      if (before === null) this.#wishes.delete(key);
      else wish.protection = before;
      this.#write('The order of this protection was refused');
    };
  }

  /** For the position that this order opens or adds to. */
  attach(order: Order, protection: Protection): void {
    const wish = this.#wish(order.accountId, order.instrument);
    wish.entries.delete(`${BY_KEY}${order.idempotencyKey ?? ''}`);
    wish.protection = { ...protection };
    if (!TERMINAL.has(order.status)) wish.entries.add(order.id);
    this.#write(`Protection of order ${order.id}`);
    this.#follow(wish);
  }

  protect(
    request: Parameters<Workstation['positions']['protect']>[0],
    view: (record: Position) => PositionView,
  ): Result<PositionView> {
    const runtime = this.#runtime;
    const { core } = runtime;
    const stopped = runtime.refusesCommands();
    if (stopped !== null) return { ok: false, error: stopped };
    const account = findAccount(core, request.account);
    if (!account.ok) return account;
    const found = findInstrument(core, request.instrument);
    if (!found.ok) return found;
    const instrument = found.value;
    const record = core.portfolio.positionRecord(account.value.id, instrument.id);
    if (record === null || record.quantity === 0) {
      return refuse('POSITION_UNKNOWN', `There is no open position in ${instrument.symbol} to protect.`, {
        value: instrument.id,
      });
    }
    const key = keyOf(account.value.id, instrument.id);
    const wanted = readWish(instrument, request, this.#wishes.get(key)?.protection ?? NONE);
    if (!wanted.ok) return wanted;
    const mark = this.#mark(instrument.id, record.quantity);
    const wrong = wrongSide(instrument, wanted.value, record.quantity, mark);
    if (wrong !== null) return refuse('PROTECTION_SIDE', wrong);
    const unrecorded = runtime.record('positions.protect', request);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    const wish = this.#wish(account.value.id, instrument.id);
    const anew = wanted.value.trailing !== wish.protection.trailing;
    wish.protection = wanted.value;
    this.#write('Changed by the user');
    // A trailing distance counts from the best price since it was set.
    this.#follow(wish, anew ? mark : undefined);
    return ok(view(core.portfolio.positionRecord(account.value.id, instrument.id) ?? record));
  }

  /** The user cancels an exit order: it is not wanted any more. */
  dropLeg(order: Order): void {
    const wish = this.#wishBehind(order);
    if (wish === null) return;
    wish.protection =
      order.trigger === null
        ? { ...wish.protection, takeProfit: null }
        : { ...wish.protection, stopLoss: null, trailing: null };
    this.#write(`Exit ${order.id} cancelled by the user`);
    this.#follow(wish);
  }

  /** The user moves an exit order. Null when it belongs to no wish; then it is an order like any other. */
  moveLeg(
    order: Order,
    price: PriceUnits | null,
    trigger: PriceUnits | null,
    quantity: QuantityUnits,
  ): Result<null> | null {
    const wish = this.#wishBehind(order);
    const instrument = this.#runtime.core.instruments.get(order.instrument);
    if (wish === null || instrument === undefined) return null;
    if (quantity !== order.quantity) {
      return refuse('PROTECTION_QUANTITY', 'An exit always covers the whole position; close a part of it instead.');
    }
    const wanted: Protection =
      order.trigger === null
        ? { ...wish.protection, takeProfit: price }
        : { ...wish.protection, stopLoss: trigger, trailing: null };
    const held = this.#runtime.core.portfolio.position(order.accountId, order.instrument);
    const wrong = wrongSide(instrument, wanted, held, this.#mark(order.instrument, held));
    if (wrong !== null) return refuse('PROTECTION_SIDE', wrong);
    wish.protection = wanted;
    this.#write(`Exit ${order.id} moved by the user`);
    this.#follow(wish);
    return ok(null);
  }

  #wishBehind(order: Order): Wish | null {
    // Exits of a bracket are orders of their own.
    if (!isOfWish(order)) return null;
    return this.#wishes.get(keyOf(order.accountId, order.instrument)) ?? null;
  }

  levels(accountId: string, instrument: Instrument): Pick<PositionView, 'stopLoss' | 'takeProfit' | 'trailing'> {
    const { stopLoss, takeProfit, trailing } = this.#wishes.get(keyOf(accountId, instrument.id))?.protection ?? NONE;
    const text = (units: PriceUnits | null): string | null => (units === null ? null : priceText(instrument, units));
    return { stopLoss: text(stopLoss), takeProfit: text(takeProfit), trailing: text(trailing) };
  }

  /** After a restart: the wishes from the journal, the working exits from the orders that were taken over. */
  restore(): void {
    this.#wishes.clear();
    const { core, journal } = this.#runtime;
    this.#strategies.restore();
    const read = readWishes(journal.read.lastAudit(AUDIT)?.detail ?? '[]');
    if (!read.ok) {
      // The orders that work stay at the venue; nobody can tell any more what they should be.
      reportUnknownProtection(this.#runtime, read.error);
      return;
    }
    for (const stored of read.value) {
      const { stopLoss, trailing } = stored.protection;
      if (stopLoss !== null || trailing !== null) this.#strategies.expect(stored.accountId, stored.instrument);
      if (!core.accounts.has(stored.accountId) || !core.instruments.has(stored.instrument)) continue;
      const open = core.orders.openOrders(stored.accountId);
      const entries = new Set(
        stored.entries
          .map((id) => (id.startsWith(BY_KEY) ? (core.orders.findByKey(id.slice(BY_KEY.length))?.id ?? id) : id))
          .filter((id) => open.some((order) => order.id === id)),
      );
      const wish: Wish = { ...stored, entries };
      this.#wishes.set(keyOf(wish.accountId, wish.instrument), wish);
      this.#takeOver(wish, open);
      this.#follow(wish);
    }
  }

  /** Once a second: what could not be sent while the market was closed, and positions without their stop. */
  onSecond(now: EpochMs): void {
    const { core, alerts } = this.#runtime;
    for (const wish of this.#wishes.values()) this.#follow(wish);
    this.#strategies.onSecond(now);
    const bare = core.exits.unprotected();
    for (const plan of bare) {
      const key = keyOf(plan.accountId, plan.instrument);
      if (this.#warned.has(key)) continue;
      this.#warned.add(key);
      alerts.raise({
        at: now,
        severity: 'critical',
        code: 'UNPROTECTED',
        sentence: `The stop of the position in ${plan.instrument} is not working; it is sent again.`,
        account: plan.accountId,
        instrument: plan.instrument,
      });
    }
    for (const key of this.#warned) {
      if (!bare.some((plan) => keyOf(plan.accountId, plan.instrument) === key)) this.#warned.delete(key);
    }
  }

  /** Brings the plan in line with the position and the wish. */
  #follow(wish: Wish, best?: PriceUnits): void {
    const { core } = this.#runtime;
    const { accountId, instrument } = wish;
    const account = core.accounts.get(accountId);
    if (account === undefined) return;
    const quantity = core.portfolio.position(accountId, instrument);
    const owner: ExitOwner = { accountId, accountKind: account.kind, instrument, strategyId: null };
    const plan = core.exits.plan(accountId, instrument, null);
    const empty =
      wish.protection.stopLoss === null && wish.protection.takeProfit === null && wish.protection.trailing === null;
    if ((quantity === 0 && wish.entries.size === 0) || empty) {
      this.#wishes.delete(keyOf(accountId, instrument));
      this.#write(empty ? 'Taken away by the user' : 'The position is closed');
      if (plan !== null) core.exits.adopt(owner, NO_EXITS, { quantity: 0, entry: 0, openedAt: 0, best: 0 });
      return;
    }
    if (quantity === 0) return;
    if (core.view.marketClosed(instrument) !== null) {
      // An exit would be refused again and again; those that work already stay at the venue.
      const idle = plan !== null && plan.own !== 0 && LEGS.every((name) => plan[name].status === 'none');
      if (idle) core.exits.adopt(owner, NO_EXITS, { quantity: 0, entry: 0, openedAt: 0, best: 0 });
      return;
    }
    const rules = rulesOf(wish.protection);
    if (plan !== null && best === undefined && plan.own === quantity && sameRules(plan.rules, rules)) return;
    const record = core.portfolio.positionRecord(accountId, instrument);
    const kept = plan !== null && Math.sign(plan.own) === Math.sign(quantity) ? plan.best : 0;
    const start = kept > 0 ? kept : this.#mark(instrument, quantity);
    core.exits.adopt(owner, rules, {
      quantity,
      entry: core.portfolio.averagePrice(accountId, instrument) ?? 0,
      openedAt: record?.openedAt ?? this.#runtime.now(),
      best: best ?? start,
    });
  }

  /** A plan around the exit orders that still work at the venue. */
  #takeOver(wish: Wish, open: readonly Order[]): void {
    const { core } = this.#runtime;
    const account = core.accounts.get(wish.accountId);
    const quantity = core.portfolio.position(wish.accountId, wish.instrument);
    if (account === undefined || quantity === 0) return;
    const exits = open.filter((order) => order.instrument === wish.instrument && isOfWish(order));
    const base = exitPlan(
      { accountId: account.id, accountKind: account.kind, instrument: wish.instrument, strategyId: null },
      rulesOf(wish.protection),
    );
    const record = core.portfolio.positionRecord(wish.accountId, wish.instrument);
    const plan: { -readonly [K in keyof ExitPlan]: ExitPlan[K] } = {
      ...base,
      own: quantity,
      entry: core.portfolio.averagePrice(wish.accountId, wish.instrument) ?? 0,
      openedAt: record?.openedAt ?? 0,
      best: bestOf(wish, quantity, exits, record),
    };
    for (const { idempotencyKey } of exits) {
      // exit:account:instrument:-:opened:leg:serial
      const leg = LEGS.find((name) => name === idempotencyKey?.split(':').at(-2));
      if (leg !== undefined) plan[leg] = { ...plan[leg], key: idempotencyKey };
    }
    // Keys of exits that ended before the restart must not come again: the seconds are ahead of any count.
    plan.serial = Math.floor(this.#runtime.now() / 1_000);
    core.exits.restore([plan], open, (accountId, instrument) => core.portfolio.position(accountId, instrument));
  }

  #wish(accountId: string, instrument: InstrumentId): Wish {
    const key = keyOf(accountId, instrument);
    const known = this.#wishes.get(key);
    if (known !== undefined) return known;
    const made: Wish = { accountId, instrument, protection: NONE, entries: new Set() };
    this.#wishes.set(key, made);
    return made;
  }

  /** The price a long could be sold at, a short bought back. */
  #mark(instrument: InstrumentId, quantity: QuantityUnits): PriceUnits {
    const line = this.#runtime.core.board.line(instrument);
    if (line === null) return 0;
    return (quantity > 0 ? line.bid : line.ask) || line.last;
  }

  #write(reason: string): void {
    const wishes = [...this.#wishes.values()].map((wish) => ({ ...wish, entries: [...wish.entries] }));
    const audit = {
      at: this.#runtime.now(),
      actor: 'user',
      action: AUDIT,
      reason,
      detail: JSON.stringify(wishes),
    } as const;
    this.#runtime.core.commit([{ kind: 'audit', audit }]);
  }
}

/** Sent by a plan of this desk. */
function isOfWish(order: Order): boolean {
  return order.source === 'exit' && order.strategyId === null && order.idempotencyKey?.startsWith(EXIT_KEY) === true;
}

function keyOf(accountId: string, instrument: InstrumentId): string {
  return `${accountId} ${instrument}`;
}

function rulesOf({ stopLoss, takeProfit, trailing }: Protection): ExitRules {
  return {
    stopLoss: stopLoss === null ? null : { kind: 'price', price: stopLoss },
    takeProfit: takeProfit === null ? null : { kind: 'price', price: takeProfit },
    trailing: trailing === null ? null : { kind: 'offset', units: trailing },
    holdMs: null,
  };
}

function sameRules(a: ExitRules, b: ExitRules): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Where a trailing stop counts from: told by the stop that works, else by the range the position has been through. */
function bestOf(wish: Wish, quantity: QuantityUnits, exits: readonly Order[], record: Position | null): PriceUnits {
  const { trailing, stopLoss } = wish.protection;
  const long = quantity > 0;
  const stop = exits.find((order) => order.trigger !== null)?.trigger ?? null;
  if (trailing !== null && stop !== null && stop !== stopLoss) return long ? stop + trailing : stop - trailing;
  return (long ? record?.highest : record?.lowest) ?? 0;
}

/** Null removes, undefined keeps. */
function readWish(
  instrument: Instrument,
  request: Parameters<Workstation['positions']['protect']>[0],
  before: Protection,
): Result<Protection> {
  const read = (text: string | null | undefined, kept: PriceUnits | null): Result<PriceUnits | null> =>
    text === undefined ? ok(kept) : text === null ? ok(null) : readPrice(instrument, text);
  const stopLoss = read(request.stopLoss, before.stopLoss);
  if (!stopLoss.ok) return stopLoss;
  const takeProfit = read(request.takeProfit, before.takeProfit);
  if (!takeProfit.ok) return takeProfit;
  const trailing = read(request.trailing, before.trailing);
  if (!trailing.ok) return trailing;
  return ok({ stopLoss: stopLoss.value, takeProfit: takeProfit.value, trailing: trailing.value });
}

/** Levels that the market is beyond already would close the position at once: closing it is another command. */
function wrongSide(
  instrument: Instrument,
  { stopLoss, takeProfit, trailing }: Protection,
  quantity: QuantityUnits,
  mark: PriceUnits,
): string | null {
  if (!(mark > 0)) return null;
  const long = quantity > 0;
  const now = priceText(instrument, mark);
  if (stopLoss !== null && (long ? stopLoss >= mark : stopLoss <= mark)) {
    return `The stop-loss of a ${long ? 'long' : 'short'} position must be ${long ? 'below' : 'above'} the price, which is ${now}.`;
  }
  if (takeProfit !== null && (long ? takeProfit <= mark : takeProfit >= mark)) {
    return `The take-profit of a ${long ? 'long' : 'short'} position must be ${long ? 'above' : 'below'} the price, which is ${now}.`;
  }
  return trailing !== null && trailing >= mark ? `The trailing distance must be smaller than the price, ${now}.` : null;
}
