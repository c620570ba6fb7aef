import type { Fill } from '../domain/fill.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Bar, Quote, Trade } from '../domain/market-data.ts';
import type { Result } from '../domain/refusal.ts';
import type { Signal } from '../domain/signal.ts';
import type { EpochMs, QuantityUnits } from '../domain/units.ts';

/** All a strategy can see and do. It never touches orders: it emits signals; sizing, risk and execution follow. */
export interface StrategyContext {
  now(): EpochMs;
  readonly instrument: Instrument;
  /** Signed position of the strategy's account in the instrument. */
  position(): QuantityUnits;
  emit(signal: Omit<Signal, 'strategyId' | 'instrument' | 'ts'>): void;
}

/** One running instance for one instrument. Handlers are synchronous and see only data up to now. */
export interface Strategy {
  onBar?(bar: Bar): void;
  onQuote?(quote: Quote): void;
  onTrade?(trade: Trade): void;
  onFill?(fill: Fill): void;
}

export interface ParameterSpec {
  readonly name: string;
  readonly description: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

export interface StrategyDefinition {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly ParameterSpec[];
  /** Bars before the first possible signal. */
  warmup(parameters: Readonly<Record<string, number>>): number;
  /** Refuses PARAMETER_UNKNOWN or PARAMETER_RANGE with the allowed range. */
  create(parameters: Readonly<Record<string, number>>, context: StrategyContext): Result<Strategy>;
}
