import type { ParameterValues } from '../parameters.ts';
import type { ParameterSpec } from '../strategy.ts';

/** A bar as indicators see it: doubles in any one price unit. A field the source lacks is NaN. */
export interface IndicatorBar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export type BarField = keyof IndicatorBar;

/** One value per column in the definition's order; a value that does not exist (0/0) is null. */
export type IndicatorRow = readonly (number | null)[];

export interface Indicator {
  /** Null during the warm-up. */
  update(bar: IndicatorBar): IndicatorRow | null;
}

export interface IndicatorParameter extends ParameterSpec {
  /** Other spellings, in lower case letters only. */
  readonly aliases: readonly string[];
}

export interface IndicatorDefinition {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What it is, its convention and who computes it. */
  readonly description: string;
  /** Bar fields it reads. */
  readonly inputs: readonly BarField[];
  readonly parameters: readonly IndicatorParameter[];
  readonly columns: readonly string[];
  /** Bars before the first row. */
  warmup(values: ParameterValues): number;
  create(values: ParameterValues): Indicator;
}

/** Relative to the mean, a deviation this small is the rounding of a constant window. */
export const NO_SPREAD = 1e-12;

export function periodParameter(defaultPeriod: number, min = 1): IndicatorParameter {
  return {
    name: 'period',
    description: 'Bars',
    default: defaultPeriod,
    min,
    max: 5000,
    integer: true,
    aliases: ['length', 'n', 'interval', 'window', 'lookback', 'lookbackperiods', 'timeperiod', 'periods'],
  };
}

/** An indicator of the close with one column, null until its library has a value. */
export function closeIndicator(add: (close: number) => number | null): Indicator {
  return {
    update(bar) {
      const value = add(bar.close);
      return value === null ? null : [value];
    },
  };
}
