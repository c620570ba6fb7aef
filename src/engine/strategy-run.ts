import type { Instrument } from '../domain/instrument.ts';
import type { Bar, MarketEvent } from '../domain/market-data.ts';
import { ok, type Result, messageOf } from '../domain/refusal.ts';
import type { Signal } from '../domain/signal.ts';
import type { EpochMs, QuantityUnits } from '../domain/units.ts';
import type { SignalExecution } from '../execution/signal-execution.ts';
import { BarAggregator } from '../market/bar-aggregator.ts';
import type { Timeframe } from '../market/timeframe.ts';
import { RollingVolatility } from '../strategies/indicators/rolling-volatility.ts';
import type { Strategy, StrategyDefinition } from '../strategies/strategy.ts';
import type { TradePlan } from './trade-plan.ts';

export interface StrategyChoice {
  readonly definition: StrategyDefinition;
  readonly parameters: Readonly<Record<string, number>>;
  readonly instrument: Instrument;
  readonly accountId: string;
  /** Bars the strategy sees; null = the bars of the data as they come. */
  readonly timeframe: Timeframe | null;
  readonly plan: TradePlan;
}

interface RunSurroundings {
  readonly id: string;
  readonly execution: SignalExecution;
  readonly now: () => EpochMs;
  readonly position: () => QuantityUnits;
  readonly onSignal: (run: StrategyRun, signal: Signal) => void;
  /** The strategy threw: it is out, the engine goes on. */
  readonly onFailure: (run: StrategyRun, error: unknown) => void;
}

const QUOTES_WITHOUT_TRADE = 200;

/** One strategy on one instrument. Contains the strategy: what it throws stops this run and nothing else. */
export class StrategyRun {
  readonly id: string;
  readonly choice: StrategyChoice;
  readonly execution: SignalExecution;
  readonly volatility: RollingVolatility | null;
  /** paused: sees data and keeps its exits, opens nothing. */
  state: 'running' | 'paused' | 'stopped' | 'failed' = 'running';
  failure: string | null = null;
  signals = 0;
  lastSignal: Signal | null = null;
  bars = 0;
  /** Quotes seen before any trade, counted from 1; 0 once a trade was seen. */
  #quotesOnly = 1;
  readonly #strategy: Strategy;
  readonly #aggregator: BarAggregator | null;
  readonly #surroundings: RunSurroundings;

  static create(choice: StrategyChoice, surroundings: RunSurroundings): Result<StrategyRun> {
    let run: StrategyRun | null = null;
    const { instrument } = choice;
    const built = choice.definition.create(choice.parameters, {
      now: surroundings.now,
      instrument,
      position: surroundings.position,
      emit: (signal) => {
        if (run !== null)
          run.#emitted({ ...signal, strategyId: surroundings.id, instrument: instrument.id, ts: surroundings.now() });
      },
    });
    if (!built.ok) return built;
    run = new StrategyRun(choice, built.value, surroundings);
    return ok(run);
  }

  private constructor(choice: StrategyChoice, strategy: Strategy, surroundings: RunSurroundings) {
    this.id = surroundings.id;
    this.choice = choice;
    this.execution = surroundings.execution;
    this.#strategy = strategy;
    this.#surroundings = surroundings;
    this.#aggregator =
      choice.timeframe === null
        ? null
        : new BarAggregator({
            instrument: choice.instrument,
            timeframe: choice.timeframe,
            emit: (bar) => this.#deliver(bar),
          });
    this.volatility = choice.plan.sizing.kind === 'volatility' ? new RollingVolatility() : null;
  }

  /** A bar of the data itself. */
  onBar(bar: Bar): void {
    if (!this.#listens()) return;
    if (this.#aggregator === null) this.#deliver(bar);
    else this.#aggregator.onBar(bar);
  }

  /** A tick; bars are made of the trades, or of mid prices where the source turns out to have no trades. */
  onTick(event: MarketEvent): void {
    if (!this.#listens()) return;
    this.#aggregator?.advanceTo(event.ts);
    if (event.kind === 'trade') {
      this.#quotesOnly = 0;
      this.#aggregator?.onTrade(event);
    } else if (event.kind === 'quote' && this.#quotesOnly !== 0) {
      if (this.#quotesOnly > QUOTES_WITHOUT_TRADE) this.#aggregator?.onQuote(event);
      else this.#quotesOnly += 1;
    }
    if (!this.#listens()) return;
    try {
      if (event.kind === 'quote') this.#strategy.onQuote?.(event);
      else if (event.kind === 'trade') this.#strategy.onTrade?.(event);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Time passed without data: a bar whose end is over is complete. */
  onTime(now: EpochMs): void {
    if (this.#listens()) this.#aggregator?.advanceTo(now);
  }

  #listens(): boolean {
    return this.state !== 'stopped' && this.state !== 'failed';
  }

  #deliver(bar: Bar): void {
    this.bars += 1;
    this.volatility?.add(bar);
    try {
      this.#strategy.onBar?.(bar);
    } catch (error) {
      this.#fail(error);
    }
  }

  #emitted(signal: Signal): void {
    this.signals += 1;
    this.lastSignal = signal;
    try {
      this.#surroundings.onSignal(this, signal);
    } catch (error) {
      // The call stack is the strategy's; the fault is not. Without this the report would blame the wrong code.
      throw new Error(
        `the engine failed on its signal "${signal.reason}" (${messageOf(error)}); report this as a fault`,
        {
          cause: error,
        },
      );
    }
  }

  #fail(error: unknown): void {
    this.state = 'failed';
    this.failure = messageOf(error);
    this.#surroundings.onFailure(this, error);
  }
}
