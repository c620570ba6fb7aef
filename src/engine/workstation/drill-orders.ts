import type { Account } from '../../domain/account.ts';
import { type Instrument, notional } from '../../domain/instrument.ts';
import type { Order, OrderId, OrderIntent } from '../../domain/order.ts';
import { refuse, ok, type Result } from '../../domain/refusal.ts';
import type { PriceUnits, QuantityUnits } from '../../domain/units.ts';
import type { JournalReader } from '../../journal/journal-reader.ts';
import type { TradingCore } from '../trading-core.ts';

/** On every order of a drill; what a restart knows them by. */
export const DRILL_NOTE = 'kill switch drill';
/** A little above the smallest notional, which is judged at the price of the moment. */
const NOTIONAL_ROOM = 1.2;
/** Of the resting order, below the bid: out of the market's reach, within the hard collar. */
const RESTING_BELOW = 0.05;

export interface DrillPlan {
  readonly account: Account;
  readonly instrument: Instrument;
  readonly quantity: QuantityUnits;
  readonly restingPrice: PriceUnits;
}

/**
 * An instrument that the account has nothing to do with: no position, no order, no strategy, so that no other order can be
 * touched. The cheapest one. Refuses DRILL_ACCOUNT and DRILL_NO_INSTRUMENT.
 */
export function planDrill(core: TradingCore, accountId: string | undefined): Result<DrillPlan> {
  const accounts = [...core.accounts.values()].filter(({ id }) => accountId === undefined || id === accountId);
  const paper = accounts.filter(({ kind }) => kind === 'paper');
  if (paper.length === 0) {
    return refuse('DRILL_ACCOUNT', 'A drill is made in a paper account only; choose one.', { value: accountId ?? '' });
  }
  let best: { plan: DrillPlan; cost: number } | null = null;
  for (const account of paper) {
    const busy = new Set([
      ...core.portfolio.held(account.id),
      ...core.orders.openOrders(account.id).map(({ instrument }) => instrument),
      ...core.runs.filter(({ choice }) => choice.accountId === account.id).map(({ choice }) => choice.instrument.id),
    ]);
    for (const instrument of core.instruments.values()) {
      if (busy.has(instrument.id) || instrument.quote !== account.currency) continue;
      const plan = planIn(core, account, instrument);
      if (plan === null) continue;
      const cost =
        notional(instrument, plan.restingPrice, plan.quantity).toNumber() * (account.currency === 'INR' ? 0.01 : 1);
      if (best === null || cost < best.cost) best = { plan, cost };
    }
  }
  return best === null
    ? refuse(
        'DRILL_NO_INSTRUMENT',
        'A drill needs an instrument with an open market and a fresh price in which this account has no position, no order and no strategy; there is none now.',
      )
    : ok(best.plan);
}

function planIn(core: TradingCore, account: Account, instrument: Instrument): DrillPlan | null {
  const reference = core.view.reference(instrument.id);
  if (reference === null || reference.stale || !(reference.bid > 0) || !(reference.ask > 0)) return null;
  if (core.view.marketClosed(instrument.id) !== null) return null;
  if (!core.brokers.some(({ id }) => id === account.broker)) return null;
  const { step, tick, minQuantity, maxQuantity } = instrument;
  const restingPrice = Math.floor((reference.bid * (1 - RESTING_BELOW)) / tick) * tick;
  if (!(restingPrice > 0)) return null;
  const oneStep = notional(instrument, restingPrice, step).toNumber();
  const steps = Math.ceil((Number(instrument.minNotional) * NOTIONAL_ROOM) / oneStep);
  const quantity = Math.max(Math.ceil(minQuantity / step), steps, 1) * step;
  return maxQuantity !== null && quantity > maxQuantity ? null : { account, instrument, quantity, restingPrice };
}

export function drillIntent({ account, instrument, quantity, restingPrice }: DrillPlan, rests: boolean): OrderIntent {
  return {
    accountId: account.id,
    accountKind: account.kind,
    instrument: instrument.id,
    side: 'buy',
    type: rests ? 'limit' : 'market',
    quantity,
    price: rests ? restingPrice : null,
    trigger: null,
    timeInForce: rests ? 'GTC' : 'IOC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    source: 'manual',
    strategyId: null,
    note: DRILL_NOTE,
    idempotencyKey: null,
  };
}

/** The orders of a drill that was cut short, as the journal has them. */
export function journalledDrill(read: JournalReader, accountId: string, instrument: string, since: number): Order[] {
  return read
    .orders({ accountId, instrument })
    .map(({ order }) => order)
    .filter(({ note, createdAt }) => createdAt >= since && note?.includes(DRILL_NOTE) === true);
}

/** Signed quantity that these orders have brought. */
export function netOf(orders: Iterable<OrderId>, find: (id: OrderId) => Order | null): QuantityUnits {
  let net = 0;
  for (const id of orders) {
    const order = find(id);
    if (order !== null) net += order.side === 'buy' ? order.filled : -order.filled;
  }
  return net;
}
