import type { StrategyDefinitionView, StrategyRun as RunView } from '../../contract/types.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import { parseTimeframe } from '../../market/timeframe.ts';
import { findStrategy, strategyDefinitions } from '../../strategies/registry.ts';
import type { StrategyRun } from '../strategy-run.ts';
import type { TradePlan } from '../trade-plan.ts';
import { money } from './decimal-text.ts';
import type { Runtime } from './runtime.ts';
import { findAccount, findInstrument } from './ticket.ts';

/** A tenth of the account per position, long only: what a spot account can do without a thought. */
const PLAN: TradePlan = {
  direction: 'long',
  reverse: false,
  sizing: { kind: 'fraction', fraction: '0.1' },
  units: { kind: 'fractional' },
  stopLoss: null,
  takeProfit: null,
  trailing: null,
};

export interface StrategyRequest {
  readonly strategy: string;
  readonly instrument: InstrumentId;
  readonly account: string;
  readonly parameters: Readonly<Record<string, number>>;
}

interface KeptRun {
  readonly request: StrategyRequest;
  readonly run: StrategyRun;
  note: string | null;
  /** Sent or denied in this session, and those that worked already when it began. */
  orders: number;
}

const AUDIT = 'STRATEGIES';
const RESTARTED = 'The engine was restarted; start the strategy again to let it open positions.';

/** Starts and stops strategies. A strategy that throws stops alone; the run stays listed with the reason. */
export class StrategyDesk {
  readonly #runtime: Runtime;
  readonly #realised: (account: string, strategy: string) => Decimal;
  /** Every run of this session by id, stopped ones included. */
  readonly #runs = new Map<string, KeptRun>();

  constructor(runtime: Runtime, realised: (account: string, strategy: string) => Decimal) {
    this.#runtime = runtime;
    this.#realised = realised;
    runtime.onOrder.add(({ strategyId }, event) => {
      if (strategyId === null || (event?.type !== 'submitted' && event?.type !== 'denied')) return;
      const kept = this.#runs.get(strategyId);
      if (kept !== undefined) kept.orders += 1;
    });
    runtime.onAudit.add((audit) => {
      if (audit.action !== 'STRATEGY_FAILED') return;
      runtime.alerts.raise({ at: audit.at, severity: 'critical', code: audit.action, sentence: audit.reason });
      runtime.onState.emit();
    });
    runtime.onSignal.add(() => runtime.onState.emit());
  }

  available(): StrategyDefinitionView[] {
    return strategyDefinitions.map(({ id, title, description, parameters }) => ({
      id,
      title,
      description,
      parameters: parameters.map((parameter) => ({ ...parameter })),
    }));
  }

  runs(): RunView[] {
    return [...this.#runs.values()].map((kept) => this.#view(kept));
  }

  running(): number {
    return [...this.#runs.values()].filter(({ run }) => run.state === 'running' || run.state === 'paused').length;
  }

  requests(): readonly StrategyRequest[] {
    return [...this.#runs.values()].filter(({ run }) => run.state !== 'stopped').map(({ request }) => request);
  }

  start(request: StrategyRequest): Result<RunView> {
    const stopped = this.#runtime.refusesCommands();
    if (stopped !== null) return { ok: false, error: stopped };
    const known = this.#runs.get(this.#idOf(request));
    if (known !== undefined && known.run.state === 'running') {
      return refuse('STRATEGY_RUNNING', `${known.run.id} is running already; stop it before starting it anew.`);
    }
    if (known !== undefined && known.run.state === 'paused' && same(known.request, request)) {
      const unrecorded = this.#runtime.record('strategies.start', request);
      if (unrecorded !== null) return { ok: false, error: unrecorded };
      known.run.state = 'running';
      known.note = null;
      return ok(this.#told(known));
    }
    const { core } = this.#runtime;
    const definition = findStrategy(request.strategy);
    if (!definition.ok) return definition;
    const account = findAccount(core, request.account);
    if (!account.ok) return account;
    const instrument = findInstrument(core, request.instrument);
    if (!instrument.ok) return instrument;
    if (instrument.value.quote !== account.value.currency) {
      return refuse(
        'CURRENCY_MISMATCH',
        `${instrument.value.symbol} is quoted in ${instrument.value.quote} and ${account.value.name} is in ${account.value.currency}; choose an account in ${instrument.value.quote}.`,
      );
    }
    const unrecorded = this.#runtime.record('strategies.start', request);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    if (known !== undefined) core.removeStrategy(known.run);
    const added = this.#add(request, instrument.value);
    if (!added.ok) return added;
    const orders = known?.orders ?? this.#working(added.value);
    const kept: KeptRun = { request, run: added.value, note: null, orders };
    this.#runs.set(added.value.id, kept);
    this.#write(`${added.value.id} started`);
    return ok(this.#told(kept));
  }

  pause(id: string): Result<RunView> {
    return this.#change(id, 'strategies.pause', (run) => {
      if (run.state === 'running') run.state = 'paused';
    });
  }

  stop(id: string): Result<RunView> {
    const stopped = this.#change(id, 'strategies.stop', (run) => this.#end(run, 'The strategy was stopped'));
    if (stopped.ok) this.#write(`${id} stopped`);
    return stopped;
  }

  /** The session pauses or goes on: strategies open nothing meanwhile, exits and orders go on. */
  pauseAll(note: string): void {
    for (const kept of this.#runs.values()) {
      if (kept.run.state !== 'running') continue;
      kept.run.state = 'paused';
      kept.note = note;
    }
  }

  resumeAll(note: string): void {
    for (const kept of this.#runs.values()) {
      if (kept.run.state !== 'paused' || kept.note !== note) continue;
      kept.run.state = 'running';
      kept.note = null;
    }
  }

  endAll(reason: string): void {
    for (const { run } of this.#runs.values()) this.#end(run, reason);
    this.#write(reason);
  }

  forget(): void {
    this.#runs.clear();
  }

  /** After a restart the strategies see the market again and open nothing until a person starts them. */
  restore(): void {
    const { core, journal } = this.#runtime;
    for (const request of readRequests(journal.read.lastAudit(AUDIT)?.detail ?? '[]')) {
      const instrument = core.instruments.get(request.instrument);
      if (instrument === undefined || !core.accounts.has(request.account)) continue;
      const added = this.#add(request, instrument);
      if (!added.ok) continue;
      added.value.state = 'paused';
      this.#runs.set(added.value.id, {
        request,
        run: added.value,
        note: RESTARTED,
        orders: this.#working(added.value),
      });
    }
  }

  #working({ id, choice }: StrategyRun): number {
    return this.#runtime.core.orders.openOrders(choice.accountId).filter(({ strategyId }) => strategyId === id).length;
  }

  #add(request: StrategyRequest, instrument: Instrument): Result<StrategyRun> {
    const definition = findStrategy(request.strategy);
    if (!definition.ok) return definition;
    const minute = parseTimeframe('1m');
    if (!minute.ok) return minute;
    const choice = {
      definition: definition.value,
      parameters: request.parameters,
      instrument,
      accountId: request.account,
      timeframe: minute.value,
      plan: PLAN,
    };
    return this.#runtime.core.addStrategy(choice, this.#idOf(request));
  }

  /** Written after each change, so that a restart knows which strategies there were. */
  #write(reason: string): void {
    const { core } = this.#runtime;
    const audit = { at: this.#runtime.now(), actor: 'user', action: AUDIT, reason } as const;
    core.commit([{ kind: 'audit', audit: { ...audit, detail: JSON.stringify(this.requests()) } }]);
  }

  #end(run: StrategyRun, reason: string): void {
    const { core } = this.#runtime;
    core.removeStrategy(run);
    for (const order of core.orders.openOrders(run.choice.accountId)) {
      // Its exits protect the position that stays.
      if (order.strategyId === run.id && order.source === 'strategy' && !order.reduceOnly) {
        core.orders.cancel(order.id, reason);
      }
    }
  }

  #change(id: string, name: string, act: (run: StrategyRun) => void): Result<RunView> {
    const kept = this.#runs.get(id);
    if (kept === undefined) return refuse('STRATEGY_UNKNOWN', `There is no strategy run "${id}".`, { value: id });
    const unrecorded = this.#runtime.record(name, { id });
    // Stopping takes risk away: it happens even when it cannot be written down.
    if (unrecorded !== null && unrecorded.code !== 'JOURNAL_FAILED') return { ok: false, error: unrecorded };
    act(kept.run);
    kept.note = null;
    return ok(this.#told(kept));
  }

  #told(kept: KeptRun): RunView {
    this.#runtime.onState.emit();
    return this.#view(kept);
  }

  /** One run per strategy, instrument and account. */
  #idOf({ strategy, instrument, account }: StrategyRequest): string {
    return `${strategy}:${instrument}:${account}`.replaceAll(/[^A-Za-z0-9_.:-]/g, '_').slice(0, 80);
  }

  #view({ request, run, note, orders }: KeptRun): RunView {
    const { definition, instrument, accountId } = run.choice;
    const warmup = definition.warmup(request.parameters);
    const warming = run.state === 'running' && run.bars < warmup;
    const waits = `${run.bars} of ${warmup} one-minute bars seen; signals follow.`;
    return {
      id: run.id,
      strategy: definition.id,
      title: definition.title,
      instrument: instrument.id,
      account: accountId,
      state: warming ? 'warming-up' : run.state,
      parameters: { ...request.parameters },
      signals: run.signals,
      orders,
      realised: money(this.#realised(accountId, run.id)),
      lastSignal:
        run.lastSignal === null
          ? null
          : { at: Math.trunc(run.lastSignal.ts), direction: run.lastSignal.direction, reason: run.lastSignal.reason },
      sentence: run.failure ?? note ?? (warming ? waits : null),
    };
  }
}

function same(a: StrategyRequest, b: StrategyRequest): boolean {
  const names = new Set([...Object.keys(a.parameters), ...Object.keys(b.parameters)]);
  return [...names].every((name) => a.parameters[name] === b.parameters[name]);
}

function readRequests(text: string): StrategyRequest[] {
  try {
    const input: unknown = JSON.parse(text);
    return Array.isArray(input) ? (input as StrategyRequest[]) : [];
  } catch {
    return [];
  }
}
