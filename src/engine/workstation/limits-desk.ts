import { join } from 'node:path';
import type { RiskLimits as LimitsView, RiskLimitsState } from '../../contract/types.ts';
import { Decimal } from '../../domain/decimal.ts';
import { messageOf, ok, refuse, type Result } from '../../domain/refusal.ts';
import { type ChangeBy, changeLimits, type LimitChange } from '../../risk/limit-book.ts';
import { accountLimits } from '../../risk/limit-scopes.ts';
import { DEFAULT_LIMITS, type LimitScope, type RiskLimits, type ScopedLimits } from '../../risk/limits.ts';
import { readIfThere, replaceFile } from './durable-file.ts';
import { type KeptLimits, readKeptLimits, writtenLimits } from './kept-limits.ts';

const LIMITS_FILE = 'limits.json';
/** The audit log has every change for ever; this is what the window can list at once. */
const CHANGES_KEPT = 2_000;

type Changes = { readonly [K in keyof LimitsView]?: LimitsView[K] | undefined };

/** The limits in force, kept in a file of their own so that they hold before the journal is read. */
export class LimitsDesk {
  readonly #path: string;
  /** Null: the file is there and cannot be understood; every order is blocked until limits are set anew. */
  #kept: KeptLimits | null;

  constructor(dataDir: string) {
    this.#path = join(dataDir, LIMITS_FILE);
    this.#kept = load(this.#path);
  }

  /** Null when the stored limits cannot be read, which blocks. `dayStart`: equity the account's day began with. */
  inForce(accountId: string, dayStart: number | null): RiskLimits | null {
    const kept = this.#kept;
    if (kept === null) return null;
    const limits = accountLimits(kept.limits, accountId);
    if (kept.maxDailyLoss === null || dayStart === null || !(dayStart > 0)) return limits;
    const share = new Decimal(kept.maxDailyLoss).div(dayStart).toDecimalPlaces(12);
    const fraction = limits.maxDailyLoss;
    const tighter = fraction === null || share.lt(fraction) ? Decimal.min(share, 1).toFixed() : fraction;
    return { ...limits, maxDailyLoss: tighter };
  }

  get readable(): boolean {
    return this.#kept !== null;
  }

  /** Of all accounts; the scoped ones are in `scopes`. */
  get limits(): RiskLimits {
    return this.#kept?.limits ?? DEFAULT_LIMITS;
  }

  get scopes(): readonly ScopedLimits[] {
    return this.#kept?.limits.scopes ?? [];
  }

  /** Oldest first. */
  get changes(): readonly LimitChange[] {
    return this.#kept?.changes ?? [];
  }

  state(): RiskLimitsState {
    const kept = this.#kept ?? fresh();
    const { limits } = kept;
    return {
      limits: {
        maxOrderNotional: limits.maxOrderNotional,
        maxPositionNotional: limits.maxPositionNotional,
        maxGrossExposure: limits.maxGrossExposure,
        maxConcentration: limits.maxConcentration,
        collarWarn: limits.collarSoft,
        collarBlock: limits.collarHard,
        maxOrdersPerSecond: limits.ordersPerSecond,
        duplicateWindowMs: limits.duplicateWindowMs,
        stalePriceMs: limits.staleMarketMs,
        maxWorkingOrders: limits.maxOpenOrders,
        maxDailyLoss: kept.maxDailyLoss,
        maxDailyLossFraction: limits.maxDailyLoss,
        maxDrawdownFraction: limits.maxDrawdown,
      },
      changedAt: kept.changedAt === null ? null : Math.trunc(kept.changedAt),
      changedBy: kept.changedBy,
      reason: this.#kept === null ? 'The stored limits cannot be read; set them again.' : kept.reason,
    };
  }

  /** Refuses LIMIT_INVALID and LIMITS_NOT_WRITTEN; then the old ones hold. */
  change(changes: Changes, by: ChangeBy): Result<RiskLimitsState> {
    const before = this.#kept ?? fresh();
    const { maxDailyLoss = before.maxDailyLoss, ...others } = changes;
    if (maxDailyLoss !== null && !(Number(maxDailyLoss) > 0)) {
      return refuse('LIMIT_INVALID', 'maxDailyLoss must be an amount above zero, or null to switch it off.', {
        value: maxDailyLoss,
      });
    }
    const changed = changeLimits(before, engineTerms(others), by);
    if (!changed.ok) return changed;
    const amount: LimitChange[] =
      maxDailyLoss === before.maxDailyLoss
        ? []
        : [
            {
              ...by,
              scope: null,
              name: 'maxDailyLoss',
              before: amountText(before.maxDailyLoss),
              after: amountText(maxDailyLoss),
            },
          ];
    const kept = this.#keep({ ...changed.value, changes: [...changed.value.changes, ...amount] }, maxDailyLoss, by);
    return kept.ok ? ok(this.state()) : kept;
  }

  /** Limits by their engine names, of all accounts or of one scope; null takes one away. Refusals as of `changeLimits`. */
  changeNamed(limits: unknown, scope: LimitScope | null, by: ChangeBy): Result<null> {
    const before = this.#kept ?? fresh();
    const changed = changeLimits(before, limits, by, scope);
    return changed.ok ? this.#keep(changed.value, before.maxDailyLoss, by) : changed;
  }

  #keep(
    book: { readonly limits: RiskLimits; readonly changes: readonly LimitChange[] },
    maxDailyLoss: string | null,
    by: ChangeBy,
  ): Result<null> {
    const kept: KeptLimits = {
      limits: book.limits,
      changes: book.changes.slice(-CHANGES_KEPT),
      maxDailyLoss,
      changedAt: by.at,
      changedBy: by.owner,
      reason: by.reason,
    };
    try {
      replaceFile(this.#path, writtenLimits(kept));
    } catch (error) {
      return refuse('LIMITS_NOT_WRITTEN', `The limits could not be written (${messageOf(error)}); the old ones hold.`);
    }
    this.#kept = kept;
    return ok(null);
  }
}

function amountText(amount: string | null): string {
  return amount === null ? 'null' : `${amount} in money`;
}

function engineTerms(changes: Changes): Record<string, unknown> {
  const terms: Record<string, unknown> = {};
  const names = {
    maxOrderNotional: 'maxOrderNotional',
    maxPositionNotional: 'maxPositionNotional',
    maxGrossExposure: 'maxGrossExposure',
    maxConcentration: 'maxConcentration',
    collarWarn: 'collarSoft',
    collarBlock: 'collarHard',
    maxOrdersPerSecond: 'ordersPerSecond',
    duplicateWindowMs: 'duplicateWindowMs',
    stalePriceMs: 'staleMarketMs',
    maxWorkingOrders: 'maxOpenOrders',
    maxDailyLossFraction: 'maxDailyLoss',
    maxDrawdownFraction: 'maxDrawdown',
  } as const;
  for (const [name, own] of Object.entries(names)) {
    const value = changes[name as keyof typeof names];
    if (value !== undefined) terms[own] = value;
  }
  return terms;
}

function fresh(): KeptLimits {
  return { limits: DEFAULT_LIMITS, changes: [], maxDailyLoss: null, changedAt: null, changedBy: null, reason: null };
}

function load(path: string): KeptLimits | null {
  try {
    const text = readIfThere(path);
    return text === null ? fresh() : readKeptLimits(text);
  } catch {
    return null;
  }
}
