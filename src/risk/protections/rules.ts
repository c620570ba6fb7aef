import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { ProtectionKind } from './locks.ts';

interface Common {
  /** How long the lock holds after the exit (or the fall) that caused it, in ms ... */
  readonly lockMs: number;
  /** ... or until the next "HH:MM" UTC after it, when given. */
  readonly unlockAt: string | null;
}

/** After any exit the instrument rests. */
export interface CooldownRule extends Common {
  readonly kind: 'cooldown';
}

/** Too many losing exits by a stop within the look-back. */
export interface StoplossGuardRule extends Common {
  readonly kind: 'stoploss-guard';
  readonly lookbackMs: number;
  readonly tradeLimit: number;
  /** Only exits whose return (fraction of the entry's value) is below this count. */
  readonly requiredProfit: number;
  /** True: counts and locks each instrument for itself; false: all of the account together. */
  readonly perInstrument: boolean;
  /** True: counts and locks long and short positions for themselves. */
  readonly perSide: boolean;
}

/** The returns of an instrument's trades within the look-back add up to too little. */
export interface LowProfitRule extends Common {
  readonly kind: 'low-profit';
  readonly lookbackMs: number;
  readonly tradeLimit: number;
  readonly requiredProfit: number;
  readonly perSide: boolean;
}

/** Equity, open profit included, fell too far from its highest value within the look-back. */
export interface EquityDrawdownRule extends Common {
  readonly kind: 'equity-drawdown';
  readonly lookbackMs: number;
  /** Trades that must have closed within the look-back before it can fire; 0: none. */
  readonly tradeLimit: number;
  /** Fraction of the highest equity. */
  readonly maxDrawdown: number;
}

export type ProtectionRule = CooldownRule | StoplossGuardRule | LowProfitRule | EquityDrawdownRule;

type Kind = 'ms' | 'whole' | 'fraction' | 'share' | 'flag' | 'clock';
const FIELDS: Readonly<Record<ProtectionKind, Readonly<Record<string, Kind>>>> = {
  cooldown: { lockMs: 'ms', unlockAt: 'clock' },
  'stoploss-guard': {
    lockMs: 'ms',
    unlockAt: 'clock',
    lookbackMs: 'ms',
    tradeLimit: 'whole',
    requiredProfit: 'fraction',
    perInstrument: 'flag',
    perSide: 'flag',
  },
  'low-profit': {
    lockMs: 'ms',
    unlockAt: 'clock',
    lookbackMs: 'ms',
    tradeLimit: 'whole',
    requiredProfit: 'fraction',
    perSide: 'flag',
  },
  'equity-drawdown': { lockMs: 'ms', unlockAt: 'clock', lookbackMs: 'ms', tradeLimit: 'whole', maxDrawdown: 'share' },
};
const OTHERWISE: Readonly<Record<string, unknown>> = {
  unlockAt: null,
  tradeLimit: 1,
  requiredProfit: 0,
  perInstrument: false,
  perSide: false,
};
/** A year: longer is a typing error. */
const LONGEST_MS = 366 * 86_400_000;

function fault(kind: Kind, value: unknown): string | null {
  switch (kind) {
    case 'ms':
      return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= LONGEST_MS
        ? null
        : 'a whole number of milliseconds above zero, at most a year';
    case 'whole':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? null : 'a whole number';
    case 'fraction':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'a fraction such as 0.01';
    case 'share':
      return typeof value === 'number' && value > 0 && value <= 1 ? null : 'a fraction above 0 and at most 1';
    case 'flag':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'clock':
      return value === null || (typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value))
        ? null
        : 'a time such as "18:30" (UTC), or null';
  }
}

/** Refuses PROTECTION_INVALID naming the rule and the field. */
export function readProtections(input: unknown): Result<readonly ProtectionRule[]> {
  const no = (sentence: string): Result<never> => refuse('PROTECTION_INVALID', sentence);
  if (!Array.isArray(input)) return no('Protections are a list of rules such as {"kind":"cooldown","lockMs":3600000}.');
  const rules: ProtectionRule[] = [];
  for (const [index, one] of (input as unknown[]).entries()) {
    const rule = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>;
    const kind = rule['kind'];
    if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) {
      return no(
        `Protection ${index + 1} must be one of ${Object.keys(FIELDS).join(', ')}, not ${JSON.stringify(kind)}.`,
      );
    }
    const fields = FIELDS[kind as ProtectionKind];
    const unknown = Object.keys(rule).find((name) => name !== 'kind' && !Object.hasOwn(fields, name));
    if (unknown !== undefined) return no(`Protection ${index + 1} (${kind}) has no setting "${unknown}".`);
    const read: Record<string, unknown> = { kind };
    for (const [name, wanted] of Object.entries(fields)) {
      const value = rule[name] ?? OTHERWISE[name];
      const problem = fault(wanted, value);
      if (problem !== null) return no(`Protection ${index + 1} (${kind}): ${name} must be ${problem}.`);
      read[name] = value;
    }
    rules.push(read as unknown as ProtectionRule);
  }
  return ok(rules);
}
