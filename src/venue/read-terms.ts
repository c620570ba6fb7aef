import { Decimal } from '../domain/decimal.ts';
import { ok, refuse, type Result } from '../domain/refusal.ts';
import { ALMGREN_2005 } from './impact/almgren.ts';
import type { BehindTouchTerms, ImpactTerms, PriceProtectionTerms, SlippageTerms } from './model.ts';

/** A model named by a person: its kind and its figures, by name (JSON) or by place ("volume-share:0.025,0.1"). */
export interface GivenTerms {
  readonly kind: string;
  figure(name: string, place: number): string | undefined;
}

/** "KIND:A,B,C" or "KIND:A:B:C". */
export function termsOfText(text: string): GivenTerms {
  const [kind = '', ...figures] = text.trim().split(/[:,]/);
  return { kind: kind.toLowerCase().replaceAll('_', '-'), figure: (_, place) => figures[place] };
}

class TermsFault extends Error {}

/** Reads figures one by one; the first that cannot be ends the reading. */
function reading<T>(code: string, read: () => T): Result<T> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof TermsFault) return refuse(code, error.message);
    throw error;
  }
}

interface Range {
  readonly from: number;
  readonly to?: number;
  readonly whole?: boolean;
}

function decimal(given: GivenTerms, name: string, place: number, range: Range, otherwise?: string): Decimal {
  const text = given.figure(name, place) ?? otherwise;
  if (text === undefined || text === '') throw new TermsFault(`${given.kind}: ${name} is missing.`);
  const { from, to, whole } = range;
  const value = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? new Decimal(text) : null;
  if (
    value === null ||
    value.lt(from) ||
    (to !== undefined && value.gt(to)) ||
    (whole === true && !value.isInteger())
  ) {
    const bounds = to === undefined ? `from ${from}` : `from ${from} to ${to}`;
    throw new TermsFault(
      `${given.kind}: ${name} must be a ${whole === true ? 'whole ' : ''}number ${bounds}, not "${text}".`,
    );
  }
  return value;
}

function number(given: GivenTerms, name: string, place: number, range: Range, otherwise?: string): number {
  return decimal(given, name, place, range, otherwise).toNumber();
}

/** A figure that may be left to estimation. */
function maybe(given: GivenTerms, name: string, place: number): number | null {
  const text = given.figure(name, place);
  if (text === undefined || text === '' || text === 'auto') return null;
  return positive(given, name, place);
}

function positive(given: GivenTerms, name: string, place: number, otherwise?: string): number {
  const value = number(given, name, place, { from: 0 }, otherwise);
  if (value === 0) throw new TermsFault(`${given.kind}: ${name} must be above 0.`);
  return value;
}

const SHARE: Range = { from: 0, to: 1 };

const SLIPPAGE_FORMS =
  'none, ticks:N, fraction:F (0.0005 = 5 bp), bps:N, percent:P, spread:SHARE, volume-share:LIMIT,IMPACT or probability:P,TICKS';

export function readSlippageTerms(given: GivenTerms): Result<SlippageTerms> {
  return reading('SLIPPAGE_TERMS', () => {
    switch (given.kind) {
      case 'none':
        return { kind: 'none' };
      case 'ticks':
        return { kind: 'ticks', ticks: number(given, 'ticks', 0, { from: 0, whole: true }) };
      case 'fraction':
      case 'bps':
      case 'percent': {
        const per = given.kind === 'bps' ? 10_000 : given.kind === 'percent' ? 100 : 1;
        const value = decimal(given, given.kind, 0, { from: 0 }).div(per);
        if (value.gte(1)) throw new TermsFault(`Slippage of the whole price or more (${given.kind}) is not a price.`);
        return { kind: 'fraction', fraction: value.toString() };
      }
      case 'spread':
        return { kind: 'spread', fraction: decimal(given, 'fraction', 0, { from: 0, to: 100 }, '0.5').toString() };
      case 'volume-share': {
        const limit = decimal(given, 'limit', 0, SHARE, '0.025');
        return {
          kind: 'volume-share',
          limit: limit.toString(),
          impact: decimal(given, 'impact', 1, { from: 0 }, '0.1').toString(),
        };
      }
      case 'probability':
        return {
          kind: 'probability',
          probability: number(given, 'probability', 0, SHARE),
          ticks: number(given, 'ticks', 1, { from: 0, whole: true }, '1'),
        };
      default:
        throw new TermsFault(`Slippage is ${SLIPPAGE_FORMS}, not "${given.kind}".`);
    }
  });
}

const IMPACT_FORMS =
  'none, square-root:COEFFICIENT,DAILY-VOLATILITY,DAILY-VOLUME or almgren:DAILY-VOLATILITY,DAILY-VOLUME,SHARES-OUTSTANDING';

export function readImpactTerms(given: GivenTerms): Result<ImpactTerms> {
  return reading('IMPACT_TERMS', () => {
    if (given.kind === 'none') return { kind: 'none' };
    const from = given.kind === 'square-root' ? 1 : 0;
    const scale = {
      dailyVolatility: maybe(given, 'dailyVolatility', from),
      dailyVolume: maybe(given, 'dailyVolume', from + 1),
      cap: number(given, 'cap', 8, SHARE, '0.1'),
      horizonMs: positive(given, 'horizonMs', 9, '1800000'),
    };
    if (given.kind === 'square-root') {
      return { kind: 'square-root', coefficient: number(given, 'coefficient', 0, { from: 0 }, '1'), ...scale };
    }
    if (given.kind !== 'almgren') throw new TermsFault(`Impact is ${IMPACT_FORMS}, not "${given.kind}".`);
    const coefficient = (name: keyof typeof ALMGREN_2005, place: number): number =>
      number(given, name, place, { from: 0 }, String(ALMGREN_2005[name]));
    return {
      kind: 'almgren',
      sharesOutstanding: maybe(given, 'sharesOutstanding', 2),
      gamma: coefficient('gamma', 3),
      eta: coefficient('eta', 4),
      beta: coefficient('beta', 5),
      delta: coefficient('delta', 6),
      ...scale,
    };
  });
}

const BEHIND_TOUCH_FORMS = 'one-tick or ladder:DECAY,SPACING-TICKS,LEVELS,BAR-TOUCH-SHARE';

export function readBehindTouchTerms(given: GivenTerms): Result<BehindTouchTerms> {
  return reading('BEHIND_TOUCH_TERMS', () => {
    if (given.kind === 'one-tick') return { kind: 'one-tick' };
    if (given.kind !== 'ladder') {
      throw new TermsFault(`Behind the touch is ${BEHIND_TOUCH_FORMS}, not "${given.kind}".`);
    }
    return {
      kind: 'ladder',
      decay: number(given, 'decay', 0, SHARE, '0.7'),
      spacingTicks: number(given, 'spacingTicks', 1, { from: 1, whole: true }, '1'),
      levels: number(given, 'levels', 2, { from: 0, to: 1000, whole: true }, '20'),
      barTouchShare: number(given, 'barTouchShare', 3, SHARE, '0.05'),
    };
  });
}

const PRICE_PROTECTION_FORMS = 'none, points:TICKS or percent:P';

export function readPriceProtectionTerms(given: GivenTerms): Result<PriceProtectionTerms> {
  return reading('PRICE_PROTECTION_TERMS', () => {
    switch (given.kind) {
      case 'none':
        return { kind: 'none' };
      case 'points':
        return { kind: 'points', points: number(given, 'points', 0, { from: 0, whole: true }) };
      case 'percent':
        return { kind: 'fraction', fraction: decimal(given, 'percent', 0, { from: 0, to: 100 }).div(100).toString() };
      case 'fraction':
        return { kind: 'fraction', fraction: decimal(given, 'fraction', 0, SHARE).toString() };
      default:
        throw new TermsFault(`Price protection is ${PRICE_PROTECTION_FORMS}, not "${given.kind}".`);
    }
  });
}
