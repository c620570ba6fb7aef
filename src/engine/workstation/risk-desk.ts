import type { RiskGauge, RiskLimits, RiskLimitsState, RiskStatus, TradingState } from '../../contract/types.ts';
import type { Order } from '../../domain/order.ts';
import type { Result } from '../../domain/refusal.ts';
import { gauges } from '../../risk/gauges.ts';
import { type RiskLevel, riskLevel } from '../../risk/level.ts';
import { CoalescedState } from './coalesced.ts';
import { EmergencyDesk } from './emergency-desk.ts';
import { LockDesk } from './lock-desk.ts';
import { codeText } from './order-views.ts';
import { gaugeView } from './risk-views.ts';
import { rememberStrategies } from './risk-memory.ts';
import type { Runtime } from './runtime.ts';
import { cancelOpenings, reducesByLoss } from '../loss-breaker.ts';
import type { TradingCore } from '../trading-core.ts';

const ALERTS_SHOWN = 20;
const LEVELS: readonly RiskLevel[] = ['LOW', 'MEDIUM', 'HIGH'];

/** Trading state, limits, and the emergency controls. */
export class RiskDesk {
  readonly status: CoalescedState<RiskStatus>;
  readonly emergency: EmergencyDesk;
  readonly locks: LockDesk;
  readonly #runtime: Runtime;
  readonly #openPositions: () => number;
  #strategiesOf: TradingCore | null = null;

  constructor(runtime: Runtime, openPositions: () => number) {
    this.#runtime = runtime;
    this.#openPositions = openPositions;
    this.status = new CoalescedState(
      () => this.#read(),
      (error) => runtime.fault('A reader of the risk status', error),
    );
    this.emergency = new EmergencyDesk(runtime, () => this.status.touch('state'));
    this.locks = new LockDesk(runtime, () => this.status.touch('state'));
    runtime.onCauses.add((causes, change) => {
      const { cause } = change;
      const raised = change.kind === 'raised' || change.kind === 'escalated';
      runtime.alerts.raise({
        at: change.at,
        severity: raised ? (cause.level === 'HALTED' ? 'critical' : 'warning') : 'info',
        code: raised ? cause.code : `${cause.code}_ENDED`,
        sentence: raised ? cause.sentence : change.reason,
        account: cause.scope,
      });
      if (change.kind === 'raised') this.emergency.onCause(cause, change.by);
      if (reducesByLoss(change)) cancelOpenings(runtime.core, cause);
      // The last rung of the ladder; the emergency desk takes it up again when the engine ends in the middle.
      if (change.kind === 'escalated') {
        const account = cause.scope === null ? {} : { account: cause.scope };
        void this.emergency.runFlatten('risk', { reason: cause.sentence, ...account }, () => {});
      }
      this.status.touch('state');
    });
    runtime.onOrder.add(() => this.status.touch('figures'));
  }

  state(): TradingState {
    return this.emergency.state();
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

  gauges(): RiskGauge[] {
    return [...this.#runtime.core.accounts.keys()].flatMap((account) => this.#gauges(account));
  }

  /** A strategy got limits of its own: what it has opened before now is read from the journal once. */
  rememberStrategies(): void {
    const { core, journal } = this.#runtime;
    if (this.#strategiesOf === core) return;
    this.#strategiesOf = core;
    core.gate.strategies.forget();
    rememberStrategies(core, journal.read);
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
          cause.code === 'KILL_SWITCH' || cause.code === 'LOCKED' || cause.code === 'USER'
            ? 'user'
            : cause.code === 'JOURNAL_FAILURE'
              ? 'engine'
              : 'risk',
      })),
      gauges: this.gauges(),
      alerts: alerts.newestFirst(ALERTS_SHOWN),
      workingOrders: this.#open().length,
      openPositions: this.#openPositions(),
      emergency: this.emergency.status(),
    };
  }

  #gauges(account: string): RiskGauge[] {
    const { gate } = this.#runtime.core;
    return gauges({ ...gate.sources, sentWithin: (id, windowMs) => gate.sentWithin(id, windowMs) }, account).map(
      (gauge) => gaugeView(gauge, account),
    );
  }
}
