import { type Instrument, quantityDecimal } from '../domain/instrument.ts';
import type { OrderIntent } from '../domain/order.ts';
import type { PriceUnits, QuantityUnits } from '../domain/units.ts';
import { exposureOf } from './exposure.ts';
import { feeEstimate, fillsNow } from './facts.ts';
import type { OrderPlan } from './gate.ts';
import { bindingLimits, scopeText } from './limit-scopes.ts';
import type { LimitName } from './limits.ts';
import type { PreviewSources } from './preview.ts';

/** How much of a limit is used before and after an order, in the limit's own unit. */
export interface LimitUse {
  readonly name: LimitName;
  readonly before: number;
  readonly after: number;
  readonly limit: number;
  /** Whose limit it is, where not that of all accounts. */
  readonly scope: string | null;
}

/** Of every limit that is switched on and can be measured, open orders counted as filled, as in the gate. */
export function limitUses(
  sources: PreviewSources,
  intent: OrderIntent,
  quantity: QuantityUnits,
  price: PriceUnits,
  plan: OrderPlan,
): readonly LimitUse[] {
  const { view } = sources;
  const { accountId } = intent;
  const instrument = view.instrument(intent.instrument);
  const all = sources.limits(accountId);
  if (instrument === null || all === null) return [];
  const { limits, owner } = bindingLimits(all, intent, view.account(accountId)?.broker ?? null);
  const uses: LimitUse[] = [];
  const use = (name: LimitName, before: number, after: number): void => {
    const limit = Number(limits[name] ?? Number.NaN);
    if (!(limit > 0) || !Number.isFinite(before) || !Number.isFinite(after)) return;
    const scope = owner.get(name);
    uses.push({ name, before, after, limit, scope: scope === undefined ? null : scopeText(scope) });
  };
  const open = view.openOrders(accountId);
  const units = (count: QuantityUnits): number => quantityDecimal(instrument, count).toNumber();
  use('maxOrderQuantity', 0, units(quantity));
  const worth = price > 0 ? valueOf(instrument, price, quantity) : Number.NaN;
  use('maxOrderNotional', 0, worth);
  const exposure = exposureOf(sources, accountId, instrument, open, fillsNow(intent));
  const { line } = exposure;
  const known = exposure.unknown === null;
  const signed = intent.side === 'buy' ? quantity : -quantity;
  const shrunk = Math.abs(line.net + signed);
  const reach = intent.reduceOnly ? Number.NaN : line.reach(intent.side, quantity);
  const held = line.worstQuantity();
  const opens = !intent.reduceOnly && reach > line.reach(intent.side, 0);
  // An order that opens nothing leaves what is left of the position.
  use(
    'maxPosition',
    units(held),
    units(opens ? Math.max(reach, oppositeLeft(line.net, signed)) : Math.min(held, shrunk)),
  );
  if (known && price > 0) {
    const equity = view.equity(accountId)?.toNumber() ?? Number.NaN;
    const before = line.worstValue();
    const left = line.net === 0 ? 0 : Math.abs((line.netValue / line.net) * (line.net + signed));
    const after = opens ? line.reachValue(intent.side, worth) : Math.min(before, left);
    const gross = exposure.otherValue;
    use('maxPositionNotional', before, after);
    use('maxGrossNotional', gross + before, gross + after);
    if (equity > 0) {
      use('maxGrossExposure', (gross + before) / equity, (gross + after) / equity);
      use('maxConcentration', before / equity, after / equity);
      const leverage = Number(view.account(accountId)?.leverage ?? Number.NaN);
      if (leverage > 1) use('maxMarginUsed', (gross + before) / leverage / equity, (gross + after) / leverage / equity);
    }
  }
  const sent = (windowMs: number): number => sources.sentWithin(accountId, windowMs);
  use('maxOpenOrders', open.length, open.length + 1);
  use('ordersPerSecond', sent(1_000), sent(1_000) + 1);
  use('ordersPerMinute', sent(60_000), sent(60_000) + 1);
  lossUses(sources, intent, instrument, quantity, price, plan, use);
  return uses;
}

/** The loss of the day and the drawdown now, and with this order's stop hit. */
function lossUses(
  sources: PreviewSources,
  intent: OrderIntent,
  instrument: Instrument,
  quantity: QuantityUnits,
  price: PriceUnits,
  plan: OrderPlan,
  use: (name: LimitName, before: number, after: number) => void,
): void {
  const day = sources.day(intent.accountId);
  const equity = sources.view.equity(intent.accountId)?.toNumber() ?? Number.NaN;
  if (day === null) return;
  const fees = feeEstimate(sources.fees, instrument, intent.accountId);
  let loss = 0;
  if (plan.stop !== null && !intent.reduceOnly && price > 0 && fees !== null) {
    const distance = intent.side === 'buy' ? price - plan.stop : plan.stop - price;
    loss =
      Math.max(0, valueOf(instrument, distance, quantity)) +
      valueOf(instrument, price + plan.stop, quantity) * fees.taker +
      2 * fees.fixed;
  }
  const fall = (from: number, less: number): number => Math.max(0, (from - equity + less) / from);
  use('maxDailyLoss', fall(day.startEquity, 0), fall(day.startEquity, loss));
  use('maxDrawdown', fall(day.highEquity, 0), fall(day.highEquity, loss));
}

function oppositeLeft(net: QuantityUnits, signed: QuantityUnits): QuantityUnits {
  return net * signed < 0 ? Math.max(0, Math.abs(net) - Math.abs(signed)) : 0;
}

function valueOf(instrument: Instrument, price: number, quantity: QuantityUnits): number {
  return price * quantity * 10 ** -(instrument.priceDigits + instrument.quantityDigits);
}
