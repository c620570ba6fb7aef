import type {
  FlattenStep,
  RiskGauge,
  RiskLimits,
  RiskLimitsState,
  RiskStatus,
  TradingState,
} from '../../contract/types.ts';
import type { Order } from '../../domain/order.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import { gauges } from '../../risk/gauges.ts';
import { KillSwitch } from '../../risk/kill-switch.ts';
import type { FlattenReport, KillStep } from '../../risk/kill-switch-ports.ts';
import { type RiskLevel, riskLevel } from '../../risk/level.ts';
import type { Cause } from '../../risk/trading-state.ts';
import type { Workstation } from '../workstation.ts';
import { CoalescedState } from './coalesced.ts';
import { killSwitchPorts } from './kill-switch-wiring.ts';
import { codeText } from './order-views.ts';
import { flattenStep, gaugeView } from './risk-views.ts';
import type { Runtime } from './runtime.ts';
import { VENUE_MODELS } from './session-opening.ts';

type Risk = Workstation['risk'];
const ALERTS_SHOWN = 20;
const LEVELS: readonly RiskLevel[] = ['LOW', 'MEDIUM', 'HIGH'];

/** Trading state, limits, and the emergency controls. */
export class RiskDesk {
  readonly status: CoalescedState<RiskStatus>;
  readonly #runtime: Runtime;
  readonly #openPositions: () => number;
  readonly #haltSwitch: KillSwitch;
  #quietHalt = false;
  #flattening: Promise<void> = Promise.resolve();

  constructor(runtime: Runtime, openPositions: () => number) {
    this.#runtime = runtime;
    this.#openPositions = openPositions;
    this.status = new CoalescedState(
      () => this.#read(),
      (error) => runtime.fault('A reader of the risk status', error),
    );
    this.#haltSwitch = new KillSwitch(killSwitchPorts(runtime, {}));
    runtime.onCauses.add((causes, change) => {
      const { cause } = change;
      const raised = change.kind === 'raised';
      runtime.alerts.raise({
        at: change.at,
        severity: raised ? (cause.level === 'HALTED' ? 'critical' : 'warning') : 'info',
        code: raised ? cause.code : `${cause.code}_ENDED`,
        sentence: raised ? cause.sentence : change.reason,
        account: cause.scope,
      });
      // The journal cannot keep this halt: the latch does.
      if (raised && cause.code === 'JOURNAL_FAILURE') this.#runtime.latch.halt('risk', cause.sentence, change.at);
      if (raised && cause.level === 'HALTED') {
        this.#stopStrategies();
        if (change.by === 'risk') this.#cancelOpenings(cause);
      }
      this.status.touch('state');
    });
    runtime.onOrder.add(() => this.status.touch('figures'));
  }

  state(): TradingState {
    let state: TradingState = 'ACTIVE';
    for (const cause of this.#runtime.core.monitor.causes) {
      if (cause.level === 'HALTED') return 'HALTED';
      state = 'REDUCING';
    }
    return state;
  }

  level(): RiskLevel {
    const { core } = this.#runtime;
    let worst = 0;
    for (const { id } of core.accounts.values()) {
      const { portfolio } = core;
      const equity = portfolio.equityNumber(id);
      const pnl = portfolio.realised(id).plus(portfolio.unrealised(id)).minus(portfolio.fees(id)).toNumber();
      let largest = 0;
      for (const instrument of portfolio.held(id)) {
        const record = portfolio.positionRecord(id, instrument);
        if (record === null) continue;
        const value = record.cost.plus(portfolio.unrealisedOf(id, instrument)).abs().toNumber();
        largest = Math.max(largest, value / equity);
      }
      worst = Math.max(worst, LEVELS.indexOf(riskLevel(pnl, largest)));
    }
    return LEVELS[worst] ?? 'HIGH';
  }

  /** Halts on the latch at start, before anything may trade. */
  obeyLatch(): void {
    const latched = this.#runtime.latch.read();
    if (!latched.halted) return;
    this.#runtime.core.monitor.raise(
      {
        code: latched.readable ? 'KILL_SWITCH' : 'LATCH_UNREADABLE',
        scope: null,
        level: 'HALTED',
        latched: true,
        at: latched.since ?? this.#runtime.now(),
        sentence: `Trading is halted: ${latched.reason ?? 'no reason was recorded'}`,
      },
      'user',
    );
  }

  /** The latch was set from outside while the engine runs. */
  haltFromOutside(): void {
    const causes = this.#runtime.core.monitor.causes;
    if (causes.some((cause) => cause.code === 'KILL_SWITCH' || cause.code === 'LATCH_UNREADABLE')) return;
    const latched = this.#runtime.latch.read();
    if (!latched.halted) return;
    this.#quietHalt = true;
    try {
      this.#carryOutHalt('cli', latched.reason ?? 'halted from outside');
    } finally {
      this.#quietHalt = false;
    }
  }

  halt(reason: string): ReturnType<Risk['halt']> {
    const report = this.#carryOutHalt('user', reason);
    this.#runtime.record('risk.halt', { reason }, reason);
    const latched = this.#runtime.latch.read();
    return {
      state: 'HALTED',
      latchedAt: Math.trunc(latched.since ?? this.#runtime.now()),
      cancelRequested: report.cancelled,
    };
  }

  #carryOutHalt(actor: string, reason: string): { cancelled: number } {
    const killSwitch = this.#quietHalt
      ? new KillSwitch(killSwitchPorts(this.#runtime, { latched: true }))
      : this.#haltSwitch;
    const report = killSwitch.halt(actor, reason);
    this.#stopStrategies();
    for (const step of report.steps) {
      if (!step.ok)
        this.#runtime.alerts.raise({ at: step.at, severity: 'critical', code: 'HALT_STEP', sentence: step.sentence });
    }
    this.status.touch('state');
    return report;
  }

  /** A halt that nobody pressed cancels what could still open something, like one that somebody did. */
  #cancelOpenings(cause: Cause): void {
    const { core } = this.#runtime;
    for (const order of this.#open()) {
      if (cause.scope !== null && cause.scope !== order.accountId) continue;
      if (order.reduceOnly && (order.source === 'exit' || order.source === 'flatten')) continue;
      core.orders.cancel(order.id, cause.sentence);
    }
  }

  #stopStrategies(): void {
    for (const run of this.#runtime.core.runs) if (run.state === 'running') run.state = 'paused';
    this.#runtime.onState.emit();
  }

  flatten(
    request: { readonly account?: string | undefined; readonly reason: string },
    report: (step: FlattenStep) => void,
  ): void {
    void this.runFlatten('user', request, report);
  }

  /** One after the other: two at once would close the same position twice. */
  runFlatten(
    actor: string,
    request: { readonly account?: string | undefined; readonly reason: string },
    report: (step: FlattenStep) => void,
  ): Promise<FlattenReport> {
    const run = this.#flattening.then(() => this.#flatten(actor, request, report));
    this.#flattening = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  }

  async #flatten(
    actor: string,
    request: { readonly account?: string | undefined; readonly reason: string },
    report: (step: FlattenStep) => void,
  ): Promise<FlattenReport> {
    const runtime = this.#runtime;
    const began = runtime.now();
    const phase: { name: FlattenStep['step'] } = { name: 'latch' };
    const say = (step: KillStep, last?: FlattenReport): void => {
      try {
        report(flattenStep(step, phase.name, began, last));
      } catch {
        // A reader that fails must not stop the flatten.
      }
    };
    const killSwitch = new KillSwitch(
      killSwitchPorts(runtime, {
        ...(request.account === undefined ? {} : { account: request.account }),
        onPhase: (name) => {
          phase.name = name;
        },
        onStep: (step) => say(step),
      }),
    );
    const outcome = await killSwitch.flatten(actor, request.reason);
    this.#stopStrategies();
    // What could not be closed gets its stops back.
    if (!outcome.flat) runtime.core.exits.standDown(false, request.account);
    const sentence = outcome.flat
      ? 'FLAT: verified, no position and no open order is left.'
      : `NOT FLAT: ${outcome.residuals.map((residual) => residual.sentence).join(' ')}`;
    runtime.record('risk.flatten', { ...request, flat: outcome.flat, residuals: outcome.residuals }, request.reason);
    runtime.alerts.raise({
      at: runtime.now(),
      severity: 'critical',
      code: outcome.flat ? 'FLAT' : 'NOT_FLAT',
      sentence,
    });
    say({ at: runtime.now(), ok: outcome.flat, sentence }, outcome);
    this.status.touch('state');
    return outcome;
  }

  resume(reason: string): Result<{ state: TradingState }> {
    const runtime = this.#runtime;
    const { core, latch } = runtime;
    const { monitor } = core;
    if (reason.trim() === '') return refuse('REASON_MISSING', 'Say in a few words why trading may go on.');
    const latched = latch.read();
    if (this.state() === 'ACTIVE' && !latched.halted) return refuse('NOT_HALTED', 'Trading is not halted.');
    const unknown = this.#open().filter((order) => order.status === 'UNKNOWN');
    if (unknown.length > 0) {
      return refuse(
        'RESUME_BLOCKED',
        `The outcome of ${unknown.length} orders is not known (${unknown.map(({ id }) => id).join(', ')}); wait until their venue has answered.`,
        { value: String(unknown.length), limit: '0' },
      );
    }
    if (core.orders.unwritten > 0) {
      return refuse('RESUME_BLOCKED', 'The journal still refuses records of what happened; free disk space first.');
    }
    const unrecorded = runtime.record('risk.resume', { reason }, reason);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    const now = runtime.now();
    // The kill switch last: while anything else persists, the latch on disk stays.
    const order = (cause: Cause): number => (cause.code === 'KILL_SWITCH' || cause.code === 'LATCH_UNREADABLE' ? 1 : 0);
    for (const cause of monitor.causes.filter((one) => one.latched).sort((a, b) => order(a) - order(b))) {
      if (order(cause) === 1) {
        const cleared = latch.clear('user', reason, now);
        if (!cleared.ok && cleared.error.code !== 'NOT_HALTED') return cleared;
      }
      const cleared = monitor.clear(cause.code, cause.scope, reason, now);
      if (!cleared.ok) return cleared;
    }
    if (latch.read().halted) {
      const cleared = latch.clear('user', reason, now);
      if (!cleared.ok) return cleared;
    }
    core.exits.standDown(false);
    runtime.onState.emit();
    this.status.touch('state');
    return ok({ state: this.state() });
  }

  limits(): RiskLimitsState {
    return this.#runtime.limits.state();
  }

  setLimits(
    limits: { readonly [K in keyof RiskLimits]?: RiskLimits[K] | undefined },
    reason: string,
  ): Result<RiskLimitsState> {
    const runtime = this.#runtime;
    const unrecorded = runtime.record('risk.setLimits', { limits, before: this.limits().limits }, reason);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    const changed = runtime.limits.change(limits, { owner: 'user', reason, at: runtime.now() });
    if (!changed.ok) {
      runtime.core.audit('engine', 'LIMITS_REFUSED', changed.error.sentence, { code: changed.error.code });
      return changed;
    }
    runtime.core.monitor.refresh();
    this.status.touch('state');
    return changed;
  }

  #open(): readonly Order[] {
    const { core } = this.#runtime;
    return [...core.accounts.keys()].flatMap((account) => core.orders.openOrders(account));
  }

  #read(): RiskStatus {
    const { core, alerts } = this.#runtime;
    return {
      at: Math.trunc(this.#runtime.now()),
      state: this.state(),
      level: this.level(),
      causes: core.monitor.causes.map((cause) => ({
        code: codeText(cause.code),
        sentence: (cause.scope === null ? cause.sentence : `${cause.scope}: ${cause.sentence}`).slice(0, 2000),
        since: Math.max(0, Math.trunc(cause.at)),
        actor:
          cause.code === 'KILL_SWITCH' || cause.code === 'USER'
            ? 'user'
            : cause.code === 'JOURNAL_FAILURE'
              ? 'engine'
              : 'risk',
      })),
      gauges: [...core.accounts.keys()].flatMap((account) => this.#gauges(account)),
      alerts: alerts.newestFirst(ALERTS_SHOWN),
      workingOrders: this.#open().length,
      openPositions: this.#openPositions(),
    };
  }

  #gauges(account: string): RiskGauge[] {
    const { core, limits } = this.#runtime;
    const inForce = limits.inForce(core.monitor.day(account)?.startEquity ?? null);
    return gauges(
      {
        view: core.view,
        limits: () => inForce,
        day: (id) => core.monitor.day(id),
        fees: (instrument) => (instrument.calendar === 'nse' ? VENUE_MODELS.nse.fees : VENUE_MODELS.crypto.fees),
        sentWithin: (id, windowMs) => core.gate.sentWithin(id, windowMs),
      },
      account,
    ).map((gauge) => gaugeView(gauge, account));
  }
}
