import { RefusalError, type Result } from '../domain/refusal.ts';
import { UsageError } from './command.ts';

export function oneOf<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new UsageError(`${option} is ${choices.join(', ')}, not "${value}".`);
  return found;
}

/** A plain decimal, kept as text. */
export function amount(option: string, text: string, zeroAllowed: boolean): string {
  if (!/^\d+(\.\d+)?$/.test(text) || (!zeroAllowed && !/[1-9]/.test(text))) {
    throw new UsageError(
      `${option} "${text}" is not a plain decimal ${zeroAllowed ? 'of zero or more' : 'above zero'}.`,
    );
  }
  return text;
}

/** Percent to fraction, exact: "2.5" is "0.025". */
export function percent(option: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  const figure = amount(option, text, false);
  const [whole = '0', decimals = ''] = figure.split('.');
  const padded = whole.padStart(3, '0');
  return `${padded.slice(0, -2)}.${padded.slice(-2)}${decimals}`.replace(/^0+(?=\d)/, '');
}

export function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`${option} "${text}" is not a whole number.`);
  return Number(text);
}

export function positiveNumber(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new UsageError(`${option} "${text}" is not a number above zero.`);
  return value;
}

/** A refusal of what the user typed is wrong usage. */
export function usable<T>(result: Result<T>): T {
  if (!result.ok) throw new UsageError(result.error.sentence);
  return result.value;
}

export function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.error);
  return result.value;
}
