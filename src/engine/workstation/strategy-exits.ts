import { Decimal } from '../../domain/decimal.ts';
import type { InstrumentId } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../../domain/units.ts';
import type { ExitPlan } from '../../portfolio/exit-plan.ts';
import { readExits, type StoredExits } from '../../portfolio/exit-storage.ts';
import type { Runtime } from './runtime.ts';

const EXIT_PLANS = 'EXIT_PLANS';
/** Of the idempotency keys of exits that a plan sends. */
export const EXIT_KEY = 'exit:';
/** A stop that does not work this long after the start is worth an alarm, ms. */
const PROTECTED_WITHIN_MS = 10_000;
/** Fills that a crash can have kept from the plans are the newest few. */
const UNSEEN_FILLS = 50;

/** The protective exits of strategies across restarts: their plans in the journal, linked again to the orders that work. */
export class StrategyExits {
  readonly #runtime: Runtime;
  /** Positions that were protected before the restart, until it is known whether they are again. */
  #expected: { accountId: string; instrument: InstrumentId }[] = [];
  #checkAt: EpochMs = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  restore(): void {
    const { core, journal } = this.#runtime;
    this.#expected = [];
    this.#checkAt = this.#runtime.now() + PROTECTED_WITHIN_MS;
    const record = journal.read.lastAudit(EXIT_PLANS);
    const stored = record === null ? null : readExits(record.detail);
    if (stored !== null && !stored.ok) reportUnknownProtection(this.#runtime, stored.error);
    else if (stored !== null) this.#takeOver(stored.value);
    core.exits.keep((detail) =>
      core.write({
        at: this.#runtime.now(),
        actor: 'engine',
        action: EXIT_PLANS,
        reason: 'Protective exits of the strategies',
        detail,
      }),
    );
  }

  /** A position that must have its stop back soon; it is named if it has not. */
  expect(accountId: string, instrument: InstrumentId): void {
    this.#expected.push({ accountId, instrument });
  }

  onSecond(now: EpochMs): void {
    if (this.#expected.length === 0 || now < this.#checkAt) return;
    const { core, alerts } = this.#runtime;
    for (const { accountId, instrument } of this.#expected) {
      const held = core.portfolio.position(accountId, instrument);
      if (held === 0 || core.view.marketClosed(instrument) !== null) continue;
      const side = held > 0 ? 'sell' : 'buy';
      const isProtected = core.orders
        .openOrders(accountId)
        .some(
          (order) =>
            order.instrument === instrument &&
            order.side === side &&
            order.reduceOnly &&
            order.source === 'exit' &&
            order.type !== 'limit',
        );
      if (isProtected) continue;
      alerts.raise({
        at: now,
        severity: 'critical',
        code: 'UNPROTECTED_AFTER_RESTART',
        sentence: `The position in ${instrument} of ${accountId} had a stop before the restart and has none now; set one or close the position.`,
        account: accountId,
        instrument,
      });
    }
    this.#expected = [];
  }

  #takeOver({ plans, nets }: StoredExits): void {
    const { core } = this.#runtime;
    const open = [...core.accounts.keys()].flatMap((account) => core.orders.openOrders(account));
    const usable = plans.filter((plan) => core.accounts.has(plan.accountId) && core.instruments.has(plan.instrument));
    for (const plan of plans) {
      const wantsStop = plan.rules.stopLoss !== null || plan.rules.trailing !== null;
      if (plan.own !== 0 && wantsStop) this.expect(plan.accountId, plan.instrument);
    }
    const before = (accountId: string, instrument: InstrumentId): QuantityUnits =>
      nets[`${accountId} ${instrument}`] ?? core.portfolio.position(accountId, instrument);
    const strangers = core.exits.restore(
      usable.map((plan) => followed(plan, open)),
      open,
      before,
    );
    // What traded after the plans were written reached the books and not the plans.
    const places = new Map(usable.map((plan) => [`${plan.accountId} ${plan.instrument}`, plan]));
    for (const { accountId, instrument } of places.values()) {
      this.#catchUp(accountId, instrument, before(accountId, instrument));
    }
    for (const order of strangers) {
      if (order.strategyId === null || order.idempotencyKey?.startsWith(EXIT_KEY) !== true) continue;
      if (usable.some((plan) => plan.strategyId === order.strategyId && plan.instrument === order.instrument)) {
        core.orders.cancel(order.id, 'Replaced by another exit.');
      }
    }
  }

  #catchUp(accountId: string, instrument: InstrumentId, before: QuantityUnits): void {
    const { core, journal } = this.#runtime;
    const missing = core.portfolio.position(accountId, instrument) - before;
    if (missing === 0) return;
    const newest = journal.read.fillsPage({ limit: UNSEEN_FILLS }, { accountId, instrument }).rows;
    let sum = 0;
    for (let count = 0; count < newest.length && sum !== missing; count += 1) {
      const fill = newest[count]?.execution.fill;
      if (fill === undefined) break;
      sum += fill.side === 'buy' ? fill.quantity : -fill.quantity;
      if (sum !== missing) continue;
      for (const { sessionId, execution } of newest.slice(0, count + 1).toReversed()) {
        const order = journal.read
          .orders({ sessionId, accountId, instrument })
          .find((one) => one.order.id === execution.fill.orderId);
        if (order === undefined) continue;
        const { orderId, ts } = execution.fill;
        core.exits.onOrder(order.order, { type: 'filled', orderId, ts, fill: execution.fill });
      }
      return;
    }
    reportUnknownProtection(this.#runtime, {
      code: 'EXITS_UNSURE',
      sentence: `The position in ${instrument} of ${accountId} is not what its protective exits were made for; check its stop by hand.`,
    });
  }
}

/** Nobody knows what protects the positions: audit record, alert, and nothing new is opened until a person has looked. */
export function reportUnknownProtection(runtime: Runtime, { code, sentence: reason }: Refusal): void {
  const { core, alerts } = runtime;
  const at = runtime.now();
  const held = [...core.accounts.keys()].flatMap((account) =>
    core.view.held(account).map((instrument) => `${instrument} of ${account}`),
  );
  const sentence = held.length === 0 ? reason : `${reason} Open now: ${held.join(', ')}.`;
  core.audit('engine', code, sentence, { held });
  alerts.raise({ at, severity: 'critical', code, sentence });
  core.monitor.raise(
    { code: 'PROTECTION_UNKNOWN', scope: null, level: 'REDUCING', latched: true, at, sentence },
    'risk',
  );
}

/** A trailing stop never falls back: where its order stands tells how far the price has been. */
function followed(plan: ExitPlan, open: readonly Order[]): ExitPlan {
  const { trailing } = plan.rules;
  const stop = open.find(({ idempotencyKey }) => idempotencyKey !== null && idempotencyKey === plan.stop.key);
  if (trailing === null || stop === undefined || stop.trigger === null || plan.own === 0) return plan;
  const long = plan.own > 0;
  const told = bestOf(stop.trigger, trailing, long);
  const isBetter = plan.best === 0 || (long ? told > plan.best : told < plan.best);
  return isBetter ? { ...plan, best: told } : plan;
}

function bestOf(trigger: PriceUnits, trailing: NonNullable<ExitPlan['rules']['trailing']>, long: boolean): PriceUnits {
  if (trailing.kind === 'offset') return long ? trigger + trailing.units : trigger - trailing.units;
  const fraction = new Decimal(trailing.fraction);
  return long
    ? new Decimal(trigger).div(new Decimal(1).minus(fraction)).floor().toNumber()
    : new Decimal(trigger).div(new Decimal(1).plus(fraction)).ceil().toNumber();
}
