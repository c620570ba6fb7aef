import type { Account } from '../domain/account.ts';
import type { InstrumentId } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import { messageOf, type Refusal, type Result } from '../domain/refusal.ts';
import type { Signal } from '../domain/signal.ts';
import { createSignalExecution } from '../execution/signal-execution.ts';
import type { Commission } from '../execution/sizing.ts';
import type { ExitRules } from '../portfolio/exit-levels.ts';
import { type StrategyChoice, StrategyRun } from './strategy-run.ts';
import type { TradingCore } from './trading-core.ts';
import { WrittenSignal } from './written-records.ts';

type Parts = Pick<
  TradingCore,
  'options' | 'accounts' | 'board' | 'portfolio' | 'orders' | 'exits' | 'lane' | 'commit' | 'audit' | 'priceNow'
>;

/** From a strategy's signal to its orders. */
export class StrategyOrders {
  readonly #core: Parts;
  readonly #onExecuted: (run: StrategyRun, signal: Signal, refusals: readonly Refusal[]) => void;

  constructor(core: Parts, onExecuted: (run: StrategyRun, signal: Signal, refusals: readonly Refusal[]) => void) {
    this.#core = core;
    this.#onExecuted = onExecuted;
  }

  /** A run of the strategy, and the exits of its plan. Refuses what the strategy, its sizing or its exits refuse. */
  start(choice: StrategyChoice, id: string, account: Account, commission: Commission): Result<StrategyRun> {
    const execution = createSignalExecution(
      {
        direction: choice.plan.direction,
        reverse: choice.plan.reverse,
        sizing: choice.plan.sizing,
        units: choice.plan.units,
        commission: commission,
        leverage: account.leverage,
      },
      choice.instrument,
      account,
    );
    if (!execution.ok) return execution;
    const run = StrategyRun.create(choice, {
      id,
      execution: execution.value,
      now: () => this.#core.options.clock.now(),
      position: () => this.#core.portfolio.position(choice.accountId, choice.instrument.id),
      onSignal: (from, signal) => this.#onSignal(from, signal),
      onFailure: (from, error) =>
        this.#core.audit('strategy', 'STRATEGY_FAILED', `${from.id} stopped: ${messageOf(error)}`, { run: from.id }),
    });
    if (!run.ok) return run;
    const protectedBy = exitRulesOf(choice.plan);
    if (protectedBy !== null) {
      const rules = this.#core.exits.protect(
        { accountId: account.id, accountKind: account.kind, instrument: choice.instrument.id, strategyId: id },
        protectedBy,
      );
      if (!rules.ok) return rules;
    }
    return run;
  }

  #onSignal(run: StrategyRun, signal: Signal): void {
    this.#core.commit([{ kind: 'signal', signal: new WrittenSignal(signal) }]);
    const lane = this.#core.lane(signal.instrument);
    const line = lane?.line ?? null;
    if (lane === null || line === null || !line.fromBar) {
      this.execute(run, signal);
      return;
    }
    if (this.#core.options.barFill === 'close') {
      this.#core.priceNow(signal.instrument, line.last, this.#core.options.clock.now());
      this.execute(run, signal);
      return;
    }
    lane.wait(run, signal);
  }

  execute(run: StrategyRun, signal: Signal): void {
    const { accountId } = run.choice;
    const line = this.#core.board.line(signal.instrument);
    const cash = this.#core.portfolio.cash(accountId);
    // Exact equity costs more than all the rest of the sizing, and most rules do not look at it.
    const equity = run.execution.needsEquity ? this.#core.portfolio.equity(accountId) : cash;
    if (line === null || cash === null || equity === null) return;
    const position = this.#core.portfolio.position(accountId, signal.instrument);
    const isPaused = run.state === 'paused';
    // More of what is held is an opening, too: a paused run leaves it, and must not take it for a way out.
    if (isPaused && (signal.direction === 'long' ? position > 0 : signal.direction === 'short' && position < 0)) return;
    const buyPrice = line.ask > 0 ? line.ask : line.last;
    const sellPrice = line.bid > 0 ? line.bid : line.last;
    const plan = run.execution.plan(isPaused ? { ...signal, direction: 'flat' } : signal, {
      position,
      buyPrice,
      sellPrice,
      cash,
      equity,
      mark: position > 0 ? sellPrice : buyPrice,
      volatility: run.volatility?.value() ?? null,
      working: ordersIn(signal.instrument, this.#core.orders.openOrders(accountId)),
    });
    if (signal.stop !== null || signal.target !== null) this.#protectBySignal(run, signal);
    for (const id of plan.cancel) this.#core.orders.cancel(id, `Superseded by the signal: ${signal.reason}`);
    for (const intent of plan.intents) this.#core.orders.submit(intent);
    for (const refusal of plan.refusals) this.#core.audit('strategy', refusal.code, refusal.sentence, { run: run.id });
    this.#onExecuted(run, signal, plan.refusals);
  }

  /** Levels that the strategy named itself stand in for the plan's distances, for the position this signal opens. */
  #protectBySignal(run: StrategyRun, signal: Signal): void {
    const account = this.#core.accounts.get(run.choice.accountId);
    if (account === undefined) return;
    const base = exitRulesOf(run.choice.plan);
    const set = this.#core.exits.protect(
      { accountId: account.id, accountKind: account.kind, instrument: signal.instrument, strategyId: run.id },
      {
        stopLoss: signal.stop === null ? (base?.stopLoss ?? null) : { kind: 'price', price: signal.stop },
        takeProfit: signal.target === null ? (base?.takeProfit ?? null) : { kind: 'price', price: signal.target },
        trailing: base?.trailing ?? null,
        holdMs: signal.horizonMs,
      },
    );
    if (!set.ok) this.#core.audit('strategy', set.error.code, set.error.sentence, { run: run.id });
  }
}

function ordersIn(instrument: InstrumentId, orders: readonly Order[]): readonly Order[] {
  return orders.length === 0 ? orders : orders.filter((order) => order.instrument === instrument);
}

function exitRulesOf(plan: StrategyChoice['plan']): ExitRules | null {
  const { stopLoss, takeProfit, trailing } = plan;
  if (stopLoss === null && takeProfit === null && trailing === null) return null;
  const distance = (fraction: string | null): { kind: 'fraction'; fraction: string } | null =>
    fraction === null ? null : { kind: 'fraction', fraction };
  return { stopLoss: distance(stopLoss), takeProfit: distance(takeProfit), trailing: distance(trailing), holdMs: null };
}
