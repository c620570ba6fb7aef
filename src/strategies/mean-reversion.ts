import { RSI } from 'trading-signals';
import type { Bar } from '../domain/market-data.ts';
import { ok, refuse } from '../domain/refusal.ts';
import { AtrExits, atrExitParameters } from './atr-exits.ts';
import { RollingDeviation } from './indicators/rolling-deviation.ts';
import { parameter, parameterOrDefault, readParameters, type ParameterValues } from './parameters.ts';
import { approximatePrice } from './price-words.ts';
import type { ParameterSpec, Strategy, StrategyContext, StrategyDefinition } from './strategy.ts';

const parameters: readonly ParameterSpec[] = [
  { name: 'period', description: 'Bars of the mean and its deviation', default: 20, min: 2, max: 2000, integer: true },
  { name: 'entryZ', description: 'Deviations from the mean that open', default: 2, min: 0.1, max: 10, integer: false },
  { name: 'exitZ', description: 'Deviations from the mean that close', default: 0, min: 0, max: 5, integer: false },
  {
    name: 'rsiPeriod',
    description: 'Bars of the relative strength filter; 0 = no filter',
    default: 14,
    min: 0,
    max: 1000,
    integer: true,
  },
  {
    name: 'oversold',
    description: 'RSI at or below which a long may open; 100 - oversold for a short',
    default: 30,
    min: 1,
    max: 50,
    integer: false,
  },
  ...atrExitParameters,
];

/** Bets on the way back to the mean: opens far from it in an exhausted market, closes at it. */
class MeanReversion implements Strategy {
  readonly #context: StrategyContext;
  readonly #deviation: RollingDeviation;
  readonly #rsi: RSI | null;
  readonly #oversold: number;
  readonly #entryZ: number;
  readonly #exitZ: number;
  readonly #exits: AtrExits | null;

  constructor(context: StrategyContext, values: ParameterValues) {
    this.#context = context;
    this.#deviation = new RollingDeviation(parameter(values, 'period'));
    const rsiPeriod = parameter(values, 'rsiPeriod');
    this.#rsi = rsiPeriod === 0 ? null : new RSI(rsiPeriod);
    this.#oversold = parameter(values, 'oversold');
    this.#entryZ = parameter(values, 'entryZ');
    this.#exitZ = parameter(values, 'exitZ');
    this.#exits = AtrExits.from(context.instrument, values);
  }

  onBar(bar: Bar): void {
    if (this.#exits !== null) this.#exits.update(bar);
    const z = this.#deviation.update(bar.close);
    const rsi = this.#rsi === null ? null : this.#rsi.add(bar.close);
    if (Number.isNaN(z)) return;
    const position = this.#context.position();
    if (position > 0 && z >= -this.#exitZ) this.#leave(bar.close, z);
    else if (position < 0 && z <= this.#exitZ) this.#leave(bar.close, z);
    else if (this.#rsi !== null && rsi === null) return;
    else if (position <= 0 && z <= -this.#entryZ && (rsi === null || rsi <= this.#oversold)) {
      this.#enter('long', bar.close, z, rsi);
    } else if (position >= 0 && z >= this.#entryZ && (rsi === null || rsi >= 100 - this.#oversold)) {
      this.#enter('short', bar.close, z, rsi);
    }
  }

  #place(close: number, z: number): string {
    const { instrument } = this.#context;
    const mean = approximatePrice(instrument, this.#deviation.mean());
    return `Close ${approximatePrice(instrument, close)} is ${z.toFixed(2)} deviations from its ${this.#deviation.period}-bar mean ${mean}`;
  }

  #enter(direction: 'long' | 'short', close: number, z: number, rsi: number | null): void {
    const levels = this.#exits?.levels(direction, close) ?? { stop: null, target: null };
    const filter = rsi === null ? '' : `, RSI ${rsi.toFixed(1)}`;
    this.#context.emit({
      direction,
      probability: null,
      expectedReturn: null,
      stop: levels.stop,
      target: levels.target,
      horizonMs: null,
      reason: `${this.#place(close, z)}${filter}`,
    });
  }

  #leave(close: number, z: number): void {
    this.#context.emit({
      direction: 'flat',
      probability: null,
      expectedReturn: null,
      stop: null,
      target: null,
      horizonMs: null,
      reason: `${this.#place(close, z)}: back at the mean`,
    });
  }
}

export const meanReversion: StrategyDefinition = {
  id: 'mean-reversion',
  title: 'Mean reversion',
  description:
    'Long when the close is entryZ deviations below its mean and RSI is oversold, short when above and overbought; out when the close is back within exitZ deviations of the mean.',
  parameters,
  // RSI of n bars needs one bar more than n; the signal may come on the bar that completes both.
  warmup: (given) =>
    Math.max(parameterOrDefault(parameters, given, 'period') - 1, parameterOrDefault(parameters, given, 'rsiPeriod')),
  create(given, context) {
    const read = readParameters('mean-reversion', parameters, given);
    if (!read.ok) return read;
    const { entryZ = 0, exitZ = 0, rsiPeriod = 0 } = read.value;
    if (exitZ >= entryZ) {
      return refuse(
        'PARAMETER_RANGE',
        `Parameter exitZ of mean-reversion must be below entryZ (${entryZ}), not ${exitZ}.`,
        {
          value: String(exitZ),
          limit: String(entryZ),
        },
      );
    }
    if (rsiPeriod === 1) {
      return refuse(
        'PARAMETER_RANGE',
        'Parameter rsiPeriod of mean-reversion must be 0 (no filter) or at least 2, not 1.',
        {
          value: '1',
          limit: '0 or 2..1000',
        },
      );
    }
    return ok(new MeanReversion(context, read.value));
  },
};
