import type { Decimal } from '../domain/decimal.ts';
import { priceText, quantityText } from '../domain/instrument.ts';
import type { Facts } from './facts.ts';
import type { RiskCheck } from './gate.ts';
import { scopeText } from './limit-scopes.ts';
import type { LimitName } from './limits.ts';

/** What a figure is, which decides how it is written. */
export type Unit = 'money' | 'price' | 'quantity' | 'fraction' | 'count' | 'ms' | 'text';
export type Figure = number | Decimal | string | null;
export type Severity = RiskCheck['severity'];
/** Makes the sentence from the written figures; static, so that a check that passed costs no text. */
export type Say = (facts: Facts, value: string, limit: string) => string;

interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly unit: Unit;
  readonly value: Figure;
  readonly limit: Figure;
  readonly say: Say;
  /** The limit that judged, or the scope it was measured for. */
  readonly by: LimitName | { readonly scope: string } | null;
}

/** Weightiest first; what is not listed comes after, in the order of the checks. */
const WEIGHT: ReadonlyMap<string, number> = new Map(
  [
    'LOSS_AT_STOP',
    'SLIPPAGE',
    'DEPTH_EXCEEDED',
    'DEPTH_UNKNOWN',
    'PRICE_COLLAR',
    'UNIT_CONFUSION',
    'MARGIN_USED',
    'ORDER_SHARE_OF_EQUITY',
    'CONCENTRATION',
    'QUANTITY_UNUSUAL',
    'NO_STOP',
    'STALE_PRICE',
    'DUPLICATE_ORDER',
  ].map((code, index) => [code, index]),
);
/** The code of the block that also halts the account when such an order is really sent. */
export const DUPLICATE_STORM = 'DUPLICATE_STORM';
/** Warnings shown at once; the rest is a count. */
export const WARNINGS_SHOWN = 3;

/** Collects what the checks found; texts are made only when somebody looks. */
export class Findings {
  readonly facts: Facts;
  blocks = 0;
  warnings = 0;
  readonly #found: Finding[] = [];
  #written: readonly RiskCheck[] | null = null;

  constructor(facts: Facts) {
    this.facts = facts;
  }

  add(
    severity: Severity,
    code: string,
    unit: Unit,
    value: Figure,
    limit: Figure,
    say: Say,
    by: LimitName | { readonly scope: string } | null = null,
  ): void {
    if (severity === 'block') this.blocks += 1;
    else if (severity === 'warn') this.warnings += 1;
    this.#found.push({ code, severity, unit, value, limit, say, by });
  }

  /** Blocks in the order of the checks, a runaway first, since its code halts; then warnings by weight, then passed checks. */
  written(): readonly RiskCheck[] {
    this.#written ??= [
      ...this.#of('block').sort((a, b) => Number(b.code === DUPLICATE_STORM) - Number(a.code === DUPLICATE_STORM)),
      ...this.#of('warn').sort((a, b) => weightOf(a) - weightOf(b)),
      ...this.#of('info'),
    ].map((one) => this.#write(one));
    return this.#written;
  }

  #of(severity: Severity): Finding[] {
    return this.#found.filter((one) => one.severity === severity);
  }

  #write(one: Finding): RiskCheck {
    const value = write(this.facts, one.unit, one.value);
    const limit = write(this.facts, one.unit, one.limit);
    const sentence = one.say(this.facts, value, limit);
    const scope = this.#scopeOf(one);
    if (scope === null) return { code: one.code, severity: one.severity, value, limit, sentence };
    const named = one.severity === 'info' ? sentence : `${sentence} This is the limit of ${scope}.`;
    return { code: one.code, severity: one.severity, value, limit, sentence: named, scope };
  }

  #scopeOf({ by }: Finding): string | null {
    if (by === null) return null;
    if (typeof by === 'object') return by.scope;
    const owner = this.facts.limitOwner.get(by);
    return owner === undefined ? null : scopeText(owner);
  }
}

function weightOf(finding: Finding): number {
  return WEIGHT.get(finding.code) ?? WEIGHT.size;
}

function write(facts: Facts, unit: Unit, figure: Figure): string {
  if (figure === null) return 'none';
  if (typeof figure === 'string') return figure;
  if (typeof figure !== 'number') return figure.toDecimalPlaces(8).toFixed();
  if (!Number.isFinite(figure)) return 'unknown';
  const { instrument } = facts;
  if (instrument !== null && Number.isSafeInteger(figure)) {
    if (unit === 'price') return priceText(instrument, figure);
    if (unit === 'quantity') return quantityText(instrument, figure);
  }
  return plain(figure, unit === 'fraction' ? 6 : 8);
}

/** Plain decimal text of a double, without an exponent and without trailing zeros. */
export function plain(figure: number, digits: number): string {
  const text = figure.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** "0.0534" -> "5.34 %". */
export function percent(fraction: string): string {
  const figure = Number(fraction);
  return Number.isFinite(figure) ? `${plain(figure * 100, 2)} %` : fraction;
}
