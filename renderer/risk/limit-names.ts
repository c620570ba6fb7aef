import { figures } from '../format/money.ts';
import { limitText, readLimit, unitWord, type LimitUnit, type ReadLimit } from '../settings/limit-fields.ts';

interface NamedLimit {
  readonly title: string;
  readonly unit: LimitUnit;
  /** Printed instead of the word of the unit. */
  readonly word?: string;
  /** Zero is a bound of its own here, not a mistake. */
  readonly zero?: true;
}

/** Every limit that a scope can have, as the window names and types it. */
const LIMITS: Readonly<Record<string, NamedLimit>> = {
  maxDailyLoss: { title: 'Daily loss', unit: 'percent' },
  maxDrawdown: { title: 'Drawdown', unit: 'percent' },
  flattenAt: { title: 'Flatten at', unit: 'multiple', word: '× the loss limit' },
  maxGrossExposure: { title: 'Gross exposure', unit: 'multiple' },
  maxGrossNotional: { title: 'Gross exposure, amount', unit: 'amount' },
  maxConcentration: { title: 'Concentration', unit: 'percent' },
  warnConcentration: { title: 'Concentration, warning', unit: 'percent' },
  maxMarginUsed: { title: 'Margin used', unit: 'percent' },
  warnMarginUsed: { title: 'Margin used, warning', unit: 'percent' },
  minCash: { title: 'Least cash', unit: 'amount', zero: true },
  maxPositionNotional: { title: 'One position, worth', unit: 'amount' },
  maxPosition: { title: 'One position, quantity', unit: 'amount' },
  maxOrderNotional: { title: 'One order, worth', unit: 'amount' },
  maxOrderQuantity: { title: 'One order, quantity', unit: 'amount' },
  warnOrderFraction: { title: 'One order, warning', unit: 'percent', word: '% of equity' },
  warnQuantityMultiple: { title: 'Unusual quantity, warning', unit: 'multiple', word: '× the usual' },
  warnStopLoss: { title: 'Loss at the stop, warning', unit: 'percent', word: '% of equity' },
  collarSoft: { title: 'Price collar, warning', unit: 'percent' },
  collarHard: { title: 'Price collar', unit: 'percent' },
  slippageSoft: { title: 'Slippage, warning', unit: 'percent' },
  slippageHard: { title: 'Slippage', unit: 'percent' },
  ordersPerSecond: { title: 'Orders per second', unit: 'count' },
  ordersPerMinute: { title: 'Orders per minute', unit: 'count' },
  maxOpenOrders: { title: 'Open orders', unit: 'count' },
  duplicateWindowMs: { title: 'Identical order, warning', unit: 'seconds' },
  duplicateHardCount: { title: 'Identical orders that halt', unit: 'count' },
  duplicateHardWindowMs: { title: 'Identical orders, counted over', unit: 'seconds' },
  stalePriceMs: { title: 'Old price, warning', unit: 'seconds' },
  staleMarketMs: { title: 'Old price', unit: 'seconds' },
};
const ORDER = Object.keys(LIMITS);

/** A limit of a newer engine is shown under its own name. */
function limitOf(name: string): NamedLimit {
  return LIMITS[name] ?? { title: name, unit: 'amount' };
}

export function limitTitle(name: string): string {
  return limitOf(name).title;
}

export function limitWord(name: string): string {
  const { unit, word } = limitOf(name);
  return word ?? unitWord(unit);
}

/** Losses and exposures first, then positions and orders, then prices and rates. */
export function byImportance(a: string, b: string): number {
  const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return place(a) - place(b) || (a < b ? -1 : 1);
}

/** What stands in a field: "5" for "0.05" of a share. */
export function typedLimit(name: string, value: string | number | null): string {
  return limitText(limitOf(name).unit, value);
}

export function limitFigure(name: string, value: string | number | null): string {
  if (value === null) return 'off';
  const word = limitWord(name);
  return `${figures(typedLimit(name, value), { currency: 'USD' })}${word === '' ? '' : ` ${word}`}`;
}

/** A value of the history, where "null" is off and all else a figure. */
export function limitChangeFigure(name: string, text: string): string {
  if (text === 'null') return 'off';
  return /^-?\d+(\.\d+)?$/.test(text) ? limitFigure(name, text) : text;
}

export function readTypedLimit(name: string, typed: string): ReadLimit {
  const { unit, zero } = limitOf(name);
  if (zero === true && /^0+(\.0*)?$/.test(typed.trim())) return { kind: 'value', value: '0' };
  return readLimit(unit, typed);
}
