import { Decimal, type DecimalString } from '../domain/decimal.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';

/** What a bound belongs to. The strictest of all that apply to an order holds, and a denial names it. */
export type LimitScopeKind = 'account' | 'strategy' | 'symbol' | 'broker';
export interface LimitScope {
  readonly kind: LimitScopeKind;
  /** Account id, strategy run id, instrument id or broker id. */
  readonly id: string;
}

/** Bounds of one scope; what it leaves out or sets to null it leaves to the others. */
export interface ScopedLimits {
  readonly scope: LimitScope;
  readonly limits: { readonly [K in LimitName]?: LimitValues[K] | undefined };
}

/**
 * Bounds of one account. Fractions are of equity: "0.05" is 5 %. null switches a bound off; what protects against
 * missing data (no price, no account, no cash) and against selling or borrowing what is not there has no switch.
 */
export interface RiskLimits {
  /** Base units per order, e.g. "2.5" BTC. */
  readonly maxOrderQuantity: DecimalString | null;
  /** Quote currency per order. */
  readonly maxOrderNotional: DecimalString | null;
  /** Warn when an order is worth more than this share of equity. */
  readonly warnOrderFraction: DecimalString | null;
  /** Base units per instrument, either side, open orders counted as filled. */
  readonly maxPosition: DecimalString | null;
  /** Quote currency per instrument. */
  readonly maxPositionNotional: DecimalString | null;
  /** Sum of absolute exposures, as a multiple of equity. */
  readonly maxGrossExposure: DecimalString | null;
  /** Exposure of one instrument as a share of equity. */
  readonly warnConcentration: DecimalString | null;
  readonly maxConcentration: DecimalString | null;
  /** Distance of limit price or trigger from the touch. */
  readonly collarSoft: DecimalString | null;
  readonly collarHard: DecimalString | null;
  readonly ordersPerSecond: number | null;
  readonly ordersPerMinute: number | null;
  /** An identical order within this time is a warning ... */
  readonly duplicateWindowMs: number | null;
  /** ... and this many identical ones within `duplicateHardWindowMs` (the new one included) a block. */
  readonly duplicateHardCount: number | null;
  readonly duplicateHardWindowMs: number;
  /** Age of the reference price that warns; the age at which a market order is blocked. */
  readonly stalePriceMs: number | null;
  readonly staleMarketMs: number | null;
  readonly maxOpenOrders: number | null;
  /** Loss since the account's day began, open profit included, as a share of the day's starting equity. */
  readonly maxDailyLoss: DecimalString | null;
  /** Fall of equity from its highest value since the account began or a drawdown was last cleared by hand. */
  readonly maxDrawdown: DecimalString | null;
  /** Quote currency that has to stay after a purchase on a cash account. */
  readonly minCash: DecimalString;
  /** Sum of absolute exposures in quote currency. */
  readonly maxGrossNotional: DecimalString | null;
  /** Slippage of what fills at once against the middle of the market, walked through the book. */
  readonly slippageSoft: DecimalString | null;
  /** The same that blocks; with it also a market order for more than the book holds. */
  readonly slippageHard: DecimalString | null;
  /** Warn when the quantity is more than this many times the median of the last 20 orders in the instrument. */
  readonly warnQuantityMultiple: DecimalString | null;
  /** Warn when the loss at the order's stop is more than this share of equity, or a live order opens without a stop. */
  readonly warnStopLoss: DecimalString | null;
  /** Margin after the order as a share of equity, on accounts with leverage above 1. */
  readonly warnMarginUsed: DecimalString | null;
  readonly maxMarginUsed: DecimalString | null;
  /** Multiple of maxDailyLoss or maxDrawdown at which a halted account is flattened by itself. */
  readonly flattenAt: DecimalString | null;
  /** Tighter bounds of accounts, strategies, symbols and brokers. */
  readonly scopes?: readonly ScopedLimits[];
}
/** The bounds without the tighter ones. */
export type LimitValues = Omit<RiskLimits, 'scopes'>;

export const DEFAULT_LIMITS: RiskLimits = {
  maxOrderQuantity: null,
  maxOrderNotional: null,
  warnOrderFraction: '0.25',
  maxPosition: null,
  maxPositionNotional: null,
  maxGrossExposure: '3',
  warnConcentration: '0.3',
  maxConcentration: '1',
  collarSoft: '0.02',
  collarHard: '0.10',
  // The venues' own ceilings are 10 per second and 200 per minute (Fyers, SEBI's retail limit).
  ordersPerSecond: 10,
  ordersPerMinute: 200,
  duplicateWindowMs: 10_000,
  duplicateHardCount: 5,
  duplicateHardWindowMs: 60_000,
  stalePriceMs: 3_000,
  staleMarketMs: 10_000,
  maxOpenOrders: 50,
  maxDailyLoss: '0.05',
  maxDrawdown: '0.10',
  minCash: '0',
  maxGrossNotional: null,
  slippageSoft: '0.005',
  slippageHard: '0.02',
  warnQuantityMultiple: '5',
  warnStopLoss: '0.01',
  warnMarginUsed: '0.6',
  maxMarginUsed: '0.9',
  flattenAt: '1.25',
};

/** For backtests and what-if scripts: only what money and the market make impossible is refused. */
export const RESEARCH_LIMITS: RiskLimits = {
  maxOrderQuantity: null,
  maxOrderNotional: null,
  warnOrderFraction: null,
  maxPosition: null,
  maxPositionNotional: null,
  maxGrossExposure: null,
  warnConcentration: null,
  maxConcentration: null,
  collarSoft: null,
  collarHard: null,
  ordersPerSecond: null,
  ordersPerMinute: null,
  duplicateWindowMs: null,
  duplicateHardCount: null,
  duplicateHardWindowMs: 60_000,
  stalePriceMs: null,
  staleMarketMs: null,
  maxOpenOrders: null,
  maxDailyLoss: null,
  maxDrawdown: null,
  minCash: '0',
  maxGrossNotional: null,
  slippageSoft: null,
  slippageHard: null,
  warnQuantityMultiple: null,
  warnStopLoss: null,
  warnMarginUsed: null,
  maxMarginUsed: null,
  flattenAt: null,
};

export type LimitName = keyof LimitValues;

type Rule =
  | {
      readonly kind: 'decimal';
      readonly min?: string;
      readonly max: string | null;
      readonly nullable: boolean;
      readonly zero: boolean;
    }
  | { readonly kind: 'whole'; readonly nullable: boolean };
const POSITIVE: Rule = { kind: 'decimal', max: null, nullable: true, zero: false };
/** A loss of everything is the end anyway: a share above 1 would never bite. */
const SHARE: Rule = { kind: 'decimal', max: '1', nullable: true, zero: false };
const MULTIPLE: Rule = { kind: 'decimal', min: '1', max: null, nullable: true, zero: false };
const WHOLE: Rule = { kind: 'whole', nullable: true };

const RULES: Readonly<Record<LimitName, Rule>> = {
  maxOrderQuantity: POSITIVE,
  maxOrderNotional: POSITIVE,
  warnOrderFraction: POSITIVE,
  maxPosition: POSITIVE,
  maxPositionNotional: POSITIVE,
  maxGrossExposure: POSITIVE,
  warnConcentration: POSITIVE,
  maxConcentration: POSITIVE,
  collarSoft: SHARE,
  collarHard: SHARE,
  ordersPerSecond: WHOLE,
  ordersPerMinute: WHOLE,
  duplicateWindowMs: WHOLE,
  duplicateHardCount: WHOLE,
  duplicateHardWindowMs: { kind: 'whole', nullable: false },
  stalePriceMs: WHOLE,
  staleMarketMs: WHOLE,
  maxOpenOrders: WHOLE,
  maxDailyLoss: SHARE,
  maxDrawdown: SHARE,
  minCash: { kind: 'decimal', max: null, nullable: false, zero: true },
  maxGrossNotional: POSITIVE,
  slippageSoft: SHARE,
  slippageHard: SHARE,
  warnQuantityMultiple: MULTIPLE,
  warnStopLoss: SHARE,
  warnMarginUsed: SHARE,
  maxMarginUsed: SHARE,
  flattenAt: MULTIPLE,
};
export const LIMIT_NAMES = Object.keys(RULES) as readonly LimitName[];

/** [warning, block]: a warning beyond the block would never be seen. */
const WARNING_BELOW_BLOCK: readonly (readonly [LimitName, LimitName])[] = [
  ['collarSoft', 'collarHard'],
  ['warnConcentration', 'maxConcentration'],
  ['ordersPerSecond', 'ordersPerMinute'],
  ['stalePriceMs', 'staleMarketMs'],
  ['slippageSoft', 'slippageHard'],
  ['warnMarginUsed', 'maxMarginUsed'],
];

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(RULES, name);
}

/** What is wrong with a value of a limit, or null. */
export function complaint(name: LimitName, value: unknown): string | null {
  const rule = RULES[name];
  if (value === null) return rule.nullable ? null : `${name} cannot be switched off; give a value.`;
  if (rule.kind === 'whole') {
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
      ? null
      : `${name} must be a whole number above zero, or null to switch it off.`;
  }
  if (typeof value !== 'string' || !/^\d+(\.\d+)?$/.test(value)) {
    return `${name} must be a plain decimal in quotes such as "0.05".`;
  }
  const amount = new Decimal(value);
  if (amount.isZero() && !rule.zero) return `${name} must be above zero, or null to switch it off.`;
  if (rule.min !== undefined && amount.lt(rule.min)) {
    return `${name} is a multiple: ${value} is less than ${rule.min}; write for example "1.25".`;
  }
  if (rule.max !== null && amount.gt(rule.max)) {
    return `${name} is a fraction: ${value} is more than ${rule.max} (write 5 % as "0.05").`;
  }
  return null;
}

/** Reads limits from JSON or from a settings form over `base`. Refuses LIMIT_UNKNOWN or LIMIT_INVALID, naming the field. */
export function readLimits(input: unknown, base: RiskLimits = DEFAULT_LIMITS): Result<RiskLimits> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refuse('LIMIT_INVALID', 'Risk limits must be an object such as {"maxDailyLoss": "0.05"}.');
  }
  const { scopes, ...values } = base;
  const limits: Record<string, string | number | null> = { ...values };
  for (const [name, value] of Object.entries(input)) {
    if (!isLimitName(name)) {
      return refuse('LIMIT_UNKNOWN', `There is no risk limit "${name}"; known are ${Object.keys(RULES).join(', ')}.`, {
        value: name,
      });
    }
    const problem = complaint(name, value);
    if (problem !== null) return refuse('LIMIT_INVALID', problem, { value: String(value) });
    limits[name] = value as string | number | null;
  }
  for (const [lower, upper] of WARNING_BELOW_BLOCK) {
    const low = limits[lower] ?? null;
    const high = limits[upper] ?? null;
    if (low === null || high === null || Number(low) <= Number(high)) continue;
    // A warning that nobody named follows its block down.
    if (!Object.hasOwn(input, lower)) {
      limits[lower] = high;
      continue;
    }
    return refuse('LIMIT_INVALID', `${lower} (${low}) must not be above ${upper} (${high}).`, {
      value: String(low),
      limit: String(high),
    });
  }
  return ok({ ...(limits as unknown as LimitValues), ...(scopes === undefined ? {} : { scopes }) });
}

/** Whether a limit is written as a whole number or as a decimal in quotes. */
export function limitKind(name: LimitName): 'whole' | 'decimal' {
  return RULES[name].kind;
}

/** Reads limits from JSON text, e.g. a settings file. Refuses LIMIT_INVALID for text that is no JSON. */
export function parseLimits(text: string, base: RiskLimits = DEFAULT_LIMITS): Result<RiskLimits> {
  try {
    return readLimits(JSON.parse(text), base);
  } catch {
    return refuse(
      'LIMIT_INVALID',
      'The risk limits are not valid JSON; correct the file or delete it to use the defaults.',
    );
  }
}
