import type { Account } from '../domain/account.ts';
import type { Decimal, DecimalString } from '../domain/decimal.ts';
import { unitValue, type Instrument, type InstrumentId } from '../domain/instrument.ts';
import type { Order, OrderIntent } from '../domain/order.ts';
import { nearNumber } from '../domain/quotient.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import type { MarketDepth } from './depth.ts';
import type { OrderPlan, ReferencePrice, RiskView } from './gate.ts';
import { bindingLimits } from './limit-scopes.ts';
import type { LimitName, LimitScope, RiskLimits, ScopedLimits } from './limits.ts';
import type { Lock } from './protections/locks.ts';
import type { TradingStatus } from './trading-state.ts';

/** Taker rate as a fraction, e.g. 0.001, and a fixed amount per order in quote currency. */
export interface FeeEstimate {
  readonly taker: number;
  readonly fixed: number;
}

/** The same as configured; a venue model's fees fit. */
export interface FeeTerms {
  readonly taker: DecimalString;
  /** Of an order that can only rest; the taker's where it is not said. */
  readonly maker?: DecimalString;
  readonly fixed: DecimalString;
}

export type FeeSource = (instrument: Instrument, accountId: string) => FeeTerms | null;

/** Null, which blocks, when the fees are missing or no numbers. */
export function feeEstimate(source: FeeSource, instrument: Instrument, accountId: string): FeeEstimate | null {
  const terms = source(instrument, accountId);
  if (terms === null) return null;
  const taker = Number(terms.taker);
  const fixed = Number(terms.fixed);
  return Number.isFinite(taker) && Number.isFinite(fixed) ? { taker, fixed } : null;
}

/** Equity at the start of the account's day, and its highest value so far (monitor.ts says since when). */
export interface DayFigures {
  readonly startEquity: number;
  readonly highEquity: number;
}

/**
 * How strictly an order is judged. `protective`: a reduce-only order of an exit or of the flatten, which can only
 * shrink risk and so is never held up by a limit, a rate or a stale price. `reduce`: any other order that shrinks the
 * position without turning it around, marked reduce-only or not; limits on risk do not apply to it.
 */
type Mode = 'full' | 'reduce' | 'protective';

/** Everything the checks look at, read once. Null means missing, and missing blocks. */
export interface Facts {
  readonly intent: OrderIntent;
  readonly mode: Mode;
  readonly now: EpochMs;
  readonly account: Account | null;
  readonly instrument: Instrument | null;
  /** The strictest of all scopes that are judged by the account's own figures. */
  readonly limits: RiskLimits | null;
  /** Whose value holds, where it is not that of all accounts. */
  readonly limitOwner: ReadonlyMap<LimitName, LimitScope>;
  /** Scopes with figures of their own. */
  readonly ownScopes: readonly ScopedLimits[];
  /** Locks of protections on the order's instrument or on everything. */
  readonly locks: readonly Lock[];
  readonly status: TradingStatus | null;
  readonly reference: ReferencePrice | null;
  readonly depth: MarketDepth | null;
  /** Where the loss of the order is to be cut; null without a stop, or when none is known. */
  readonly stop: PriceUnits | null;
  readonly cash: Decimal | null;
  readonly equity: Decimal | null;
  readonly equityNumber: number;
  readonly day: DayFigures | null;
  readonly fees: FeeEstimate | null;
  readonly closed: string | null;
  /** Signed position. */
  readonly net: QuantityUnits;
  /** Open and in-flight orders of the account; while an order is being changed, without that one. */
  readonly open: readonly Order[];
  /** Asked quantity, or what is left of it after the reduce-only clamp. */
  quantity: QuantityUnits;
  /** What one unit of the order is expected to cost, price units; 0 = not known. */
  readonly price: PriceUnits;
  /** Best opposite price the order would meet: ask for a buy, bid for a sell, else last; 0 = not known. */
  readonly touch: PriceUnits;
  readonly unit: number;
}

export interface FactSources {
  readonly view: RiskView;
  readonly limits: (accountId: string) => RiskLimits | null;
  readonly state: (accountId: string) => TradingStatus | null;
  readonly day: (accountId: string) => DayFigures | null;
  readonly fees: FeeSource;
}

/** What the gate keeps itself. */
export interface LockSource {
  locksOn(accountId: string, instrument: InstrumentId, side: 'long' | 'short', now: EpochMs): readonly Lock[];
}

const NO_OWNERS: ReadonlyMap<LimitName, LimitScope> = new Map();
const NO_SCOPES: readonly ScopedLimits[] = [];
const NO_LOCKS: readonly Lock[] = [];

export function gatherFacts(sources: FactSources, intent: OrderIntent, plan: OrderPlan, locks: LockSource): Facts {
  return new GatheredFacts(sources, intent, plan, locks);
}

class GatheredFacts implements Facts {
  readonly intent: OrderIntent;
  readonly mode: Mode;
  readonly now: EpochMs;
  readonly account: Account | null;
  readonly instrument: Instrument | null;
  readonly limits: RiskLimits | null;
  readonly limitOwner: ReadonlyMap<LimitName, LimitScope>;
  readonly ownScopes: readonly ScopedLimits[];
  readonly locks: readonly Lock[];
  readonly status: TradingStatus | null;
  readonly reference: ReferencePrice | null;
  readonly stop: PriceUnits | null;
  readonly cash: Decimal | null;
  readonly day: DayFigures | null;
  readonly fees: FeeEstimate | null;
  readonly closed: string | null;
  readonly net: QuantityUnits;
  readonly open: readonly Order[];
  quantity: QuantityUnits;
  readonly price: PriceUnits;
  readonly touch: PriceUnits;
  readonly unit: number;
  readonly #view: RiskView;
  #equity: Decimal | null | undefined;
  #equityNumber: number | null = null;

  constructor(sources: FactSources, intent: OrderIntent, plan: OrderPlan, locks: LockSource) {
    const { view } = sources;
    const { accountId } = intent;
    const instrument = view.instrument(intent.instrument);
    const reference = view.reference(intent.instrument);
    const touch = touchOf(reference, intent);
    const open = view.openOrders(accountId);
    const net = view.position(accountId, intent.instrument);
    this.#view = view;
    this.intent = intent;
    this.mode = modeOf(intent, net, open);
    this.now = view.now();
    this.account = view.account(accountId);
    this.instrument = instrument;
    const limits = sources.limits(accountId);
    if (limits?.scopes === undefined || limits.scopes.length === 0) {
      this.limits = limits;
      this.limitOwner = NO_OWNERS;
      this.ownScopes = NO_SCOPES;
    } else {
      const binding = bindingLimits(limits, intent, this.account?.broker ?? null);
      this.limits = binding.limits;
      this.limitOwner = binding.owner;
      this.ownScopes = binding.own;
    }
    const opens = intent.side === 'buy' ? 'long' : 'short';
    this.locks = this.mode === 'full' ? locks.locksOn(accountId, intent.instrument, opens, this.now) : NO_LOCKS;
    this.stop = plan.stop;
    this.status = sources.state(accountId);
    this.reference = reference;
    this.cash = view.cash(accountId);
    this.day = sources.day(accountId);
    this.fees = instrument === null ? null : feeEstimate(sources.fees, instrument, accountId);
    this.closed = instrument === null ? null : view.marketClosed(intent.instrument);
    this.net = net;
    this.open = open;
    this.quantity = intent.quantity;
    this.price = expectedPrice(intent, touch);
    this.touch = touch;
    this.unit = instrument === null ? Number.NaN : unitValue(instrument);
  }

  /** Worked out when a check first asks for it: an order that only reduces is never judged by it. */
  get equity(): Decimal | null {
    if (this.#equity === undefined) this.#equity = this.#view.equity(this.intent.accountId);
    return this.#equity;
  }

  get depth(): MarketDepth | null {
    return this.#view.depth(this.intent.instrument);
  }

  get equityNumber(): number {
    this.#equityNumber ??= this.equity === null ? Number.NaN : nearNumber(this.equity);
    return this.#equityNumber;
  }
}

function modeOf(intent: OrderIntent, net: QuantityUnits, open: readonly Order[]): Mode {
  if (intent.reduceOnly) return intent.source === 'exit' || intent.source === 'flatten' ? 'protective' : 'reduce';
  const shrinks = net > 0 ? intent.side === 'sell' : net < 0 && intent.side === 'buy';
  return shrinks && intent.quantity <= roomToReduce(intent.instrument, net, open) ? 'reduce' : 'full';
}

/** A market order, or a limit order at or through the touch: some of it fills at once. */
export function takesNow(
  intent: Pick<OrderIntent, 'type' | 'side' | 'price' | 'postOnly'>,
  touch: PriceUnits,
): boolean {
  if (!(touch > 0)) return false;
  if (intent.type === 'market') return true;
  if (intent.type !== 'limit' || intent.price === null || intent.postOnly) return false;
  return intent.side === 'buy' ? intent.price >= touch : intent.price <= touch;
}

/** Fills at once or never: a resting exit shrinks before it could follow. */
export function fillsNow(intent: Pick<OrderIntent, 'type' | 'timeInForce'>): boolean {
  return intent.type === 'market' || intent.timeInForce === 'IOC' || intent.timeInForce === 'FOK';
}

/** What closing orders may still take: the position less the orders already working against it. */
export function roomToReduce(instrument: InstrumentId, net: QuantityUnits, open: readonly Order[]): QuantityUnits {
  const side = net > 0 ? 'sell' : 'buy';
  let room = Math.abs(net);
  for (let index = 0; index < open.length; index += 1) {
    const order = open[index];
    if (order === undefined || order.instrument !== instrument || order.side !== side) continue;
    // Protective exits cancel or resize themselves when the position shrinks, so they do not stand in the way of a close.
    if (order.source === 'exit' && order.reduceOnly) continue;
    room -= leaves(order);
  }
  return Math.max(0, room);
}

/** Best price the order would meet, else the last trade, else (for an order that may wait) the other side; 0 = not known. */
export function touchOf(reference: ReferencePrice | null, order: Pick<OrderIntent, 'side' | 'type'>): PriceUnits {
  if (reference === null) return 0;
  const { bid, ask, last } = reference;
  const best = order.side === 'buy' ? ask : bid;
  if (best > 0) return best;
  if (last > 0) return last;
  const other = order.side === 'buy' ? bid : ask;
  return order.type !== 'market' && other > 0 ? other : 0;
}

/**
 * A buy costs at most its limit; a sale brings at least its limit but meets the bid where that is higher. A stop
 * fills at its trigger or worse, never before the market gets there.
 */
export function expectedPrice(
  order: Pick<OrderIntent, 'type' | 'side' | 'price' | 'trigger'>,
  touch: PriceUnits,
): PriceUnits {
  if (order.type === 'market') return touch;
  if (order.type === 'trailing-stop' && order.trigger === null) return touch;
  if (order.type === 'stop' || order.type === 'trailing-stop')
    return order.side === 'buy' ? Math.max(order.trigger ?? 0, touch) : (order.trigger ?? 0);
  const price = order.price ?? 0;
  return order.side === 'buy' ? price : Math.max(price, touch);
}

/** A price that stands for an open position: the middle of the touch, else the last trade; 0 = not known. */
export function markOf(reference: ReferencePrice | null): PriceUnits {
  if (reference === null) return 0;
  if (reference.bid > 0 && reference.ask > 0) return (reference.bid + reference.ask) / 2;
  return reference.last > 0 ? reference.last : Math.max(reference.bid, reference.ask, 0);
}

export function leaves(order: Order): QuantityUnits {
  return order.quantity - order.filled;
}
