import { TERMINAL } from '../domain/order-state.ts';
import type { Order, OrderId } from '../domain/order.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EpochMs } from '../domain/units.ts';
import type { KillPhase, KillStep, KillSwitchPorts, VenueId } from './kill-switch-ports.ts';

/** One press of the switch: its steps, its times, and calls of ports that may throw without ending it. */
export class KillLog {
  readonly steps: KillStep[] = [];
  readonly began: EpochMs;
  readonly #ports: KillSwitchPorts;
  cancelled = 0;
  latchMs: number | null = null;
  firstCancelMs: number | null = null;

  constructor(ports: KillSwitchPorts) {
    this.#ports = ports;
    this.began = ports.clock.now();
  }

  elapsed(): number {
    return Math.max(0, this.#ports.clock.now() - this.began);
  }

  step(phase: KillPhase, venue: VenueId | null, ok: boolean, sentence: string): void {
    const step: KillStep = { at: this.#ports.clock.now(), phase, venue, ok, sentence };
    this.steps.push(step);
    try {
      this.#ports.onStep?.(step);
    } catch {
      return;
    }
  }

  /** True unless it threw or returned a refusal. */
  guard(phase: KillPhase, venue: VenueId | null, done: string | null, act: () => Refusal | null | void): boolean {
    try {
      const refusal = act();
      if (refusal !== null && refusal !== undefined) {
        this.step(phase, venue, false, refusal.sentence);
        return false;
      }
      if (done !== null) this.step(phase, venue, true, done);
      return true;
    } catch (error) {
      this.step(
        phase,
        venue,
        false,
        `A part of the engine failed during the halt (${messageOf(error)}); going on without it.`,
      );
      return false;
    }
  }

  /** Null when they cannot be read: then nothing is proved flat. */
  openOrders(venue: VenueId): readonly Order[] | null {
    try {
      return this.#ports.openOrders(venue);
    } catch (error) {
      this.step('cancel', venue, false, `Open orders of ${venue} cannot be read (${messageOf(error)}).`);
      return null;
    }
  }

  isClosed(id: OrderId): boolean {
    const order = this.#ports.findOrder(id);
    return order === null || TERMINAL.has(order.status);
  }

  cancel(venue: VenueId, order: Order, reason: string): void {
    if (order.status === 'PENDING_CANCEL') return;
    this.guard('cancel', venue, null, () => {
      const outcome = this.#ports.cancel(order.id, reason);
      if (outcome.ok) {
        this.cancelled += 1;
        this.firstCancelMs ??= this.elapsed();
      }
      return outcome.ok || this.isClosed(order.id) ? null : outcome.error;
    });
  }

  /** True when the condition came true in time. Looks again after every order event. */
  until(condition: () => boolean, withinMs: number): Promise<boolean> {
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

  /** Rejects when there is no answer in time: a venue that hangs must not hold the flatten. */
  within<T>(answer: Promise<T>, withinMs: number): Promise<T> {
    const { clock } = this.#ports;
    return new Promise((resolve, reject) => {
      const cancelTimer = clock.setTimer(clock.now() + withinMs, () =>
        reject(new Error(`no answer within ${withinMs / 1000} s`)),
      );
      answer.then(resolve, reject).finally(cancelTimer);
    });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
