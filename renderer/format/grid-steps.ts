import { times } from './decimal-text.ts';

/** Largest multiple of `step` not above quantity x percent / 100, sign dropped: what closing that share would send. */
export function shareOf(quantity: string, percent: number, step: string): string | null {
  const part = times(quantity.replace('-', ''), `${percent}`);
  if (part === null) return null;
  const digits = Math.max(fractionDigits(part), fractionDigits(step));
  const scale = (text: string) => BigInt(text.replace('.', '')) * 10n ** BigInt(digits - fractionDigits(text));
  const stepUnits = scale(step) * 100n;
  if (stepUnits <= 0n) return null;
  const whole = scale(part) / stepUnits;
  return times(step, whole.toString());
}

function fractionDigits(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
