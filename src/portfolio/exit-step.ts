import type { Instrument } from '../domain/instrument.ts';
import type { Order, OrderIntent, OrderStatus } from '../domain/order.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { TERMINAL } from '../domain/order-state.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import { exitNote, stopLevel, targetLevel, type ExitReason } from './exit-levels.ts';
import {
  idleLeg,
  type ExitCommand,
  type ExitEvent,
  type ExitPlan,
  type ExitStep,
  type Leg,
  type LegName,
} from './exit-plan.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };
const LEGS: readonly LegName[] = ['stop', 'target', 'close'];
const NO_COMMANDS: readonly ExitCommand[] = [];
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/**
 * What has to be sent after `event`. Pure: the same plan and event give the same step. Stop and target are reduce-only
 * orders at the venue for the whole quantity, linked here: every fill resizes or cancels the other one.
 */
export function protectiveOrders(plan: ExitPlan, event: ExitEvent, instrument: Instrument): ExitStep {
  const next: Draft<ExitPlan> = { ...plan };
  let now: EpochMs | null = null;
  switch (event.kind) {
    case 'order':
      now = event.now;
      if (
        event.event?.type === 'filled' &&
        event.order.strategyId === plan.strategyId &&
        event.order.source !== 'flatten'
      ) {
        const { fill } = event.event;
        ownFill(next, fill.side === 'buy' ? fill.quantity : -fill.quantity, fill.price, fill.ts);
      }
      capToNet(next, event.net);
      for (const name of LEGS) {
        if (next[name].key !== null && next[name].key === event.order.idempotencyKey) {
          next[name] = heard(next[name], event.order, event.event, next.own, event.now);
        }
      }
      break;
    case 'price':
      now = event.now;
      next.mark = event.mark;
      if (next.own > 0) next.best = Math.max(next.best, event.high);
      else if (next.own < 0 && event.low > 0) next.best = next.best > 0 ? Math.min(next.best, event.low) : event.low;
      break;
    case 'sent':
      next[event.leg] = { ...next[event.leg], orderId: event.orderId };
      return { plan: next, commands: NO_COMMANDS };
    case 'refused':
      next[event.leg] = failed(next[event.leg], event.now);
      break;
    case 'not-sent': {
      const leg = next[event.leg];
      if (leg.status === 'changing' || leg.status === 'cancelling') {
        const failures = leg.failures + 1;
        next[event.leg] = { ...leg, status: 'working', failures, retryAt: event.now + backoff(failures) };
      }
      break;
    }
    case 'rules':
      now = event.now;
      next.rules = event.rules;
      break;
    case 'adopt':
      now = event.now;
      if (Math.sign(next.own) !== Math.sign(event.own)) next.closing = null;
      next.rules = event.rules;
      next.own = event.own;
      next.entry = event.entry;
      next.openedAt = event.openedAt;
      next.best = event.best;
      break;
    case 'stand-down':
      now = event.now;
      next.stoodDown = event.on;
      break;
    case 'time':
      now = event.now;
      break;
  }
  return now === null ? { plan: next, commands: NO_COMMANDS } : settle(next, now, instrument);
}

function ownFill(plan: Draft<ExitPlan>, signed: QuantityUnits, price: PriceUnits, ts: EpochMs): void {
  const before = plan.own;
  const after = before + signed;
  if (Math.sign(before) !== Math.sign(after)) {
    // Opened, or turned around: what is open now was bought or sold at this price.
    if (after !== 0) begin(plan, price, ts);
  } else if (Math.abs(after) > Math.abs(before)) {
    plan.entry += ((price - plan.entry) * (Math.abs(after) - Math.abs(before))) / Math.abs(after);
  }
  plan.own = after;
}

function begin(plan: Draft<ExitPlan>, price: PriceUnits, ts: EpochMs): void {
  plan.entry = price;
  plan.openedAt = ts;
  plan.best = price;
  plan.mark = 0;
  plan.closing = null;
}

/** A strategy cannot protect what the account no longer has, e.g. after somebody closed by hand. */
function capToNet(plan: Draft<ExitPlan>, net: QuantityUnits): void {
  if (plan.own > 0) plan.own = Math.min(plan.own, Math.max(0, net));
  else if (plan.own < 0) plan.own = Math.max(plan.own, Math.min(0, net));
  if (plan.own === 0) plan.closing = null;
}

const STATUS: Readonly<Partial<Record<OrderStatus, Leg['status']>>> = {
  INITIALIZED: 'sent',
  RELEASED: 'sent',
  SUBMITTED: 'sent',
  UNKNOWN: 'sent',
  EMULATED: 'working',
  ACCEPTED: 'working',
  TRIGGERED: 'working',
  PARTIALLY_FILLED: 'working',
  PENDING_UPDATE: 'changing',
  PENDING_CANCEL: 'cancelling',
};

function heard(leg: Leg, order: Order, event: OrderEvent | null, own: QuantityUnits, now: EpochMs): Leg {
  if (TERMINAL.has(order.status)) {
    // A venue withdraws a reduce-only order itself once there is nothing on its side left to reduce.
    const moot = own === 0 || leg.side !== closingSide(own);
    return moot || leg.status === 'cancelling' || order.status === 'FILLED' ? idleLeg() : failed(leg, now);
  }
  const refused = event?.type === 'modify-rejected' || event?.type === 'cancel-rejected';
  const failures = refused
    ? leg.failures + 1
    : event?.type === 'updated' || event?.type === 'accepted'
      ? 0
      : leg.failures;
  return {
    ...leg,
    status: STATUS[order.status] ?? leg.status,
    orderId: order.id,
    side: order.side,
    quantity: order.quantity,
    filled: order.filled,
    price: order.trigger ?? order.price ?? 0,
    failures,
    retryAt: refused ? now + backoff(failures) : leg.retryAt,
  };
}

function closingSide(own: QuantityUnits): 'buy' | 'sell' {
  return own > 0 ? 'sell' : 'buy';
}

function failed(leg: Leg, now: EpochMs): Leg {
  const failures = leg.failures + 1;
  return idleLeg(failures, now + backoff(failures));
}

function backoff(failures: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}

interface Wanted {
  readonly price: PriceUnits;
  readonly reason: ExitReason;
}

/** Compares what should be working with what is, and sends the difference. */
function settle(plan: Draft<ExitPlan>, now: EpochMs, instrument: Instrument): ExitStep {
  const commands: ExitCommand[] = [];
  const { rules, own } = plan;
  const long = own > 0;
  const live = own !== 0 && !plan.stoodDown;
  const stop = live ? stopLevel(instrument, rules, long, plan.entry, plan.best) : null;
  const target = live ? targetLevel(instrument, rules, long, plan.entry) : null;
  if (live && plan.closing === null) {
    if (rules.holdMs !== null && now >= plan.openedAt + rules.holdMs) plan.closing = 'time-exit';
    // A stop placed or moved beyond the market would be refused or fill as a market order anyway: close at once instead.
    // A stop that works at its level already is the venue's business.
    else if (stop !== null && !standsAt(plan.stop, stop.trigger) && through(plan.mark, stop.trigger, long)) {
      plan.closing = stop.reason;
    }
  }
  const closing = live ? plan.closing : null;
  settleLeg(
    plan,
    'stop',
    closing !== null || stop === null ? null : { price: stop.trigger, reason: stop.reason },
    now,
    instrument,
    commands,
  );
  settleLeg(
    plan,
    'target',
    closing !== null || target === null ? null : { price: target, reason: 'take-profit' },
    now,
    instrument,
    commands,
  );
  // Only when nothing else can fill any more, so that the same quantity is never closed twice.
  const free = plan.stop.status === 'none' && plan.target.status === 'none';
  if (closing === null || free)
    settleLeg(plan, 'close', closing === null ? null : { price: 0, reason: closing }, now, instrument, commands);
  return { plan, commands: commands.length === 0 ? NO_COMMANDS : commands };
}

function standsAt(leg: Leg, price: PriceUnits): boolean {
  return leg.status !== 'none' && leg.price === price;
}

function through(mark: PriceUnits, trigger: PriceUnits, long: boolean): boolean {
  return mark > 0 && (long ? mark <= trigger : mark >= trigger);
}

function settleLeg(
  plan: Draft<ExitPlan>,
  name: LegName,
  wanted: Wanted | null,
  now: EpochMs,
  instrument: Instrument,
  commands: ExitCommand[],
): void {
  const leg = plan[name];
  const side = closingSide(plan.own);
  const quantity = Math.abs(plan.own);
  if (leg.status === 'none') {
    if (wanted === null || now < leg.retryAt) return;
    plan.serial += 1;
    const key = `exit:${plan.accountId}:${plan.instrument}:${plan.strategyId ?? '-'}:${plan.openedAt}:${name}:${plan.serial}`;
    plan[name] = {
      ...leg,
      status: 'sent',
      key,
      orderId: null,
      side,
      quantity,
      filled: 0,
      price: wanted.price,
      reason: wanted.reason,
    };
    commands.push({ do: 'submit', leg: name, intent: intentOf(plan, name, wanted, side, quantity, key, instrument) });
    return;
  }
  if (leg.status !== 'working' || leg.orderId === null || now < leg.retryAt) return;
  if (wanted === null || leg.side !== side) {
    plan[name] = { ...leg, status: 'cancelling' };
    commands.push({
      do: 'cancel',
      leg: name,
      orderId: leg.orderId,
      reason: quantity === 0 ? 'The position is closed.' : 'Replaced by another exit.',
    });
    return;
  }
  // A market close that works already takes what it can; its remainder is sent again when it ends.
  if (name === 'close') return;
  const total = leg.filled + quantity;
  if (total === leg.quantity && wanted.price === leg.price) {
    if (leg.failures > 0 || leg.reason !== wanted.reason) plan[name] = { ...leg, failures: 0, reason: wanted.reason };
    return;
  }
  plan[name] = { ...leg, status: 'changing', reason: wanted.reason };
  commands.push({
    do: 'modify',
    leg: name,
    orderId: leg.orderId,
    price: name === 'target' ? wanted.price : null,
    trigger: name === 'stop' ? wanted.price : null,
    quantity: total,
  });
}

function intentOf(
  plan: ExitPlan,
  name: LegName,
  wanted: Wanted,
  side: 'buy' | 'sell',
  quantity: QuantityUnits,
  key: string,
  instrument: Instrument,
): OrderIntent {
  return {
    accountId: plan.accountId,
    accountKind: plan.accountKind,
    instrument: plan.instrument,
    side,
    type: name === 'stop' ? 'stop' : name === 'target' ? 'limit' : 'market',
    quantity,
    price: name === 'target' ? wanted.price : null,
    trigger: name === 'stop' ? wanted.price : null,
    timeInForce: name === 'close' ? 'IOC' : 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: true,
    source: 'exit',
    strategyId: plan.strategyId,
    note: exitNote(instrument, wanted.reason, name === 'close' ? null : wanted.price, plan.entry),
    idempotencyKey: key,
  };
}
