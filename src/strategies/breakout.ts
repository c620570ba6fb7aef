import type { Bar } from '../domain/market-data.ts';
import { ok } from '../domain/refusal.ts';
import { AtrExits, atrExitParameters } from './atr-exits.ts';
import { RollingExtreme } from './indicators/rolling-extreme.ts';
import { parameter, parameterOrDefault, readParameters } from './parameters.ts';
import { approximatePrice } from './price-words.ts';
import type { ParameterSpec, Strategy, StrategyContext, StrategyDefinition } from './strategy.ts';

const parameters: readonly ParameterSpec[] = [
  { name: 'entry', description: 'Bars of the entry channel', default: 20, min: 2, max: 2000, integer: true },
  { name: 'exit', description: 'Bars of the exit channel', default: 10, min: 1, max: 2000, integer: true },
  ...atrExitParameters,
];

/**
 * Donchian channels of the bars before this one: a close beyond the entry channel opens in its direction, a close
 * beyond the opposite side of the exit channel closes, beyond that of the entry channel it reverses.
 */
class Breakout implements Strategy {
  readonly #context: StrategyContext;
  readonly #entry: number;
  readonly #exit: number;
  readonly #entryHigh: RollingExtreme;
  readonly #entryLow: RollingExtreme;
  readonly #exitHigh: RollingExtreme;
  readonly #exitLow: RollingExtreme;
  readonly #exits: AtrExits | null;

  constructor(context: StrategyContext, entry: number, exit: number, exits: AtrExits | null) {
    this.#context = context;
    this.#entry = entry;
    this.#exit = exit;
    this.#entryHigh = new RollingExtreme(entry, 1);
    this.#entryLow = new RollingExtreme(entry, -1);
    this.#exitHigh = new RollingExtreme(exit, 1);
    this.#exitLow = new RollingExtreme(exit, -1);
    this.#exits = exits;
  }

  onBar(bar: Bar): void {
    if (this.#exits !== null) this.#exits.update(bar);
    this.#decide(bar);
    this.#entryHigh.update(bar.high);
    this.#entryLow.update(bar.low);
    this.#exitHigh.update(bar.high);
    this.#exitLow.update(bar.low);
  }

  /** Comparisons with the NaN of an unfilled channel are false, so that the warm-up is silent. */
  #decide(bar: Bar): void {
    const { close } = bar;
    const position = this.#context.position();
    if (position <= 0 && close > this.#entryHigh.value()) {
      this.#enter('long', close, this.#entryHigh.value());
    } else if (position >= 0 && close < this.#entryLow.value()) {
      this.#enter('short', close, this.#entryLow.value());
    } else if (position > 0 && close < this.#exitLow.value()) {
      this.#leave(`below the ${this.#exit}-bar low`, close, this.#exitLow.value());
    } else if (position < 0 && close > this.#exitHigh.value()) {
      this.#leave(`above the ${this.#exit}-bar high`, close, this.#exitHigh.value());
    }
  }

  #enter(direction: 'long' | 'short', close: number, level: number): void {
    const { instrument } = this.#context;
    const levels = this.#exits?.levels(direction, close) ?? { stop: null, target: null };
    const side = direction === 'long' ? 'above' : 'below';
    const extreme = direction === 'long' ? 'high' : 'low';
    this.#context.emit({
      direction,
      probability: null,
      expectedReturn: null,
      stop: levels.stop,
      target: levels.target,
      horizonMs: null,
      reason: `Close ${approximatePrice(instrument, close)} broke ${side} the ${this.#entry}-bar ${extreme} ${approximatePrice(instrument, level)}`,
    });
  }

  #leave(words: string, close: number, level: number): void {
    const { instrument } = this.#context;
    this.#context.emit({
      direction: 'flat',
      probability: null,
      expectedReturn: null,
      stop: null,
      target: null,
      horizonMs: null,
      reason: `Close ${approximatePrice(instrument, close)} fell out ${words} ${approximatePrice(instrument, level)}`,
    });
  }
}

export const breakout: StrategyDefinition = {
  id: 'breakout',
  title: 'Channel breakout',
  description:
    'Donchian channels: long on a close above the highest high of the entry bars before it, short on a close below their lowest low; out on a close beyond the opposite side of the shorter exit channel.',
  parameters,
  warmup: (given) => parameterOrDefault(parameters, given, 'entry'),
  create(given, context) {
    const read = readParameters('breakout', parameters, given);
    if (!read.ok) return read;
    const exits = AtrExits.from(context.instrument, read.value);
    return ok(new Breakout(context, parameter(read.value, 'entry'), parameter(read.value, 'exit'), exits));
  },
};
