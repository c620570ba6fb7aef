import type { EpochMs } from '../domain/units.ts';
import { CommandQueue, type VenueCommand } from './command-queue.ts';
import { cancelOrder, changeOrder, takeOrder } from './intake.ts';
import type { VenueCore } from './venue-core.ts';

/**
 * The venue's time: commands take effect when they arrive, orders end when their life does, in the order of the instants.
 * Calls made from inside an event are queued here and run before the outermost call returns.
 */
export class Timeline {
  private readonly core: VenueCore;
  readonly commands: CommandQueue;
  private inside = false;
  /** Latest instant named by a call from within; the outermost call does not end before it. */
  private calledAt: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(core: VenueCore, commands: CommandQueue) {
    this.core = core;
    this.commands = commands;
  }

  /** Inside an outermost call. */
  get isBusy(): boolean {
    return this.inside;
  }

  /** Nothing is due, ever, as far as is known. */
  get isEmpty(): boolean {
    return !this.inside && this.commands.isEmpty && this.core.nextExpiry === Number.POSITIVE_INFINITY;
  }

  /** Starts an outermost call. Every one ends with `settle` and, come what may, `leave`. */
  enter(): void {
    if (this.inside) throw new Error('market data and time must not be fed to the venue from inside one of its events');
    this.inside = true;
  }

  /** What was called from within takes effect. */
  settle(): void {
    let until = Math.max(this.core.now, this.calledAt);
    while (this.commands.nextDue <= until) {
      this.advance(until, true, true);
      until = Math.max(this.core.now, this.calledAt);
    }
  }

  leave(): void {
    this.inside = false;
    this.calledAt = Number.NEGATIVE_INFINITY;
  }

  send(command: VenueCommand): void {
    this.commands.push(command);
    if (this.inside) {
      if (command.sentAt > this.calledAt) this.calledAt = command.sentAt;
      return;
    }
    this.enter();
    try {
      this.advance(command.sentAt, true, true);
      this.settle();
    } finally {
      this.leave();
    }
  }

  /**
   * Time moves to `until`: what falls due on the way takes effect in its order, an end of life before a command of the
   * same instant. What is due at `until` itself waits for the data of that instant unless it is included.
   */
  advance(until: EpochMs, commandsAtEnd: boolean, expiriesAtEnd: boolean): void {
    const { core, commands } = this;
    for (;;) {
      const command = commands.nextDue;
      const expiry = core.nextExpiry;
      const commandIsDue = command < until || (commandsAtEnd && command === until);
      const expiryIsDue = expiry < until || (expiriesAtEnd && expiry === until);
      if (expiryIsDue && (expiry <= command || !commandIsDue)) this.expire(expiry);
      else if (commandIsDue) {
        if (command > core.now) core.now = command;
        this.runCommands(core.now);
      } else break;
    }
    if (until > core.now) core.now = until;
  }

  runCommands(until: EpochMs): void {
    const { core, commands } = this;
    for (let command = commands.shift(until); command !== null; command = commands.shift(until)) {
      const at = Math.max(command.due, core.now);
      if (command.kind === 'submit') takeOrder(core, command.order, at, command.due - command.sentAt);
      else if (command.kind === 'cancel') cancelOrder(core, command.orderId, at);
      else changeOrder(core, command.orderId, command.change, at);
    }
  }

  private expire(at: EpochMs): void {
    const { core } = this;
    core.now = Math.max(core.now, at);
    core.nextExpiry = Number.POSITIVE_INFINITY;
    for (const order of core.orders.values()) {
      if (order.expireAt <= at) {
        core.close(order, 'expired', 'TIME_IN_FORCE', 'The order has reached the end of its life.', core.now);
      } else if (order.expireAt < core.nextExpiry) core.nextExpiry = order.expireAt;
    }
  }
}
