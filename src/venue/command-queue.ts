import type { Order, OrderId } from '../domain/order.ts';
import type { Random } from '../domain/random.ts';
import type { EpochMs, PriceUnits, QuantityUnits } from '../domain/units.ts';
import { drawLatency } from './latency.ts';
import type { VenueModel } from './model.ts';

export interface ModifyChange {
  readonly price: PriceUnits | null;
  readonly trigger: PriceUnits | null;
  readonly quantity: QuantityUnits;
}

export type VenueCommand =
  | { readonly kind: 'submit'; readonly due: EpochMs; readonly sentAt: EpochMs; readonly order: Order }
  | { readonly kind: 'cancel'; readonly due: EpochMs; readonly sentAt: EpochMs; readonly orderId: OrderId }
  | {
      readonly kind: 'modify';
      readonly due: EpochMs;
      readonly sentAt: EpochMs;
      readonly orderId: OrderId;
      readonly change: ModifyChange;
    };

/** Commands on their way to the venue. One connection: they arrive in the order in which they were sent. */
export class CommandQueue {
  private readonly model: VenueModel;
  private readonly random: Random;
  private commands: VenueCommand[] = [];
  private head = 0;
  private lastDue: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(model: VenueModel, random: Random) {
    this.model = model;
    this.random = random;
  }

  get isEmpty(): boolean {
    return this.head === this.commands.length;
  }

  /** When the next command takes effect; Infinity when there is none. */
  get nextDue(): EpochMs {
    return this.commands[this.head]?.due ?? Number.POSITIVE_INFINITY;
  }

  /** Instant at which a command sent at `now` takes effect. */
  due(kind: VenueCommand['kind'], now: EpochMs): EpochMs {
    this.lastDue = Math.max(this.lastDue, now + drawLatency(this.model, kind, this.random));
    return this.lastDue;
  }

  push(command: VenueCommand): void {
    this.commands.push(command);
  }

  /** The next command that takes effect at or before `until`, or null. */
  shift(until: EpochMs): VenueCommand | null {
    const command = this.commands[this.head];
    if (command === undefined || command.due > until) return null;
    this.head += 1;
    if (this.head === this.commands.length) {
      this.commands = [];
      this.head = 0;
    }
    return command;
  }
}
