import { createRandom, type Random, seedOf } from '../../domain/random.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { SimulatedMarket, SimulatedSymbol } from './sim-universe.ts';

const SECONDS_PER_YEAR = { crypto: 365 * 86_400, nse: 252 * 22_500 } as const;
/** Regimes as multiples of a symbol's volatility, with mean stay in seconds: quiet, normal, stressed. */
const REGIMES = [
  { scale: 0.6, stay: 5_400 },
  { scale: 1, stay: 7_200 },
  { scale: 2.1, stay: 1_500 },
] as const;

/**
 * Activity over the day relative to its mean: U-shaped from the open to the close on the NSE, highest in the overlap of
 * European and American hours for crypto.
 */
export function activity(market: SimulatedMarket, at: EpochMs, sessionOpen: EpochMs, sessionClose: EpochMs): number {
  if (market === 'crypto') {
    const hour = (at / 3_600_000) % 24;
    return 0.75 + 0.6 * Math.exp(-((hour - 14.5) ** 2) / 18);
  }
  const sinceOpen = (at - sessionOpen) / 60_000;
  const toClose = (sessionClose - at) / 60_000;
  return 0.65 + 1.9 * Math.exp(-sinceOpen / 25) + 1.1 * Math.exp(-toClose / 30);
}

/** One factor for a whole market, so that symbols move together. Standard normal per sqrt(second). */
export class MarketFactor {
  value = 0;
  #last: EpochMs;
  readonly #random: Random;

  constructor(market: SimulatedMarket, seed: number, start: EpochMs) {
    this.#random = createRandom(seedOf(`factor-${market}`, seed));
    this.#last = start;
  }

  /** Only moves on while the market trades: the caller passes trading time. */
  advanceTo(at: EpochMs): number {
    const seconds = Math.min(60, (at - this.#last) / 1000);
    if (seconds > 0) {
      this.value += Math.sqrt(seconds) * this.#random.normal();
      this.#last = at;
    }
    return this.value;
  }
}

/**
 * The efficient price of one symbol: log-normal with stochastic volatility (a mean-reverting log-volatility on top of
 * switching regimes), fat-tailed jumps and a share of the common factor. It is what makes volatility cluster and returns
 * have heavy tails; a plain random walk has neither.
 */
export class EfficientPrice {
  log: number;
  /** Current volatility relative to the symbol's long-run level. */
  relativeVolatility = 1;
  readonly #random: Random;
  readonly #perSecond: number;
  readonly #beta: number;
  #regime = 1;
  #logVolatility = 0;
  #factorSeen = 0;
  #last: EpochMs;

  constructor(market: SimulatedMarket, symbol: SimulatedSymbol, seed: number, start: EpochMs, price: number) {
    this.#random = createRandom(seedOf(symbol.instrument.id, seed));
    this.#perSecond = symbol.volatility / Math.sqrt(SECONDS_PER_YEAR[market]);
    this.#beta = symbol.beta;
    this.#last = start;
    this.log = Math.log(price);
  }

  /** Moves to `at`; `intensity` is the activity of the hour, volatility grows with its square root. */
  advanceTo(at: EpochMs, factor: number, intensity: number): number {
    const seconds = Math.min(60, (at - this.#last) / 1000);
    const random = this.#random;
    if (seconds > 0) {
      const regime = REGIMES[this.#regime] ?? REGIMES[1];
      if (random.next() < seconds / regime.stay) this.#regime = this.#regime === 1 ? (random.next() < 0.55 ? 0 : 2) : 1;
      this.#logVolatility +=
        (-this.#logVolatility * seconds) / 1_200 +
        0.55 * Math.sqrt(Math.min(1, (2 * seconds) / 1_200)) * random.normal();
      this.relativeVolatility = regime.scale * Math.exp(this.#logVolatility - 0.15);
      const deviation = this.#perSecond * this.relativeVolatility * Math.sqrt(intensity);
      const common = this.#beta * (factor - this.#factorSeen);
      const own = Math.sqrt(1 - this.#beta * this.#beta) * Math.sqrt(seconds) * random.normal();
      this.log += deviation * (common + own);
      // About three jumps a trading day, Student-like: a few times a minute's move, now and then far more.
      if (random.next() < seconds / 20_000) {
        const heavy = Math.max(-5, Math.min(5, random.normal() / Math.sqrt(random.exponential(1) + 0.05)));
        this.log += heavy * 4 * this.#perSecond * Math.sqrt(60);
      }
      this.#last = at;
    }
    this.#factorSeen = factor;
    return this.log;
  }

  /** A trade moves the price a little in its own direction. */
  push(signedSize: number): void {
    this.log += Math.sign(signedSize) * Math.sqrt(Math.abs(signedSize)) * this.#perSecond * 0.06;
  }
}
