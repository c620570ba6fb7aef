import type { EpochMs, QuantityUnits } from '../../domain/units.ts';

/** Quantity one side of us has taken, fading as exp(-age / memoryMs). */
export class OwnFlow {
  private readonly memoryMs: number;
  private quantity: QuantityUnits = 0;
  private at: EpochMs = 0;

  constructor(memoryMs: number) {
    this.memoryMs = memoryMs;
  }

  weighed(now: EpochMs): number {
    return this.quantity === 0 ? 0 : this.quantity * Math.exp(-Math.max(0, now - this.at) / this.memoryMs);
  }

  add(quantity: QuantityUnits, now: EpochMs): void {
    this.quantity = this.weighed(now) + quantity;
    this.at = Math.max(this.at, now);
  }
}
