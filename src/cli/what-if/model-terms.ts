import type { Result } from '../../domain/refusal.ts';
import type { BehindTouchTerms, ImpactTerms, PriceProtectionTerms, SlippageTerms } from '../../venue/model.ts';
import {
  readBehindTouchTerms,
  readImpactTerms,
  readPriceProtectionTerms,
  readSlippageTerms,
  termsOfText,
  type GivenTerms,
} from '../../venue/read-terms.ts';
import { isObject, type Json, type JsonObject, pick, scriptFault } from './script-json.ts';

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
/** Spellings of a figure that mean the same. */
const KINDS: readonly (readonly [kind: string, ...keys: string[]])[] = [
  ['ticks', 'ticks'],
  ['bps', 'bps', 'bp', 'basisPoints'],
  ['percent', 'percent'],
  ['fraction', 'fraction', 'pct', 'rate'],
  ['spread', 'spread'],
  ['points', 'points'],
];

/** null = none; a whole number from 1 = ticks; a number below 1 = fraction of the price; "KIND:FIGURES"; or an object. */
export function readSlippage(value: Json | undefined): SlippageTerms {
  if (typeof value === 'string' && NUMBER.test(value)) {
    return accepted('slippage', readSlippageTerms(termsOfText(`${Number(value) < 1 ? 'fraction' : 'ticks'}:${value}`)));
  }
  return accepted('slippage', readSlippageTerms(termsOf(value, 'slippage', 'none')));
}

export function readImpact(value: Json | undefined): ImpactTerms {
  return accepted('impact', readImpactTerms(termsOf(value, 'impact', 'none')));
}

export function readBehindTouch(value: Json | undefined): BehindTouchTerms {
  return accepted('behindTouch', readBehindTouchTerms(termsOf(value, 'behindTouch', 'one-tick')));
}

/** A whole number alone is points, i.e. ticks. */
export function readPriceProtection(value: Json | undefined): PriceProtectionTerms {
  const text = typeof value === 'string' && NUMBER.test(value) ? `points:${value}` : value;
  return accepted('priceProtection', readPriceProtectionTerms(termsOf(text, 'priceProtection', 'none')));
}

function termsOf(value: Json | undefined, what: string, none: string): GivenTerms {
  if (value === undefined || value === null || value === false) return termsOfText(none);
  if (typeof value === 'string') return termsOfText(value);
  if (!isObject(value)) throw scriptFault(`model.${what} is a word, "KIND:FIGURES" or an object.`, 'MODEL_UNSUPPORTED');
  if (Object.keys(value).length === 0) return termsOfText(none);
  const named = pick(value, 'kind', 'type', 'model');
  const [kind, figures] = typeof named === 'string' ? [named, value] : kindOfFigure(value, what);
  return {
    kind: kind.toLowerCase().replaceAll('_', '-'),
    figure: (name) => {
      const given = figures[name];
      return typeof given === 'string' ? given : undefined;
    },
  };
}

/** {"ticks":1} names its kind by its figure. */
function kindOfFigure(value: JsonObject, what: string): readonly [string, JsonObject] {
  for (const [kind, ...keys] of KINDS) {
    const figure = pick(value, ...keys);
    if (figure !== undefined) return [kind, { ...value, [kind === 'spread' ? 'fraction' : kind]: figure }];
  }
  throw scriptFault(
    `model.${what} needs its kind, such as {"kind":"${what === 'slippage' ? 'ticks","ticks":1' : '..."'}}; the help of what-if lists them.`,
    'MODEL_UNSUPPORTED',
  );
}

function accepted<T>(what: string, result: Result<T>): T {
  if (result.ok) return result.value;
  throw scriptFault(`model.${what}: ${result.error.sentence}`, 'MODEL_UNSUPPORTED');
}
