import type { Instrument } from '../domain/instrument.ts';
import type { Bar } from '../domain/market-data.ts';
import { ok, refuse } from '../domain/refusal.ts';
import { AtrExits, atrExitParameters } from './atr-exits.ts';
import { AverageSpread } from './indicators/average-spread.ts';
import { parameter, parameterOrDefault, readParameters } from './parameters.ts';
import { approximatePrice } from './price-words.ts';
import type { ParameterSpec, Strategy, StrategyContext, StrategyDefinition } from './strategy.ts';

const parameters: readonly ParameterSpec[] = [
  { name: 'fast', description: 'Bars of the fast average', default: 10, min: 1, max: 2000, integer: true },
  { name: 'slow', description: 'Bars of the slow average', default: 30, min: 2, max: 5000, integer: true },
  ...atrExitParameters,
];

/**
 * Long on a cross up, short on a cross down. A cross up means the fast average was below the slow one on the previous
 * bar and is above it now, both strictly: averages that merely touch are no signal.
 */
class SmaCross implements Strategy {
  readonly #context: StrategyContext;
  readonly #instrument: Instrument;
  readonly #spread: AverageSpread;
  readonly #exits: AtrExits | null;
  #previous = Number.NaN;

  constructor(context: StrategyContext, fast: number, slow: number, exits: AtrExits | null) {
    this.#context = context;
    this.#instrument = context.instrument;
    this.#spread = new AverageSpread(fast, slow);
    this.#exits = exits;
  }

  onBar(bar: Bar): void {
    const sign = this.#spread.update(bar.close);
    if (this.#exits !== null) this.#exits.update(bar);
    if (sign * this.#previous === -1) this.#signal(bar, sign);
    this.#previous = sign;
  }

  #signal(bar: Bar, sign: number): void {
    const direction = sign > 0 ? 'long' : 'short';
    const { fast, slow } = this.#spread.averages();
    const levels = this.#exits?.levels(direction, bar.close) ?? { stop: null, target: null };
    this.#context.emit({
      direction,
      probability: null,
      expectedReturn: null,
      stop: levels.stop,
      target: levels.target,
      horizonMs: null,
      // Joined, not added: a sum of strings is kept as the tree of its parts for as long as the order is.
      reason: [
        `SMA(${this.#spread.fast})`,
        approximatePrice(this.#instrument, fast),
        sign > 0 ? 'crossed above' : 'crossed below',
        `SMA(${this.#spread.slow})`,
        approximatePrice(this.#instrument, slow),
      ].join(' '),
    });
  }
}

export const smaCross: StrategyDefinition = {
  id: 'sma-cross',
  title: 'Moving-average cross',
  description:
    'Long when the fast simple moving average of closes crosses strictly above the slow one, short when it crosses strictly below.',
  parameters,
  // The slow average exists from bar number `slow`; a cross needs one more bar after it.
  warmup: (given) => parameterOrDefault(parameters, given, 'slow'),
  create(given, context) {
    const read = readParameters('sma-cross', parameters, given);
    if (!read.ok) return read;
    const fast = parameter(read.value, 'fast');
    const slow = parameter(read.value, 'slow');
    if (fast >= slow) {
      return refuse(
        'PARAMETER_RANGE',
        `Parameter fast of sma-cross must be below slow (${slow}), not ${fast}; choose a shorter fast or a longer slow.`,
        { value: String(fast), limit: String(slow) },
      );
    }
    return ok(new SmaCross(context, fast, slow, AtrExits.from(context.instrument, read.value)));
  },
};
