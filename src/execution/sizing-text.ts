import type { SizingRule, UnitsRule } from './sizing.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';

const POSITIVE = /^\d+(\.\d+)?$/;

function positive(text: string): boolean {
  return POSITIVE.test(text) && /[1-9]/.test(text);
}

/** "all-in", "fraction:0.5", "units:10", "risk:0.01", "volatility:0.15". Refuses SIZING_INVALID. */
export function readSizing(text: string): Result<SizingRule> {
  const colon = text.indexOf(':');
  const kind = colon === -1 ? text : text.slice(0, colon);
  const figure = colon === -1 ? '' : text.slice(colon + 1);
  if (kind === 'all-in' && colon === -1) return ok({ kind });
  if (positive(figure)) {
    if (kind === 'fraction' || kind === 'risk') return ok({ kind, fraction: figure });
    if (kind === 'units') return ok({ kind, quantity: figure });
    if (kind === 'volatility') return ok({ kind, target: figure });
  }
  return refuse(
    'SIZING_INVALID',
    `"${text}" is not a sizing; use all-in, fraction:0.5, units:10, risk:0.01 or volatility:0.15.`,
    { value: text },
  );
}

/** "integer", "fractional", "step:0.001". Refuses UNITS_INVALID. */
export function readUnits(text: string): Result<UnitsRule> {
  if (text === 'integer' || text === 'fractional') return ok({ kind: text });
  const step = text.startsWith('step:') ? text.slice(5) : '';
  if (positive(step)) return ok({ kind: 'step', step });
  return refuse('UNITS_INVALID', `"${text}" is not a unit rule; use integer, fractional or step:0.001.`, {
    value: text,
  });
}
