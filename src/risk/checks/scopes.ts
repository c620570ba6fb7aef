import { Decimal } from '../../domain/decimal.ts';
import { type Instrument, type InstrumentId, quantityDecimal } from '../../domain/instrument.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import type { QuantityUnits } from '../../domain/units.ts';
import { type AccountExposure, exposureOf, type ExposureSources } from '../exposure.ts';
import { type Facts, fillsNow } from '../facts.ts';
import { percent, type Findings } from '../findings.ts';
import { scopeText } from '../limit-scopes.ts';
import type { ScopedLimits } from '../limits.ts';
import type { RecentOrders } from '../recent-orders.ts';
import type { StrategyBook } from '../strategy-book.ts';

export interface ScopeSources extends ExposureSources {
  readonly recent: RecentOrders;
  readonly strategies: StrategyBook;
}

/** Limits of a strategy, a symbol or a broker that are measured by its own orders and exposure. */
export function checkScopes(found: Findings, sources: ScopeSources): void {
  const { facts } = found;
  if (facts.ownScopes.length === 0 || facts.mode === 'protective') return;
  for (const scoped of facts.ownScopes) {
    flow(found, sources, scoped);
    if (facts.intent.reduceOnly || facts.instrument === null) continue;
    if (scoped.scope.kind === 'strategy') ofStrategy(found, sources, scoped, facts.instrument, scoped.scope.id);
    else if (scoped.scope.kind === 'broker' && facts.mode === 'full') {
      ofBroker(found, sources, scoped, facts.instrument, scoped.scope.id);
    }
  }
}

function accountsOf(sources: ScopeSources, scoped: ScopedLimits, facts: Facts): readonly string[] {
  return scoped.scope.kind === 'broker' ? sources.view.accountsOf(scoped.scope.id) : [facts.intent.accountId];
}

function ownOrders({ scope }: ScopedLimits): (order: OrderIntent) => boolean {
  switch (scope.kind) {
    case 'symbol':
      return (order) => order.instrument === scope.id;
    case 'strategy':
      return (order) => order.strategyId === scope.id;
    default:
      return () => true;
  }
}

function flow(found: Findings, sources: ScopeSources, scoped: ScopedLimits): void {
  const { facts } = found;
  const { ordersPerSecond = null, ordersPerMinute = null, maxOpenOrders = null } = scoped.limits;
  const accounts = accountsOf(sources, scoped, facts);
  const mine = ownOrders(scoped);
  const scope = scopeText(scoped.scope);
  const rate = (limit: number | null, windowMs: number, name: string): void => {
    if (limit === null) return;
    const sent = accounts.reduce((sum, id) => sum + sources.recent.count(id, facts.now, windowMs, mine), 0) + 1;
    found.add(
      sent <= limit ? 'info' : 'block',
      'RATE_LIMIT_EXCEEDED',
      'count',
      sent,
      limit,
      (_, value, most) => `Order ${value} of ${scope} within one ${name}, at most ${most}; wait a moment.`,
      { scope },
    );
  };
  rate(ordersPerSecond, 1_000, 'second');
  rate(ordersPerMinute, 60_000, 'minute');
  if (maxOpenOrders === null || facts.mode !== 'full') return;
  const open = accounts.reduce((sum, id) => sum + sources.view.openOrders(id).filter(mine).length, 0) + 1;
  found.add(
    open <= maxOpenOrders ? 'info' : 'block',
    'MAX_OPEN_ORDERS',
    'count',
    open,
    maxOpenOrders,
    (_, value, most) => `Open order ${value} of at most ${most} of ${scope}; cancel one first.`,
    { scope },
  );
}

/** A strategy's share of the position, with its own open orders, as it could become. */
function ofStrategy(
  found: Findings,
  sources: ScopeSources,
  scoped: ScopedLimits,
  instrument: Instrument,
  strategyId: string,
): void {
  const { facts } = found;
  const { accountId } = facts.intent;
  const open = facts.open.filter((order) => order.strategyId === strategyId);
  const book = sources.strategies;
  const exposure = exposureOf(
    { ...sources, positions: ownPositions(book, strategyId, open) },
    accountId,
    instrument,
    open,
    fillsNow(facts.intent),
  );
  judgeExposure(found, scoped, instrument, exposure, facts.equityNumber, 'position');
}

function ownPositions(
  book: StrategyBook,
  strategyId: string,
  open: readonly Order[],
): NonNullable<ExposureSources['positions']> {
  return {
    position: (account: string, id: InstrumentId): QuantityUnits => book.position(account, strategyId, id),
    held: (account) => [
      ...new Set([...book.held(account, strategyId).keys(), ...open.map((order) => order.instrument)]),
    ],
  };
}

/** All accounts of the broker in the order's currency together; money in others cannot be added up. */
function ofBroker(
  found: Findings,
  sources: ScopeSources,
  scoped: ScopedLimits,
  instrument: Instrument,
  broker: string,
): void {
  const { facts } = found;
  const own = facts.intent.accountId;
  const base = exposureOf(sources, own, instrument, facts.open, fillsNow(facts.intent));
  let { otherValue, unknown } = base;
  let equity = facts.equityNumber;
  for (const id of sources.view.accountsOf(broker)) {
    if (id === own || sources.view.account(id)?.currency !== instrument.quote) continue;
    const other = exposureOf(sources, id, instrument, sources.view.openOrders(id));
    otherValue += other.otherValue + other.line.worstValue();
    unknown ??= other.unknown;
    equity += sources.view.equity(id)?.toNumber() ?? Number.NaN;
  }
  judgeExposure(found, scoped, instrument, { ...base, otherValue, unknown }, equity, 'exposure');
}

function judgeExposure(
  found: Findings,
  { scope: of, limits }: ScopedLimits,
  instrument: Instrument,
  exposure: AccountExposure,
  equity: number,
  what: 'position' | 'exposure',
): void {
  const { intent, price, quantity, unit } = found.facts;
  const { line } = exposure;
  const worth = price * quantity * unit;
  const reach = line.reachValue(intent.side, worth);
  if (reach <= line.reachValue(intent.side, 0)) return;
  const scope = scopeText(of);
  const { maxPosition = null, maxPositionNotional = null, maxConcentration = null } = limits;
  const { maxGrossExposure = null, maxGrossNotional = null, warnConcentration = null } = limits;
  const needed = [
    maxPosition,
    maxPositionNotional,
    maxConcentration,
    maxGrossExposure,
    maxGrossNotional,
    warnConcentration,
  ];
  if (needed.every((limit) => limit === null)) return;
  const judge = (code: string, kind: 'money' | 'fraction', value: number, limit: string | null, soft = false): void => {
    if (limit === null) return;
    const over = !(value <= Number(limit) * (1 + 1e-12));
    found.add(
      over ? (soft ? 'warn' : 'block') : 'info',
      code,
      kind,
      value,
      Number(limit),
      (_, figure, most) => {
        const text = (one: string): string => (kind === 'fraction' ? percent(one) : one);
        return `The ${what} of ${scope} could reach ${text(figure)}${kind === 'fraction' ? ' of equity' : ''}, at most ${text(most)}; reduce the quantity or close something.`;
      },
      { scope },
    );
  };
  if (exposure.unknown !== null) {
    found.add(
      'block',
      'EXPOSURE_UNKNOWN',
      'text',
      exposure.unknown,
      'a price',
      (_, value) =>
        `The price of ${value} is not known, so the ${what} of ${scope} cannot be judged; wait for its feed.`,
      { scope },
    );
    return;
  }
  if (maxPosition !== null) {
    const units = quantityDecimal(instrument, line.reach(intent.side, quantity));
    found.add(
      units.lte(new Decimal(maxPosition)) ? 'info' : 'block',
      'MAX_POSITION',
      'text',
      units.toFixed(),
      maxPosition,
      (_, value, most) => `The position of ${scope} could reach ${value} of at most ${most}; reduce the quantity.`,
      { scope },
    );
  }
  const share = equity > 0 ? equity : Number.NaN;
  const gross = exposure.otherValue + reach;
  judge('MAX_POSITION_NOTIONAL', 'money', reach, maxPositionNotional);
  judge('CONCENTRATION', 'fraction', reach / share, warnConcentration, true);
  judge('CONCENTRATION', 'fraction', reach / share, maxConcentration);
  judge('GROSS_EXPOSURE', 'fraction', gross / share, maxGrossExposure);
  judge('GROSS_NOTIONAL', 'money', gross, maxGrossNotional);
}
