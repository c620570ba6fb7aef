import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EmergencyStatus, FlattenStep } from '../../contract/types.ts';
import type { Order, OrderId } from '../../domain/order.ts';
import { TERMINAL } from '../../domain/order-state.ts';
import { ok, refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { KillLatch } from '../../risk/kill-latch.ts';
import { KillSwitch } from '../../risk/kill-switch.ts';
import type { FlattenReport, KillSwitchPorts, OpenRisk } from '../../risk/kill-switch-ports.ts';
import { DRILL_NOTE, drillIntent, type DrillPlan, journalledDrill, netOf, planDrill } from './drill-orders.ts';
import { readIfThere, replaceFile } from './durable-file.ts';
import { killSwitchPorts } from './kill-switch-wiring.ts';
import { flattenResult, flattenStep, verdictSentence } from './risk-views.ts';
import type { Runtime } from './runtime.ts';
import { SESSION_PREFIX } from './session-opening.ts';

const WEEK_MS = 7 * 86_400_000;
/** How long the drill's own orders may take to be filled and acknowledged. */
const PREPARE_MS = 5_000;
const ACTION = 'RISK_DRILL';
const LATCH = 'halt-drill.json';
const MARKER = 'drill.json';
type Report = (step: FlattenStep) => void;

/**
 * The kill switch in practice: the same code as FLATTEN, on a latch file of its own and on the drill's own two orders in a
 * paper account. It blocks nothing, stops no strategy, and sees no order and no position that is not its own.
 */
export class DrillDesk {
  readonly #runtime: Runtime;
  readonly #changed: () => void;
  #running = false;
  #last: LastDrill | null | undefined;

  constructor(runtime: Runtime, changed: () => void) {
    this.#runtime = runtime;
    this.#changed = changed;
  }

  /** Refuses what stands against a drill now; nothing was sent then. */
  start(account: string | undefined, report: Report): Result<null> {
    const { core } = this.#runtime;
    const refused = this.#runtime.refusesCommands();
    if (refused !== null) return { ok: false, error: refused };
    if (this.#running) return refuse('DRILL_RUNNING', 'A drill is running already; wait for its result.');
    if (core.monitor.causes.length > 0) {
      return refuse(
        'DRILL_NOT_ACTIVE',
        'A drill opens a small position, so trading must be ACTIVE; lift the halt with a reason first.',
      );
    }
    const plan = planDrill(core, account);
    if (!plan.ok) return plan;
    const written = this.#mark(plan.value);
    if (!written.ok) return written;
    this.#running = true;
    this.#changed();
    void this.#run(plan.value, report).catch((error: unknown) => {
      this.#running = false;
      this.#runtime.fault('The drill', error);
    });
    return ok(null);
  }

  /** Closes what a drill has left that was cut short by the end of the engine. */
  resume(): void {
    const left = readMarker(this.#runtime.dataDir);
    if (left === null || this.#running) return;
    const { core, journal } = this.#runtime;
    const orders = journalledDrill(journal.read, left.account, left.instrument, left.at);
    const known = new Map(orders.map((order) => [order.id, order]));
    const find = (id: OrderId): Order | null => core.orders.find(id) ?? known.get(id) ?? null;
    if (orders.every(({ status }) => TERMINAL.has(status)) && netOf(known.keys(), find) === 0) {
      this.#unmark();
      return;
    }
    this.#running = true;
    void this.#flatten(left, new Set(known.keys()), find, () => {}).then(
      () => {
        this.#running = false;
        this.#changed();
      },
      (error: unknown) => {
        this.#running = false;
        this.#runtime.fault('The drill', error);
      },
    );
  }

  status(): EmergencyStatus['drill'] {
    const last = this.#lastDrill();
    return {
      running: this.#running,
      lastAt: last === null ? null : Math.trunc(last.at),
      flat: last?.flat ?? null,
      flatMs: last?.flatMs ?? null,
      dueAt: last === null ? null : Math.trunc(last.at) + WEEK_MS,
    };
  }

  async #run(plan: DrillPlan, report: Report): Promise<void> {
    const runtime = this.#runtime;
    const { core } = runtime;
    const began = runtime.now();
    const say = (isOk: boolean, sentence: string): void =>
      tell(report, {
        ...flattenStep({ at: runtime.now(), phase: 'close', venue: plan.account.broker, ok: isOk, sentence }, began),
        step: 'prepare',
      });
    const ids = new Set<OrderId>();
    for (const rests of [false, true]) {
      const sent = core.submit(drillIntent(plan, rests));
      if (!sent.ok) {
        say(false, `The drill's ${rests ? 'resting' : 'opening'} order was refused: ${sent.error.sentence}`);
        continue;
      }
      const { id } = sent.value;
      ids.add(id);
      const settled = (): boolean => {
        const order = core.orders.find(id);
        return order === null || TERMINAL.has(order.status) || (rests && order.status === 'ACCEPTED');
      };
      await this.#until(settled, PREPARE_MS);
      say(
        true,
        `${rests ? 'A resting order' : 'An opening order'} of the drill: ${id} in ${plan.instrument.symbol} is ${core.orders.find(id)?.status ?? 'gone'}.`,
      );
    }
    const { id: account } = plan.account;
    await this.#flatten(
      { account, instrument: plan.instrument.id, at: began },
      ids,
      (id) => core.orders.find(id),
      report,
    );
    this.#running = false;
    this.#changed();
  }

  async #flatten(
    scope: Marker,
    ids: Set<OrderId>,
    find: (id: OrderId) => Order | null,
    report: Report,
  ): Promise<FlattenReport> {
    const runtime = this.#runtime;
    const began = runtime.now();
    const latch = new KillLatch(runtime.dataDir, LATCH);
    const ports = this.#ports(scope, ids, find, latch, (step) => tell(report, flattenStep(step, began)));
    const outcome = await new KillSwitch(ports).flatten('drill', DRILL_NOTE);
    const { flat, times, tookMs, residuals } = outcome;
    const flatMs = flat ? Math.round(tookMs) : null;
    this.#last = { at: began, flat, flatMs };
    runtime.core.audit('user', ACTION, DRILL_NOTE, { ...scope, ...times, ...this.#last, orders: [...ids], residuals });
    runtime.alerts.raise({
      at: runtime.now(),
      severity: flat ? 'info' : 'critical',
      code: flat ? 'DRILL_FLAT' : 'DRILL_NOT_FLAT',
      sentence: flat
        ? `Drill: flat and verified in ${(tookMs / 1000).toFixed(2)} s.`
        : `Drill: ${verdictSentence(outcome)}`,
      account: scope.account,
    });
    if (flat) this.#unmark();
    tell(report, flattenResult(outcome, runtime.now(), began));
    return outcome;
  }

  /** The kill switch's view of the drill alone. */
  #ports(
    { account, instrument }: Marker,
    ids: Set<OrderId>,
    find: (id: OrderId) => Order | null,
    latch: KillLatch,
    onStep: NonNullable<KillSwitchPorts['onStep']>,
  ): KillSwitchPorts {
    const { core } = this.#runtime;
    return {
      ...killSwitchPorts(this.#runtime, { account, onStep }),
      latch: (actor, reason, at) => latch.halt(actor, reason, at),
      block: () => 'A real halt would block new orders and stop strategies here; the drill does not.',
      standDown: () => {},
      findOrder: find,
      openOrders: () =>
        [...ids].flatMap((id) => core.orders.find(id) ?? []).filter(({ status }) => !TERMINAL.has(status)),
      readPositions: () => Promise.resolve(this.#position(account, instrument, netOf(ids, find))),
      submit: (intent) => {
        const sent = core.submit(intent);
        if (sent.ok) ids.add(sent.value.id);
        return sent;
      },
    };
  }

  /** What the drill has bought, as far as the account still has it. */
  #position(accountId: string, instrument: string, own: number): OpenRisk[] {
    const { core } = this.#runtime;
    const held = core.portfolio.position(accountId, instrument);
    const quantity = held > 0 === own > 0 ? Math.sign(own) * Math.min(Math.abs(own), Math.abs(held)) : 0;
    const accountKind = core.accounts.get(accountId)?.kind ?? 'paper';
    return quantity === 0 ? [] : [{ accountId, accountKind, instrument, quantity }];
  }

  #lastDrill(): LastDrill | null {
    if (this.#last === undefined) {
      const detail = this.#runtime.journal.read.lastAuditOf(ACTION, SESSION_PREFIX)?.detail;
      this.#last = detail === undefined ? null : readLast(detail);
    }
    return this.#last;
  }

  #until(condition: () => boolean, withinMs: number): Promise<void> {
    if (condition()) return Promise.resolve();
    const { clock, onOrder } = this.#runtime;
    return new Promise((resolve) => {
      const end = (): void => {
        stop();
        cancelTimer();
        resolve();
      };
      const stop = onOrder.add(() => {
        if (condition()) end();
      });
      const cancelTimer = clock.setTimer(clock.now() + withinMs, end);
    });
  }

  /** Written before the first order, so that a killed engine knows what to close. */
  #mark(plan: DrillPlan): Result<null> {
    const marker: Marker = { account: plan.account.id, instrument: plan.instrument.id, at: this.#runtime.now() };
    try {
      replaceFile(join(this.#runtime.dataDir, MARKER), JSON.stringify(marker));
      return ok(null);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return refuse('DRILL_NOT_WRITTEN', `The drill could not be written down (${why}), so it was not begun.`);
    }
  }

  #unmark(): void {
    rmSync(join(this.#runtime.dataDir, MARKER), { force: true });
  }
}

interface LastDrill {
  readonly at: EpochMs;
  readonly flat: boolean;
  readonly flatMs: number | null;
}

/** Null for what cannot be understood: then a drill is due. */
function readLast(detail: string): LastDrill | null {
  try {
    const { at, flat, flatMs } = JSON.parse(detail) as Partial<Record<keyof LastDrill, unknown>>;
    if (typeof at !== 'number' || typeof flat !== 'boolean') return null;
    return { at, flat, flatMs: typeof flatMs === 'number' ? flatMs : null };
  } catch {
    return null;
  }
}

interface Marker {
  readonly account: string;
  readonly instrument: string;
  readonly at: EpochMs;
}

function readMarker(dataDir: string): Marker | null {
  try {
    const marker = JSON.parse(readIfThere(join(dataDir, MARKER)) ?? 'null') as Partial<
      Record<keyof Marker, unknown>
    > | null;
    if (marker === null) return null;
    const { account, instrument, at } = marker;
    return typeof account === 'string' && typeof instrument === 'string' && typeof at === 'number'
      ? { account, instrument, at }
      : null;
  } catch {
    return null;
  }
}

/** A reader that fails must not stop the drill. */
function tell(report: Report, step: FlattenStep): void {
  try {
    report(step);
  } catch {
    return;
  }
}
