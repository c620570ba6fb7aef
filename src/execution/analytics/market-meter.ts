import type { Trade } from '../../domain/market-data.ts';
import type { EpochMs, PriceUnits } from '../../domain/units.ts';

/** What a meter showed at an instant; two readings give the VWAP, TWAP and volume of the time between them. */
export interface MeterReading {
  readonly at: EpochMs;
  readonly value: number;
  readonly volume: number;
  readonly priceTime: number;
}

/** Running sums over the public trades of one instrument, in units and doubles: for benchmarks, never for money. */
export class MarketMeter {
  /** Orders that measure by it. */
  users = 0;
  #value = 0;
  #volume = 0;
  /** Integral of the last traded price over time. */
  #priceTime = 0;
  #price: PriceUnits;
  #since: EpochMs;

  /** `price`: the price known at the start, 0 = none. */
  constructor(price: PriceUnits, now: EpochMs) {
    this.#price = price;
    this.#since = now;
  }

  onTrade(trade: Trade): void {
    this.#advance(trade.at);
    this.#price = trade.price;
    this.#value += trade.price * trade.quantity;
    this.#volume += trade.quantity;
  }

  read(now: EpochMs): MeterReading {
    this.#advance(now);
    return { at: this.#since, value: this.#value, volume: this.#volume, priceTime: this.#priceTime };
  }

  #advance(now: EpochMs): void {
    if (now <= this.#since) return;
    this.#priceTime += this.#price * (now - this.#since);
    this.#since = now;
  }
}

export interface MeteredInterval {
  /** Price units; null without trades, and without time. */
  readonly vwap: number | null;
  readonly twap: number | null;
  /** Quantity units. */
  readonly volume: number;
}

export function metered(from: MeterReading, to: MeterReading): MeteredInterval {
  const volume = to.volume - from.volume;
  const time = to.at - from.at;
  const twap = time > 0 ? (to.priceTime - from.priceTime) / time : null;
  return {
    vwap: volume > 0 ? (to.value - from.value) / volume : null,
    twap: twap === null || twap <= 0 ? null : twap,
    volume,
  };
}
