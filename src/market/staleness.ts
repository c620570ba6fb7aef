import type { EpochMs } from '../domain/units.ts';

/**
 * live: data comes at its usual pace. delayed: slower than expected, or the source is polled. stale: too old to trade on.
 * disconnected: nothing has come, or the connection is down. closed: the market is closed, the last price stands.
 */
export type Freshness = 'live' | 'delayed' | 'stale' | 'disconnected' | 'closed';

export interface FreshnessOptions {
  /** Usual distance of updates, ms; data is live up to three times of it. */
  readonly cadenceMs?: number;
  /** Age from which data is stale, ms: 5 s for a liquid symbol, 30 s for an illiquid one. */
  readonly staleMs?: number;
  /**
   * Largest part of a delay that may be put down to our clock running ahead, ms; the rest is age. An event ahead of our
   * clock is the clock's doing, whatever the size.
   */
  readonly maxSkewMs?: number;
  /** The source is asked in intervals instead of sending: never better than delayed. */
  readonly polled?: boolean;
}

const DEFAULTS: Required<FreshnessOptions> = { cadenceMs: 1000, staleMs: 5000, maxSkewMs: 2000, polled: false };
export const ILLIQUID: FreshnessOptions = { cadenceMs: 5000, staleMs: 30_000 };
/** A new reading of the clock difference moves the estimate up by this share; a smaller one is taken at once. */
const SKEW_RECOVERY = 0.02;

/**
 * Freshness of one symbol from the exchange's event times, not from the state of a socket. The two clocks may differ: the
 * difference is taken to be the smallest (arrival - event) seen, to which only transport delay is ever added. So a
 * recorder whose clock is behind (difference negative) neither hides old data nor calls fresh data old.
 */
export class SymbolFreshness {
  private readonly options: Required<FreshnessOptions>;
  private lastEvent: EpochMs = Number.NEGATIVE_INFINITY;
  private skew = Number.NaN;
  private connected = true;
  /** After a reconnection old data stays untrusted until something new arrives. */
  private renewed = false;

  constructor(options: FreshnessOptions = {}) {
    this.options = { ...DEFAULTS, ...options };
  }

  /** `ts` = the exchange's event time, `receivedAt` = the engine's clock when it came. Older events change nothing. */
  onEvent(ts: EpochMs, receivedAt: EpochMs): void {
    const difference = receivedAt - ts;
    if (Number.isNaN(this.skew) || difference < this.skew) this.skew = difference;
    else this.skew += (difference - this.skew) * SKEW_RECOVERY;
    if (ts > this.lastEvent) {
      this.lastEvent = ts;
      this.renewed = true;
    }
  }

  onDisconnected(): void {
    this.connected = false;
    this.renewed = false;
  }

  /** The state clears with the first new event, not with the connection alone. */
  onConnected(): void {
    this.connected = true;
  }

  /** Age of the latest event on the exchange's clock, ms; infinite when nothing came yet. */
  ageMs(now: EpochMs): number {
    return this.lastEvent === Number.NEGATIVE_INFINITY
      ? Number.POSITIVE_INFINITY
      : Math.max(0, now - Math.min(this.skew, this.options.maxSkewMs) - this.lastEvent);
  }

  state(now: EpochMs, marketOpen: boolean): Freshness {
    if (!marketOpen) return 'closed';
    if (!this.connected || !this.renewed) return 'disconnected';
    const age = this.ageMs(now);
    if (age > this.options.staleMs) return 'stale';
    return this.options.polled || age > 3 * this.options.cadenceMs ? 'delayed' : 'live';
  }

  /** Fit to base an order on. */
  isTradable(now: EpochMs, marketOpen: boolean): boolean {
    const state = this.state(now, marketOpen);
    return state === 'live' || state === 'delayed';
  }
}
