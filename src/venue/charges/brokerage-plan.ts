import { Decimal, ZERO, type DecimalString } from '../../domain/decimal.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import { toPaise } from './rounding.ts';
import type { Product } from './charge-terms.ts';

/** What a broker takes per executed order: the lesser of `rate` of its value and `cap`; a null part does not apply. */
export interface BrokerageRule {
  readonly rate: DecimalString | null;
  readonly cap: DecimalString | null;
}

export interface BrokeragePlan {
  readonly name: string;
  readonly rules: Readonly<Record<Product, BrokerageRule>>;
  /** Depository charge per security and day on delivery sells, tax included; null when the plan states none. */
  readonly depository: DecimalString | null;
}

const FREE: BrokerageRule = { rate: '0', cap: null };
const FLAT_20: BrokerageRule = { rate: null, cap: '20' };
const DISCOUNT: BrokerageRule = { rate: '0.0003', cap: '20' };

function plan(name: string, delivery: BrokerageRule, depository: DecimalString | null): BrokeragePlan {
  return {
    name,
    rules: { delivery, intraday: DISCOUNT, futures: DISCOUNT, options: FLAT_20, exercise: FREE },
    depository,
  };
}

const ZERODHA = plan('zerodha', FREE, '15.34');
const FYERS = plan('fyers', { rate: '0.003', cap: '20' }, null);
const DISCOUNT_PLAN = plan('discount', DISCOUNT, null);
const NONE: BrokeragePlan = {
  name: 'none',
  rules: { delivery: FREE, intraday: FREE, futures: FREE, options: FREE, exercise: FREE },
  depository: null,
};

/** A plan named after one product covers the others with the rest of the same broker's tariff. */
const PLANS: Readonly<Record<string, BrokeragePlan>> = {
  zerodha: ZERODHA,
  'zerodha-delivery': ZERODHA,
  'zerodha-intraday': ZERODHA,
  fyers: FYERS,
  'fyers-delivery': FYERS,
  'fyers-delivery-current': FYERS,
  'fyers-intraday': FYERS,
  discount: DISCOUNT_PLAN,
  'discount-intraday': DISCOUNT_PLAN,
  options: DISCOUNT_PLAN,
  futures: DISCOUNT_PLAN,
  none: NONE,
};

export const DEFAULT_PLAN = ZERODHA;
const PLAN_NAMES: readonly string[] = ['zerodha', 'fyers', 'discount', 'none'];

const PERCENT = String.raw`(\d+(?:\.\d+)?)\s*%`;
const AMOUNT = String.raw`(\d+(?:\.\d+)?)`;
const CAPPED = new RegExp(String.raw`^min\(\s*${AMOUNT}\s*,\s*${PERCENT}\s*\)$`);
const FLAT = new RegExp(String.raw`^flat\s+${AMOUNT}$`);
const RATE = new RegExp(`^${PERCENT}$`);

/** A rule in words: "min(20, 0.03%)", "flat 20" or "0.02%". */
function ruleInWords(text: string): BrokerageRule | null {
  const capped = CAPPED.exec(text);
  const flat = FLAT.exec(text);
  const rate = RATE.exec(text);
  const fraction = (percent: string | undefined): string => new Decimal(percent ?? '0').div(100).toFixed();
  if (capped !== null) return { rate: fraction(capped[2]), cap: capped[1] ?? '0' };
  if (flat !== null) return { rate: null, cap: flat[1] ?? '0' };
  return rate === null ? null : { rate: fraction(rate[1]), cap: null };
}

/** A plan by name, or one rule for everything in words. Refuses PLAN_UNKNOWN. */
export function brokeragePlan(name: string): Result<BrokeragePlan> {
  const key = name.trim().toLowerCase().replaceAll('_', '-');
  const known = Object.hasOwn(PLANS, key) ? PLANS[key] : undefined;
  if (known !== undefined) return ok(known);
  const rule = ruleInWords(name.trim().toLowerCase());
  if (rule !== null) {
    const rules = { delivery: rule, intraday: rule, futures: rule, options: rule, exercise: FREE };
    return ok({ name: name.trim(), rules, depository: null });
  }
  return refuse(
    'PLAN_UNKNOWN',
    `There is no brokerage plan "${name}"; use ${PLAN_NAMES.join(', ')}, or a rule such as "min(20, 0.03%)", "flat 20" or "0.02%".`,
    { value: name },
  );
}

/** Brokerage of one executed order, to the paisa. */
export function brokerageOf(rule: BrokerageRule, value: Decimal): Decimal {
  const byRate = rule.rate === null ? null : value.times(rule.rate);
  const cap = rule.cap === null ? null : new Decimal(rule.cap);
  if (byRate !== null && cap !== null) return toPaise(Decimal.min(byRate, cap));
  return toPaise(byRate ?? cap ?? ZERO);
}

export function ruleText(rule: BrokerageRule): string {
  const percent = rule.rate === null ? null : `${new Decimal(rule.rate).times(100).toFixed()} % of the order's value`;
  if (percent === null) return `flat ${rule.cap ?? '0'} per executed order`;
  if (rule.cap !== null) return `the lesser of ${rule.cap} and ${percent}, per executed order`;
  return new Decimal(rule.rate ?? '0').isZero() ? 'no brokerage' : `${percent}, per executed order`;
}
