import type { Decimal } from '../domain/decimal.ts';
import { priceText, quantityText } from '../domain/instrument.ts';
import type { Facts } from './facts.ts';
import type { RiskCheck } from './gate.ts';

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
}

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

  add(severity: Severity, code: string, unit: Unit, value: Figure, limit: Figure, say: Say): void {
    if (severity === 'block') this.blocks += 1;
    else if (severity === 'warn') this.warnings += 1;
    this.#found.push({ code, severity, unit, value, limit, say });
  }

  /** Blocks, then warnings, then passed checks; within each in the order of the checks, weightiest first. */
  written(): readonly RiskCheck[] {
    if (this.#written === null) {
      const order: readonly Severity[] = ['block', 'warn', 'info'];
      this.#written = order.flatMap((severity) =>
        this.#found.filter((one) => one.severity === severity).map((one) => this.#write(one)),
      );
    }
    return this.#written;
  }

  #write(one: Finding): RiskCheck {
    const value = write(this.facts, one.unit, one.value);
    const limit = write(this.facts, one.unit, one.limit);
    return { code: one.code, severity: one.severity, value, limit, sentence: one.say(this.facts, value, limit) };
  }
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
