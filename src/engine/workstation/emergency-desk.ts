import type { EmergencyStatus, FlattenStep, TradingState } from '../../contract/types.ts';
import type { Order } from '../../domain/order.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import { asSentence } from '../../domain/sentence.ts';
import type { EpochMs } from '../../domain/units.ts';
import { lockedRefusal, type LockOut, timeText } from '../../risk/kill-latch.ts';
import { KillSwitch } from '../../risk/kill-switch.ts';
import { type FlattenReport, isProtective, type KillStep } from '../../risk/kill-switch-ports.ts';
import type { Cause } from '../../risk/trading-state.ts';
import type { Workstation } from '../workstation.ts';
import { DrillDesk } from './drill-desk.ts';
import { flattenPlan } from './flatten-plan.ts';
import { FlattenQueue, type FlattenRequest } from './flatten-queue.ts';
import { killSwitchPorts } from './kill-switch-wiring.ts';
import { lockEnd } from './lock-end.ts';
import { emergencyVenues, flattenResult, flattenStep, verdictSentence } from './risk-views.ts';
import type { Runtime } from './runtime.ts';
import { SESSION_PREFIX } from './session-opening.ts';

type Risk = Workstation['risk'];
const LOCK_ACTION = 'RISK_LOCK';
/** A venue that refuses a cancel is asked again this often while trading is halted. */
const CANCEL_TRIES = 3;
/** What the latch stands behind; a person lifts these together. */
const SWITCHES: ReadonlySet<string> = new Set(['KILL_SWITCH', 'LOCKED', 'LATCH_UNREADABLE']);

/** HALT, FLATTEN, LOCK, the drill, and the way back from them. */
export class EmergencyDesk {
  readonly #runtime: Runtime;
  readonly #changed: () => void;
  readonly #haltSwitch: KillSwitch;
  readonly #queue: FlattenQueue;
  readonly #drill: DrillDesk;
  readonly #tries = new Map<string, number>();
  #lock: LockOut | null = null;
  #flattening: Promise<void> = Promise.resolve();
  #running = 0;

  constructor(runtime: Runtime, changed: () => void) {
    this.#runtime = runtime;
    this.#changed = changed;
    this.#haltSwitch = new KillSwitch(killSwitchPorts(runtime, { onBlock: () => this.stopStrategies() }));
    this.#queue = new FlattenQueue(runtime);
    this.#drill = new DrillDesk(runtime, changed);
    runtime.onOrder.add((order) => this.#cancelLate(order));
  }

  /** The latch at start, before anything may trade; the journal remembers a lock that the file has lost. */
  obeyLatch(): void {
    const { latch, journal } = this.#runtime;
    const now = this.#runtime.now();
    const journalled = lockOf(journal.read.lastAuditOf(LOCK_ACTION, SESSION_PREFIX)?.detail);
    let state = latch.read();
    if (journalled !== null && now < journalled.until && (state.lock === null || state.lock.until < journalled.until)) {
      this.#lock = journalled;
      const restored = latch.lock('risk', journalled.reason, journalled.until, now);
      this.#warn('LOCK_RESTORED', `The latch had lost a lock until ${timeText(journalled.until)}; it holds.`);
      if (restored.ok) state = restored.value;
    }
    const lock = this.#lockNow(now);
    if (lock !== null) this.#raise('LOCKED', lockSentence(lock), lock.at);
    if (!state.halted) return;
    if (state.readable) this.#raise('KILL_SWITCH', asSentence(state.reason ?? ''), state.since ?? now);
    else {
      const sentence = `${state.reason ?? 'The halt latch cannot be read.'} That counts as a halt: check positions and orders, then lift it with a reason.`;
      this.#raise('LATCH_UNREADABLE', sentence, now);
    }
  }

  /** The latch was set from outside while the engine runs. */
  haltFromOutside(): void {
    const latched = this.#runtime.latch.read();
    if (!latched.halted || this.#runtime.core.monitor.causes.some(({ code }) => SWITCHES.has(code))) return;
    const killSwitch = new KillSwitch(
      killSwitchPorts(this.#runtime, { latched: true, onBlock: () => this.stopStrategies() }),
    );
    this.#carryOutHalt(killSwitch, 'cli', latched.reason ?? 'halted from outside');
  }

  halt(reason: string): ReturnType<Risk['halt']> {
    const report = this.#carryOutHalt(this.#haltSwitch, 'user', reason);
    this.#runtime.record('risk.halt', { reason, ...report.times }, reason);
    const { since } = this.#runtime.latch.read();
    return {
      state: 'HALTED',
      latched: report.latched,
      latchedAt: Math.trunc(since ?? this.#runtime.now()),
      cancelRequested: report.cancelled,
    };
  }

  #carryOutHalt(killSwitch: KillSwitch, actor: string, reason: string): ReturnType<KillSwitch['halt']> {
    const report = killSwitch.halt(actor, reason);
    for (const step of report.steps) if (!step.ok) this.#warn('HALT_STEP', step.sentence);
    this.#changed();
    return report;
  }

  /** A halt that nobody pressed cancels what could still open something, like one that somebody did. */
  onCause(cause: Cause, by: 'risk' | 'user'): void {
    if (cause.level !== 'HALTED') return;
    // The journal cannot keep this halt: the latch does.
    if (cause.code === 'JOURNAL_FAILURE') this.#runtime.latch.halt('risk', cause.sentence, this.#runtime.now());
    this.stopStrategies();
    if (by === 'risk') this.#cancelOpenings(cause);
  }

  /** A halt that was there before this engine: what an earlier one left working goes on as little as anything new. */
  enforce(): void {
    const halts = this.#runtime.core.monitor.causes.filter(({ level }) => level === 'HALTED');
    if (halts.length > 0) this.stopStrategies();
    for (const cause of halts) this.#cancelOpenings(cause);
  }

  #cancelOpenings(cause: Cause): void {
    for (const order of this.#open()) {
      if ((cause.scope === null || cause.scope === order.accountId) && !isProtective(order)) {
        this.#runtime.core.orders.cancel(order.id, cause.sentence);
      }
    }
  }

  /** An opening that was on its way when the halt came, or whose cancel the venue refused. */
  #cancelLate(order: Order): void {
    if (TERMINAL.has(order.status)) {
      this.#tries.delete(order.id);
      return;
    }
    const { core } = this.#runtime;
    if (order.status !== 'ACCEPTED' && order.status !== 'PARTIALLY_FILLED' && order.status !== 'TRIGGERED') return;
    if (core.monitor.status(order.accountId)?.state !== 'HALTED' || isProtective(order)) return;
    const tries = (this.#tries.get(order.id) ?? 0) + 1;
    this.#tries.set(order.id, tries);
    if (tries > CANCEL_TRIES) {
      if (tries === CANCEL_TRIES + 1) {
        this.#warn(
          'CANCEL_REFUSED',
          `Order ${order.id} in ${order.instrument} goes on working although trading is halted: its venue refuses every cancel. Cancel it there.`,
        );
      }
      return;
    }
    core.orders.cancel(order.id, 'Trading is halted.');
  }

  stopStrategies(): void {
    for (const run of this.#runtime.core.runs) if (run.state === 'running') run.state = 'paused';
    this.#runtime.onState.emit();
  }

  flatten(request: FlattenRequest, report: (step: FlattenStep) => void): void {
    this.#runSpoken('user', request, report);
  }

  /** Where nobody waits for the outcome: a failure has been raised as an alert already. */
  #runSpoken(actor: string, request: FlattenRequest, report: (step: FlattenStep) => void): void {
    this.runFlatten(actor, request, report).catch(() => undefined);
  }

  /** One after the other: two at once would close the same position twice. */
  runFlatten(actor: string, request: FlattenRequest, report: (step: FlattenStep) => void): Promise<FlattenReport> {
    const run = this.#flattening.then(() => this.#carryOut(actor, request, report));
    this.#flattening = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  }

  async #carryOut(actor: string, request: FlattenRequest, report: (step: FlattenStep) => void): Promise<FlattenReport> {
    const runtime = this.#runtime;
    const began = runtime.now();
    const say = (step: FlattenStep): void => {
      try {
        report(step);
      } catch {
        // A reader that fails must not stop the flatten.
      }
    };
    const killSwitch = new KillSwitch(
      killSwitchPorts(runtime, {
        ...(request.account === undefined ? {} : { account: request.account }),
        onLatched: () => this.#queue.begin(actor, request),
        onBlock: () => this.stopStrategies(),
        onStep: (step: KillStep) => say(flattenStep(step, began)),
      }),
    );
    this.#running += 1;
    this.#changed();
    try {
      const outcome = await killSwitch.flatten(actor, request.reason);
      // What could not be closed gets its stops back.
      if (!outcome.flat) runtime.core.exits.standDown(false, request.account);
      this.#queue.end(actor, request, outcome);
      const { flat, residuals, times, tookMs } = outcome;
      runtime.record('risk.flatten', { ...request, flat, residuals, ...times, tookMs }, request.reason);
      const sentence = verdictSentence(outcome);
      const at = runtime.now();
      runtime.alerts.raise({ at, severity: 'critical', code: flat ? 'FLAT' : 'NOT_FLAT', sentence });
      say(flattenResult(outcome, at, began));
      return outcome;
    } catch (error) {
      // Whatever is still held must not stay without its stops, and nobody may believe it flat.
      runtime.core.exits.standDown(false, request.account);
      runtime.fault('The flatten', error);
      throw error;
    } finally {
      this.#running -= 1;
      this.#changed();
    }
  }

  /** Takes up what a killed engine had begun. To be called when prices are known again. */
  resumeFlatten(): void {
    for (const job of this.#queue.interrupted()) {
      this.#warn('FLATTEN_RESUMED', `The engine ended during a flatten (${job.reason}); it goes on now.`);
      this.#runSpoken(
        job.actor,
        {
          reason: job.reason,
          queue: job.queue,
          ...(job.account === null ? {} : { account: job.account }),
        },
        () => {},
      );
    }
    this.#drill.resume();
  }

  onSecond(now: EpochMs): void {
    if (this.#running === 0) {
      const due = this.#queue.due(now);
      if (due !== null) this.#runSpoken('engine', due, () => {});
    }
    this.#endLock(now);
  }

  /** A lock that is over is no cause any more; the halt behind it stays until a person lifts it. */
  #endLock(now: EpochMs): void {
    const { monitor } = this.#runtime.core;
    if (!monitor.causes.some(({ code }) => code === 'LOCKED') || this.#lockNow(now) !== null) return;
    monitor.release('LOCKED', null, now, 'The time of the lock is over.');
    this.#changed();
  }

  plan(account: string | undefined): ReturnType<typeof flattenPlan> {
    return flattenPlan(this.#runtime, account);
  }

  lock(request: Parameters<Risk['lock']>[0]): ReturnType<Risk['lock']> {
    const runtime = this.#runtime;
    const now = runtime.now();
    const { account } = request;
    const mine = account === undefined ? undefined : runtime.core.accounts.get(account);
    if (account !== undefined && mine === undefined) {
      return refuse('ACCOUNT_NOT_FOUND', `There is no account "${account}"; choose one of the configured accounts.`);
    }
    const accounts = mine === undefined ? [...runtime.core.accounts.values()] : [mine];
    const calendars = accounts.map(({ currency }) => (currency === 'INR' ? 'nse' : 'always'));
    const end = lockEnd(request.until, calendars, now);
    if (!end.ok) return end;
    const locked = runtime.latch.lock('user', request.reason, end.value, now);
    if (!locked.ok && locked.error.code !== 'LATCH_NOT_WRITTEN') return locked;
    const lock: LockOut = { until: end.value, at: now, reason: request.reason };
    this.#lock = lock;
    // The second place that remembers it, should the file get lost.
    runtime.core.audit('user', LOCK_ACTION, request.reason, { ...lock });
    this.#raise('LOCKED', lockSentence(lock), now);
    this.#carryOutHalt(this.#haltSwitch, 'user', request.reason);
    runtime.record('risk.lock', { ...request, until: end.value }, request.reason);
    return ok({ state: 'HALTED', lockedUntil: end.value });
  }

  /** The file, and what this engine knows: a file that was changed under it lifts nothing. */
  #lockNow(now: EpochMs): LockOut | null {
    const filed = this.#runtime.latch.lockAt(now);
    const known = this.#lock !== null && now < this.#lock.until ? this.#lock : null;
    return filed !== null && known !== null && filed.until < known.until ? known : (filed ?? known);
  }

  drill(request: Parameters<Risk['drill']>[0], report: (step: FlattenStep) => void): Result<null> {
    return this.#drill.start(request.account, report);
  }

  resume(reason: string): Result<{ state: TradingState }> {
    const runtime = this.#runtime;
    const { core, latch } = runtime;
    const { monitor } = core;
    if (reason.trim() === '') return refuse('REASON_MISSING', 'Say in a few words why trading may go on.');
    const latched = latch.read();
    if (this.state() === 'ACTIVE' && !latched.halted) return refuse('NOT_HALTED', 'Trading is not halted.');
    const now = runtime.now();
    const lock = this.#lockNow(now);
    if (lock !== null) return lockedRefusal(lock, now);
    const inTheWay = this.#rearm(now).find((check) => !check.ok);
    if (inTheWay !== undefined) return refuse('RESUME_BLOCKED', inTheWay.sentence);
    const unrecorded = runtime.record('risk.resume', { reason }, reason);
    if (unrecorded !== null) return { ok: false, error: unrecorded };
    this.#endLock(now);
    // The kill switch last: while anything else persists, the latch on disk stays.
    const order = ({ code }: Cause): number => (SWITCHES.has(code) ? 1 : 0);
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
    this.#queue.forget();
    core.exits.standDown(false);
    runtime.onState.emit();
    this.#changed();
    return ok({ state: this.state() });
  }

  /** What must be in order before trading may go on. */
  #rearm(now: EpochMs): EmergencyStatus['rearm'] {
    const { core } = this.#runtime;
    const lock = this.#lockNow(now);
    const unknown = this.#open().filter((order) => order.status === 'UNKNOWN');
    return [
      check('LOCK_OVER', lock === null, 'No lock holds.', () => lockSentence(lock)),
      check(
        'FLATTEN_OVER',
        this.#running === 0,
        'No flatten is under way.',
        () => 'A flatten is under way; wait for its result.',
      ),
      check(
        'ORDERS_KNOWN',
        unknown.length === 0,
        'The outcome of every order is known.',
        () =>
          `The outcome of ${unknown.length} orders is not known (${unknown.map(({ id }) => id).join(', ')}); wait until their venue has answered.`,
      ),
      check(
        'JOURNAL_WRITES',
        core.orders.unwritten === 0,
        'The journal takes every record.',
        () => 'The journal still refuses records of what happened; free disk space first.',
      ),
    ];
  }

  state(): TradingState {
    let state: TradingState = 'ACTIVE';
    for (const cause of this.#runtime.core.monitor.causes) {
      if (cause.level === 'HALTED') return 'HALTED';
      state = 'REDUCING';
    }
    return state;
  }

  status(): EmergencyStatus {
    const now = this.#runtime.now();
    const lock = this.#lockNow(now);
    return {
      lock:
        lock === null
          ? null
          : { until: Math.trunc(lock.until), since: Math.max(0, Math.trunc(lock.at)), reason: lock.reason },
      rearm: this.#rearm(now),
      venues: emergencyVenues(this.#runtime),
      flattening: this.#running > 0,
      queuedFlatten: this.#queue.queued(),
      drill: this.#drill.status(),
    };
  }

  #open(): readonly Order[] {
    const { core } = this.#runtime;
    return [...core.accounts.keys()].flatMap((account) => core.orders.openOrders(account));
  }

  #raise(code: 'KILL_SWITCH' | 'LOCKED' | 'LATCH_UNREADABLE', sentence: string, at: EpochMs): void {
    const latched = code !== 'LOCKED';
    this.#runtime.core.monitor.raise({ code, scope: null, level: 'HALTED', latched, at, sentence }, 'user');
  }

  #warn(code: string, sentence: string): void {
    this.#runtime.alerts.raise({ at: this.#runtime.now(), severity: 'critical', code, sentence });
  }
}

function check(code: string, isOk: boolean, good: string, bad: () => string): EmergencyStatus['rearm'][number] {
  return { code, ok: isOk, sentence: isOk ? good : bad() };
}

function lockSentence(lock: LockOut | null): string {
  if (lock === null) return 'No lock holds.';
  return `Locked until ${timeText(lock.until)}: ${asSentence(lock.reason)}`;
}

function lockOf(detail: string | undefined): LockOut | null {
  if (detail === undefined) return null;
  try {
    const { until, at, reason } = JSON.parse(detail) as Partial<Record<keyof LockOut, unknown>>;
    return typeof until === 'number' && typeof at === 'number' && typeof reason === 'string'
      ? { until, at, reason }
      : null;
  } catch {
    return null;
  }
}
