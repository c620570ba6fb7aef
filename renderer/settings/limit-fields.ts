import type { RiskLimits } from '../../src/contract/types.ts';
import { readTyped, signOf, times, trimZeros } from '../format/decimal-text.ts';
import { figures } from '../format/money.ts';

export type LimitName = keyof RiskLimits;
/** How a limit is typed: an amount of money, a share of equity in per cent, a multiple of equity, a count, or seconds. */
export type LimitUnit = 'amount' | 'percent' | 'multiple' | 'count' | 'seconds';

export interface LimitField {
  readonly name: LimitName;
  readonly title: string;
  readonly hint: string;
  readonly unit: LimitUnit;
}

export const LIMIT_FIELDS: readonly LimitField[] = [
  {
    name: 'maxDailyLoss',
    title: 'Daily loss',
    hint: 'Loss of the day, open profit included, that halts',
    unit: 'amount',
  },
  {
    name: 'maxDailyLossFraction',
    title: 'Daily loss, share',
    hint: 'The same as a share of the equity the day began with',
    unit: 'percent',
  },
  { name: 'maxDrawdownFraction', title: 'Drawdown', hint: 'Fall from the highest equity that halts', unit: 'percent' },
  {
    name: 'maxOrderNotional',
    title: 'One order',
    hint: 'Worth of a single order in its quote currency',
    unit: 'amount',
  },
  {
    name: 'maxPositionNotional',
    title: 'One position',
    hint: 'Worth of one instrument, orders in flight counted',
    unit: 'amount',
  },
  {
    name: 'maxGrossExposure',
    title: 'Gross exposure',
    hint: 'Sum of absolute exposures, as a multiple of equity',
    unit: 'multiple',
  },
  { name: 'maxConcentration', title: 'Concentration', hint: 'Share of equity in one instrument', unit: 'percent' },
  { name: 'collarWarn', title: 'Price collar, warning', hint: 'Limit price away from the touch', unit: 'percent' },
  { name: 'collarBlock', title: 'Price collar, block', hint: 'Limit price away from the touch', unit: 'percent' },
  { name: 'maxOrdersPerSecond', title: 'Orders per second', hint: 'Sent to one venue', unit: 'count' },
  { name: 'maxWorkingOrders', title: 'Working orders', hint: 'At the same time', unit: 'count' },
  { name: 'duplicateWindowMs', title: 'Identical order', hint: 'Warns when repeated within', unit: 'seconds' },
  { name: 'stalePriceMs', title: 'Stale price', hint: 'Age at which a market order is blocked', unit: 'seconds' },
];

const WORDS: Readonly<Record<LimitUnit, string>> = {
  amount: '',
  percent: '%',
  multiple: '× equity',
  count: '',
  seconds: 's',
};

export function unitWord(unit: LimitUnit): string {
  return WORDS[unit];
}

/** "0.05" as "5", 10000 ms as "10": what stands in the field. */
export function limitText(unit: LimitUnit, value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  if (unit === 'percent') return trimZeros(times(text, '100') ?? text);
  if (unit === 'seconds') return trimZeros(times(text, '0.001') ?? text);
  return text;
}

/** "₹5,000" is typed as an amount; what is shown elsewhere has its unit. */
export function limitWords({ unit }: LimitField, value: string | number | null): string {
  if (value === null) return 'off';
  const text = limitText(unit, value);
  const word = unitWord(unit);
  return `${figures(text, { currency: 'USD' })}${word === '' ? '' : ` ${word}`}`;
}

export type ReadLimit =
  | { readonly kind: 'value'; readonly value: string | number | null }
  | { readonly kind: 'problem'; readonly sentence: string };

/** What was typed, as the contract takes it. Empty switches a limit off, if the engine lets it. */
export function readLimit(unit: LimitUnit, typed: string): ReadLimit {
  if (typed.trim() === '') return { kind: 'value', value: null };
  const text = readTyped(typed);
  if (text === null) return { kind: 'problem', sentence: `"${typed}" is not a number.` };
  if (signOf(text) <= 0) return { kind: 'problem', sentence: 'It must be above zero.' };
  if (unit === 'percent') return { kind: 'value', value: trimZeros(times(text, '0.01') ?? text) };
  if (unit === 'amount' || unit === 'multiple') return { kind: 'value', value: trimZeros(text) };
  const whole = trimZeros(unit === 'seconds' ? (times(text, '1000') ?? text) : text);
  return /^\d{1,12}$/.test(whole)
    ? { kind: 'value', value: Number(whole) }
    : {
        kind: 'problem',
        sentence: unit === 'seconds' ? 'At most three digits after the point.' : 'It must be a whole number.',
      };
}
