import type { InstrumentId } from '../domain/instrument.ts';
import { quantityText } from '../domain/instrument.ts';
import type { Order, OrderId } from '../domain/order.ts';
import { TERMINAL } from '../domain/order-state.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { QuantityUnits } from '../domain/units.ts';
import { closingIntent, type ClosingStyle } from './closing-order.ts';
import {
  DEFAULT_KILL_SWITCH,
  type FlattenReport,
  type HaltReport,
  type KillStep,
  type KillSwitchPorts,
  type KillSwitchSettings,
  type OpenRisk,
  type Residual,
} from './kill-switch-ports.ts';

/** HALT and FLATTEN. Everything here is repeatable: pressing twice does no harm. */
export class KillSwitch {
  readonly #ports: KillSwitchPorts;
  readonly #settings: KillSwitchSettings;
  #steps: KillStep[] = [];
  #flattening: Promise<FlattenReport> | null = null;

  constructor(ports: KillSwitchPorts, settings: KillSwitchSettings = DEFAULT_KILL_SWITCH) {
    this.#ports = ports;
    this.#settings = settings;
  }

  /** Latch, block, cancel everything working except protective reduce-only exits: cancelling a stop adds risk. */
  halt(actor: string, reason: string): HaltReport {
    // A halt during a flatten belongs to the same report.
    if (this.#flattening === null) this.#steps = [];
    const steps = this.#steps;
    const latched = this.#latchAndBlock(actor, reason);
    let cancelled = 0;
    for (const order of this.#open()) {
      if (order.reduceOnly && (order.source === 'exit' || order.source === 'flatten')) continue;
      if (this.#cancel(order, reason)) cancelled += 1;
    }
    this.#step(true, `${cancelled} working orders asked to cancel; protective exits stay.`);
    return { latched, cancelled, steps };
  }

  /** Halts, cancels everything, closes all positions and says FLAT only after reading them again. One run at a time. */
  flatten(actor: string, reason: string): Promise<FlattenReport> {
    this.#flattening ??= this.#flatten(actor, reason).finally(() => {
      this.#flattening = null;
    });
    return this.#flattening;
  }

  async #flatten(actor: string, reason: string): Promise<FlattenReport> {
    const { clock } = this.#ports;
    const { cancelled, latched, steps } = this.halt(actor, reason);
    this.#guard('Protective exits stood down.', () => this.#ports.standDown());
    const all = { cancelled };
    let residuals: readonly Residual[] = [];
    for (let round = 1; ; round += 1) {
      const stuck = await this.#cancelAll(reason, all);
      const positions = await this.#positions();
      if (positions !== null && (await this.#isFlat(positions))) {
        this.#step(true, 'FLAT: no position and no open order is left.');
        return {
          flat: true,
          verifiedAt: clock.now(),
          rounds: round - 1,
          residuals: [],
          latched,
          cancelled: all.cancelled,
          steps,
        };
      }
      if (round > this.#settings.rounds) {
        residuals =
          positions === null || this.#openOrNull() === null ? [unreadable()] : this.#remaining(positions, residuals);
        for (const residual of residuals) this.#step(false, `NOT FLAT: ${residual.sentence}`);
        return {
          flat: false,
          verifiedAt: null,
          rounds: round - 1,
          residuals,
          latched,
          cancelled: all.cancelled,
          steps,
        };
      }
      if (positions !== null) residuals = await this.#close(positions, stuck, round, reason);
      await this.#until(() => false, this.#settings.pauseMs);
    }
  }

  /** No position, no open order, and the same answer a second time: a fill that was under way shows by then. */
  async #isFlat(positions: readonly OpenRisk[]): Promise<boolean> {
    const none = (list: readonly OpenRisk[] | null): boolean =>
      list !== null && list.every((one) => one.quantity === 0);
    const noOrders = (): boolean => this.#openOrNull()?.length === 0;
    return none(positions) && noOrders() && none(await this.#positions()) && noOrders();
  }

  #latchAndBlock(actor: string, reason: string): boolean {
    const { clock } = this.#ports;
    let latched = false;
    this.#guard('Halt latched on disk.', () => {
      const written = this.#ports.latch(actor, reason, clock.now());
      latched = written.ok;
      return written.ok ? null : written.error;
    });
    // Blocked in memory even when the disk refuses the latch.
    this.#guard('New orders are blocked.', () => this.#ports.block(actor, reason, clock.now()));
    return latched;
  }

  /** Cancels what is open and waits until each is closed for good; asks the venue about those that do not answer. */
  async #cancelAll(reason: string, all: { cancelled: number }): Promise<readonly Order[]> {
    const ids = this.#open().map((order) => order.id);
    if (ids.length === 0) return [];
    for (const id of ids) {
      const order = this.#ports.findOrder(id);
      if (order !== null && this.#cancel(order, reason)) all.cancelled += 1;
    }
    const closed = (): boolean => ids.every((id) => this.#isClosed(id));
    if (!(await this.#until(closed, this.#settings.cancelTimeoutMs))) {
      for (const id of ids) if (!this.#isClosed(id)) this.#guard(null, () => this.#ports.inquire(id));
      await this.#until(closed, this.#settings.cancelTimeoutMs);
    }
    const stuck = this.#open().filter((order) => !this.#isClosed(order.id));
    for (const order of stuck)
      this.#step(false, `The cancel of order ${order.id} is not confirmed; its venue is asked again.`);
    if (stuck.length === 0) this.#step(true, `${ids.length} orders are closed for good.`);
    return stuck;
  }

  async #close(
    positions: readonly OpenRisk[],
    stuck: readonly Order[],
    round: number,
    reason: string,
  ): Promise<readonly Residual[]> {
    const collar = this.#settings.collars[round - 1];
    const style: ClosingStyle = collar === undefined ? { kind: 'market' } : { kind: 'limit', collar };
    const residuals: Residual[] = [];
    const sent: OrderId[] = [];
    for (const position of positions) {
      if (position.quantity === 0) continue;
      const waiting = stuck.find(
        (one) => one.instrument === position.instrument && one.accountId === position.accountId,
      );
      const refusal = waiting === undefined ? null : unconfirmed(waiting, '').sentence;
      const outcome =
        refusal === null
          ? this.#closeOne(position, style, round, reason)
          : { code: 'CANCEL_UNCONFIRMED', sentence: refusal };
      if (typeof outcome === 'string') sent.push(outcome);
      else residuals.push({ ...this.#residual(position), ...outcome });
    }
    await this.#until(() => sent.every((id) => this.#isClosed(id)), this.#settings.closeTimeoutMs);
    return residuals;
  }

  #closeOne(
    position: OpenRisk,
    style: ClosingStyle,
    round: number,
    reason: string,
  ): OrderId | { code: string; sentence: string } {
    try {
      const instrument = this.#ports.instrument(position.instrument);
      if (instrument === null) {
        return {
          code: 'INSTRUMENT_NOT_FOUND',
          sentence: `${position.instrument} is not known here; close it at the venue.`,
        };
      }
      const closed = this.#ports.marketClosed(position.instrument);
      if (closed !== null) {
        return {
          code: 'MARKET_CLOSED',
          sentence: `${instrument.symbol} cannot be closed now: ${closed} Flatten again when it is open.`,
        };
      }
      const intent = closingIntent(position, instrument, this.#ports.reference(position.instrument), style, reason);
      if (!intent.ok) return intent.error;
      const sent = this.#ports.submit(intent.value);
      if (!sent.ok)
        return { code: sent.error.code, sentence: `${instrument.symbol} could not be closed: ${sent.error.sentence}` };
      this.#step(
        true,
        `Round ${round}: closing ${quantityText(instrument, Math.abs(position.quantity))} ${instrument.symbol}.`,
      );
      return sent.value.id;
    } catch (error) {
      return {
        code: 'VENUE_DOWN',
        sentence: `${position.instrument} could not be closed (${messageOf(error)}); close it at the venue.`,
      };
    }
  }

  #remaining(positions: readonly OpenRisk[], known: readonly Residual[]): readonly Residual[] {
    const left: Residual[] = [];
    for (const position of positions) {
      if (position.quantity === 0) continue;
      const before = known.find(
        (one) => one.instrument === position.instrument && one.accountId === position.accountId,
      );
      left.push(
        before === undefined
          ? {
              ...this.#residual(position),
              code: 'NOT_FILLED',
              sentence: `${position.instrument} is still ${this.#quantity(position.instrument, position.quantity)}: the closing orders were not filled. Flatten again or close it at the venue.`,
            }
          : { ...before, quantity: this.#quantity(position.instrument, position.quantity) },
      );
    }
    for (const order of this.#open()) left.push(unconfirmed(order, this.#quantity(order.instrument, 0)));
    return left;
  }

  #residual(position: OpenRisk): Pick<Residual, 'accountId' | 'instrument' | 'quantity'> {
    return {
      accountId: position.accountId,
      instrument: position.instrument,
      quantity: this.#quantity(position.instrument, position.quantity),
    };
  }

  #quantity(id: InstrumentId, quantity: QuantityUnits): string {
    const instrument = this.#ports.instrument(id);
    return instrument === null ? String(quantity) : quantityText(instrument, quantity);
  }

  async #positions(): Promise<readonly OpenRisk[] | null> {
    try {
      return await this.#ports.readPositions();
    } catch (error) {
      this.#step(false, `Positions cannot be read (${messageOf(error)}).`);
      return null;
    }
  }

  /** Null when they cannot be read: then nothing is proved flat. */
  #openOrNull(): readonly Order[] | null {
    try {
      return this.#ports.openOrders();
    } catch (error) {
      this.#step(false, `Open orders cannot be read (${messageOf(error)}).`);
      return null;
    }
  }

  #open(): readonly Order[] {
    return this.#openOrNull() ?? [];
  }

  #isClosed(id: OrderId): boolean {
    const order = this.#ports.findOrder(id);
    return order === null || TERMINAL.has(order.status);
  }

  #cancel(order: Order, reason: string): boolean {
    if (order.status === 'PENDING_CANCEL') return false;
    let sent = false;
    this.#guard(null, () => {
      const outcome = this.#ports.cancel(order.id, reason);
      sent = outcome.ok;
      return outcome.ok || this.#isClosed(order.id) ? null : outcome.error;
    });
    return sent;
  }

  /** True when the condition came true in time. Looks again after every order event. */
  #until(condition: () => boolean, withinMs: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    const { clock, onOrder } = this.#ports;
    return new Promise((resolve) => {
      const end = (met: boolean): void => {
        stop();
        cancelTimer();
        resolve(met);
      };
      const stop = onOrder(() => {
        if (condition()) end(true);
      });
      const cancelTimer = clock.setTimer(clock.now() + withinMs, () => end(condition()));
    });
  }

  #guard(done: string | null, act: () => Refusal | null | void): void {
    try {
      const refusal = act();
      if (refusal !== null && refusal !== undefined) this.#step(false, refusal.sentence);
      else if (done !== null) this.#step(true, done);
    } catch (error) {
      this.#step(false, `A part of the engine failed during the halt (${messageOf(error)}); going on without it.`);
    }
  }

  #step(ok: boolean, sentence: string): void {
    const step: KillStep = { at: this.#ports.clock.now(), ok, sentence };
    this.#steps.push(step);
    try {
      this.#ports.onStep?.(step);
    } catch {
      return;
    }
  }
}

function unconfirmed(order: Order, quantity: string): Residual {
  return {
    accountId: order.accountId,
    instrument: order.instrument,
    quantity,
    code: 'CANCEL_UNCONFIRMED',
    sentence: `The cancel of order ${order.id} in ${order.instrument} is not confirmed, so a closing order could turn the position around; check it at the venue.`,
  };
}

function unreadable(): Residual {
  return {
    accountId: '',
    instrument: '',
    quantity: 'unknown',
    code: 'POSITIONS_UNREADABLE',
    sentence: 'The positions could not be read from the venue; check them there.',
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
