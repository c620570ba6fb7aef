import { Decimal } from '../domain/decimal.ts';
import type { OrderIntent } from '../domain/order.ts';
import {
  type LimitName,
  LIMIT_NAMES,
  type LimitScope,
  type LimitScopeKind,
  type LimitValues,
  type RiskLimits,
  type ScopedLimits,
} from './limits.ts';

/** Judged by the order alone, so that the strictest bound of all scopes is simply the bound. */
const OF_THE_ORDER: readonly LimitName[] = [
  'maxOrderQuantity',
  'maxOrderNotional',
  'warnOrderFraction',
  'collarSoft',
  'collarHard',
  'duplicateWindowMs',
  'duplicateHardCount',
  'duplicateHardWindowMs',
  'stalePriceMs',
  'staleMarketMs',
  'slippageSoft',
  'slippageHard',
  'warnQuantityMultiple',
  'warnStopLoss',
];
/** Judged by the account's position in the order's instrument. */
const OF_THE_POSITION: readonly LimitName[] = [
  'maxPosition',
  'maxPositionNotional',
  'warnConcentration',
  'maxConcentration',
];
/** Judged by the scope's own orders and, of strategies and brokers, its own exposure. */
const OWN_FLOW = ['ordersPerSecond', 'ordersPerMinute', 'maxOpenOrders'] as const;
const OWN_EXPOSURE: readonly LimitName[] = ['maxGrossExposure', 'maxGrossNotional'];

const ALLOWED: Readonly<Record<LimitScopeKind, ReadonlySet<LimitName>>> = {
  account: new Set(LIMIT_NAMES),
  symbol: new Set([...OF_THE_ORDER, ...OF_THE_POSITION, ...OWN_FLOW]),
  strategy: new Set([...OF_THE_ORDER, ...OF_THE_POSITION, ...OWN_FLOW, ...OWN_EXPOSURE]),
  broker: new Set([...OF_THE_ORDER, ...OWN_FLOW, ...OWN_EXPOSURE]),
};
/** What the scope shares with the account's own figures; the rest is measured for itself. */
const MERGED: Readonly<Record<LimitScopeKind, ReadonlySet<LimitName>>> = {
  account: ALLOWED.account,
  symbol: new Set([...OF_THE_ORDER, ...OF_THE_POSITION]),
  strategy: new Set(OF_THE_ORDER),
  broker: new Set(OF_THE_ORDER),
};
/** Of these the larger figure is the stricter one. */
const HIGHER_IS_STRICTER: ReadonlySet<LimitName> = new Set([
  'minCash',
  'duplicateWindowMs',
  'duplicateHardWindowMs',
] as const);

/** Limits a scope of this kind can have. */
export function limitsOfScope(kind: LimitScopeKind): ReadonlySet<LimitName> {
  return ALLOWED[kind];
}

export function scopeText(scope: LimitScope): string {
  return `${scope.kind} ${scope.id}`;
}

export function sameScope(a: LimitScope | null, b: LimitScope | null): boolean {
  return a === null || b === null ? a === b : a.kind === b.kind && a.id === b.id;
}

type Value = string | number | null;

/** True when `value` binds sooner than `than`; null binds never. */
export function isStricter(name: LimitName, value: Value, than: Value): boolean {
  if (value === null) return false;
  if (than === null) return true;
  const order = new Decimal(value).comparedTo(than);
  return HIGHER_IS_STRICTER.has(name) ? order > 0 : order < 0;
}

function scopeMatches(
  scope: LimitScope,
  intent: Pick<OrderIntent, 'accountId' | 'instrument' | 'strategyId'>,
  broker: string | null,
): boolean {
  switch (scope.kind) {
    case 'account':
      return scope.id === intent.accountId;
    case 'symbol':
      return scope.id === intent.instrument;
    case 'strategy':
      return scope.id === intent.strategyId;
    case 'broker':
      return scope.id === broker;
  }
}

/** What binds an order: the strictest value of each limit, and the scopes that are measured for themselves. */
export interface BindingLimits {
  readonly limits: RiskLimits;
  /** Whose value holds, where it is not that of all accounts. */
  readonly owner: ReadonlyMap<LimitName, LimitScope>;
  readonly own: readonly ScopedLimits[];
}
const NO_OWNERS: ReadonlyMap<LimitName, LimitScope> = new Map();

export function bindingLimits(
  limits: RiskLimits,
  intent: Pick<OrderIntent, 'accountId' | 'instrument' | 'strategyId'>,
  broker: string | null,
): BindingLimits {
  const { scopes } = limits;
  if (scopes === undefined || scopes.length === 0) return { limits, owner: NO_OWNERS, own: [] };
  const matching = scopes.filter(({ scope }) => scopeMatches(scope, intent, broker));
  if (matching.length === 0) return { limits, owner: NO_OWNERS, own: [] };
  const owner = new Map<LimitName, LimitScope>();
  const merged = mergeScopes(limits, matching, owner);
  return { limits: merged, owner, own: matching.filter(({ scope }) => scope.kind !== 'account') };
}

/** The account's own bounds over those of all accounts; the loss limits are watched by these. */
export function accountLimits(limits: RiskLimits, accountId: string): RiskLimits {
  const mine = limits.scopes?.filter(({ scope }) => scope.kind === 'account' && scope.id === accountId) ?? [];
  return mine.length === 0 ? limits : mergeScopes(limits, mine, new Map());
}

function mergeScopes(base: RiskLimits, scopes: readonly ScopedLimits[], owner: Map<LimitName, LimitScope>): RiskLimits {
  const merged: Record<string, unknown> = { ...base };
  for (const { scope, limits } of scopes) {
    for (const name of MERGED[scope.kind]) {
      const value: LimitValues[LimitName] = limits[name] ?? null;
      if (value === null) continue;
      const present = merged[name] as Value;
      if (isStricter(name, value, present)) {
        merged[name] = value;
        owner.set(name, scope);
      } else if (!owner.has(name) && !isStricter(name, present, value)) {
        // The account's bounds may be merged already.
        owner.set(name, scope);
      }
    }
  }
  return merged as unknown as RiskLimits;
}
