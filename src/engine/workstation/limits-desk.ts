import { join } from 'node:path';
import type { RiskLimits as LimitsView, RiskLimitsState } from '../../contract/types.ts';
import { Decimal } from '../../domain/decimal.ts';
import { ok, refuse, type Result, messageOf } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { DEFAULT_LIMITS, readLimits, type RiskLimits } from '../../risk/limits.ts';
import { readIfThere, replaceFile } from './durable-file.ts';

const LIMITS_FILE = 'limits.json';

interface Kept {
  readonly limits: RiskLimits;
  /** Loss of the day in account currency; the gate knows fractions only. */
  readonly maxDailyLoss: string | null;
  readonly changedAt: EpochMs | null;
  readonly changedBy: string | null;
  readonly reason: string | null;
}

/** The limits in force, kept in a file of their own so that they hold before the journal is read. */
export class LimitsDesk {
  readonly #path: string;
  /** Null: the file is there and cannot be understood; every order is blocked until limits are set anew. */
  #kept: Kept | null;

  constructor(dataDir: string) {
    this.#path = join(dataDir, LIMITS_FILE);
    this.#kept = load(this.#path);
  }

  /** Null when the stored limits cannot be read, which blocks. `dayStart`: equity the day began with. */
  inForce(dayStart: number | null): RiskLimits | null {
    const kept = this.#kept;
    if (kept === null || kept.maxDailyLoss === null) return kept?.limits ?? null;
    if (dayStart === null || !(dayStart > 0)) return kept.limits;
    const share = new Decimal(kept.maxDailyLoss).div(dayStart).toDecimalPlaces(12);
    const fraction = kept.limits.maxDailyLoss;
    const tighter = fraction === null || share.lt(fraction) ? Decimal.min(share, 1).toFixed() : fraction;
    return { ...kept.limits, maxDailyLoss: tighter };
  }

  get readable(): boolean {
    return this.#kept !== null;
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
  change(
    changes: { readonly [K in keyof LimitsView]?: LimitsView[K] | undefined },
    by: { readonly owner: string; readonly reason: string; readonly at: EpochMs },
  ): Result<RiskLimitsState> {
    const before = this.#kept ?? fresh();
    const { maxDailyLoss = before.maxDailyLoss, ...others } = changes;
    if (maxDailyLoss !== null && !(Number(maxDailyLoss) > 0)) {
      return refuse('LIMIT_INVALID', 'maxDailyLoss must be an amount above zero, or null to switch it off.', {
        value: maxDailyLoss,
      });
    }
    const read = readLimits(engineTerms(others, before.limits), before.limits);
    if (!read.ok) return read;
    const kept: Kept = {
      limits: read.value,
      maxDailyLoss,
      changedAt: by.at,
      changedBy: by.owner,
      reason: by.reason,
    };
    try {
      replaceFile(this.#path, JSON.stringify({ version: 1, ...kept }));
    } catch (error) {
      return refuse('LIMITS_NOT_WRITTEN', `The limits could not be written (${messageOf(error)}); the old ones hold.`);
    }
    this.#kept = kept;
    return ok(this.state());
  }
}

function engineTerms(
  changes: { readonly [K in keyof LimitsView]?: LimitsView[K] | undefined },
  before: RiskLimits,
): Record<string, unknown> {
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
  // A warning beyond the block would never be seen: the warnings follow the blocks down.
  const hold = (block: keyof RiskLimits, warning: keyof RiskLimits): void => {
    const most = terms[block];
    const mild = warning in terms ? terms[warning] : before[warning];
    if (most !== undefined && most !== null && mild !== null && Number(mild) > Number(most)) terms[warning] = most;
  };
  hold('staleMarketMs', 'stalePriceMs');
  hold('maxConcentration', 'warnConcentration');
  hold('ordersPerMinute', 'ordersPerSecond');
  if (changes.collarWarn === undefined) hold('collarHard', 'collarSoft');
  return terms;
}

function fresh(): Kept {
  return { limits: DEFAULT_LIMITS, maxDailyLoss: null, changedAt: null, changedBy: null, reason: null };
}

function load(path: string): Kept | null {
  try {
    const text = readIfThere(path);
    if (text === null) return fresh();
    const input = JSON.parse(text) as Partial<Record<keyof Kept, unknown>>;
    const limits = readLimits(input.limits);
    if (!limits.ok) return null;
    return {
      limits: limits.value,
      maxDailyLoss: typeof input.maxDailyLoss === 'string' ? input.maxDailyLoss : null,
      changedAt: typeof input.changedAt === 'number' ? input.changedAt : null,
      changedBy: typeof input.changedBy === 'string' ? input.changedBy : null,
      reason: typeof input.reason === 'string' ? input.reason : null,
    };
  } catch {
    return null;
  }
}
