import { readFileSync } from 'node:fs';
import { Decimal } from '../domain/decimal.ts';
import { RefusalError, messageOf } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import type { CommandIo } from './command.ts';

/** JSON in which every number is the text it was written as, so that no digit of money is lost. */
export type ExactJson = string | boolean | null | readonly ExactJson[] | ExactObject;
export interface ExactObject {
  readonly [key: string]: ExactJson;
}

/** Longer figures are typing errors, and would exhaust exact arithmetic. */
const MAX_DIGITS = 40;

/** Refusals of a file: its name is put before the sentence. */
export class FileFigures {
  readonly #name: string;
  readonly #code: string;

  constructor(name: string, code: string) {
    this.#name = name;
    this.#code = code;
  }

  fault(sentence: string): RefusalError {
    return new RefusalError({ code: this.#code, sentence: `${this.#name}: ${sentence}` });
  }

  object(value: ExactJson | undefined, what: string): ExactObject {
    if (typeof value === 'object' && value !== null && !isList(value)) return value;
    throw this.fault(`${what} must be an object { ... }.`);
  }

  list(value: ExactJson | undefined, what: string): readonly ExactJson[] {
    if (value !== undefined && isList(value)) return value;
    throw this.fault(`${what} must be a list [ ... ].`);
  }

  text(value: ExactJson | undefined, what: string): string {
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    throw this.fault(`${what} is missing.`);
  }

  decimal(value: ExactJson | undefined, what: string): Decimal {
    if (value === undefined || value === null || value === '') throw this.fault(`${what} is missing.`);
    const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
    const decimal = readDecimal(text);
    if (decimal === null)
      throw this.fault(`${what} must be a decimal number such as 1500.25, not ${JSON.stringify(value)}.`);
    return decimal;
  }

  /** Epoch milliseconds, or an ISO instant with its offset (UTC without one). */
  time(value: ExactJson | undefined, what: string): EpochMs {
    const text = this.text(value, what);
    const plain = readDecimal(text);
    if (plain !== null) return plain.toNumber();
    const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) || !text.includes(':') ? text : `${text}Z`;
    const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(zoned) : Number.NaN;
    if (Number.isNaN(at)) throw this.fault(`${what} must be epoch milliseconds or an ISO instant, not "${text}".`);
    return at;
  }

  word<T extends string>(value: ExactJson | undefined, what: string, words: readonly T[]): T {
    const plain = typeof value === 'string' ? value.trim().toLowerCase() : '';
    const found = words.find((word) => word.toLowerCase() === plain);
    if (found !== undefined) return found;
    throw this.fault(`${what} must be one of ${words.join(', ')}, not ${JSON.stringify(value ?? null)}.`);
  }
}

function isList(value: ExactJson): value is readonly ExactJson[] {
  return Array.isArray(value);
}

/** A finite decimal of at most 40 digits, exponents allowed; null otherwise. */
export function readDecimal(text: string): Decimal | null {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i.test(text) || text.length > MAX_DIGITS) return null;
  return new Decimal(text.replace(/^\+/, ''));
}

/** Reads a JSON file, "-" from standard input. Throws RefusalError FILE_NOT_FOUND or NOT_JSON. */
export async function readExactJson(path: string, io: CommandIo): Promise<ExactJson> {
  let text: string;
  try {
    text = path === '-' ? await io.stdin() : readFileSync(path, 'utf8');
  } catch {
    throw new RefusalError({ code: 'FILE_NOT_FOUND', sentence: `The file "${path}" cannot be read; check the path.` });
  }
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value;
  try {
    // The third argument of a reviver (the source text) is newer than the library's type of it.
    return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) as ExactJson;
  } catch (error) {
    const why = messageOf(error);
    throw new RefusalError({ code: 'NOT_JSON', sentence: `"${path}" is not JSON: ${why}.` });
  }
}
