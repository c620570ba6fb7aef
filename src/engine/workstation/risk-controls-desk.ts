import { join } from 'node:path';
import type { ContractOutputs } from '../../contract/types.ts';
import { messageOf, ok, refuse, type Result } from '../../domain/refusal.ts';
import type { LimitChange } from '../../risk/limit-book.ts';
import { limitsOfScope, sameScope } from '../../risk/limit-scopes.ts';
import { LIMIT_NAMES, limitKind, type LimitScope, type ScopedLimits } from '../../risk/limits.ts';
import type { Lock } from '../../risk/protections/locks.ts';
import { readScenarios, type Scenario, STANDARD_SCENARIOS } from '../../risk/scenarios.ts';
import type { Workstation } from '../workstation.ts';
import { readIfThere, replaceFile } from './durable-file.ts';
import { GaugeTrends } from './gauge-trends.ts';
import { PortfolioRiskDesk } from './portfolio-risk-desk.ts';
import type { RiskControlsRoom } from './risk-controls-room.ts';
import type { RiskDesk } from './risk-desk.ts';
import type { Runtime } from './runtime.ts';

const SCENARIOS_FILE = 'scenarios.json';
const KINDS = ['account', 'strategy', 'symbol', 'broker'] as const;
type Output = ContractOutputs['riskControls'];

/** What a person sets about risk beyond the limits of all accounts, and what is worked out of it. */
export class RiskControlsDesk {
  readonly #runtime: Runtime;
  readonly #risk: RiskDesk;
  readonly #portfolio: PortfolioRiskDesk;
  readonly #trends = new GaugeTrends();
  readonly #scenariosPath: string;
  #scenarios: readonly Scenario[];

  constructor(runtime: Runtime, risk: RiskDesk, history: Workstation['market']['history']) {
    this.#runtime = runtime;
    this.#risk = risk;
    this.#scenariosPath = join(runtime.dataDir, SCENARIOS_FILE);
    this.#scenarios = this.#loadScenarios();
    this.#portfolio = new PortfolioRiskDesk(runtime, history, () => this.#scenarios);
  }

  room(): RiskControlsRoom {
    return {
      limits: () => this.#limits(),
      setLimits: (request) => this.#setLimits(request),
      limitHistory: (request) => this.#limitHistory(request),
      protections: () => this.#protections(),
      setProtections: ({ rules, reason }) => {
        const set = this.#risk.locks.configure(rules, reason);
        return set.ok ? ok(this.#protections()) : set;
      },
      liftLock: ({ id, reason }) => {
        const lifted = this.#risk.locks.lift(id, reason);
        return lifted.ok ? ok(this.#protections()) : lifted;
      },
      portfolio: (account) => this.#portfolio.source(account),
      scenarios: () => this.#scenarioView(),
      setScenarios: (request) => this.#setScenarios(request.scenarios),
      trends: ({ account }) => ({ trends: this.#trends.of(account) }),
    };
  }

  onSecond(now: number): void {
    this.#portfolio.onSecond(now);
    if (this.#trends.isDue(now)) this.#trends.sample(this.#risk.gauges(), now);
  }

  #limits(): Output['limits'] {
    const { limits } = this.#runtime;
    const { scopes: _scopes, ...all } = limits.limits;
    const known: readonly ScopedLimits[] = limits.scopes;
    return {
      names: LIMIT_NAMES.map((name) => ({
        name,
        kind: limitKind(name),
        scopes: KINDS.filter((kind) => limitsOfScope(kind).has(name)),
      })),
      scopes: [
        { scope: null, limits: { ...all }, ...lastChange(limits.changes, null) },
        ...known.map((one) => ({
          scope: { ...one.scope },
          limits: Object.fromEntries(Object.entries(one.limits).map(([name, value]) => [name, value ?? null])),
          ...lastChange(limits.changes, one.scope),
        })),
      ],
    };
  }

  #setLimits({ scope, limits, reason }: Parameters<RiskControlsRoom['setLimits']>[0]): Result<Output['setLimits']> {
    const runtime = this.#runtime;
    const before = this.#limits().scopes.find((one) => sameScope(one.scope, scope))?.limits ?? {};
    const unrecorded = runtime.record('riskControls.setLimits', { scope, limits, before }, reason);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    const changed = runtime.limits.changeNamed(limits, scope, { owner: 'user', reason, at: runtime.now() });
    if (!changed.ok) {
      runtime.core.audit('engine', 'LIMITS_REFUSED', changed.error.sentence, { code: changed.error.code });
      return changed;
    }
    if (scope?.kind === 'strategy') this.#risk.rememberStrategies();
    runtime.core.monitor.refresh();
    this.#risk.status.touch('state');
    return ok(this.#limits());
  }

  #limitHistory({ limit, cursor }: Parameters<RiskControlsRoom['limitHistory']>[0]): Output['limitHistory'] {
    const all = this.#runtime.limits.changes.toReversed();
    const from = cursor === undefined ? 0 : Number(cursor);
    const changes = all.slice(from, from + limit).map((change) => ({
      ...change,
      at: Math.trunc(change.at),
      scope: change.scope === null ? null : { ...change.scope },
    }));
    return { changes, next: from + limit < all.length ? String(from + limit) : null };
  }

  #protections(): Output['protections'] {
    const { locks } = this.#risk;
    return { rules: [...locks.rules], locks: locks.active().map(lockView) };
  }

  #scenarioView(): Output['scenarios'] {
    const view = (one: Scenario) => ({ name: one.name, all: one.all, moves: { ...one.moves } });
    return { standard: STANDARD_SCENARIOS.map(view), own: this.#scenarios.map(view) };
  }

  #setScenarios(input: unknown): Result<Output['setScenarios']> {
    const read = readScenarios(input);
    if (!read.ok) return read;
    const unrecorded = this.#runtime.record('riskControls.setScenarios', { scenarios: read.value });
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    try {
      replaceFile(this.#scenariosPath, JSON.stringify(read.value));
    } catch (error) {
      return refuse('SCENARIOS_NOT_WRITTEN', `The scenarios could not be written (${messageOf(error)}).`);
    }
    this.#scenarios = read.value;
    return ok(this.#scenarioView());
  }

  /** Scenarios guard nothing: where they cannot be read there are none, and that is said. */
  #loadScenarios(): readonly Scenario[] {
    try {
      const text = readIfThere(this.#scenariosPath);
      if (text === null) return [];
      const read = readScenarios(JSON.parse(text));
      if (read.ok) return read.value;
    } catch {
      // Told below.
    }
    this.#runtime.alerts.raise({
      at: this.#runtime.now(),
      severity: 'warning',
      code: 'SCENARIOS_UNREADABLE',
      sentence: 'Your scenarios cannot be read; set them again.',
    });
    return [];
  }
}

function lastChange(
  changes: readonly LimitChange[],
  scope: LimitScope | null,
): { changedAt: number | null; changedBy: string | null; reason: string | null } {
  const last = changes.findLast((change) => sameScope(change.scope, scope));
  return last === undefined
    ? { changedAt: null, changedBy: null, reason: null }
    : { changedAt: Math.trunc(last.at), changedBy: last.owner, reason: last.reason };
}

function lockView(lock: Lock): Output['protections']['locks'][number] {
  return {
    id: lock.id,
    rule: lock.rule,
    account: lock.accountId,
    instrument: lock.instrument,
    side: lock.side,
    from: Math.max(0, Math.trunc(lock.from)),
    until: lock.until === null ? null : Math.trunc(lock.until),
    reason: lock.reason,
  };
}
