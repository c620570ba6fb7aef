import { TERMINAL } from '../domain/order-state.ts';
import type { Order } from '../domain/order.ts';
import type { EpochMs } from '../domain/units.ts';
import { closingIntent } from '../risk/closing-order.ts';
import type { StateChange } from '../risk/monitor.ts';
import type { Cause } from '../risk/trading-state.ts';
import type { TradingCore } from './trading-core.ts';

const LOOK_AGAIN_MS = 250;
/** Beyond this many looks what is left cannot be closed here: no liquidity, a closed market. */
const MOST_LOOKS = 240;
const LOSSES: ReadonlySet<string> = new Set(['DAILY_LOSS', 'DRAWDOWN']);

/** Takes back what could still open something; exits and orders against the position stay. */
export function cancelOpenings(core: TradingCore, cause: Cause): void {
  for (const account of core.accounts.keys()) {
    if (cause.scope !== null && cause.scope !== account) continue;
    for (const order of core.orders.openOrders(account)) {
      if (opens(core, order)) core.orders.cancel(order.id, cause.sentence);
    }
  }
}

function opens(core: TradingCore, order: Order): boolean {
  if (order.reduceOnly || TERMINAL.has(order.status)) return false;
  const net = core.portfolio.position(order.accountId, order.instrument);
  return !(net > 0 ? order.side === 'sell' : net < 0 && order.side === 'buy');
}

/** True where the first rung of the ladder is reached by a loss: entries go, before the halt would take them. */
export function reducesByLoss({ kind, cause }: StateChange): boolean {
  return kind === 'raised' && cause.level === 'REDUCING' && LOSSES.has(cause.code);
}

/**
 * The ladder of a session that nobody watches: entries are cancelled when losses reduce or halt, and beyond the last rung
 * every position of the account is closed by reduce-only market orders, as soon as all its orders are gone for good. On
 * the session's own clock, so that a replay does the same.
 */
export class LossBreaker {
  readonly #core: TradingCore;
  readonly #closing = new Set<string>();

  constructor(core: TradingCore) {
    this.#core = core;
  }

  onChange(change: StateChange): void {
    const { cause, kind } = change;
    if (reducesByLoss(change) || (kind === 'raised' && cause.level === 'HALTED')) cancelOpenings(this.#core, cause);
    if (kind !== 'escalated' || cause.scope === null || this.#closing.has(cause.scope)) return;
    this.#closing.add(cause.scope);
    this.#core.exits.standDown(true, cause.scope);
    this.#arm(cause.scope, cause.sentence, 0);
  }

  #arm(account: string, reason: string, looks: number): void {
    const { clock } = this.#core.options;
    clock.setTimer(clock.now() + (looks === 0 ? 0 : LOOK_AGAIN_MS), (now) => this.#look(account, reason, looks, now));
  }

  #look(account: string, reason: string, looks: number, now: EpochMs): void {
    const core = this.#core;
    const open = core.orders.openOrders(account);
    if (looks === 0) core.orders.cancelAll({ accountId: account }, reason);
    else if (open.length === 0) this.#close(account, reason, now);
    const left = core.portfolio.held(account).length + core.orders.openOrders(account).length;
    if (left === 0 || looks >= MOST_LOOKS) {
      this.#closing.delete(account);
      // What could not be closed is protected again.
      if (left > 0) core.exits.standDown(false, account);
      const sentence = left === 0 ? 'FLAT: every position of the account is closed.' : 'NOT FLAT: positions remain.';
      core.audit('risk', left === 0 ? 'BREAKER_FLAT' : 'BREAKER_NOT_FLAT', `${sentence} ${reason}`, { account });
      return;
    }
    this.#arm(account, reason, looks + 1);
  }

  #close(account: string, reason: string, now: EpochMs): void {
    const core = this.#core;
    const kind = core.accounts.get(account)?.kind;
    if (kind === undefined) return;
    for (const id of core.portfolio.held(account)) {
      const instrument = core.instruments.get(id);
      if (instrument === undefined || core.view.marketClosed(id) !== null) continue;
      const quantity = core.portfolio.position(account, id);
      const position = { accountId: account, accountKind: kind, instrument: id, quantity };
      const intent = closingIntent(position, instrument, core.view.reference(id), { kind: 'market' }, reason);
      if (intent.ok) core.orders.submit(intent.value);
      else core.audit('risk', intent.error.code, intent.error.sentence, { account, instrument: id, at: now });
    }
  }
}
