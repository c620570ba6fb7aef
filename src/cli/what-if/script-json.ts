import { Decimal } from '../../domain/decimal.ts';
import { RefusalError, messageOf } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';

/** A script's JSON with every number as the text it was written as, so that no digit is lost (money, nanoseconds). */
export type Json = string | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function scriptFault(sentence: string, code = 'SCRIPT_INVALID'): RefusalError {
  return new RefusalError({ code, sentence });
}

export function parseScript(text: string): JsonObject {
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value;
  let parsed: Json;
  try {
    // The third argument of a reviver (the source text) is newer than the library's type of it.
    parsed = JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) as Json;
  } catch (error) {
    throw scriptFault(`The script is not JSON: ${messageOf(error)}.`, 'NOT_JSON');
  }
  return objectOf(parsed, 'The script');
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value;
  throw scriptFault(`${what} must be an object { ... }.`);
}

export function listOf(value: Json | undefined, what: string): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw scriptFault(`${what} must be a list [ ... ].`);
}

/** The first of several spellings that is there and not null. */
export function pick(object: JsonObject, ...names: string[]): Json | undefined {
  for (const name of names) {
    const value = object[name];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** A word of a fixed set, in any case and with _ or - alike. */
export function wordOf<T extends string>(value: Json | undefined, what: string, words: readonly T[]): T {
  const plain = typeof value === 'string' ? value.toLowerCase().replaceAll('_', '-') : '';
  const found = words.find((word) => word.toLowerCase() === plain);
  if (found !== undefined) return found;
  throw scriptFault(`${what} must be one of ${words.join(', ')}, not ${JSON.stringify(value ?? null)}.`);
}

export function flagOf(value: Json | undefined, what: string, otherwise: boolean): boolean {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  throw scriptFault(`${what} must be true or false, not ${JSON.stringify(value)}.`);
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** No figure of a market has a power of ten beyond this; plain text of one would fill pages. */
const MAX_EXPONENT = 40;

/** A decimal written as a number or a string, as a plain decimal text. */
export function decimalText(value: Json | undefined, what: string): string {
  if (typeof value === 'string' && DECIMAL.test(value.trim())) {
    const decimal = new Decimal(value.trim());
    if (decimal.isZero()) return '0';
    if (decimal.isFinite() && Math.abs(decimal.e) <= MAX_EXPONENT) return decimal.toFixed();
  }
  throw scriptFault(`${what} must be a decimal number such as "1500.25", not ${brief(value)}.`);
}

function brief(value: Json | undefined): string {
  const text = JSON.stringify(value ?? null);
  return text.length <= 80 ? text : `${text.slice(0, 80)}...`;
}

export function numberOf(value: Json | undefined, what: string, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  return Number(decimalText(value, what));
}

/** How a script counts time: milliseconds of the exchange, or nanoseconds of the recorder's clock. */
export type TimeUnit = 'event' | 'local-ns';

/** Of a calendar date, ms from 1970. */
const LAST_INSTANT = 8.64e15;

/** A script's time as engine time. In ms it may also be an ISO instant. */
export function timeOf(value: Json | undefined, what: string, unit: TimeUnit): EpochMs {
  const at = instantOf(value, what, unit);
  if (Math.abs(at) <= LAST_INSTANT) return at;
  throw scriptFault(`${what} lies beyond the calendar; times are ms (ns with "local-ns") from 0 or 1970.`);
}

function instantOf(value: Json | undefined, what: string, unit: TimeUnit): EpochMs {
  if (typeof value === 'string') {
    const text = value.trim();
    if (unit === 'local-ns' && /^\d+$/.test(text)) return nanosecondsToMs(text);
    if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
      const at = Date.parse(text);
      if (!Number.isNaN(at)) return at;
    }
  }
  return Number(decimalText(value, what));
}

/** Split before the division, so that equal instants of script and recording give the same double. */
function nanosecondsToMs(digits: string): EpochMs {
  return digits.length <= 6 ? Number(digits) / 1e6 : Number(digits.slice(0, -6)) + Number(digits.slice(-6)) / 1e6;
}

/** Engine time in the script's own unit. Nanoseconds do not fit a JSON number and are text. */
export function timeText(at: EpochMs, unit: TimeUnit): number | string {
  if (unit === 'event') return at;
  const whole = Math.floor(at);
  return String(BigInt(whole) * 1_000_000n + BigInt(Math.round((at - whole) * 1e6)));
}
