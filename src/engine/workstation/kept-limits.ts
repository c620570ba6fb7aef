import type { EpochMs } from '../../domain/units.ts';
import { type LimitChange, readScopes } from '../../risk/limit-book.ts';
import { isLimitName, readLimits, type RiskLimits } from '../../risk/limits.ts';

/** Limits as they are written down. */
export interface KeptLimits {
  readonly limits: RiskLimits;
  /** Oldest first. */
  readonly changes: readonly LimitChange[];
  /** Loss of the day in account currency; the gate knows fractions only. */
  readonly maxDailyLoss: string | null;
  readonly changedAt: EpochMs | null;
  readonly changedBy: string | null;
  readonly reason: string | null;
}

export function writtenLimits({ limits: { scopes = [], ...limits }, ...kept }: KeptLimits): string {
  return JSON.stringify({ version: 2, limits, scopes, ...kept });
}

/** Null for whatever cannot be understood. The first version had neither scopes nor changes. */
export function readKeptLimits(text: string): KeptLimits | null {
  const input = JSON.parse(text) as Partial<Record<keyof KeptLimits | 'version' | 'scopes', unknown>> | null;
  if (input === null || (input.version !== 1 && input.version !== 2)) return null;
  const limits = readLimits(input.limits);
  const scopes = readScopes(input.scopes ?? []);
  const changes = input.changes ?? [];
  const { maxDailyLoss = null } = input;
  if (!limits.ok || !scopes.ok || !Array.isArray(changes) || !changes.every(isChange)) return null;
  if (maxDailyLoss !== null && !(typeof maxDailyLoss === 'string' && Number(maxDailyLoss) > 0)) return null;
  return {
    limits: scopes.value.length === 0 ? limits.value : { ...limits.value, scopes: scopes.value },
    changes,
    maxDailyLoss,
    changedAt: typeof input.changedAt === 'number' ? input.changedAt : null,
    changedBy: typeof input.changedBy === 'string' ? input.changedBy : null,
    reason: typeof input.reason === 'string' ? input.reason : null,
  };
}

function isChange(input: unknown): input is LimitChange {
  if (typeof input !== 'object' || input === null) return false;
  const change = input as Partial<Record<keyof LimitChange, unknown>>;
  return (
    typeof change.at === 'number' &&
    typeof change.owner === 'string' &&
    typeof change.reason === 'string' &&
    typeof change.scope === 'object' &&
    typeof change.name === 'string' &&
    isLimitName(change.name) &&
    typeof change.before === 'string' &&
    typeof change.after === 'string'
  );
}
