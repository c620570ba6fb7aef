import { Decimal, ZERO } from '../domain/decimal.ts';
import { type Instrument, notional, priceDecimal, quantityDecimal } from '../domain/instrument.ts';
import type { OrderIntent } from '../domain/order.ts';
import type { PriceUnits, QuantityUnits } from '../domain/units.ts';
import { type Sweep, sweepLevels } from '../market/sweep.ts';
import type { MarketDepth } from './depth.ts';
import { exposureOf } from './exposure.ts';
import { type DayFigures, expectedPrice, type FeeSource, fillsNow, markOf, takesNow, touchOf } from './facts.ts';
import type { OrderPlan, RiskView } from './gate.ts';
import type { RiskLimits } from './limits.ts';
import { limitUses, type LimitUse } from './limit-use.ts';

export interface PreviewSources {
  readonly view: RiskView;
  readonly limits: (accountId: string) => RiskLimits | null;
  readonly day: (accountId: string) => DayFigures | null;
  readonly fees: FeeSource;
  readonly sentWithin: (accountId: string, windowMs: number) => number;
}

/** What an order would cost and leave behind, at the prices of now. Null where it cannot be known. */
export interface PreviewFigures {
  /** Walked through the book where it fills at once and the book is known, else at its expected price. */
  readonly notional: Decimal | null;
  readonly fee: Decimal | null;
  /**
   * What fills at once against the middle of the market, in quote currency; 0 for an order that rests. Where the book is
   * not known, all of it at the best price.
   */
  readonly slippage: Decimal | null;
  readonly slippageBps: number | null;
  /** Null unless some of it fills at once and the book is known. */
  readonly sweep: Sweep | null;
  readonly cashAfter: Decimal | null;
  /** Initial margin of everything with this order and all open ones filled; null on cash accounts. */
  readonly marginAfter: Decimal | null;
  /** Loss at the stop with the fees of both sides; null without a stop. */
  readonly maxLoss: Decimal | null;
  readonly limits: readonly LimitUse[];
}

/** Shown wherever an order is judged: ticket, command line, API. `quantity`: as the gate allows it. */
export function previewOrder(
  sources: PreviewSources,
  intent: OrderIntent,
  plan: OrderPlan,
  quantity: QuantityUnits,
): PreviewFigures {
  const { view } = sources;
  const instrument = view.instrument(intent.instrument);
  if (instrument === null) return NOTHING;
  const account = view.account(intent.accountId);
  const reference = view.reference(instrument.id);
  const touch = touchOf(reference, intent);
  const depth = view.depth(instrument.id);
  const sweep = depth === null ? null : sweepOf(instrument, intent, depth, quantity, touch);
  const price = expectedPrice(intent, touch);
  const value = valueOf(instrument, intent, sweep, price, quantity);
  const terms = sources.fees(instrument, intent.accountId);
  const rate = terms === null ? null : new Decimal(intent.postOnly ? (terms.maker ?? terms.taker) : terms.taker);
  const fee = value === null || terms === null || rate === null ? null : value.times(rate).plus(terms.fixed);
  const middle = markOf(reference);
  const atTouch = { filled: quantity, notional: touch > 0 ? notional(instrument, touch, quantity) : ZERO };
  const taken = sweep ?? (takesNow(intent, touch) ? atTouch : null);
  const slippage =
    taken === null ? (touch > 0 ? ZERO : null) : middle > 0 ? slippageOf(instrument, intent, taken, middle) : null;
  const cash = view.cash(intent.accountId);
  const paid = value === null ? null : intent.side === 'buy' ? value : value.neg();
  const base =
    middle > 0 && taken !== null
      ? priceDecimal(instrument, middle).times(quantityDecimal(instrument, taken.filled))
      : null;
  return {
    notional: value,
    fee,
    slippage,
    slippageBps:
      slippage === null || base === null || base.isZero() ? null : slippage.div(base).times(10_000).toNumber(),
    sweep,
    cashAfter: cash === null || paid === null || fee === null ? null : cash.minus(paid).minus(fee),
    marginAfter:
      account === null || account.type === 'cash' || value === null
        ? null
        : marginAfter(sources, intent, instrument, account.leverage, value),
    maxLoss:
      terms === null || rate === null || !(price > 0) || plan.stop === null
        ? null
        : lossAtStop(instrument, intent, price, plan.stop, quantity, rate, terms.fixed),
    limits: limitUses(sources, intent, quantity, price, plan),
  };
}

const NOTHING: PreviewFigures = {
  notional: null,
  fee: null,
  slippage: null,
  slippageBps: null,
  sweep: null,
  cashAfter: null,
  marginAfter: null,
  maxLoss: null,
  limits: [],
};

/** What fills at once; null when the order would rest, or nothing is on the other side. */
function sweepOf(
  instrument: Instrument,
  intent: OrderIntent,
  depth: MarketDepth,
  quantity: QuantityUnits,
  touch: PriceUnits,
): Sweep | null {
  if (!takesNow(intent, touch)) return null;
  const limit = intent.type === 'limit' ? intent.price : null;
  const sweep = sweepLevels(instrument, intent.side, intent.side === 'buy' ? depth.asks : depth.bids, quantity, limit);
  return sweep.filled === 0 ? null : sweep;
}

/** What the book does not hold is counted at the expected price. */
function valueOf(
  instrument: Instrument,
  intent: OrderIntent,
  sweep: Sweep | null,
  price: PriceUnits,
  quantity: QuantityUnits,
): Decimal | null {
  if (intent.type === 'market' && sweep !== null) {
    if (sweep.filled === quantity) return sweep.notional;
    const worst = sweep.worst ?? price;
    return sweep.notional.plus(notional(instrument, worst, quantity - sweep.filled));
  }
  return price > 0 ? notional(instrument, price, quantity) : null;
}

function slippageOf(
  instrument: Instrument,
  intent: OrderIntent,
  sweep: Pick<Sweep, 'filled' | 'notional'>,
  middle: number,
): Decimal {
  const fair = priceDecimal(instrument, middle).times(quantityDecimal(instrument, sweep.filled));
  return intent.side === 'buy' ? sweep.notional.minus(fair) : fair.minus(sweep.notional);
}

function marginAfter(
  sources: PreviewSources,
  intent: OrderIntent,
  instrument: Instrument,
  leverage: string,
  value: Decimal,
): Decimal | null {
  const { view } = sources;
  const open = view.openOrders(intent.accountId);
  const exposure = exposureOf(sources, intent.accountId, instrument, open, fillsNow(intent));
  if (exposure.unknown !== null || !(Number(leverage) > 0)) return null;
  const { line } = exposure;
  const reduced = Math.max(
    0,
    Math.abs(line.netValue) - ((intent.side === 'buy') === line.net < 0 ? value.toNumber() : 0),
  );
  const after = intent.reduceOnly ? reduced : Math.max(reduced, line.reachValue(intent.side, value.toNumber()));
  const first = line.net === 0 && line.worstValue() === 0 && exposure.otherValue === 0 && !intent.reduceOnly;
  return (first ? value : new Decimal(exposure.otherValue + after).toDecimalPlaces(8)).div(leverage);
}

function lossAtStop(
  instrument: Instrument,
  intent: OrderIntent,
  entry: PriceUnits,
  stop: PriceUnits,
  quantity: QuantityUnits,
  rate: Decimal,
  fixed: string,
): Decimal {
  const distance = intent.side === 'buy' ? entry - stop : stop - entry;
  const loss = distance > 0 ? notional(instrument, distance, quantity) : ZERO;
  const turnover = notional(instrument, entry, quantity).plus(notional(instrument, stop, quantity));
  return loss.plus(turnover.times(rate)).plus(new Decimal(fixed).times(2));
}
