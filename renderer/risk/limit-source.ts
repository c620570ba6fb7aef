import type { ContractOutputs, RiskGauge } from '../../src/contract/types.ts';
import { compare } from '../format/decimal-text.ts';

export type LimitBook = ContractOutputs['riskControls']['limits'];
export type ScopedLimitsView = LimitBook['scopes'][number];
export type LimitScopeView = NonNullable<ScopedLimitsView['scope']>;

/** The limit behind a meter. Meters that are not here are bounded by what the account owns. */
const LIMIT_OF_GAUGE: Readonly<Record<string, string>> = {
  DAILY_LOSS: 'maxDailyLoss',
  DRAWDOWN: 'maxDrawdown',
  GROSS_EXPOSURE: 'maxGrossExposure',
  GROSS_NOTIONAL: 'maxGrossNotional',
  CONCENTRATION: 'maxConcentration',
  MAX_OPEN_ORDERS: 'maxOpenOrders',
  RATE_PER_SECOND: 'ordersPerSecond',
  RATE_PER_MINUTE: 'ordersPerMinute',
  MAX_POSITION: 'maxPosition',
  MAX_POSITION_NOTIONAL: 'maxPositionNotional',
};

export interface LimitSource {
  /** Null: the account's own means, which nobody sets. */
  readonly limit: string | null;
  readonly scope: LimitScopeView | null;
  readonly owner: string | null;
  readonly changedAt: number | null;
  readonly reason: string | null;
}

export function scopeWords(scope: LimitScopeView | null): string {
  return scope === null ? 'all accounts' : `${scope.kind} ${scope.id}`;
}

/** Whose limit a meter shows: of all scopes that apply to the account, the one that has this very figure. */
export function sourceOf(gauge: RiskGauge, book: LimitBook): LimitSource {
  const name = LIMIT_OF_GAUGE[gauge.name] ?? null;
  const applying = book.scopes.filter(
    ({ scope }) => scope === null || (scope.kind === 'account' && scope.id === gauge.account),
  );
  const has = ({ limits }: ScopedLimitsView) => {
    const value = name === null ? null : (limits[name] ?? null);
    return value !== null && gauge.limit !== null && compare(`${value}`, gauge.limit) === 0;
  };
  // Of two alike, the narrower one: it is the one that would have to change.
  const found = applying.toReversed().find(has) ?? applying.find(({ scope }) => scope === null);
  return {
    limit: name,
    scope: found?.scope ?? null,
    owner: found?.changedBy ?? null,
    changedAt: found?.changedAt ?? null,
    reason: found?.reason ?? null,
  };
}
