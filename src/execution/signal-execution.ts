import { createSizer, type Commission, type Sizer, type SizingRule, type UnitsRule } from './sizing.ts';
import type { Decimal, DecimalString } from '../domain/decimal.ts';
import { notional, type Instrument } from '../domain/instrument.ts';
import type { AccountKind, Order, OrderId, OrderIntent, Side } from '../domain/order.ts';
import { leavesOf } from '../domain/order-state.ts';
import { ok, refuse, type Refusal, type Result } from '../domain/refusal.ts';
import type { Signal } from '../domain/signal.ts';
import type { PriceUnits, QuantityUnits } from '../domain/units.ts';

export interface SignalPolicy {
  /** Sides that may be opened. A signal for the other side still closes. */
  readonly direction: 'long' | 'short' | 'both';
  /** An opposite signal closes and opens the other side in the same step; otherwise it only closes. */
  readonly reverse: boolean;
  readonly sizing: SizingRule;
  readonly units: UnitsRule;
  readonly commission: Commission;
  readonly leverage: DecimalString;
  /** Add to a position that is on the signal's side already; off unless asked for. */
  readonly pyramiding?: boolean;
}

/** The account at the moment of the signal. */
export interface SignalSituation {
  /** Signed. */
  readonly position: QuantityUnits;
  /** Price a purchase and a sale are expected at: both the next open in a backtest, ask and bid in paper. 0 = unknown. */
  readonly buyPrice: PriceUnits;
  readonly sellPrice: PriceUnits;
  /** Money free for this instrument before anything is closed; proceeds of an open short included. */
  readonly cash: Decimal;
  readonly equity: Decimal;
  /** Price at which `equity` values the position; 0 when there is none. */
  readonly mark: PriceUnits;
  /** Annualised, for sizing by volatility. */
  readonly volatility: number | null;
  /** Orders of this account in this instrument that are not closed, so that one on its way is not sent twice. */
  readonly working: readonly Order[];
}

/** What to do, in this order: cancel, close, open. */
export interface SignalPlan {
  readonly cancel: readonly OrderId[];
  readonly intents: readonly OrderIntent[];
  /** Why a wanted opening is not among the intents. */
  readonly refusals: readonly Refusal[];
}

export interface SignalExecution {
  /** False: the rule never looks at `equity` of the situation, so that the caller need not work it out. */
  readonly needsEquity: boolean;
  plan(signal: Signal, situation: SignalSituation): SignalPlan;
}

const NOTHING: SignalPlan = { cancel: [], intents: [], refusals: [] };

/** Refuses UNITS_STEP or SIZING_TERMS when the policy does not fit the instrument. */
export function createSignalExecution(
  policy: SignalPolicy,
  instrument: Instrument,
  account: { readonly id: string; readonly kind: AccountKind },
): Result<SignalExecution> {
  const sizer = createSizer({
    instrument,
    sizing: policy.sizing,
    units: policy.units,
    commission: policy.commission,
    leverage: policy.leverage,
  });
  if (!sizer.ok) return sizer;
  return ok({
    needsEquity: sizer.value.needsEquity,
    plan: (signal, situation) => planSignal(signal, situation, policy, instrument, account, sizer.value),
  });
}

function planSignal(
  signal: Signal,
  situation: SignalSituation,
  policy: SignalPolicy,
  instrument: Instrument,
  account: { readonly id: string; readonly kind: AccountKind },
  sizer: Sizer,
): SignalPlan {
  const { position, working } = situation;
  const wanted = signal.direction === 'long' ? 1 : signal.direction === 'short' ? -1 : 0;
  const cancel: OrderId[] = [];
  let coming = 0;
  let closing = 0;
  for (const order of working) {
    const signed = order.side === 'buy' ? leavesOf(order) : -leavesOf(order);
    // A protective exit on its way closes as well as an order of the strategy; a resting target or stop does not yet.
    if (order.reduceOnly && order.type === 'market') closing += signed;
    else if (order.source !== 'strategy' || order.strategyId !== signal.strategyId || order.reduceOnly) continue;
    else if (wanted !== 0 && Math.sign(signed) === wanted) coming += signed;
    // An entry for the side that is no longer wanted.
    else cancel.push(order.id);
  }
  const held = position + closing;
  const opposite = held !== 0 && Math.sign(held) !== wanted;
  if (held !== 0 && !opposite && policy.pyramiding !== true)
    return cancel.length === 0 ? NOTHING : { ...NOTHING, cancel };

  const intents: OrderIntent[] = [];
  const refusals: Refusal[] = [];
  if (opposite) {
    const side = held > 0 ? 'sell' : 'buy';
    intents.push(marketOrder(signal, account, side, Math.abs(held), true));
  }
  const opens =
    wanted !== 0 && coming === 0 && allowed(policy, wanted) && (position === 0 || !opposite || policy.reverse);
  if (opens) {
    if (wanted < 0 && !instrument.shortable) {
      refusals.push({
        code: 'NOT_SHORTABLE',
        sentence: `${instrument.symbol} cannot be sold short; the signal closes a long position and opens nothing.`,
      });
    } else {
      const sized = openingSize(signal, situation, instrument, sizer, wanted);
      if (sized.ok) intents.push(marketOrder(signal, account, wanted > 0 ? 'buy' : 'sell', sized.value, false));
      else refusals.push(sized.error);
    }
  }
  return { cancel, intents, refusals };
}

function allowed(policy: SignalPolicy, wanted: number): boolean {
  return policy.direction === 'both' || (policy.direction === 'long') === wanted > 0;
}

/** Sizes with the money as it will be once the old position is sold at the reference price, its exit fees paid. */
function openingSize(
  signal: Signal,
  situation: SignalSituation,
  instrument: Instrument,
  sizer: Sizer,
  wanted: number,
): Result<QuantityUnits> {
  const { position, mark, buyPrice, sellPrice, volatility } = situation;
  const price = wanted > 0 ? buyPrice : sellPrice;
  let available = situation.cash;
  let { equity } = situation;
  if (position !== 0 && Math.sign(position) !== wanted) {
    // Closing and opening trade on the same side of the book, so one reference price serves both.
    if (!(price > 0))
      return refuse('SIZE_PRICE', `There is no price of ${instrument.symbol} to size with; wait for a quote.`);
    const fees = sizer.fees(price, Math.abs(position));
    available = available.plus(notional(instrument, price, position)).minus(fees);
    if (sizer.needsEquity) equity = equity.plus(notional(instrument, price - mark, position)).minus(fees);
  }
  return sizer.size({ available, equity, price, stop: signal.stop, volatility });
}

function marketOrder(
  signal: Signal,
  account: { readonly id: string; readonly kind: AccountKind },
  side: Side,
  quantity: QuantityUnits,
  reduceOnly: boolean,
): OrderIntent {
  return {
    accountId: account.id,
    accountKind: account.kind,
    instrument: signal.instrument,
    side,
    type: 'market',
    quantity,
    price: null,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly,
    source: 'strategy',
    strategyId: signal.strategyId,
    note: signal.reason,
    idempotencyKey: null,
  };
}
