import { ATR } from 'trading-signals';
import type { Instrument } from '../domain/instrument.ts';
import type { Bar } from '../domain/market-data.ts';
import type { PriceUnits } from '../domain/units.ts';
import { parameter, type ParameterValues } from './parameters.ts';
import type { ParameterSpec } from './strategy.ts';

export const atrExitParameters: readonly ParameterSpec[] = [
  {
    name: 'stopAtr',
    description: 'Stop distance in average true ranges; 0 = no stop',
    default: 0,
    min: 0,
    max: 50,
    integer: false,
  },
  {
    name: 'targetAtr',
    description: 'Target distance in average true ranges; 0 = no target',
    default: 0,
    min: 0,
    max: 100,
    integer: false,
  },
  {
    name: 'atrPeriod',
    description: "Bars of the average true range (Wilder's smoothing)",
    default: 14,
    min: 2,
    max: 1000,
    integer: true,
  },
];

export interface ExitLevels {
  readonly stop: PriceUnits | null;
  readonly target: PriceUnits | null;
}

/** Stop and target at multiples of the average true range from the signal's close. */
export class AtrExits {
  readonly #tick: number;
  readonly #stopAtr: number;
  readonly #targetAtr: number;
  readonly #atr: ATR;

  constructor(tick: number, stopAtr: number, targetAtr: number, period: number) {
    this.#tick = tick;
    this.#stopAtr = stopAtr;
    this.#targetAtr = targetAtr;
    this.#atr = new ATR(period);
  }

  /** Null when neither a stop nor a target is asked for, so that the pure strategy pays nothing for them. */
  static from(instrument: Instrument, values: ParameterValues): AtrExits | null {
    const stopAtr = parameter(values, 'stopAtr');
    const targetAtr = parameter(values, 'targetAtr');
    if (stopAtr === 0 && targetAtr === 0) return null;
    return new AtrExits(instrument.tick, stopAtr, targetAtr, parameter(values, 'atrPeriod'));
  }

  update(bar: Bar): void {
    this.#atr.add({ high: bar.high, low: bar.low, close: bar.close });
  }

  /** Both null before the range is known. A level at or below zero does not exist. */
  levels(direction: 'long' | 'short', close: PriceUnits): ExitLevels {
    const range = this.#atr.getResult();
    if (range === null) return { stop: null, target: null };
    const side = direction === 'long' ? 1 : -1;
    return {
      stop: this.#stopAtr === 0 ? null : this.#level(close, -side * this.#stopAtr * range),
      target: this.#targetAtr === 0 ? null : this.#level(close, side * this.#targetAtr * range),
    };
  }

  #level(close: PriceUnits, offset: number): PriceUnits | null {
    // At least one tick away: a stop at the signal's own price would fire at once.
    const ticks = Math.sign(offset) * Math.max(1, Math.round(Math.abs(offset) / this.#tick));
    const level = Math.round(close / this.#tick) * this.#tick + ticks * this.#tick;
    return level > 0 ? level : null;
  }
}
